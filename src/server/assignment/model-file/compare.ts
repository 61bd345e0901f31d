/**
 * Any two models side by side 模型对照: what one would have to change in A to get B, in the order of the tree of both together, so that a
 * territory that is gone is read where it stood. Numbers stand in compare-numbers.ts.
 */
import type { z } from 'zod'
import type { Labels } from '../../../contract/kernel/shapes.ts'
import type {
  ComparedMember,
  ComparedModel,
  ComparedTerritory,
  ComparedType,
  compareMembers,
  compareModels,
} from '../../../contract/territory/compare.ts'
import { buildHierarchy, type Node } from '../../../core/territory/hierarchy.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { type LoadedModel, type LoadedTerritory, loadModel, memberUnder } from '../../territory/load-model.ts'
import { assertReadable } from '../../territory/models.ts'
import { type ChangedTerritory, changedTerritories } from '../change-set/changed.ts'
import { describeChanges } from '../change-set/read-lines.ts'

const PAGE = 50
export type About = z.infer<NonNullable<typeof compareModels.query>>['about']
export type Pair = {
  readonly a: LoadedModel
  readonly b: LoadedModel
  /** Territories of both, as B has them, of one that is gone as A had it, in the order of the tree. */
  readonly order: readonly Node[]
  readonly byId: ReadonlyMap<string, LoadedTerritory>
}

/** Both models, after asking whether the asker may know them. */
export async function loadPair(tx: Tx, actor: Actor, a: string, b: string): Promise<Pair> {
  await assertReadable(tx, actor, a)
  await assertReadable(tx, actor, b)
  const left = await loadModel(tx, actor.tenantId, a)
  const right = a === b ? left : await loadModel(tx, actor.tenantId, b)
  const byId = new Map([...left.territories, ...right.territories].map(t => [t.id, t]))
  return { a: left, b: right, order: buildHierarchy([...byId.values()], t => byId.get(t.id)!.position).order, byId }
}

export const headOf = ({ head }: LoadedModel, actor: Pick<Actor, 'modelId'>): ComparedModel => ({
  id: head.id,
  name: head.name,
  state: head.state,
  version: head.version,
  active: head.id === actor.modelId,
})

const CONCERNS: Readonly<Record<About, (c: ChangedTerritory) => boolean>> = {
  all: () => true,
  structure: c => c.change !== 'changed' || c.fields.length > 0,
  rules: c => c.lines.some(l => l.change !== 'same'),
}

/** Every changed territory, in the order of the tree. */
export function changesOf(pair: Pair): readonly ChangedTerritory[] {
  const place = new Map(pair.order.map((n, i) => [n.territory.id, i]))
  return [...changedTerritories(pair.a, pair.b)].sort((x, y) => place.get(x.id)! - place.get(y.id)!)
}
export const about = (changes: readonly ChangedTerritory[], what: About): readonly ChangedTerritory[] => changes.filter(CONCERNS[what])

/** In words, each with the way to it from the root. */
export async function describe(tx: Tx, actor: Actor, pair: Pair, page: readonly ChangedTerritory[]): Promise<ComparedTerritory[]> {
  const nodes = new Map(pair.order.map(n => [n.territory.id, n]))
  const rows = await describeChanges(tx, actor, page, new Map())
  return rows.map(row => ({
    ...row,
    path: [...nodes.get(row.territoryId)!.ancestorIds].reverse().map(id => {
      const { code, name, colour } = pair.byId.get(id)!
      return { id, code, name, colour }
    }),
  }))
}

export async function compare(
  tx: Tx,
  actor: Actor,
  query: { a: string; b: string; about: About; cursor?: string | undefined },
): Promise<z.infer<typeof compareModels.reply>> {
  const pair = await loadPair(tx, actor, query.a, query.b)
  const every = changesOf(pair)
  const some = about(every, query.about)
  const at = Number(/^\d{1,6}$/.test(query.cursor ?? '') ? query.cursor : 0)
  const count = (fits: (c: ChangedTerritory) => boolean) => every.filter(fits).length
  return {
    a: headOf(pair.a, actor),
    b: headOf(pair.b, actor),
    rows: await describe(tx, actor, pair, some.slice(at, at + PAGE)),
    next: at + PAGE < some.length ? String(at + PAGE) : null,
    summary: { added: count(c => c.change === 'added'), changed: count(c => c.change === 'changed'), removed: count(c => c.change === 'removed') },
    parts: { rules: count(CONCERNS.rules), members: (await countMembers(tx, actor, pair)).territories },
    types: changedTypes(pair),
  }
}

