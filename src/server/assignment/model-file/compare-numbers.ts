/**
 * Numbers of two models side by side 数字对照: customers, owners and money by territory, of the customers that the asker may see today. Both
 * models are read as "account, owner, territory" and joined once, so that what one territory wins another one loses, by count.
 */
import type { z } from 'zod'
import type { CompareBasis, CompareNumbers, CompareSums, compareNumbers } from '../../../contract/territory/compare.ts'
import { visibleTo } from '../../access/visible-to.ts'
import { whilePlacing } from '../../access/while-placing.ts'
import { standingsAt, TURNS } from '../../account/as-of.ts'
import { makeParams, type Params } from '../../account/condition-sql.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { type LoadedModel, loadHead } from '../../territory/load-model.ts'
import { stampsOf } from '../change-set/compute.ts'
import { loadPair, type Pair } from './compare.ts'

const PAGE = 50
const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

type Side = {
  readonly basis: CompareBasis
  /** A SELECT of account_id, owner_id, territory_id, at most one row for each account; $1 is the tenant. Null: no numbers. */
  readonly standings: ((params: Params) => string) | null
}
const from = (kind: CompareBasis['kind'], standings: Side['standings'], rest: Partial<CompareBasis> = {}): Side => ({
  basis: { kind, at: null, drifted: false, why: null, changeSetId: null, ...rest },
  standings,
})
const none = (why: CompareBasis['why'], changeSetId: string | null = null): Side => from('none', null, { why, changeSetId })
const placedUnder = (model: string) =>
  `select p.account_id, p.owner_id, p.territory_id from account_placement p where p.tenant_id = $1 and p.model_id = ${model}`

async function sideOf(tx: Tx, actor: Actor, { head }: LoadedModel): Promise<Side> {
  if (head.state === 'ready') return from('placed', params => placedUnder(params.add(head.id)))
  if (head.state === 'materialising') return none('computing')
  return head.state === 'archived' ? archived(tx, actor, head.id) : drafted(tx, actor, head.id, head.baseModelId)
}

/** An archived model keeps what really held while it was in force: the last moment of that. */
async function archived(tx: Tx, actor: Actor, modelId: string): Promise<Side> {
  const found = await tx.query<{ at: string; known: string }>(
    `select ${UTC("least(t.ends - interval '1 microsecond', clock_timestamp())")} as at, ${UTC('clock_timestamp()')} as known from (${TURNS}) t where t.model_id = $2 order by t.starts desc limit 1`,
    [actor.tenantId, modelId],
  )
  const last = found.rows[0]
  if (!last) return none('neverUsed')
  const model = { id: modelId, name: '', version: null, archived: true }
  return from('archive', params => standingsAt({ ...last, when: 'past', model, local: last }, params), { at: last.at })
}

/** A draft has no placements: those of its base, with the moves that its change set computed. */
async function drafted(tx: Tx, actor: Actor, modelId: string, baseId: string | null): Promise<Side> {
  const found = await tx.query<{ id: string; at: string | null; of: string | null; busy: boolean }>(
    `select s.id::text, ${UTC('s.figures_at')} as at, s.figures_of as of,
            exists (select 1 from job_run j where j.tenant_id = $1 and j.kind in ('changeSet.submit', 'changeSet.compute', 'changeSet.reopen') and j.note->>'changeSetId' = s.id::text and j.state in ('waiting', 'running')) as busy
       from change_set s where s.tenant_id = $1 and s.model_id = $2`,
    [actor.tenantId, modelId],
  )
  const set = found.rows[0]
  if (baseId === null || (await loadHead(tx, actor.tenantId, baseId)).state !== 'ready') return none('baseGone')
  if (!set) return none('notComputed')
  if (set.at === null) return none(set.busy ? 'computing' : 'notComputed', set.id)
  const drifted = (await stampsOf(tx, actor.tenantId, modelId, baseId)) !== set.of
  const standings = (params: Params) => {
    const moved = (column: string) => `case when v.account_id is null then p.${column}_id else v.to_${column} end as ${column}_id`
    return `select p.account_id, ${moved('owner')}, ${moved('territory')} from account_placement p
      left join change_set_move v on v.tenant_id = $1 and v.change_set_id = ${params.add(set.id)} and v.account_id = p.account_id where p.tenant_id = $1 and p.model_id = ${params.add(baseId)}`
  }
  return from('computed', standings, { at: set.at, drifted, changeSetId: set.id })
}

type Line = {
  readonly key: string | null
  readonly size: number
  readonly most: number
  readonly sums: readonly { accounts: number; owners: number; potential: string; revenue: string }[]
  readonly gained: number
  readonly lost: number
  readonly both: number
  readonly owners: number
  readonly territories: number
}
const NOBODY = 'select null::bigint as account_id, null::bigint as owner_id, null::bigint as territory_id where false'

