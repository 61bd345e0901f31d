/**
 * The figures of a check-up in SQL, the same for the whole company and for one person's sight: how many customers there are, how many say
 * nothing in a field, how many say something wrong. By source, department of the owner, and owner.
 */
import type { Dimension } from '../../contract/cleansing/check-ups.ts'
import { KIND_NAMES, kindsWithout, measureOf, type ProblemKind } from '../../core/cleansing/problem.ts'
import type { Counts } from '../../core/cleansing/score.ts'
import { tokensOf, visibleTo } from '../access/visible-to.ts'
import { COLUMNS, PRIVATE_COLUMNS } from '../account/facts.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { PRIVATE_FIELDS } from './lookup.ts'
import type { LookedAt } from './settings.ts'

/** Whose figures: `sight` narrows `account a`, `sees` says whether the masked fields of an account are open; `kinds` of problems that may be known. */
export type Whose = {
  readonly tenantId: string
  readonly modelId: string
  readonly sight: string
  readonly sees: string
  readonly kinds: readonly ProblemKind[]
}
export const ofCompany = (tenantId: string, modelId: string): Whose => ({ tenantId, modelId, sight: 'true', sees: 'true', kinds: KIND_NAMES })
export const ofSight = (actor: Actor): Whose => ({
  tenantId: actor.tenantId,
  modelId: actor.modelId,
  sight: visibleTo(actor, 'a.id'),
  sees: `coalesce(p.private_tokens && ${tokensOf(actor)}, false)`,
  kinds: kindsWithout(key => actor.fieldAccess.get(key) === 'hidden'),
})

export type Score = Counts & { readonly dimension: Dimension | ''; readonly field: string; readonly value: string }
type Mutable = { -readonly [K in keyof Score]: Score[K] }

const DIMENSION_SQL: Readonly<Record<Dimension, string>> = { source: 'a.source', department: 'u.department_id', owner: 'p.owner_id' }
/** SQL of a dimension's value, '' where there is none; for `account a`, its placement p and owner u. */
export const dimensionSql = (dimension: Dimension): string => `coalesce(${DIMENSION_SQL[dimension]}::text, '')`
export const STANDING = (modelId: string): string =>
  `left join account_placement p on p.tenant_id = $1 and p.model_id = ${BigInt(modelId)} and p.account_id = a.id left join app_user u on u.tenant_id = $1 and u.id = p.owner_id`

const DIMENSION = `case ${Object.entries(DIMENSION_SQL)
  .map(([name, sql]) => `when grouping(${sql}) = 0 then '${name}'`)
  .join(' ')} else '' end as dimension, coalesce(${Object.values(DIMENSION_SQL)
  .map(sql => `${sql}::text`)
  .join(', ')}, '') as value`
const SETS = (more: string): string =>
  `grouping sets (${['', ...Object.values(DIMENSION_SQL)].map(sql => `(${[more, sql].filter(Boolean).join(', ')})`).join(', ')})`

/** SQL: the field says nothing. For `account a` with its private row pr, address ba and contacts c. */
export function missingSql(field: string): string {
  if (field === 'name') return `a.name = ''`
  if (field === 'point') return 'a.lng is null'
  if (field === 'address') return 'ba.text is null'
  if (field === 'contacts') return 'c.account_id is null'
  if (Object.hasOwn(COLUMNS, field)) return `a.${COLUMNS[field as keyof typeof COLUMNS]} is null`
  if (Object.hasOwn(PRIVATE_COLUMNS, field)) return `pr.${PRIVATE_COLUMNS[field as keyof typeof PRIVATE_COLUMNS]} is null`
  const own = /^f(\d+)$/.exec(field)
  if (!own) throw new Error(`no field ${field}`)
  return `a.custom ->> '${own[1]}' is null`
}
const JOINS: Readonly<Record<string, string>> = {
  pr: 'left join account_private pr on pr.tenant_id = $1 and pr.account_id = a.id',
  ba: `left join account_address ba on ba.tenant_id = $1 and ba.account_id = a.id and ba.kind = 'business'`,
  c: 'left join lateral (select k.account_id from contact k where k.tenant_id = $1 and k.account_id = a.id and k.deleted_at is null limit 1) c on true',
}
/** For every customer at once, contacts are read in one go. */
const ALL_CONTACTS = 'left join (select distinct account_id from contact where tenant_id = $1 and deleted_at is null) c on c.account_id = a.id'

