/**
 * Who stands in a pool, as the pool shows it: one narrow row with values already masked, written with the placement. It is all that a member
 * without the right to open the customer ever reads, so a filter, an order or a search over it can tell nothing that is hidden.
 */
import { EVERYONE_TOKEN, token } from '../../core/access/tokens.ts'
import { compareIds } from '../../core/kernel/id.ts'
import { maskName, maskPerson, maskPhone } from '../../core/pool/mask.ts'
import { openingsOf } from '../../core/pool/opening.ts'
import { grams } from '../account/search.ts'
import { loadCompiled } from '../assignment/compiled.ts'
import { prepared, type Tx } from '../kernel/transaction.ts'
import type { Pools, StoredPool } from './store.ts'

const MS = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`
const PIECE = 2_000
/** For so long it is remembered who let a customer go. */
export const LEAVERS_DAYS = 180

type Standing = {
  id: string
  pool: string
  territory: string | null
  tokens: string[]
  name: string
  tier: string | null
  division: string | null
  industry: string | null
  potential: string | null
  source: string | null
  contact: string | null
  phone: string | null
  created: number
  entered: number | null
  followed: string | null
  act: { kind: string; reason: string | null; detail: Record<string, unknown> | null; prior: string | null; pool: string | null } | null
  prior: string | null
  leavers: { userId: string; at: number }[]
}

/**
 * $1 tenant, $2 model, $3 the accounts, or the last one read. Read beyond the writer's sight. Accounts are named by the placement, which leads:
 * named by `a.id`, the whole list was gone through again for every row.
 */
const STANDINGS = `
  select a.id::text, p.pool_id::text as pool, p.territory_id::text as territory, p.tokens::text[] as tokens, a.name, a.tier, a.division, a.industry, a.potential::text, a.source,
         c.name as contact, coalesce(c.phone, pr.phone) as phone, ${MS('a.created_at')} as created, coalesce(${MS('e.entered_at')}, ${MS('b.entered_at')}) as entered,
         (select to_char(max(n.created_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') from note n where n.tenant_id = $1 and n.account_id = a.id and n.deleted_at is null) as followed,
         (select json_build_object('kind', o.kind, 'reason', o.reason, 'detail', o.detail, 'prior', o.prior_owner_id::text, 'pool', o.pool_id::text) from ownership_act o
           where o.tenant_id = $1 and o.account_id = a.id and o.cancelled_at is null order by o.at desc, o.id desc limit 1) as act,
         (select h.owner_id::text from placement_history h where h.tenant_id = $1 and h.account_id = a.id and h.owner_id is not null and (h.model_id = $2 or h.model_id is null) and h.known_to is null
           order by h.valid_to desc, h.id desc limit 1) as prior,
         (select coalesce(json_agg(json_build_object('userId', o.prior_owner_id::text, 'at', ${MS('o.at')})), '[]') from ownership_act o
           where o.tenant_id = $1 and o.account_id = a.id and o.cancelled_at is null and o.kind in ('return', 'reclaim') and o.prior_owner_id is not null and o.at > now() - interval '${LEAVERS_DAYS} days') as leavers
    from account_placement p join account a on a.tenant_id = $1 and a.id = p.account_id
    left join account_private pr on pr.tenant_id = $1 and pr.account_id = a.id
    left join lateral (select k.name, k.phone from contact k where k.tenant_id = $1 and k.account_id = a.id and k.deleted_at is null order by k.left_at is not null, k.id limit 1) c on true
    left join pool_entry e on e.tenant_id = $1 and e.model_id = $2 and e.account_id = a.id and e.pool_id = p.pool_id
    left join lateral (select x.entered_at from pool_entry x where x.tenant_id = $1 and x.account_id = a.id and x.pool_id = p.pool_id and x.model_id <> $2 order by x.entered_at limit 1) b on e.entered_at is null
   where p.tenant_id = $1 and p.model_id = $2 and p.pool_id is not null`

/** Those that stand in the pool no longer. */
export async function dropEntries(tx: Tx, tenantId: string, modelId: string, ids: readonly string[]): Promise<void> {
  if (ids.length > 0)
    await tx.query(
      prepared('pool-entries-gone', 'delete from pool_entry where tenant_id = $1 and model_id = $2 and account_id = any($3::bigint[])', [
        tenantId,
        modelId,
        ids,
      ]),
    )
}

/** Of the customers named, those that stand in a pool; null: all under the model. */
export async function writeEntries(
  tx: Tx,
  tenantId: string,
  modelId: string,
  at: string,
  ids: readonly string[] | null,
  stored: Pools,
): Promise<void> {
  if (ids?.length === 0) return
  const pools = new Map(stored.pools.map(p => [p.id, p]))
  if (ids !== null) {
    const found = await tx.query<Standing>({
      name: 'pool-standings',
      text: `${STANDINGS} and p.account_id = any($3::bigint[])`,
      values: [tenantId, modelId, ids],
    })
    return writeRows(tx, tenantId, modelId, at, found.rows, pools)
  }
  for (let after = '0'; ; ) {
    const found = await tx.query<Standing>(`${STANDINGS} and p.account_id > $3 order by p.account_id limit ${PIECE}`, [tenantId, modelId, after])
    await writeRows(tx, tenantId, modelId, at, found.rows, pools)
    if (found.rows.length < PIECE) return
    after = found.rows.at(-1)!.id
  }
}

async function writeRows(
  tx: Tx,
  tenantId: string,
  modelId: string,
  at: string,
  rows: readonly Standing[],
  pools: ReadonlyMap<string, StoredPool>,
): Promise<void> {
  if (rows.length === 0) return
  const { compiled } = await loadCompiled(tx, tenantId, modelId)
  const chainOf = (id: string | null): readonly string[] => (id === null ? [] : [id, ...(compiled.hierarchy.byId.get(id)?.ancestorIds ?? [])])
  const now = Date.parse(at)
  const entries = rows.map(r => entryOf(r, pools.get(r.pool)!, chainOf(r.territory), r.entered ?? now))
  const column = <K extends keyof Entry>(key: K) => entries.map(e => e[key])
  await tx.query(
    `insert into pool_entry (tenant_id, model_id, account_id, pool_id, tokens, territory_id, token1, opens1, token2, opens2, token3, opens3, name, grams, contact, phone, tier, division, industry,
       potential, source, entered_at, created_at, reason_kind, reason, detail, prior_owner_id, last_follow_up_at, leavers)
     select $1, $2, id, pool, tokens::bigint[], territory, t1, to_timestamp(o1), t2, to_timestamp(o2), t3, to_timestamp(o3), name, string_to_array(grams, chr(1)), contact, phone, tier, division, industry,
       potential, source, to_timestamp(entered), to_timestamp(created), kind, reason, detail::jsonb, prior, followed, leavers::jsonb
       from unnest($3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[], $8::float8[], $9::bigint[], $10::float8[], $11::bigint[], $12::float8[], $13::text[], $14::text[], $15::text[], $16::text[],
         $17::text[], $18::text[], $19::text[], $20::bigint[], $21::text[], $22::float8[], $23::float8[], $24::text[], $25::text[], $26::text[], $27::bigint[], $28::timestamptz[], $29::text[])
         as e(id, pool, tokens, territory, t1, o1, t2, o2, t3, o3, name, grams, contact, phone, tier, division, industry, potential, source, entered, created, kind, reason, detail, prior, followed, leavers)
     on conflict (tenant_id, model_id, account_id) do update set pool_id = excluded.pool_id, tokens = excluded.tokens, territory_id = excluded.territory_id, token1 = excluded.token1, opens1 = excluded.opens1,
       token2 = excluded.token2, opens2 = excluded.opens2, token3 = excluded.token3, opens3 = excluded.opens3, name = excluded.name, grams = excluded.grams, contact = excluded.contact, phone = excluded.phone,
       tier = excluded.tier, division = excluded.division, industry = excluded.industry, potential = excluded.potential, source = excluded.source, entered_at = excluded.entered_at,
       created_at = excluded.created_at, reason_kind = excluded.reason_kind, reason = excluded.reason, detail = excluded.detail, prior_owner_id = excluded.prior_owner_id,
       last_follow_up_at = excluded.last_follow_up_at, leavers = excluded.leavers`,
    [
      tenantId,
      modelId,
      ...(
        [
          'id',
          'pool',
          'tokens',
          'territory',
          't1',
          'o1',
          't2',
          'o2',
          't3',
          'o3',
          'name',
          'grams',
          'contact',
          'phone',
          'tier',
          'division',
          'industry',
          'potential',
          'source',
          'entered',
          'created',
          'kind',
          'reason',
          'detail',
          'prior',
          'followed',
          'leavers',
        ] as const
      ).map(column),
    ],
  )
}

type Entry = ReturnType<typeof entryOf>
function entryOf(r: Standing, pool: StoredPool, chain: readonly string[], entered: number) {
  const { masks } = pool
  const openings = pool.deadEnd ? [] : openingsOf(pool.id, pool.steps, chain, entered)
  const name = maskName(r.name, masks.name)
  const [first, ...later] = openings
  const tokens = new Set([
    EVERYONE_TOKEN,
    ...pool.admins.map(id => token('user', id)),
    // Whoever may open the customer itself sees it in the pool too.
    ...r.tokens,
    ...(first ? [first.token] : []),
  ])
  const act = r.act && (r.act.kind === 'return' || r.act.kind === 'reclaim') ? r.act : null
  return {
    id: r.id,
    pool: pool.id,
    tokens: `{${[...tokens].sort(compareIds).join(',')}}`,
    territory: r.territory,
    t1: later[0]?.token ?? null,
    o1: later[0] ? later[0].at / 1000 : null,
    t2: later[1]?.token ?? null,
    o2: later[1] ? later[1].at / 1000 : null,
    t3: later[2]?.token ?? null,
    o3: later[2] ? later[2].at / 1000 : null,
    name,
    grams: grams().ofName(name).join('\u0001'),
    contact: maskPerson(r.contact, masks.contact),
    phone: maskPhone(r.phone, masks.phone),
    tier: masks.tier ? r.tier : null,
    division: masks.division ? r.division : null,
    industry: masks.industry ? r.industry : null,
    potential: masks.potential ? r.potential : null,
    source: masks.source ? r.source : null,
    entered: entered / 1000,
    created: r.created / 1000,
    kind: act ? act.kind : (r.prior ?? null) === null ? 'new' : 'unowned',
    // What somebody wrote by hand may name the customer: the pool shows the reason chosen from the list.
    reason: act?.kind === 'return' ? String(act.detail?.reason ?? 'other') : null,
    detail: act?.kind === 'reclaim' && act.detail ? JSON.stringify(act.detail) : null,
    prior: act?.prior ?? r.prior,
    followed: r.followed,
    leavers: JSON.stringify(r.leavers),
  }
}
