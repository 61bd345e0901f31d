/**
 * Asking, deciding and withdrawing 审批: an approval does what was asked in the transaction of the decision, on the very path that an
 * entitled person uses, so there is no second way to change an owner. Both sides are told.
 */
import type { ApprovalPayload, ApprovalRow } from '../../contract/approval/approvals.ts'
import { basisHolds, mayDecide } from '../../core/approval/decide.ts'
import { notify } from '../identity/notify.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop, unwrap } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { type Basis, kindOf, tellRequest } from './kinds.ts'
import { type Box, closeRequest, findRequests, insertRequest, lockRequest, type RequestRow } from './store.ts'

type Input = { readonly kind: string; readonly recordId: string; readonly payload: ApprovalPayload }

export async function whoDecides(tx: Tx, actor: Actor, input: Input) {
  const kind = kindOf(input.kind)
  const asked = { recordId: input.recordId, payload: input.payload, askedBy: actor.userId }
  await kind.check(tx, actor, asked)
  return { approver: await kind.approver(tx, actor, asked) }
}

export async function ask(tx: Tx, actor: Actor, now: string, input: Input & { readonly why: string }) {
  const kind = kindOf(input.kind)
  const asked = { recordId: input.recordId, payload: input.payload, askedBy: actor.userId }
  const { accountId } = await kind.check(tx, actor, asked)
  const approver = (await kind.approver(tx, actor, asked)) ?? stop('approval.nobody')
  const basis = (await kind.basis(tx, actor, [input.recordId])).get(input.recordId) ?? stop('record.notFound')
  const id =
    (await insertRequest(tx, actor, now, { ...input, recordKind: kind.recordKind, accountId, basis, approverId: approver.id })) ??
    stop('approval.twice')
  await audit(tx, actor, now, {
    kind: 'approval.ask',
    recordKind: 'approval',
    recordId: id,
    ...(accountId ? { accountId } : {}),
    why: input.why,
    after: { kind: input.kind, ...input.payload, approverId: approver.id },
  })
  await notify(tx, actor, now, approver.id, 'approval.asked', accountId, { by: actor.userName, requestId: id, what: input.kind })
  await tellRequest(tx, actor.tenantId, now, accountId)
  return { id, approver: { id: approver.id, name: approver.name } }
}

export async function decide(tx: Tx, actor: Actor, now: string, id: string, ifMatch: number, input: { approve: boolean; answer: string | null }) {
  const request = (await lockRequest(tx, actor, id)) ?? stop('record.notFound')
  const kind = kindOf(request.kind)
  const current = (await kind.basis(tx, actor, [request.recordId])).get(request.recordId)
  if (request.state === 'asked' && request.rowVersion !== ifMatch) stop('record.stale', { current: request.rowVersion })
  unwrap(mayDecide(factsOf(request, current), { userId: actor.userId, mayStandIn: standsIn(actor, request) }, input.approve))
  if (!input.approve && !input.answer) stop('approval.wordsMissing', undefined, '/answer')
  if (input.approve && !actor.permissions.has(kind.permission)) stop('permission.missing', { permission: kind.permission })
  const state = input.approve ? 'approved' : 'refused'
  if (input.approve)
    await kind.carryOut(tx, actor, { recordId: request.recordId, payload: request.payload, askedBy: request.askedBy.id }, request.why ?? '')
  await closeRequest(tx, actor, now, id, state, input.answer)
  await kind.after?.(tx, actor, now, { recordId: request.recordId, payload: request.payload, askedBy: request.askedBy.id }, input.approve)
  await audit(tx, actor, now, {
    kind: `approval.${input.approve ? 'approve' : 'refuse'}`,
    recordKind: 'approval',
    recordId: id,
    ...(request.accountId ? { accountId: request.accountId } : {}),
    why: input.answer,
    after: { kind: request.kind, ...request.payload, askedBy: request.askedBy.id },
  })
  await notify(tx, actor, now, request.askedBy.id, `approval.${state}`, request.accountId, {
    by: actor.userName,
    requestId: id,
    what: request.kind,
    ...(input.answer ? { answer: input.answer } : {}),
  })
  await tellRequest(tx, actor.tenantId, now, request.accountId)
  return { state } as const
}

