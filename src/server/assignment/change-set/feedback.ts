/**
 * Objections accepted by the company's policy 自动采纳: judged when somebody speaks of his customer, from what stands in the records. A draft
 * keeps the account where it was by a pin of its own model; what is under review is frozen, so there it waits until the set is a draft again.
 */
import type { FeedbackLineRow } from '../../../contract/territory/change-policy.ts'
import { distanceKm } from '../../../core/condition/distance.ts'
import { acceptedBy, type FeedbackBasis, type FeedbackMeasure, type FeedbackReason } from '../../../core/territory/feedback.ts'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import { stop } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { loadHead } from '../../territory/load-model.ts'
import type { SetRow } from './read-set.ts'

const WITHIN: Readonly<Record<FeedbackMeasure, readonly [number, number]>> = {
  deal: [0, 9_007_199_254_740_991],
  touch: [1, 3650],
  distance: [1, 20_000],
}

export async function readFeedbackPolicy(tx: Tx, tenantId: string): Promise<(FeedbackLineRow & { id: string })[]> {
  const found = await tx.query<FeedbackLineRow & { id: string }>(
    'select id::text, reason, measure, at_least::float8 as "atLeast", most from feedback_policy where tenant_id = $1 order by feedback_policy.id',
    [tenantId],
  )
  return found.rows
}

export async function writeFeedbackPolicy(tx: Tx, actor: Actor, now: string, lines: readonly FeedbackLineRow[]): Promise<void> {
  for (const [i, { measure, atLeast }] of lines.entries()) {
    const [min, max] = WITHIN[measure]
    if (atLeast < min || atLeast > max) stop('policy.feedback', { line: i + 1, min, max }, `/feedback/${i}/atLeast`)
  }
  const before = await readFeedbackPolicy(tx, actor.tenantId)
  await tx.query('delete from feedback_policy where tenant_id = $1', [actor.tenantId])
  await tx.query(
    'insert into feedback_policy (tenant_id, reason, measure, at_least, most) select $1, * from unnest($2::text[], $3::text[], $4::bigint[], $5::int[])',
    [actor.tenantId, lines.map(l => l.reason), lines.map(l => l.measure), lines.map(l => l.atLeast), lines.map(l => l.most)],
  )
  await audit(tx, actor, now, { kind: 'policy.feedback', recordKind: 'policy', before: { rows: before }, after: { rows: [...lines] } })
}

/** What is kept with the comment: the line, what was seen, and the territory that keeps the account. */
type Accepted = FeedbackBasis & { readonly territoryId: string }

/** Whether the policy accepts what is said of an account, by what was seen; null: people decide. `set` is locked. */
export async function judge(
  tx: Tx,
  actor: Actor,
  now: string,
  set: SetRow,
  accountId: string,
  reason: FeedbackReason | null,
): Promise<Accepted | null> {
  if (reason === null || set.state === 'refused' || set.activations.some(a => a.effective)) return null
  const policy = await readFeedbackPolicy(tx, actor.tenantId)
  if (!policy.some(l => l.reason === reason)) return null
  type Facts = {
    territoryId: string
    keepable: boolean
    kept: boolean
    accepted: Record<string, number>
    deal: string | null
    touched: string | null
  } & Record<'lng' | 'lat' | 'centreLng' | 'centreLat', number | null> & { accounts: number | null }
  const found = await tx.query<Facts>(
    `select m.from_territory::text as "territoryId", m.from_owner = $4 and m.to_owner is distinct from $4 and m.from_territory is not null and m.from_territory is distinct from m.to_territory
              and coalesce((select not t.removed from territory t where t.tenant_id = $1 and t.model_id = md.id and t.id = m.from_territory),
                    case when md.flat then false else (select not t.removed from territory t where t.tenant_id = $1 and t.model_id = md.base_model_id and t.id = m.from_territory) end, false) as keepable,
            exists (select 1 from change_set_comment c where c.tenant_id = $1 and c.change_set_id = $2 and c.anchor_kind = 'account' and c.anchor_id = $3 and c.basis is not null) as kept,
            (select coalesce(jsonb_object_agg(x.line, x.n), '{}') from (select concat(c.basis->>'reason', '/', c.basis->>'measure') as line, count(*) as n from change_set_comment c
               where c.tenant_id = $1 and c.change_set_id = $2 and c.author_id = $4 and c.basis is not null and c.accepted group by 1) x) as accepted,
            (select max(o.amount)::text from opportunity o where o.tenant_id = $1 and o.account_id = $3 and o.owner_id = $4 and o.stage = 'open' and o.deleted_at is null and o.currency = $5) as deal,
            greatest((select max(n.created_at) from note n where n.tenant_id = $1 and n.account_id = $3 and n.author_id = $4 and n.deleted_at is null),
                     (select max(k.done_at) from task k where k.tenant_id = $1 and k.account_id = $3 and k.assignee_id = $4 and k.deleted_at is null))::text as touched,
            a.lng, a.lat, e.lng as "centreLng", e.lat as "centreLat", e.accounts
       from change_set_move m join account a on a.tenant_id = $1 and a.id = m.account_id join territory_model md on md.tenant_id = $1 and md.id = $6
       left join change_set_centre e on e.tenant_id = $1 and e.change_set_id = $2 and e.owner_id = m.to_owner where m.tenant_id = $1 and m.change_set_id = $2 and m.account_id = $3`,
    [actor.tenantId, set.id, accountId, actor.userId, actor.currency, set.modelId],
  )
  const facts = found.rows[0]
  if (!facts) return null
  const { lng, lat, centreLng, centreLat, accounts, deal, touched } = facts
  // Nobody is told by a distance where a customer is whose place his role hides.
  const located = lng !== null && lat !== null && centreLng !== null && centreLat !== null && actor.fieldAccess.get('point') !== 'hidden'
  const basis = acceptedBy(
    reason,
    {
      keepable: facts.keepable,
      kept: facts.kept,
      accepted: facts.accepted,
      deal: deal === null ? null : Number(deal),
      touch: touched === null ? null : Math.max(0, Math.floor((Date.parse(now) - Date.parse(touched)) / 86_400_000)),
      distance: located ? { km: Math.floor(distanceKm(lng, lat, centreLng, centreLat)), accounts: accounts! } : null,
    },
    policy,
  )
  return basis && { ...basis, territoryId: facts.territoryId }
}

