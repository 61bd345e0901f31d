/** What a company wants of its data 体检标准: which fields count, and from which share on a score is green or ochre. */
import type { CleansingSpec } from '../../contract/cleansing/check-ups.ts'
import type { Labels } from '../../contract/kernel/shapes.ts'
import { type CatalogueField, loadFields } from '../builder/catalogue.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'

/** Beside the fields of the catalogue: whether anybody can be called at all. */
const CONTACTS: { readonly key: string; readonly labels: Labels } = {
  key: 'contacts',
  labels: { 'zh-CN': '联系人', 'zh-TW': '聯絡人', en: 'Contacts' },
}
/** Not every customer has one, so that an empty one is no fault until a company says so. */
const OPTIONAL = ['id', 'nameEn', 'shortName', 'parentId', 'registeredDivision', 'website']

const DEFAULTS = {
  completeness: { green: 0.95, ochre: 0.8 },
  accuracy: { green: 0.98, ochre: 0.9 },
  consistency: { green: 0.98, ochre: 0.9 },
  sharedPhone: 5,
}

export type LookedAt = { readonly key: string; readonly labels: Labels; readonly field: CatalogueField | null }

/** `fields`: those of the spec that exist, in its order. `all`: everything that could be looked at. */
export async function readSpec(
  tx: Tx,
  tenantId: string,
): Promise<{ spec: CleansingSpec; rowVersion: number; fields: readonly LookedAt[]; all: readonly LookedAt[] }> {
  const catalogue = (await loadFields(tx, tenantId)).filter(f => !f.retired && f.key !== 'id')
  const all: LookedAt[] = [...catalogue.map(field => ({ key: field.key, labels: field.labels, field })), { ...CONTACTS, field: null }]
  const kept = await tx.query<{ spec: CleansingSpec; row_version: number }>('select spec, row_version from cleansing_settings where tenant_id = $1', [
    tenantId,
  ])
  const row = kept.rows[0]
  const spec = row?.spec ?? { ...DEFAULTS, fields: all.map(f => f.key).filter(key => !OPTIONAL.includes(key)) }
  const byKey = new Map(all.map(f => [f.key, f]))
  return { spec, rowVersion: row?.row_version ?? 0, fields: spec.fields.flatMap(key => byKey.get(key) ?? []), all }
}

/** `rowVersion`: 0 where the company has said nothing yet. Fields that the writer's role hides stay as they are. */
export async function saveSpec(tx: Tx, actor: Actor, now: string, spec: CleansingSpec, rowVersion: number): Promise<number> {
  const before = await readSpec(tx, actor.tenantId)
  if (before.rowVersion !== rowVersion) stop('record.stale', { current: before.rowVersion })
  const known = new Set(before.all.map(f => f.key))
  const unknown = spec.fields.find(key => !known.has(key) || actor.fieldAccess.get(key) === 'hidden')
  if (unknown) stop('field.unknown', { field: unknown }, '/spec/fields')
  const hidden = before.spec.fields.filter(key => actor.fieldAccess.get(key) === 'hidden')
  const next = { ...spec, fields: [...new Set([...spec.fields, ...hidden])] }
  const written = await tx.query<{ row_version: number }>(
    `insert into cleansing_settings (tenant_id, spec, row_version) values ($1, $2, 1)
     on conflict (tenant_id) do update set spec = excluded.spec, row_version = cleansing_settings.row_version + 1 where cleansing_settings.row_version = $3 returning row_version`,
    [actor.tenantId, JSON.stringify(next), rowVersion],
  )
  const saved = written.rows[0] ?? stop('record.stale', { current: rowVersion + 1 })
  await audit(tx, actor, now, {
    kind: 'cleansing.settings',
    recordKind: 'cleansing',
    before: before.rowVersion === 0 ? null : { ...before.spec },
    after: { ...next },
  })
  return saved.row_version
}
