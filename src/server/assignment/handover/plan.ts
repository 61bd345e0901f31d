/**
 * What a handover would do 预览: every record of the kinds chosen, as far as the actor sees it, with its receiver or the reason why none. The run
 * stores exactly this when it begins. Customers are divided by the rule; what hangs on one follows it; the rest goes to one person.
 */
import { divide, type Outcome, type Waiting, type Why } from '../../../core/assignment/handover.ts'
import { evaluate } from '../../../core/condition/evaluate.ts'
import { compareIds } from '../../../core/kernel/id.ts'
import { editableBy, visibleTo } from '../../access/visible-to.ts'
import { type AccountRecord, factsOf, RECORD } from '../../account/facts.ts'
import { countHeld, handoverKinds, listHeld } from '../../identity/handover.ts'
import type { Actor } from '../../kernel/actor.ts'
import { stop } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { loadEnv } from '../../territory/load-env.ts'
import { listsOf } from '../../territory/load-model.ts'
import { isBelow } from '../assign.ts'
import { loadCompiled } from '../compiled.ts'
import type { StoredHandover } from './store.ts'

export type PlannedItem = {
  readonly kind: string
  readonly id: string
  readonly accountId: string | null
  readonly name: string
  readonly toId: string | null
  readonly why: Why
  readonly refused: string | null
  readonly byHand: boolean
  readonly note: string | null
  readonly potential: number | null
  readonly revenue: number | null
}
type Hand = { readonly toId: string | null; readonly stays: boolean; readonly note: string | null }

const MOST = 50_000
const PIECE = 2_000

export async function planHandover(tx: Tx, actor: Actor, handover: StoredHandover): Promise<readonly PlannedItem[]> {
  const { rule, from } = handover
  const held = await countHeld(tx, actor, from)
  if (rule.kinds.reduce((sum, kind) => sum + (held.get(kind) ?? 0), 0) > MOST) stop('handover.tooMany', { most: MOST })
  const hands = await readHands(tx, actor, handover.id)
  const hand = (kind: string, id: string) => hands.get(`${kind}/${id}`)
  const accounts = rule.kinds.includes('account') ? await readAccounts(tx, actor, from) : []
  const leads = await leadsOf(tx, actor, from)
  const waiting = accounts.map((a): Waiting & { record: Account } => {
    const chosen = hand('account', a.id)
    return {
      id: a.id,
      leadId: a.territory_id === null ? null : (leads.get(a.territory_id) ?? null),
      potential: a.potential === null ? null : Number(a.potential),
      revenue: a.revenue === null ? null : Number(a.revenue),
      hand: chosen?.stays ? { stays: true } : chosen?.toId ? { toId: chosen.toId } : null,
      record: a,
    }
  })
  const { loaded } = await loadCompiled(tx, actor.tenantId, actor.modelId)
  const env = await loadEnv(
    tx,
    actor.tenantId,
    loaded,
    rule.when.flatMap(w => listsOf(w.condition)),
  )
  const facts = new Map(accounts.map(a => [a.id, factsOf(a)]))
  const refuse = await refusals(tx, actor, from, [
    ...receiversOf(rule),
    ...[...hands.values()].flatMap(h => (h.toId ? [h.toId] : [])),
    ...(usesLead(rule) ? leads.values() : []),
  ])
  // Without a rest nobody gets what no condition takes: that is said for each.
  const outcomes = divide(
    waiting,
    { when: rule.when, rest: rule.rest ?? { to: 'spread', userIds: [], by: 'count' } },
    c => rule.when.findIndex(w => evaluate(w.condition, facts.get(c.id)!, env) === 'yes'),
    refuse,
    handover.id,
  )
  const editable = new Set(accounts.filter(a => a.mine).map(a => a.id))
  const planned = new Map<string, PlannedItem>()
  for (const [i, o] of outcomes.entries()) {
    const w = waiting[i]!
    const outcome: Outcome = o.toId !== null && !editable.has(o.id) ? { ...o, toId: null, refused: 'handover.notYours' } : o
    planned.set(o.id, {
      kind: 'account',
      id: o.id,
      accountId: o.id,
      name: w.record.name,
      toId: outcome.toId,
      why: outcome.why,
      refused: 'refused' in outcome ? outcome.refused : null,
      byHand: w.hand !== null,
      note: hand('account', o.id)?.note ?? null,
      potential: actor.fieldAccess.get('potential') === 'hidden' ? null : w.potential,
      revenue: actor.fieldAccess.get('revenue') === 'hidden' ? null : w.revenue,
    })
  }
  const result = [...planned.values()]
  for (const kind of handoverKinds()) {
    if (kind.kind === 'account' || !rule.kinds.includes(kind.kind)) continue
    for (let after = '0'; ; ) {
      const page = await listHeld(tx, actor, kind, from, after, PIECE)
      for (const row of page) {
        const chosen = hand(kind.kind, row.id)
        const customer = row.accountId === null ? undefined : planned.get(row.accountId)
        const [toId, why]: [string | null, Why] = chosen?.toId
          ? [chosen.toId, { by: 'hand' }]
          : customer?.toId
            ? [customer.toId, { by: 'account' }]
            : [rule.heirId, { by: 'heir' }]
        const stays = chosen?.stays || (!chosen?.toId && customer?.refused === 'handover.stays')
        const refused = stays ? 'handover.stays' : toId === null ? 'handover.noReceiver' : refuse(toId)
        result.push({
          kind: kind.kind,
          ...row,
          toId: refused === null ? toId : null,
          why: chosen?.stays ? { by: 'hand' } : why,
          refused,
          byHand: chosen !== undefined && (chosen.stays || chosen.toId !== null),
          note: chosen?.note ?? null,
          potential: null,
          revenue: null,
        })
      }
      if (page.length < PIECE) break
      after = page.at(-1)!.id
    }
  }
  return result
}