export async function withdraw(tx: Tx, actor: Actor, now: string, id: string, ifMatch: number) {
  const request = (await lockRequest(tx, actor, id)) ?? stop('record.notFound')
  if (request.askedBy.id !== actor.userId) stop('record.notFound')
  if (request.state !== 'asked') stop('approval.decided', { state: request.state })
  if (request.rowVersion !== ifMatch) stop('record.stale', { current: request.rowVersion })
  if (kindOf(request.kind).together) stop('approval.together')
  await closeRequest(tx, actor, now, id, 'withdrawn', null)
  await audit(tx, actor, now, {
    kind: 'approval.withdraw',
    recordKind: 'approval',
    recordId: id,
    ...(request.accountId ? { accountId: request.accountId } : {}),
  })
  await notify(tx, actor, now, request.approver.id, 'approval.withdrawn', request.accountId, {
    by: actor.userName,
    requestId: id,
    what: request.kind,
  })
  await tellRequest(tx, actor.tenantId, now, request.accountId)
  return { state: 'withdrawn' } as const
}

const standsIn = (actor: Actor, request: RequestRow): boolean => {
  const kind = kindOf(request.kind)
  return actor.seesAll && actor.permissions.has(kind.standIn ?? kind.permission)
}
const factsOf = (request: RequestRow, now: Basis | undefined) => ({
  state: request.state,
  askedBy: request.askedBy.id,
  approverId: request.approver.id,
  basis: request.basis,
  // Out of the decider's sight: nobody can say that the ground is the same.
  now: now ?? { gone: 'yes' },
})

/** A page of requests with everything its lines say; names and grounds are read once per kind, not per row. */
export async function listRequests(tx: Tx, actor: Actor, query: Box): Promise<{ rows: ApprovalRow[]; next: string | null }> {
  const found = await findRequests(tx, actor, query)
  const page = found.slice(0, query.limit)
  const grounds = new Map<string, Basis>()
  const names = new Map<string, string>()
  for (const kind of new Set(page.map(r => r.kind))) {
    const ids = page.filter(r => r.kind === kind).map(r => r.recordId)
    for (const [id, basis] of await kindOf(kind).basis(tx, actor, ids)) grounds.set(`${kind}/${id}`, basis)
    for (const [id, name] of await kindOf(kind).names(tx, actor, ids)) names.set(`${kind}/${id}`, name)
  }
  const users = await tx.query<{ id: string; name: string }>('select id::text, name from app_user where tenant_id = $1 and id = any($2::bigint[])', [
    actor.tenantId,
    page.flatMap(r => (r.payload.ownerId ? [r.payload.ownerId] : [])),
  ])
  const people = new Map(users.rows.map(u => [u.id, u.name]))
  return {
    rows: page.map(r => {
      const { accountId: _, basis: __, ...row } = r
      const facts = factsOf(r, grounds.get(`${r.kind}/${r.recordId}`))
      const owner = r.payload.ownerId
      return {
        ...row,
        recordName: names.get(`${r.kind}/${r.recordId}`) ?? null,
        people: owner && people.has(owner) ? { [owner]: people.get(owner)! } : {},
        stale: r.state === 'asked' && !basisHolds(facts),
        mayDecide: actor.viewerId === null && mayDecide(facts, { userId: actor.userId, mayStandIn: standsIn(actor, r) }, false).ok,
        mayWithdraw: actor.viewerId === null && r.state === 'asked' && r.askedBy.id === actor.userId && !kindOf(r.kind).together,
      }
    }),
    next: found.length > query.limit ? page.at(-1)!.id : null,
  }
}
