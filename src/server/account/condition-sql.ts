/**
 * A filter in the condition language as SQL with parameters: the same meaning as the evaluator (SQL's unknown is ours). Fields a role may
 * not see are refused, for a filter would reveal them. No text of the user ever becomes SQL; where COPY takes no parameters, the driver writes
 * the literals (change-set/concerned.ts).
 */
import { checkCondition } from '../../core/condition/check.ts'
import { type Condition, childrenOf, type FieldInfo, groupKind, isGroup, type Predicate } from '../../core/condition/condition.ts'
import { normaliseText } from '../../core/condition/evaluate.ts'
import { CODE_HIERARCHIES } from '../../core/condition/hierarchies.ts'
import type { CatalogueField } from '../builder/catalogue.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import { COLUMNS, PRIVATE_COLUMNS } from './facts.ts'

/** Collects parameters; `add` answers the placeholder. */
export type Params = { readonly values: unknown[]; add(value: unknown): string }
export const makeParams = (...first: unknown[]): Params => {
  const values = [...first]
  return {
    values,
    add: value => {
      values.push(value)
      return `$${values.length}`
    },
  }
}

/** Fields that filters know beside the catalogue: where the account stands. */
const PLACED: Readonly<Record<string, { readonly type: FieldInfo['type']; readonly column: string }>> = {
  ownerId: { type: 'user', column: 'p.owner_id' },
  territoryId: { type: 'user', column: 'p.territory_id' },
}

export function assertVisible(actor: Pick<Actor, 'fieldAccess'>, key: string): void {
  if (actor.fieldAccess.get(key) === 'hidden') stop('field.hidden', { field: key }, key)
}

export function filterSql(condition: Condition, catalogue: readonly CatalogueField[], actor: Actor, params: Params): string {
  const fields = new Map<string, FieldInfo>(catalogue.filter(f => !f.retired).map(f => [f.key, { key: f.key, type: f.type }]))
  for (const [key, { type }] of Object.entries(PLACED)) fields.set(key, { key, type })
  const faults = checkCondition(condition, {
    fields,
    hierarchies: CODE_HIERARCHIES,
    lists: { has: () => true } as unknown as ReadonlyMap<string, ReadonlySet<string>>,
  })
  const fault = faults[0]
  if (fault)
    stop(
      'filter.invalid',
      { problem: `${fault.path || '/'} ${fault.code} ${fault.field ?? ''} ${fault.value ?? ''}`.trim() },
      fault.path || '/filter',
    )
  const byKey = new Map(catalogue.map(f => [f.key, f]))
  const tokens = `array[${actor.tokens.map(t => BigInt(t)).join(',')}]::bigint[]`

  const visit = (c: Condition): string => {
    if (!isGroup(c)) {
      assertVisible(actor, c.field)
      const sql = predicateSql(c, fields.get(c.field)!, columnOf(c.field, byKey.get(c.field), params), params)
      // Where this account masks the field, nobody knows: neither "is empty" nor its opposite may tell.
      return Object.hasOwn(PRIVATE_COLUMNS, c.field) ? `(case when p.private_tokens && ${tokens} then ${sql} end)` : sql
    }
    const kind = groupKind(c)
    const parts = childrenOf(c).map(visit)
    if (parts.length === 0) return kind === 'any' ? 'false' : 'true'
    const joined = `(${parts.join(kind === 'all' ? ' and ' : ' or ')})`
    return kind === 'none' ? `not ${joined}` : joined
  }
  return visit(condition)
}

/** SQL of a field's value for `account a` (and `account_placement p`); values never stand in the text. */
function columnOf(key: string, field: CatalogueField | undefined, params: Params): string {
  const placed = PLACED[key]
  if (placed) return `${placed.column}::text`
  if (key === 'id') return 'a.id::text'
  if (key === 'parentId') return 'a.parent_id::text'
  if (Object.hasOwn(COLUMNS, key)) return `a.${COLUMNS[key as keyof typeof COLUMNS]}`
  if (Object.hasOwn(PRIVATE_COLUMNS, key)) {
    return `(select pr.${PRIVATE_COLUMNS[key as keyof typeof PRIVATE_COLUMNS]} from account_private pr where pr.tenant_id = $1 and pr.account_id = a.id)`
  }
  if (key === 'address')
    return "(select ad.text from account_address ad where ad.tenant_id = $1 and ad.account_id = a.id and ad.kind = 'business' limit 1)"
  if (key === 'point') return 'a.lng'
  const kept = field!.type === 'number' ? 'n' : field!.type === 'date' ? 'd' : 't'
  return `(select cf.${kept} from account_field cf where cf.tenant_id = $1 and cf.field_id = ${params.add(field!.id)} and cf.account_id = a.id)`
}

