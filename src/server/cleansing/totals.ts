/**
 * The figures of a check-up in SQL, the same for the whole company and for one person's sight: how many customers there are, how many say
 * nothing in a field, how many say something wrong. By source, department of the owner, and owner.
 */
import type { Dimension } from '../../contract/cleansing/check-ups.ts'
import { KIND_NAMES, kindsWithout, measureOf, type ProblemKind } from '../../core/cleansing/problem.ts'
import type { Counts } from '../../core/cleansing/score.ts'
import { scopeOf, tokensOf } from '../access/visible-to.ts'
import { COLUMNS, PRIVATE_COLUMNS } from '../account/facts.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { PRIVATE_FIELDS } from './lookup.ts'
import type { LookedAt } from './settings.ts'

/**
 * Whose figures: `accounts` is the source of `a` (with `$2` the run where findings are read), `standing` its placement p and owner u, `sees`
 * whether its masked fields are open; `kinds` of problems that may be known. A sight is read whole first, and then each of its customers by
 * key: behind the fence a scan of a whole table would ask it for every row.
 */
export type Whose = {
  readonly tenantId: string
  readonly scope: string
  readonly accounts: string
  readonly standing: string
  readonly joins: Readonly<Record<string, string>>
  readonly findings: string
  readonly sees: string
  readonly kinds: readonly ProblemKind[]
}
const FINDINGS = ['cleansing_finding', 'cleansing_private_finding']
export const ofCompany = (tenantId: string, modelId: string): Whose => ({
  tenantId,
  scope: '',
  accounts: '(select * from account where tenant_id = $1 and deleted_at is null) a',
  standing: STANDING(modelId),
  joins: { ...JOINS, c: 'left join (select distinct account_id from contact where tenant_id = $1 and deleted_at is null) c on c.account_id = a.id' },
  findings: `join (${FINDINGS.map(t => `select account_id, field, kind from ${t} where tenant_id = $1 and run_id = $2`).join(' union all ')}) f on f.account_id = a.id`,
  sees: 'true',
  kinds: KIND_NAMES,
})
export const ofSight = (actor: Actor): Whose => ({
  tenantId: actor.tenantId,
  scope: `scope as materialized (${scopeOf(actor)}), `,
  accounts:
    'scope v cross join lateral (select x.* from account x where x.tenant_id = $1 and x.id = v.account_id and x.deleted_at is null limit 1) a',
  standing: `left join lateral (select o.owner_id, o.private_tokens from account_placement o where o.tenant_id = $1 and o.model_id = ${BigInt(actor.modelId)} and o.account_id = a.id limit 1) p on true
    left join app_user u on u.tenant_id = $1 and u.id = p.owner_id`,
  joins: JOINS,
  findings: `cross join lateral (${FINDINGS.map(t => `select x.field, x.kind from ${t} x where x.tenant_id = $1 and x.run_id = $2 and x.account_id = a.id`).join(' union all ')}) f`,
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

type Columns = Readonly<Record<Dimension, string>>
const DIMENSION = (columns: Columns): string =>
  `case ${Object.entries(columns)
    .map(([name, sql]) => `when grouping(${sql}) = 0 then '${name}'`)
    .join(' ')} else '' end as dimension, coalesce(${Object.values(columns)
    .map(sql => `${sql}::text`)
    .join(', ')}, '') as value`
const SETS = (columns: Columns, more: string): string =>
  `grouping sets (${['', ...Object.values(columns)].map(sql => `(${[more, sql].filter(Boolean).join(', ')})`).join(', ')})`

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
  pr: 'left join lateral (select x.* from account_private x where x.tenant_id = $1 and x.account_id = a.id limit 1) pr on true',
  ba: `left join lateral (select x.text from account_address x where x.tenant_id = $1 and x.account_id = a.id and x.kind = 'business' limit 1) ba on true`,
  c: 'left join lateral (select x.account_id from contact x where x.tenant_id = $1 and x.account_id = a.id and x.deleted_at is null limit 1) c on true',
}
/** What missingSql of these fields reads beside the account. */
export const missingJoins = (fields: readonly string[], joins = JOINS): string =>
  Object.entries(joins)
    .filter(([alias]) => fields.some(f => missingSql(f).startsWith(`${alias}.`)))
    .map(([, join]) => join)
    .join(' ')

/** A finding that nobody set aside for what the customer says now; `f` the finding, `a` its account. */
const NOT_SKIPPED = `not exists (select 1 from cleansing_skip s where s.tenant_id = $1 and s.account_id = a.id and s.field = f.field and s.kind = f.kind and s.row_version = a.row_version)`

const BY_MEASURE = { accuracy: 'wrong', consistency: 'inconsistent', hint: 'hints', completeness: 'hints' } as const

/** Field '*' counts the customers themselves. */
export async function readTotals(tx: Tx, whose: Whose, runId: string, fields: readonly LookedAt[]): Promise<readonly Score[]> {
  const { tenantId, sees, kinds } = whose
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
    `${whose.scope ? `with ${whose.scope.replace(/, $/, ' ')}` : ''}select ${DIMENSION(DIMENSION_SQL)}, count(*)::float8 as n, count(*) filter (where ${sees})::float8 as seen,
        array[${keys.map(key => `count(*) filter (where ${PRIVATE_FIELDS.includes(key) ? `${sees} and ` : ''}${missingSql(key)})::float8`).join(', ')}]::float8[] as missing
       from ${whose.accounts} ${whose.standing} ${missingJoins(keys, whose.joins)} group by ${SETS(DIMENSION_SQL, '')}`,
    [tenantId],
  )
  for (const row of missing.rows) {
    Object.assign(of(row.dimension, '*', row.value), { total: row.n })
    for (const [i, key] of keys.entries())
      Object.assign(of(row.dimension, key, row.value), { total: PRIVATE_FIELDS.includes(key) ? row.seen : row.n, missing: row.missing[i] })
  }
  const kept = { source: 'found.source', department: 'found.department_id', owner: 'found.owner_id' }
  const found = await tx.query<{ dimension: Score['dimension']; value: string; field: string; measure: keyof typeof BY_MEASURE; n: number }>(
    `with ${whose.scope}found as materialized (
       select distinct a.id, a.source, u.department_id, p.owner_id, f.field, k.measure from ${whose.accounts} ${whose.findings}
         join unnest($3::text[], $4::text[]) as k(kind, measure) on k.kind = f.kind ${whose.standing} where f.field = any($5::text[]) and ${NOT_SKIPPED})
     select ${DIMENSION(kept)}, found.field, found.measure, count(*)::float8 as n from found group by ${SETS(kept, 'found.field, found.measure')}`,
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
    `${whose.scope ? `with ${whose.scope.replace(/, $/, ' ')}` : ''}select f.field, f.kind, count(*)::float8 as n from ${whose.accounts} ${whose.findings}
      where f.field = any($3::text[]) and f.kind = any($4::text[]) and ${NOT_SKIPPED} group by f.field, f.kind order by n desc, f.field, f.kind`,
    [whose.tenantId, runId, fields.map(f => f.key), whose.kinds],
  )
  return found.rows
}
