/**
 * Types of territories 类型: geography, industry, key accounts … in order of precedence inside the exclusive layer, and overlays. They are
 * set as a whole, so that an order is never half changed; two planners who set them at once are told.
 */
import type { TerritoryTypeRow } from '../../contract/territory/models.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import { toTraditional } from '../kernel/traditional.ts'
import type { Tx } from '../kernel/transaction.ts'
import { bumpStamp } from './load-env.ts'
import { type LoadedModel, loadModel } from './load-model.ts'
import { assertReadable, lockDraft } from './models.ts'

export type TypeInput = {
  readonly id?: string | undefined
  readonly key: string
  readonly labels: TerritoryTypeRow['labels']
  readonly layer: 'exclusive' | 'overlay'
  readonly precedence: number
}

export async function findTypes(tx: Tx, actor: Actor, modelId: string): Promise<{ rows: TerritoryTypeRow[] }> {
  await assertReadable(tx, actor, modelId)
  return { rows: [...(await loadModel(tx, actor.tenantId, modelId)).types] }
}

/** Refuses unknown or repeated types, one that territories still have but the list lacks, and a model without an exclusive type. */
export function checkTypes(actor: Actor, loaded: LoadedModel, types: readonly TypeInput[]): void {
  const ids = types.flatMap(t => t.id ?? [])
  if (ids.some(id => !loaded.types.some(t => t.id === id))) stop('record.notFound', undefined, '/types')
  const twice = types.find((t, i) => types.findIndex(o => o.key === t.key || (t.id !== undefined && o.id === t.id)) !== i)
  if (twice) stop('territory.typeTwice', { name: twice.labels[actor.locale] }, '/types')
  const gone = loaded.types.find(t => !ids.includes(t.id) && loaded.territories.some(x => x.typeId === t.id))
  if (gone) stop('territory.typeInUse', { name: gone.labels[actor.locale] }, '/types')
  if (!types.some(t => t.layer === 'exclusive')) stop('territory.noExclusive', undefined, '/types')
}

export async function setTypes(tx: Tx, actor: Actor, now: string, modelId: string, ifMatch: number, types: readonly TypeInput[]): Promise<number> {
  const head = await lockDraft(tx, actor, modelId)
  if (head.rowVersion !== ifMatch) stop('record.stale', { current: head.rowVersion })
  const loaded = await loadModel(tx, actor.tenantId, modelId)
  checkTypes(actor, loaded, types)
  await tx.query('delete from territory_type where tenant_id = $1 and model_id = $2', [actor.tenantId, modelId])
  const known = types.filter(t => t.id !== undefined)
  const fresh = types.filter(t => t.id === undefined)
  const columns = (list: readonly TypeInput[]) => [
    list.map(t => t.key),
    list.map(t =>
      JSON.stringify({ ...t.labels, 'zh-TW': t.labels['zh-TW'] === t.labels['zh-CN'] ? toTraditional(t.labels['zh-CN']) : t.labels['zh-TW'] }),
    ),
    list.map(t => t.layer),
    list.map(t => t.precedence),
  ]
  await tx.query(
    `insert into territory_type (tenant_id, model_id, id, key, labels, layer, precedence)
     select $1, $2, id, key, labels::jsonb, layer, precedence from unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::int[]) as t(id, key, labels, layer, precedence)`,
    [actor.tenantId, modelId, known.map(t => t.id), ...columns(known)],
  )
  await tx.query(
    `insert into territory_type (tenant_id, model_id, key, labels, layer, precedence)
     select $1, $2, key, labels::jsonb, layer, precedence from unnest($3::text[], $4::text[], $5::text[], $6::int[]) as t(key, labels, layer, precedence)`,
    [actor.tenantId, modelId, ...columns(fresh)],
  )
  await tx.query('update territory_model set row_version = row_version + 1 where tenant_id = $1 and id = $2', [actor.tenantId, modelId])
  await bumpStamp(tx, actor.tenantId, modelId)
  await audit(tx, actor, now, {
    kind: 'model.types',
    recordKind: 'model',
    recordId: modelId,
    before: { types: loaded.types.map(t => `${t.key}:${t.layer}:${t.precedence}`) },
    after: { types: types.map(t => `${t.key}:${t.layer}:${t.precedence}`) },
  })
  return head.rowVersion + 1
}