export function changedTypes({ a, b }: Pick<Pair, 'a' | 'b'>): ComparedType[] {
  const wordsOf = (model: LoadedModel) => new Map(model.types.map(t => [t.key, { labels: t.labels, layer: t.layer, precedence: t.precedence }]))
  const [was, is] = [wordsOf(a), wordsOf(b)]
  const order = (key: string) => (is.get(key) ?? was.get(key))!.precedence
  return [...new Set([...was.keys(), ...is.keys()])]
    .sort((x, y) => order(x) - order(y))
    .flatMap((key): ComparedType[] => {
      const [before, after] = [was.get(key) ?? null, is.get(key) ?? null]
      if (before && after && before.layer === after.layer && before.precedence === after.precedence && sameLabels(before.labels, after.labels))
        return []
      return [{ key, change: before === null ? 'added' : after === null ? 'removed' : 'changed', before, after }]
    })
}
const sameLabels = (x: Labels, y: Labels): boolean => x['zh-CN'] === y['zh-CN'] && x['zh-TW'] === y['zh-TW'] && x.en === y.en

const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
/** $1 tenant, $2 and $3 the lineages, $4 to $6 territories in order and in which model they are. A membership of a territory that a model lacks is none. */
const DIFFERING = `side as (select * from (values (true, $2::bigint[]), (false, $3::bigint[])) s(is_a, lineage)),
  place as (select * from unnest($4::bigint[], $5::bool[], $6::bool[]) with ordinality p(id, in_a, in_b, pos)),
  held as (
    select p.pos, m.territory_id, m.user_id, s.is_a, jsonb_build_object('role', m.member_role, 'access', m.access, 'creditBp', m.credit_bp, 'startsAt', ${UTC('m.starts_at')}, 'endsAt', ${UTC('m.ends_at')}) as what
      from territory_member m cross join side s join place p on p.id = m.territory_id and case when s.is_a then p.in_a else p.in_b end
     where m.tenant_id = $1 and (m.ends_at is null or m.ends_at > clock_timestamp()) and ${memberUnder('m', 's.lineage')}),
  person as (
    select pos, territory_id, user_id, coalesce(jsonb_agg(what order by what) filter (where is_a), '[]') as before, coalesce(jsonb_agg(what order by what) filter (where not is_a), '[]') as after
      from held group by pos, territory_id, user_id),
  differing as (select * from person where before <> after)`

function membersOf(actor: Actor, { a, b, order }: Pair): unknown[] {
  const [inA, inB] = [a, b].map(m => new Set(m.territories.map(t => t.id)))
  const ids = order.map(n => n.territory.id)
  return [actor.tenantId, a.head.lineage, b.head.lineage, ids, ids.map(id => inA!.has(id)), ids.map(id => inB!.has(id))]
}

async function countMembers(tx: Tx, actor: Actor, pair: Pair): Promise<{ total: number; territories: number }> {
  const counted = await tx.query<{ total: number; territories: number }>(
    `with ${DIFFERING} select count(*)::int as total, count(distinct territory_id)::int as territories from differing`,
    membersOf(actor, pair),
  )
  return counted.rows[0]!
}

type MemberRow = Pick<ComparedMember, 'territoryId' | 'person' | 'before' | 'after'> & { readonly pos: string }

/** `limit` null: all of them. */
export async function readMembers(
  tx: Tx,
  actor: Actor,
  pair: Pair,
  cursor: string | undefined,
  limit: number | null,
): Promise<z.infer<typeof compareMembers.reply>> {
  const values = membersOf(actor, pair)
  const after = /^(\d{1,9})\|(\d{1,18})$/.exec(cursor ?? '')
  const found = await tx.query<MemberRow>(
    `with ${DIFFERING}
     select d.pos::text, d.territory_id::text as "territoryId", json_build_object('id', u.id::text, 'name', u.name) as person, d.before, d.after
       from differing d join app_user u on u.tenant_id = $1 and u.id = d.user_id where $7::bigint is null or (d.pos, d.user_id) > ($7, $8::bigint) order by d.pos, d.user_id limit $9`,
    [...values, after?.[1] ?? null, after?.[2] ?? null, limit === null ? null : limit + 1],
  )
  const rows = limit === null ? found.rows : found.rows.slice(0, limit)
  const last = rows.at(-1)
  return {
    rows: rows.map(({ pos: _, ...row }) => {
      const { code, name, colour } = pair.byId.get(row.territoryId)!
      return { ...row, code, name, colour, change: row.before.length === 0 ? 'added' : row.after.length === 0 ? 'removed' : 'changed' }
    }),
    next: limit !== null && found.rows.length > limit && last ? `${last.pos}|${last.person.id}` : null,
    ...(await countMembers(tx, actor, pair)),
  }
}

export const membersPage = async (tx: Tx, actor: Actor, query: { a: string; b: string; cursor?: string | undefined }) =>
  readMembers(tx, actor, await loadPair(tx, actor, query.a, query.b), query.cursor, PAGE)
