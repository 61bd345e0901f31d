/** Territories of a draft: add, change, move, take out. A draft keeps only its differences; a rule's every version stays for ever. */
import { canonical } from '../../core/condition/canonical.ts'
import type { Condition } from '../../core/condition/condition.ts'
import { buildHierarchy } from '../../core/territory/hierarchy.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { assertLists, assertRule, wholeRule } from './check-rule.ts'
import { bumpStamp, loadEnv } from './load-env.ts'
import { type LoadedModel, type LoadedTerritory, listsOf, loadModel } from './load-model.ts'
import { lockDraft } from './models.ts'
import { loadVocabulary } from './vocabulary.ts'

export type TerritoryInput = {
  readonly parentId: string | null
  readonly typeId: string
  readonly code: string
  readonly name: string
  readonly nameEn?: string | null | undefined
  readonly inherit: boolean
  readonly priority: number
  readonly condition?: Condition | undefined
}

async function checkInput(tx: Tx, actor: Actor, loaded: LoadedModel, id: string | null, input: TerritoryInput): Promise<void> {
  if (!loaded.types.some(t => t.id === input.typeId)) stop('record.notFound', undefined, '/typeId')
  if (loaded.territories.some(t => t.code === input.code && t.id !== id)) stop('territory.codeTaken', { code: input.code }, '/code')
  if (input.parentId !== null) {
    if (!loaded.territories.some(t => t.id === input.parentId)) stop('record.notFound', undefined, '/parentId')
    const moved = loaded.territories.map(t => (t.id === id ? { ...t, parentId: input.parentId } : t))
    if (buildHierarchy(moved).faults.some(f => f.code === 'cycle')) stop('territory.cycle', undefined, '/parentId')
  }
  if (input.condition) {
    const before = loaded.territories.find(t => t.id === id)?.condition ?? null
    const env = await loadEnv(tx, actor.tenantId, loaded, listsOf(input.condition))
    await assertLists(tx, actor, input.condition, env, before)
    await assertRule(tx, actor.tenantId, input.condition, env, await loadVocabulary(tx, actor, actor.locale, [input.condition]))
  }
}

export async function keepRule(tx: Tx, actor: Actor, now: string, territoryId: string, condition: Condition, why: string | null): Promise<number> {
  const made = await tx.query<{ version: number }>(
    `insert into territory_rule (tenant_id, territory_id, version, condition, why, created_by, created_at)
     select $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6 from territory_rule where tenant_id = $1 and territory_id = $2 returning version`,
    [actor.tenantId, territoryId, JSON.stringify(condition), why, actor.userId, now],
  )
  return made.rows[0]!.version
}

/** The colour used least among those beside it; neighbours on the map are told apart when the model is computed. */
const freeColour = (loaded: LoadedModel, parentId: string | null): number => {
  const uses = new Array<number>(8).fill(0)
  for (const t of loaded.territories) uses[t.colour]! += t.parentId === parentId ? 100 : 1
  return uses.indexOf(Math.min(...uses))
}