/** What missingSql of these fields reads beside the account; `all` where no sight narrows it. */
export const missingJoins = (fields: readonly string[], all = false): string =>
  Object.entries(all ? { ...JOINS, c: ALL_CONTACTS } : JOINS)
    .filter(([alias]) => fields.some(f => missingSql(f).startsWith(`${alias}.`)))
    .map(([, join]) => join)
    .join(' ')

/** A finding that nobody set aside for what the customer says now; `f` the finding, `a` its account. */
export const NOT_SKIPPED = `not exists (select 1 from cleansing_skip s where s.tenant_id = $1 and s.account_id = f.account_id and s.field = f.field and s.kind = f.kind and s.row_version = a.row_version)`
export const FINDINGS = `(select account_id, field, kind from cleansing_finding where tenant_id = $1 and run_id = $2 union all select account_id, field, kind from cleansing_private_finding where tenant_id = $1 and run_id = $2)`

const BY_MEASURE = { accuracy: 'wrong', consistency: 'inconsistent', hint: 'hints', completeness: 'hints' } as const

/** Field '*' counts the customers themselves. */
export async function readTotals(tx: Tx, whose: Whose, runId: string, fields: readonly LookedAt[]): Promise<readonly Score[]> {
  const { tenantId, modelId, sight, sees, kinds } = whose
  const keys = fields.map(f => f.key)
  const scores = new Map<string, Mutable>()
  const of = (dimension: Score['dimension'], field: string, value: string): Mutable => {
    const key = `${dimension}/${field}/${value}`
    const score = scores.get(key) ?? { dimension, field, value, total: 0, missing: 0, wrong: 0, inconsistent: 0, hints: 0 }
    scores.set(key, score)
    return score
  }
  type Row = { dimension: Score['dimension']; value: string; n: number; seen: number; missing: number[] }
  const missing = await tx.query<Row>(
    `select ${DIMENSION}, count(*)::float8 as n, count(*) filter (where ${sees})::float8 as seen,
        array[${keys.map(key => `count(*) filter (where ${PRIVATE_FIELDS.includes(key) ? `${sees} and ` : ''}${missingSql(key)})::float8`).join(', ')}]::float8[] as missing
       from account a ${STANDING(modelId)} ${missingJoins(keys, sight === 'true')} where a.tenant_id = $1 and a.deleted_at is null and ${sight} group by ${SETS('')}`,
    [tenantId],
  )
  for (const row of missing.rows) {
    Object.assign(of(row.dimension, '*', row.value), { total: row.n })
    for (const [i, key] of keys.entries())
      Object.assign(of(row.dimension, key, row.value), { total: PRIVATE_FIELDS.includes(key) ? row.seen : row.n, missing: row.missing[i] })
  }
  const found = await tx.query<{ dimension: Score['dimension']; value: string; field: string; measure: keyof typeof BY_MEASURE; n: number }>(
    `with found as materialized (
       select distinct f.account_id, f.field, k.measure from ${FINDINGS} f join unnest($3::text[], $4::text[]) as k(kind, measure) on k.kind = f.kind
         join account a on a.tenant_id = $1 and a.id = f.account_id and a.deleted_at is null where f.field = any($5::text[]) and ${sight} and ${NOT_SKIPPED})
     select ${DIMENSION}, f.field, f.measure, count(*)::float8 as n from found f join account a on a.tenant_id = $1 and a.id = f.account_id ${STANDING(modelId)} group by ${SETS('f.field, f.measure')}`,
    [tenantId, runId, kinds, kinds.map(measureOf), keys],
  )
  for (const row of found.rows) of(row.dimension, row.field, row.value)[BY_MEASURE[row.measure]] += row.n
  return [...scores.values()]
}

/** How often each kind was found and is not set aside; what says nothing is counted with the fields. */
export async function readKinds(
  tx: Tx,
  whose: Whose,
  runId: string,
  fields: readonly LookedAt[],
): Promise<readonly { field: string; kind: string; n: number }[]> {
  const found = await tx.query<{ field: string; kind: string; n: number }>(
    `select f.field, f.kind, count(*)::float8 as n from ${FINDINGS} f join account a on a.tenant_id = $1 and a.id = f.account_id and a.deleted_at is null
      where f.field = any($3::text[]) and f.kind = any($4::text[]) and ${whose.sight} and ${NOT_SKIPPED} group by f.field, f.kind order by n desc, f.field, f.kind`,
    [whose.tenantId, runId, fields.map(f => f.key), whose.kinds],
  )
  return found.rows
}
