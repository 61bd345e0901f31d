/** Routes of approvals: parse, call, reply. */
import { askApproval, decideApproval, findApprover, listApprovals, withdrawApproval } from '../../contract/approval/approvals.ts'
import type { Api } from '../kernel/http.ts'
import { ask, decide, listRequests, whoDecides, withdraw } from './requests.ts'

export function registerApprovalRoutes(api: Api): void {
  api.route(listApprovals, ({ tx, actor, query }) => listRequests(tx, actor, query))
  api.route(findApprover, ({ tx, actor, body }) => whoDecides(tx, actor, body))
  api.route(askApproval, ({ tx, actor, now, body }) => ask(tx, actor, now, body))
  api.route(decideApproval, ({ tx, actor, now, params, ifMatch, body }) =>
    decide(tx, actor, now, params.id, ifMatch, { approve: body.approve, answer: body.answer?.trim() || null }),
  )
  api.route(withdrawApproval, ({ tx, actor, now, params, ifMatch }) => withdraw(tx, actor, now, params.id, ifMatch))
}