/** In a draft the account is held where it was; otherwise it waits (null). `said` is by whom and in which words. */
export async function keepWhereItWas(
  tx: Tx,
  tenantId: string,
  now: string,
  set: SetRow,
  accountId: string,
  said: { readonly by: string; readonly body: string; readonly territoryId: string },
): Promise<string | null> {
  // Sent back a moment ago it still stands beside the live models: the job that makes it a draft again takes this up.
  if (set.state !== 'draft' || (await loadHead(tx, tenantId, set.modelId, true)).state !== 'draft') return null
  const made = await tx.query<{ id: string }>(
    `insert into territory_pin (tenant_id, account_id, territory_id, starts_at, reason, model_id, created_by, created_at)
     values ($1, $2, $3, $4, left($5, 400), $6, $7, $4) returning id::text`,
    [tenantId, accountId, said.territoryId, now, said.body, set.modelId, said.by],
  )
  await raiseStamp(tx, tenantId, set.modelId)
  return made.rows[0]!.id
}

/** A draft again: what was accepted while it was frozen. Under the bulk role, the set locked; answers how many. */
export async function takeUpWaiting(tx: Tx, tenantId: string, set: SetRow): Promise<number> {
  if (set.state !== 'draft') return 0
  const taken = await tx.query(
    `with waiting as (select c.id, c.anchor_id, c.author_id, c.body, (c.basis->>'territoryId')::bigint as territory_id from change_set_comment c
        where c.tenant_id = $1 and c.change_set_id = $2 and c.anchor_kind = 'account' and c.basis is not null and c.accepted and c.pin_id is null),
     pins as (insert into territory_pin (tenant_id, account_id, territory_id, starts_at, reason, model_id, created_by, created_at)
        select $1, w.anchor_id, w.territory_id, clock_timestamp(), left(w.body, 400), $3, w.author_id, clock_timestamp() from waiting w returning id, account_id)
     update change_set_comment c set pin_id = p.id from pins p join waiting w on w.anchor_id = p.account_id where c.tenant_id = $1 and c.id = w.id`,
    [tenantId, set.id, set.modelId],
  )
  const count = taken.rowCount ?? 0
  if (count === 0) return 0
  await raiseStamp(tx, tenantId, set.modelId)
  const at = (await tx.query<{ at: string }>('select clock_timestamp()::text as at')).rows[0]!.at
  await audit(tx, { tenantId, userId: set.createdBy, viewerId: null }, at, {
    kind: 'changeSet.takeUp',
    recordKind: 'changeSet',
    recordId: set.id,
    count,
  })
  return count
}

/** Overruled: the account goes where the draft says. */
export async function takePinBack(tx: Tx, actor: Actor, set: SetRow, accountId: string, pinId: string): Promise<void> {
  if (set.activations.some(a => a.effective)) stop('changeSet.effective')
  if (set.state !== 'draft' || (await loadHead(tx, actor.tenantId, set.modelId, true)).state !== 'draft') stop('changeSet.notDraft')
  const gone = await tx.query('delete from territory_pin where tenant_id = $1 and id = $2', [actor.tenantId, pinId])
  if (gone.rowCount === 0) {
    // Not deleted: out of sight or not editable; or a merge took it away already.
    const there = await tx.query<{ sees: boolean; pinned: boolean }>(
      `select exists (select 1 from account where tenant_id = $1 and id = $2) as sees, exists (select 1 from territory_pin where tenant_id = $1 and id = $3) as pinned`,
      [actor.tenantId, accountId, pinId],
    )
    const { sees, pinned } = there.rows[0]!
    if (!sees || pinned) stop('feedback.pinHidden')
  }
  await raiseStamp(tx, actor.tenantId, set.modelId)
}

/** The figures do not know of it yet. */
const raiseStamp = (tx: Tx, tenantId: string, modelId: string): Promise<unknown> =>
  tx.query('update territory_model set stamp = stamp + 1, row_version = row_version + 1 where tenant_id = $1 and id = $2', [tenantId, modelId])

/** Where the other customers of each who gains some are, under the base; only where the policy asks for distances. */
export async function keepCentres(tx: Tx, tenantId: string, setId: string, baseId: string): Promise<void> {
  if (!(await readFeedbackPolicy(tx, tenantId)).some(l => l.measure === 'distance')) return
  await tx.query(
    `insert into change_set_centre (tenant_id, change_set_id, owner_id, accounts, lng, lat)
     select $1, $2, p.owner_id, count(*)::int, avg(a.lng), avg(a.lat)
       from (select distinct to_owner from change_set_move where tenant_id = $1 and change_set_id = $2 and to_owner is distinct from from_owner) g
       join account_placement p on p.tenant_id = $1 and p.model_id = $3 and p.owner_id = g.to_owner
       join account a on a.tenant_id = $1 and a.id = p.account_id and a.deleted_at is null and a.lng is not null and a.lat is not null group by p.owner_id`,
    [tenantId, setId, baseId],
  )
}
