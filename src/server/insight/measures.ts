/** The measures of a company as rows, and as SQL over `account a`. Fields that the reader's role hides are in no measure he reads. */
import type { HealthMeasure, MeasureSpec } from '../../contract/insight/health.ts'
import { COLUMNS } from '../account/facts.ts'
import { type CatalogueField, loadFields } from '../builder/catalogue.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'

const VISITS = { KA: { visits: 24, minutes: 90 }, A: { visits: 12, minutes: 60 }, B: { visits: 6, minutes: 45 }, C: { visits: 2, minutes: 30 } }
/** What a company has before it says otherwise. */
export const BUILT_IN: readonly HealthMeasure[] = [
  {
    key: 'workload',
    labels: { 'zh-CN': '工作量', 'zh-TW': '工作量', en: 'Workload' },
    unit: 'hours',
    spec: { kind: 'workload', tiers: VISITS, other: { visits: 1, minutes: 30 } },
  },
  { key: 'potential', labels: { 'zh-CN': '潜力', 'zh-TW': '潛力', en: 'Potential' }, unit: 'money', spec: { kind: 'sum', field: 'potential' } },
  { key: 'revenue', labels: { 'zh-CN': '年营收', 'zh-TW': '年營收', en: 'Revenue' }, unit: 'money', spec: { kind: 'sum', field: 'revenue' } },
  { key: 'accounts', labels: { 'zh-CN': '客户数', 'zh-TW': '客戶數', en: 'Customers' }, unit: 'accounts', spec: { kind: 'count' } },
]

export async function readMeasures(tx: Tx, actor: Actor): Promise<readonly HealthMeasure[]> {
  const own = await tx.query<HealthMeasure>('select key, labels, unit, spec from health_measure where tenant_id = $1 order by position, id', [
    actor.tenantId,
  ])
  const all = own.rows.length > 0 ? own.rows : BUILT_IN
  return all.filter(m => fieldsOf(m.spec).every(f => actor.fieldAccess.get(f) !== 'hidden'))
}

export async function writeMeasures(tx: Tx, actor: Actor, now: string, rows: readonly HealthMeasure[]): Promise<void> {
  const fields = await loadFields(tx, actor.tenantId)
  const keys = new Set<string>()
  for (const [i, row] of rows.entries()) {
    if (keys.has(row.key)) stop('health.twice', { key: row.key }, `/rows/${i}/key`)
    keys.add(row.key)
    for (const key of fieldsOf(row.spec)) if (!isNumber(fields, key) && key !== 'tier') stop('health.field', { field: key }, `/rows/${i}/spec`)
  }
  await tx.query('delete from health_measure where tenant_id = $1', [actor.tenantId])
  await tx.query(
    `insert into health_measure (tenant_id, key, labels, unit, spec, position)
     select $1, key, labels, unit, spec, position from unnest($2::text[], $3::jsonb[], $4::text[], $5::jsonb[]) with ordinality as m(key, labels, unit, spec, position)`,
    [actor.tenantId, rows.map(r => r.key), rows.map(r => JSON.stringify(r.labels)), rows.map(r => r.unit), rows.map(r => JSON.stringify(r.spec))],
  )
  await audit(tx, actor, now, { kind: 'health.measures', recordKind: 'health', after: { rows: [...rows] } })
}

const fieldsOf = (spec: MeasureSpec): readonly string[] =>
  spec.kind === 'sum' ? [spec.field] : spec.kind === 'weighted' ? spec.terms.map(t => t.field) : spec.kind === 'workload' ? ['tier'] : []
const isNumber = (fields: readonly CatalogueField[], key: string): boolean =>
  fields.some(f => f.key === key && f.type === 'number' && !f.retired) && (/^f\d+$/.test(key) || Object.hasOwn(COLUMNS, key))

/** A number of one account; only checked names and numbers become SQL, tiers go as parameters. */
export function measureSql(spec: MeasureSpec, add: (value: unknown) => string): string {
  const field = (key: string): string =>
    /^f\d+$/.test(key)
      ? `coalesce((a.custom->>'${BigInt(key.slice(1))}')::float8, 0)`
      : Object.hasOwn(COLUMNS, key)
        ? `coalesce(a.${COLUMNS[key as keyof typeof COLUMNS]}, 0)::float8`
        : '0'
  const hours = (v: { visits: number; minutes: number }): string => `${add((v.visits * v.minutes) / 60)}::float8`
  if (spec.kind === 'count') return '1::float8'
  if (spec.kind === 'sum') return field(spec.field)
  if (spec.kind === 'weighted') return spec.terms.map(t => `${field(t.field)} * ${add(t.weight)}::float8`).join(' + ')
  const cases = Object.entries(spec.tiers).map(([tier, v]) => `when ${add(tier)}::text then ${hours(v)}`)
  return cases.length === 0 ? hours(spec.other) : `case a.tier ${cases.join(' ')} else ${hours(spec.other)} end`
}
