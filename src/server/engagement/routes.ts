/** Routes of conflict cases: parse, call, reply. */
import {
  addEvidence,
  appealCase,
  askParties,
  countCases,
  listCases,
  openCase,
  previewRuling,
  readCase,
  recuseCase,
  ruleCase,
  stateCase,
  undoRuling,
} from '../../contract/engagement/cases.ts'
import {
  addRegistration,
  decideRegistration,
  listRegistrations,
  readEngagement,
  saveEngagement,
  simulateEngagement,
} from '../../contract/engagement/settings.ts'
import type { Api } from '../kernel/http.ts'
import { countWaiting, findCases } from './list-cases.ts'
import { openCase as opens } from './open.ts'
import { readCaseView } from './read-case.ts'
import { decide, findRegistrations, register } from './registrations.ts'
import { preview, rule } from './rule.ts'
import { readSettings, saveSettings } from './settings.ts'
import { simulate } from './simulate.ts'
import { addEvidence as adds, ask, recuse, state } from './speak.ts'
import { appeal, undo } from './undo.ts'

const DONE = { done: true } as const

export function registerEngagementRoutes(api: Api): void {
  api.route(listCases, ({ tx, actor, query }) => findCases(tx, actor, query))
  api.route(countCases, ({ tx, actor }) => countWaiting(tx, actor))
  api.route(readCase, ({ tx, actor, params }) => readCaseView(tx, actor, params.id))
  api.route(openCase, ({ tx, actor, params, body }) => opens(tx, actor, params.id, body))
  api.route(stateCase, async ({ tx, actor, params, body }) => {
    await state(tx, actor, params.id, body.text)
    return DONE
  })
  api.route(addEvidence, async ({ tx, actor, params, body }) => ({ n: await adds(tx, actor, params.id, body) }))
  api.route(askParties, async ({ tx, actor, params, body }) => {
    await ask(tx, actor, params.id, body.text)
    return DONE
  })
  api.route(recuseCase, async ({ tx, actor, params, body }) => ({ judge: await recuse(tx, actor, params.id, body.reason, body.headquarters) }))
  api.route(previewRuling, ({ tx, actor, params, body }) => preview(tx, actor, params.id, body))
  api.route(ruleCase, ({ tx, actor, params, ifMatch, body }) => rule(tx, actor, params.id, ifMatch, body))
  api.route(undoRuling, async ({ tx, actor, params, ifMatch }) => {
    await undo(tx, actor, params.id, ifMatch)
    return DONE
  })
  api.route(appealCase, async ({ tx, actor, params, body }) => {
    await appeal(tx, actor, params.id, body.reason)
    return DONE
  })

  api.route(readEngagement, ({ tx, actor }) => readSettings(tx, actor))
  api.route(saveEngagement, async ({ tx, actor, now, ifMatch, body }) => ({ version: await saveSettings(tx, actor, now, ifMatch, body) }))
  api.route(simulateEngagement, ({ tx, actor, body }) => simulate(tx, actor, body.clauses))
  api.route(listRegistrations, ({ tx, actor, query }) => findRegistrations(tx, actor, query))
  api.route(addRegistration, ({ tx, actor, now, body }) => register(tx, actor, now, body))
  api.route(decideRegistration, async ({ tx, actor, now, params, ifMatch, body }) => {
    await decide(tx, actor, now, params.id, ifMatch, body.state)
    return DONE
  })
}