function predicateSql(p: Predicate, field: FieldInfo, column: string, params: Params): string {
  switch (p.op) {
    case 'empty':
      return `coalesce(${column}::text, '') = ''`
    case 'notEmpty':
      return `coalesce(${column}::text, '') <> ''`
    case 'in':
    case 'notIn': {
      const inside = inSql(p.values, field, column, params)
      return p.op === 'in' ? inside : `not ${inside}`
    }
    case 'inList':
    case 'notInList': {
      const list = params.add(p.list)
      const inside = inListSql(field, column, newest(list))
      // A list that is gone leaves the question open, whichever way it is asked.
      const sql = p.op === 'inList' ? inside : `not ${inside}`
      return `(case when exists (select 1 from value_list l where l.tenant_id = $1 and l.id = ${list}::bigint) then ${sql} end)`
    }
    case 'between': {
      const cast = field.type === 'date' ? 'date' : 'float8'
      const ends = [
        p.min === undefined ? null : `${column} >= ${params.add(p.min)}::${cast}`,
        p.max === undefined ? null : `${column} <= ${params.add(p.max)}::${cast}`,
      ]
      return `(${ends.filter(Boolean).join(' and ')})`
    }
    case 'contains':
      return `strpos(${NORMAL(column)}, ${params.add(normaliseText(p.text))}) > 0`
    case 'startsWith':
      return `starts_with(${NORMAL(column)}, ${params.add(normaliseText(p.text))})`
    case 'within':
      // Without a point nobody knows: least() would otherwise pass over the missing value.
      return `(case when a.lng is not null and a.lat is not null then 6371.0088 * 2 * asin(sqrt(least(1, power(sin(radians(${params.add(p.lat)}::float8 - a.lat) / 2), 2) + cos(radians(a.lat)) * cos(radians($${params.values.length}::float8)) * power(sin(radians(${params.add(p.lng)}::float8 - a.lng) / 2), 2)))) <= ${params.add(p.km)}::float8 end)`
    case 'inside': {
      // The evaluator's own count of edges crossed, in the same order of operations, so that a point on a border falls to the same side.
      const edges = p.rings.flatMap(ring => ring.map((from, i) => [from, ring[(i + ring.length - 1) % ring.length]!] as const))
      const [xs, ys] = [0, 1].map(k => edges.map(([from]) => from[k as 0 | 1]))
      const ends = (k: 0 | 1, of: 0 | 1) => `${params.add(edges.map(e => e[of][k]))}::float8[]`
      const least = (values: readonly number[] | undefined, sign: 1 | -1) =>
        params.add(sign * (values ?? []).reduce((m, v) => Math.min(m, sign * v), Number.POSITIVE_INFINITY))
      const near = `a.lng between ${least(xs, 1)}::float8 and ${least(xs, -1)}::float8 and a.lat between ${least(ys, 1)}::float8 and ${least(ys, -1)}::float8`
      const crossing = `case when e.ay < e.by then ((e.bx - e.ax) * (a.lat - e.ay)) / (e.by - e.ay) + e.ax else ((e.ax - e.bx) * (a.lat - e.by)) / (e.ay - e.by) + e.bx end`
      const inside = `(select count(*) % 2 = 1 from unnest(${ends(0, 0)}, ${ends(1, 0)}, ${ends(0, 1)}, ${ends(1, 1)}) as e(ax, ay, bx, by)
        where (e.ay > a.lat) <> (e.by > a.lat) and a.lng < ${crossing})`
      return `(case when a.lng is not null and a.lat is not null then ${near} and ${inside} end)`
    }
  }
}

/** Whether the column's value is one of these or lies below one. `params.add` answers how a list of texts is written there. */
export function inSql(values: readonly string[], field: FieldInfo, column: string, params: Pick<Params, 'add'>): string {
  if (field.type === 'division') {
    // A province or city stands for everything below it: compare the part of the code before its zeros.
    const groups = new Map<number, string[]>()
    for (const code of values) {
      const length = code.endsWith('0000') ? 2 : code.endsWith('00') ? 4 : 6
      groups.set(length, [...(groups.get(length) ?? []), code.slice(0, length)])
    }
    return `(${[...groups].map(([length, codes]) => `left(${column}, ${length}) = any(${params.add(codes)}::text[])`).join(' or ')})`
  }
  if (field.type === 'industry') {
    const groups = new Map<number, string[]>()
    for (const code of values) groups.set(code.length, [...(groups.get(code.length) ?? []), code])
    return `(${[...groups].map(([length, codes]) => `left(${column}, ${length}) = any(${params.add(codes)}::text[])`).join(' or ')})`
  }
  if (field.type === 'options') return `(string_to_array(${column}, chr(1)) && ${params.add(values)}::text[])`
  if (field.type === 'text') return `${NORMAL(column)} = any(${params.add(values.map(normaliseText))}::text[])`
  return `${column} = any(${params.add(values)}::text[])`
}

/** The value, or what it lies below, is an item of the list; texts are compared as the evaluator compares them. */
function inListSql(field: FieldInfo, column: string, items: string): string {
  if (field.type === 'options') return `(string_to_array(${column}, chr(1)) && array(${items}))`
  if (field.type === 'text') return `(${NORMAL(column)} in (select ${NORMAL('i.value')} from (${items}) i))`
  const above =
    field.type === 'division'
      ? [`left(${column}, 4) || '00'`, `left(${column}, 2) || '0000'`]
      : field.type === 'industry'
        ? [1, 3, 4].map(length => `left(${column}, ${length})`)
        : []
  return `(${[column, ...above].map(value => `${value} in (${items})`).join(' or ')})`
}

/** A filter reads the newest version of a list. */
const newest = (list: string): string =>
  `select v.value from value_list_item v join value_list n on n.tenant_id = $1 and n.id = v.list_id and n.version = v.version where v.tenant_id = $1 and v.list_id = ${list}::bigint`

/** As normaliseText of the evaluator: the database's locale must know more letters than ASCII (docs/operate.md). */
const NORMAL = (text: string): string => `lower(normalize(${text}, nfkc))`