type Account = AccountRecord & { territory_id: string | null; mine: boolean }
async function readAccounts(tx: Tx, actor: Actor, from: string): Promise<readonly Account[]> {
  const found = await tx.query<Account>(
    `select ${RECORD}, p.territory_id::text, ${editableBy(actor, 'a.id')} as mine from account_placement p join account a on a.tenant_id = $1 and a.id = p.account_id and a.deleted_at is null
      where p.tenant_id = $1 and p.model_id = $2 and p.owner_id = $3 and ${visibleTo(actor, 'a.id')} order by a.id`,
    [actor.tenantId, actor.modelId, from],
  )
  return found.rows
}

async function readHands(tx: Tx, actor: Actor, handoverId: string): Promise<ReadonlyMap<string, Hand>> {
  const found = await tx.query<Hand & { kind: string; id: string }>(
    `select kind, record_id::text as id, to_user::text as "toId", skipped is not null as stays, note from handover_item where tenant_id = $1 and handover_id = $2 and moved_at is null`,
    [actor.tenantId, handoverId],
  )
  return new Map(found.rows.map(r => [`${r.kind}/${r.id}`, r]))
}

/** Of each territory the 主责 who would own after the person is gone. */
async function leadsOf(tx: Tx, actor: Actor, from: string): Promise<ReadonlyMap<string, string>> {
  const { loaded } = await loadCompiled(tx, actor.tenantId, actor.modelId)
  const now = new Date().toISOString()
  const leads = new Map<string, string>()
  for (const m of loaded.members)
    if (m.role === 'owner' && m.userId !== from && m.startsAt <= now && (m.endsAt === null || m.endsAt > now)) {
      const known = leads.get(m.territoryId)
      if (known === undefined || compareIds(m.userId, known) < 0) leads.set(m.territoryId, m.userId)
    }
  return leads
}

const usesLead = (rule: StoredHandover['rule']): boolean => [rule.rest, ...rule.when.map(w => w.receiver)].some(r => r?.to === 'lead')
export const receiversOf = (rule: StoredHandover['rule']): readonly string[] => [
  ...[rule.rest, ...rule.when.map(w => w.receiver)].flatMap(r => (r?.to === 'person' ? [r.userId] : r?.to === 'spread' ? r.userIds : [])),
  ...(rule.heirId === null ? [] : [rule.heirId]),
]

/** Why a person may not receive: each asked once. */
async function refusals(tx: Tx, actor: Actor, from: string, ids: readonly string[]): Promise<(userId: string) => string | null> {
  const wanted = [...new Set(ids)]
  const active = await tx.query<{ id: string }>(
    `select id::text from app_user where tenant_id = $1 and id = any($2::bigint[]) and state = 'active'`,
    [actor.tenantId, wanted],
  )
  const known = new Set(active.rows.map(r => r.id))
  const why = new Map<string, string | null>()
  for (const id of wanted)
    why.set(id, id === from ? 'handover.self' : !known.has(id) ? 'handover.inactive' : (await isBelow(tx, actor, id)) ? null : 'handover.outside')
  return id => why.get(id) ?? (why.has(id) ? null : 'handover.inactive')
}