export async function addTerritory(tx: Tx, actor: Actor, now: string, modelId: string, input: TerritoryInput, known?: LoadedModel): Promise<string> {
  if (!known) await lockDraft(tx, actor, modelId)
  const loaded = known ?? (await loadModel(tx, actor.tenantId, modelId))
  if (input.condition) wholeRule(actor, input.condition, null)
  await checkInput(tx, actor, loaded, null, input)
  const drawn = await tx.query<{ id: string }>(`select nextval(pg_get_serial_sequence('territory', 'id'))::text as id`)
  const id = drawn.rows[0]!.id
  const version = input.condition ? await keepRule(tx, actor, now, id, input.condition, null) : null
  await tx.query(
    `insert into territory (tenant_id, model_id, id, parent_id, type_id, code, name, name_en, colour, inherit, priority, position, rule_version)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      actor.tenantId,
      modelId,
      id,
      input.parentId,
      input.typeId,
      input.code,
      input.name,
      input.nameEn ?? null,
      freeColour(loaded, input.parentId),
      input.inherit,
      input.priority,
      loaded.territories.length,
      version,
    ],
  )
  await bumpStamp(tx, actor.tenantId, modelId)
  await audit(tx, actor, now, {
    kind: 'territory.create',
    recordKind: 'territory',
    recordId: id,
    after: { modelId, code: input.code, name: input.name, parentId: input.parentId, condition: input.condition ?? null },
  })
  return id
}

export async function changeTerritory(
  tx: Tx,
  actor: Actor,
  now: string,
  modelId: string,
  id: string,
  ifMatch: number,
  change: Partial<TerritoryInput> & { why?: string | undefined },
): Promise<{ rowVersion: number; ruleVersion: number | null }> {
  await lockDraft(tx, actor, modelId)
  const loaded = await loadModel(tx, actor.tenantId, modelId)
  const before = loaded.territories.find(t => t.id === id) ?? stop('record.notFound')
  if (before.rowVersion !== ifMatch) stop('record.stale', { current: before.rowVersion })
  const { why, ...given } = change
  const fields = given.condition ? { ...given, condition: wholeRule(actor, given.condition, before.condition) } : given
  const after = { ...before, ...Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== undefined)) } as LoadedTerritory
  await checkInput(tx, actor, loaded, id, { ...after, condition: fields.condition })
  const ruleVersion =
    fields.condition && (before.condition === null || canonical(fields.condition) !== canonical(before.condition))
      ? await keepRule(tx, actor, now, id, fields.condition, why ?? null)
      : before.ruleVersion
  await writeRow(tx, actor.tenantId, modelId, { ...after, ruleVersion, rowVersion: before.rowVersion + 1 })
  await bumpStamp(tx, actor.tenantId, modelId)
  await audit(tx, actor, now, {
    kind: 'territory.update',
    recordKind: 'territory',
    recordId: id,
    why: why ?? null,
    before: { modelId, name: before.name, parentId: before.parentId, ruleVersion: before.ruleVersion },
    after: { ...fields, ruleVersion },
  })
  return { rowVersion: before.rowVersion + 1, ruleVersion }
}

/** Copy on write: the first change of a base territory inside a draft makes the draft's own row with the same id. */
async function writeRow(tx: Tx, tenantId: string, modelId: string, t: LoadedTerritory): Promise<void> {
  await tx.query(
    `insert into territory (tenant_id, model_id, id, parent_id, type_id, code, name, name_en, colour, inherit, priority, position, rule_version, row_version)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     on conflict (tenant_id, model_id, id) do update set parent_id = excluded.parent_id, type_id = excluded.type_id, code = excluded.code, name = excluded.name, name_en = excluded.name_en,
       inherit = excluded.inherit, priority = excluded.priority, rule_version = excluded.rule_version, row_version = excluded.row_version`,
    [
      tenantId,
      modelId,
      t.id,
      t.parentId,
      t.typeId,
      t.code,
      t.name,
      t.nameEn,
      t.colour,
      t.inherit,
      t.priority,
      t.position,
      t.ruleVersion,
      t.rowVersion,
    ],
  )
}

/** Takes a territory and everything below it out of the draft. */
export async function removeTerritory(tx: Tx, actor: Actor, now: string, modelId: string, id: string, ifMatch: number): Promise<number> {
  await lockDraft(tx, actor, modelId)
  const loaded = await loadModel(tx, actor.tenantId, modelId)
  const head = loaded.territories.find(t => t.id === id) ?? stop('record.notFound')
  if (head.rowVersion !== ifMatch) stop('record.stale', { current: head.rowVersion })
  const hierarchy = buildHierarchy(loaded.territories)
  const gone = loaded.territories.filter(t => t.id === id || hierarchy.byId.get(t.id)!.ancestorIds.includes(id))
  await dropAll(tx, actor, modelId, gone)
  await audit(tx, actor, now, {
    kind: 'territory.delete',
    recordKind: 'territory',
    recordId: id,
    before: { modelId, name: head.name, code: head.code },
    count: gone.length,
  })
  return gone.length
}

export async function dropAll(tx: Tx, actor: Actor, modelId: string, gone: readonly LoadedTerritory[]): Promise<void> {
  const ids = (changed: LoadedTerritory['changed']) => gone.filter(t => t.changed === changed).map(t => t.id)
  await tx.query('delete from territory where tenant_id = $1 and model_id = $2 and id = any($3::bigint[])', [actor.tenantId, modelId, ids('added')])
  await tx.query('update territory set removed = true where tenant_id = $1 and model_id = $2 and id = any($3::bigint[])', [
    actor.tenantId,
    modelId,
    ids('changed'),
  ])
  // What the draft did not touch is the base's: a row that says "taken away" stands for it here.
  await tx.query(
    `insert into territory (tenant_id, model_id, id, parent_id, type_id, code, name, name_en, colour, inherit, priority, position, rule_version, removed, row_version)
     select $1, $2, t.id, t.parent_id, t.type_id, t.code, t.name, t.name_en, t.colour, t.inherit, t.priority, t.position, t.rule_version, true, t.row_version
       from territory t join territory_model m on m.tenant_id = $1 and m.id = $2 and t.model_id = m.base_model_id where t.tenant_id = $1 and t.id = any($3::bigint[])
     on conflict (tenant_id, model_id, id) do update set removed = true`,
    [actor.tenantId, modelId, ids('same')],
  )
  await bumpStamp(tx, actor.tenantId, modelId)
}
