/** The measures of a company as rows, and as SQL over `account a`. Fields that the reader's role hides are in no measure he reads. */
import type { z } from 'zod'
import { type getMeasures, type HealthMeasure, type MeasureInput, type MeasureSpec, MOST_MEASURES, UNITS_OF } from '../../contract/insight/health.ts'
import { COLUMNS } from '../account/facts.ts'
import { type CatalogueField, loadFields, loadOptions } from '../builder/catalogue.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import { toTraditional } from '../kernel/traditional.ts'
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

type Standing = { readonly rows: readonly HealthMeasure[]; readonly version: string; readonly builtIn: boolean }

/** Ids are drawn anew with every change, so the greatest of them is a version. */
async function loadMeasures(tx: Tx, tenantId: string): Promise<Standing> {
  const own = await tx.query<HealthMeasure & { id: string }>(
    'select id::text, key, labels, unit, spec from health_measure where tenant_id = $1 order by position, id',
    [tenantId],
  )
  const version = own.rows.reduce((most, { id }) => (BigInt(id) > most ? BigInt(id) : most), 0n)
  const builtIn = own.rows.length === 0
  return { rows: builtIn ? BUILT_IN : own.rows.map(({ id: _, ...row }) => row), version: String(version), builtIn }
}

const shownTo =
  (actor: Actor) =>
  ({ spec }: Pick<HealthMeasure, 'spec'>): boolean =>
    fieldsOf(spec).every(f => actor.fieldAccess.get(f) !== 'hidden')

export const readMeasures = async (tx: Tx, actor: Actor): Promise<readonly HealthMeasure[]> =>
  (await loadMeasures(tx, actor.tenantId)).rows.filter(shownTo(actor))

export async function listMeasures(tx: Tx, actor: Actor): Promise<z.infer<typeof getMeasures.reply>> {
  const { rows, ...rest } = await loadMeasures(tx, actor.tenantId)
  const shown = rows.filter(shownTo(actor))
  return { ...rest, rows: shown, hidden: rows.length - shown.length }
}

/** Errors: 409 health.stale; 403 health.fieldHidden; 400 health.*, with the place in `rows`. */
export async function writeMeasures(tx: Tx, actor: Actor, now: string, rows: readonly MeasureInput[], version?: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(7, hashtext($1))', [actor.tenantId])
  const standing = await loadMeasures(tx, actor.tenantId)
  if (version !== undefined && version !== standing.version) stop('health.stale')
  // What one may not see one does not take away either; the built-in ones need no row to be there.
  const hidden = standing.rows.filter(m => !shownTo(actor)(m))
  if (rows.length === 0 && !standing.builtIn && hidden.length > 0) stop('health.reset', { count: hidden.length }, '/rows')
  const kept = rows.length === 0 ? [] : hidden
  if (rows.length + kept.length > MOST_MEASURES) stop('health.many', { limit: MOST_MEASURES }, '/rows')
  const made = rows.map(r => ({ ...r, labels: { ...r.labels, 'zh-TW': r.labels['zh-TW'] || toTraditional(r.labels['zh-CN']) } }))
  await checkMeasures(tx, actor, made, new Set(kept.map(m => m.key)))
  const all = [...made, ...kept]
  await tx.query('delete from health_measure where tenant_id = $1', [actor.tenantId])
  await tx.query(
    `insert into health_measure (tenant_id, key, labels, unit, spec, position)
     select $1, key, labels, unit, spec, position from unnest($2::text[], $3::jsonb[], $4::text[], $5::jsonb[]) with ordinality as m(key, labels, unit, spec, position)`,
    [actor.tenantId, all.map(r => r.key), all.map(r => JSON.stringify(r.labels)), all.map(r => r.unit), all.map(r => JSON.stringify(r.spec))],
  )
  await audit(tx, actor, now, { kind: 'health.measures', recordKind: 'health', before: { rows: standing.rows }, after: { rows: all } })
}

async function checkMeasures(tx: Tx, actor: Actor, rows: readonly HealthMeasure[], kept: ReadonlySet<string>): Promise<void> {
  const fields = await loadFields(tx, actor.tenantId)
  const tiers = new Set((await loadOptions(tx, actor.tenantId)).flatMap(o => (o.list === 'tier' ? [o.key] : [])))
  const label = (key: string) => fields.find(f => f.key === key)?.labels[actor.locale] ?? key
  const keys = new Set(kept)
  for (const [i, { key, labels, unit, spec }] of rows.entries()) {
    const [at, name] = [`/rows/${i}/spec`, labels[actor.locale]]
    if (keys.has(key)) stop('health.twice', { key }, `/rows/${i}/key`)
    keys.add(key)
    for (const field of fieldsOf(spec)) {
      if (actor.fieldAccess.get(field) === 'hidden') stop('health.fieldHidden', { field: label(field) }, at)
      if (field !== 'tier' && !isNumber(fields, field)) stop('health.field', { field: label(field) }, at)
    }
    if (!UNITS_OF[spec.kind].includes(unit)) stop('health.unit', { name }, `/rows/${i}/unit`)
    if (spec.kind === 'weighted') {
      const twice = spec.terms.find((t, n) => spec.terms.findIndex(o => o.field === t.field) !== n)
      if (twice) stop('health.fieldTwice', { name, field: label(twice.field) }, at)
      if (spec.terms.every(t => t.weight === 0)) stop('health.zero', { name }, at)
    }
    if (spec.kind === 'workload') {
      const unknown = Object.keys(spec.tiers).find(t => !tiers.has(t))
      if (unknown !== undefined) stop('health.tier', { tier: unknown }, at)
      if ([...Object.values(spec.tiers), spec.other].every(v => v.visits * v.minutes === 0)) stop('health.zero', { name }, at)
    }
  }
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