/** The sum of all first, then a page of territories; `limit` null: all of them. */
function linesSql(
  actor: Actor,
  a: Side,
  b: Side,
  after: readonly string[] | null,
  limit: number | null,
): { text: string; values: readonly unknown[] } {
  const params = makeParams(actor.tenantId)
  const [x, y] = [a, b].map(side => side.standings?.(params) ?? NOBODY)
  const n = (when: string) => `coalesce(sum(f.n) filter (where ${when}), 0)::int`
  const sums = (when: string) =>
    `json_build_object('accounts', ${n(when)}, 'owners', count(distinct f.owner_id) filter (where ${when}), 'potential', coalesce(sum(f.potential) filter (where ${when}), 0)::text, 'revenue', coalesce(sum(f.revenue) filter (where ${when}), 0)::text)`
  const page = after
    ? `or (l.size, l.most, -l.key) < (${params.add(after[0])}::bigint, ${params.add(after[1])}::bigint, -${params.add(after[2])}::bigint)`
    : 'or true'
  // Customers that stand alike are one heap before anything is counted twice or sorted.
  const text = `with seen as materialized (select a.id, a.potential, a.revenue from account a where a.tenant_id = $1 and a.deleted_at is null and ${visibleTo(actor, 'a.id')}),
    x as (${x}), y as (${y}),
    heap as (select x.account_id is not null as in_a, x.owner_id as owner_a, x.territory_id as place_a, y.account_id is not null as in_b, y.owner_id as owner_b, y.territory_id as place_b,
             count(*) as n, sum(s.potential) as potential, sum(s.revenue) as revenue from seen s left join x on x.account_id = s.id left join y on y.account_id = s.id group by 1, 2, 3, 4, 5, 6),
    flat as (
      select coalesce(place_a, 0) as key, true as is_a, owner_a as owner_id, n, potential, revenue, in_b and place_a is not distinct from place_b as stays, in_b as both, owner_a is distinct from owner_b as other from heap where in_a
      union all select coalesce(place_b, 0), false, owner_b, n, potential, revenue, in_a and place_a is not distinct from place_b, false, false from heap where in_b),
    line as (
      select f.key, grouping(f.key) = 1 as whole, array[${sums('f.is_a')}, ${sums('not f.is_a')}] as sums, ${n('not f.is_a and not f.stays')} as gained, ${n('f.is_a and not f.stays')} as lost, ${n('not f.stays')} as size,
             ${n('true')} as most, ${n('f.both')} as both, ${n('f.both and f.other')} as owners, ${n('f.both and not f.stays')} as territories
        from flat f group by grouping sets ((f.key), ()))
    select case when l.whole then null else l.key::text end as key, l.size, l.most, l.sums, l.gained, l.lost, l.both, l.owners, l.territories
      from line l where l.whole ${page} order by l.whole desc, l.size desc, l.most desc, l.key limit ${limit === null ? 'null' : limit + 2}`
  return { text, values: params.values }
}

export async function readNumbers(
  tx: Tx,
  actor: Actor,
  pair: Pair,
  cursor: string | undefined,
  limit: number | null,
): Promise<z.infer<typeof compareNumbers.reply>> {
  const [a, b] = [await sideOf(tx, actor, pair.a), await sideOf(tx, actor, pair.b)]
  const after = /^(\d{1,10})\|(\d{1,10})\|(\d{1,18})$/.exec(cursor ?? '')
  const { text, values } = linesSql(actor, a, b, after?.slice(1) ?? null, limit)
  // A row of a draft or of the past carries the tokens of there and then: the join with `account` decides who sees it today.
  const found = await whilePlacing(tx, () => tx.query<Line>(text, [...values]))
  const [whole, ...every] = found.rows
  const lines = limit === null ? every : every.slice(0, limit)
  const names = await namesOf(tx, actor.tenantId, pair, lines)
  const comparable = a.standings !== null && b.standings !== null
  const show = (side: Side, line: Line, n: 0 | 1): CompareSums | null => {
    if (side.standings === null) return null
    const { potential, revenue, ...rest } = line.sums[n]!
    const masked = (field: string, value: string) => (actor.fieldAccess.get(field) === 'hidden' ? null : value)
    return { ...rest, potential: masked('potential', potential), revenue: masked('revenue', revenue) }
  }
  const last = lines.at(-1)
  return {
    whole: actor.seesAll,
    basis: { a: a.basis, b: b.basis },
    total: { a: show(a, whole!, 0), b: show(b, whole!, 1) },
    moved: comparable ? { both: whole!.both, owners: whole!.owners, territories: whole!.territories } : null,
    rows: lines.map((line): CompareNumbers['rows'][number] => ({
      ...(line.key === '0' ? { id: null, code: null, name: null, colour: null } : names.get(line.key!)!),
      a: show(a, line, 0),
      b: show(b, line, 1),
      gained: comparable ? line.gained : null,
      lost: comparable ? line.lost : null,
    })),
    next: limit !== null && every.length > limit && last ? `${last.size}|${last.most}|${last.key}` : null,
  }
}

type Named = { readonly id: string; readonly code: string; readonly name: string; readonly colour: number }
/** By the two models; a territory that only a correction of the past names, by whichever model knows it. */
async function namesOf(tx: Tx, tenantId: string, { byId }: Pair, lines: readonly Line[]): Promise<ReadonlyMap<string, Named>> {
  const ids = lines.flatMap(l => (l.key === null || l.key === '0' ? [] : [l.key]))
  const names = new Map(
    ids.flatMap(id => {
      const t = byId.get(id)
      return t ? [[id, { id, code: t.code, name: t.name, colour: t.colour }] as const] : []
    }),
  )
  const lost = ids.filter(id => !names.has(id))
  if (lost.length === 0) return names
  const found = await tx.query<Named>(
    `select distinct on (t.id) t.id::text, t.code, t.name, t.colour from territory t where t.tenant_id = $1 and t.id = any($2::bigint[]) order by t.id, t.model_id desc`,
    [tenantId, lost],
  )
  for (const id of lost) names.set(id, found.rows.find(t => t.id === id) ?? { id, code: id, name: id, colour: 0 })
  return names
}

export const numbersPage = async (tx: Tx, actor: Actor, query: { a: string; b: string; cursor?: string | undefined }) =>
  readNumbers(tx, actor, await loadPair(tx, actor, query.a, query.b), query.cursor, PAGE)
