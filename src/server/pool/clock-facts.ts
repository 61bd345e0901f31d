/**
 * What the clock of a customer is counted from, read set by set: since when the present owner has it, what he did with it, what guards it. The
 * owner's beginning is a stored fact: it is kept while he stays the owner, whatever runs or activations come by.
 */
import type { Facts } from '../../core/condition/condition.ts'
import type { ClockFacts } from '../../core/pool/clock.ts'
import type { CompanyRules } from '../../core/pool/company.ts'
import { type FollowUp, lastFollowUp } from '../../core/pool/follow-up.ts'
import { type AccountRecord, factsOf, RECORD } from '../account/facts.ts'
import type { Tx } from '../kernel/transaction.ts'

export type ClockRow = {
  readonly id: string
  readonly ownerId: string
  readonly facts: Facts
  readonly clock: ClockFacts
  readonly lastAt: number | null
  readonly ignored: { readonly at: number; readonly why: string } | null
}
const MS = (sql: string) => `(extract(epoch from ${sql}) * 1000)::float8`

type Read = AccountRecord & {
  owner: string
  since: number
  created: number
  deals_open: number
  deal_made: number | null
  deal_won: number | null
  deal_closed: number | null
  asked: number
  decided: number | null
  protected_until: number | null
  locked: boolean
  extended_until: number | null
  followed: { kind: FollowUp['kind']; at: number; byId: string; text: string; copies: number }[]
}

/** How far back the follow-ups of one customer are looked through for one that counts. */
const LOOKS = 12

/**
 * Owned customers of the list under the active model, locked by the caller. `since`: kept from the clock while the owner stays; a new owner
 * begins now (`at`); one without a clock yet begins where this ownership began.
 */
export async function readClockRows(
  tx: Tx,
  tenantId: string,
  modelId: string,
  ids: readonly string[],
  company: CompanyRules,
): Promise<readonly ClockRow[]> {
  const found = await tx.query<Read>({
    name: 'pool-clock-facts',
    text: `select ${RECORD}, p.owner_id::text as owner, ${MS(SINCE)} as since, ${MS('a.created_at')} as created,
            d.open::int as deals_open, ${MS('d.made')} as deal_made, ${MS('d.won')} as deal_won, ${MS('d.closed')} as deal_closed,
            q.asked::int as asked, ${MS('q.decided')} as decided, ${MS('g.protect')} as protected_until, coalesce(g.locked, false) as locked, ${MS('g.extended')} as extended_until,
            (select coalesce(json_agg(f order by f.at desc), '[]') from (${FOLLOWED}) f) as followed
       from account a join account_placement p on p.tenant_id = $1 and p.model_id = $2 and p.account_id = a.id and p.owner_id is not null
       left join pool_clock k on k.tenant_id = $1 and k.account_id = a.id and k.owner_id = p.owner_id
       left join lateral (select count(*) filter (where o.stage not in ('won', 'lost')) as open, max(o.created_at) as made,
            max(o.updated_at) filter (where o.stage = 'won') as won, max(o.updated_at) filter (where o.stage in ('won', 'lost')) as closed
          from opportunity o where o.tenant_id = $1 and o.account_id = a.id and o.deleted_at is null) d on true
       left join lateral (select count(*) filter (where r.state = 'asked') as asked, max(r.decided_at) filter (where r.state in ('approved', 'refused')) as decided from approval_request r where r.tenant_id = $1 and r.account_id = a.id) q on true
       left join lateral (select max(x.until) filter (where x.kind = 'protect') as protect, bool_or(x.kind = 'lock') as locked, max(x.until) filter (where x.kind in ('extension', 'absence')) as extended
          from pool_protection x where x.tenant_id = $1 and x.account_id = a.id and x.ended_at is null and x.owner_id = p.owner_id) g on true
      where a.tenant_id = $1 and a.id = any($3::bigint[]) and a.deleted_at is null`,
    values: [tenantId, modelId, ids, company.followUp.copies > 0],
  })
  return found.rows.map(r => {
    const { counted, ignored } = lastFollowUp(r.followed, r.owner, company.followUp)
    const facts = factsOf(r)
    const contract = company.contractField === null ? null : facts[company.contractField]
    return {
      id: r.id,
      ownerId: r.owner,
      facts,
      lastAt: counted?.at ?? null,
      ignored,
      clock: {
        ownerSince: r.since,
        createdAt: r.created,
        followedUp: counted?.at ?? null,
        opportunity: r.deal_made,
        won: r.deal_won,
        contractEnd: typeof contract === 'string' ? Date.parse(`${contract}T00:00:00Z`) + 86_400_000 : null,
        openDeals: r.deals_open,
        pendingApprovals: r.asked,
        dealClosed: r.deal_closed,
        requestDecided: r.decided,
        protectedUntil: r.protected_until,
        locked: r.locked,
        extendedUntil: r.extended_until,
      },
    }
  })
}

/** When this ownership began: kept, or the end of the last stretch in which somebody else, or nobody, had it; never before the model in force was. */
const SINCE = `coalesce(k.owner_since, greatest(
  (select max(v.effective_at) from activation v where v.tenant_id = $1 and v.cancelled_at is null and v.effective_at <= clock_timestamp()), coalesce(
  (select max(h.valid_to) from placement_history h where h.tenant_id = $1 and h.account_id = a.id and (h.model_id = $2 or h.model_id is null) and h.known_to is null and h.owner_id is distinct from p.owner_id),
  (select min(h.valid_from) from placement_history h where h.tenant_id = $1 and h.account_id = a.id and (h.model_id = $2 or h.model_id is null) and h.known_to is null), p.valid_from)))`

/** $4: whether copies are asked for at all. */
const FOLLOWED = `
  (select 'note' as kind, ${MS('n.created_at')} as at, n.author_id::text as "byId", left(n.text, 400) as text,
     case when $4::bool then (select count(distinct m.account_id)::int from note m where m.tenant_id = $1 and m.author_id = n.author_id and m.deleted_at is null
        and m.created_at between n.created_at - interval '1 day' and n.created_at + interval '1 day' and m.text = n.text) else 1 end as copies
     from note n where n.tenant_id = $1 and n.account_id = a.id and n.deleted_at is null order by n.created_at desc limit ${LOOKS})
  union all
  (select 'taskDone', ${MS('t.done_at')}, t.assignee_id::text, '', 1 from task t where t.tenant_id = $1 and t.account_id = a.id and t.deleted_at is null and t.done_at is not null order by t.done_at desc limit ${LOOKS})
  union all
  (select 'opportunity', ${MS('o.updated_at')}, coalesce(o.owner_id, 0)::text, '', 1 from opportunity o where o.tenant_id = $1 and o.account_id = a.id and o.deleted_at is null order by o.updated_at desc limit ${LOOKS})`
