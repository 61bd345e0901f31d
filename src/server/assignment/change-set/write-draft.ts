/** A draft's rows anew: its differences from a base, given the whole list of territories it shall have. */
import { MERGE_FIELDS, type MergedTerritory } from '../../../core/territory/merge.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/transaction.ts'
import type { LoadedModel, LoadedTerritory, LoadedType } from '../../territory/load-model.ts'
import { keepRule } from '../../territory/territories.ts'

const partOf = (t: LoadedTerritory, field: (typeof MERGE_FIELDS)[number]) => (field === 'rule' ? t.ruleVersion : t[field])
export const differ = (a: LoadedTerritory, b: LoadedTerritory): boolean => MERGE_FIELDS.some(f => partOf(a, f) !== partOf(b, f))

/** Answers how many territories differ. `before`: what the draft had, so that a page that shows older rows is refused when it saves. */
export async function writeTerritories(
  tx: Tx,
  actor: Actor,
  now: string,
  draftId: string,
  base: LoadedModel,
  merged: readonly MergedTerritory<LoadedTerritory>[],
  before: ReadonlyMap<string, LoadedTerritory> = new Map(),
): Promise<number> {
  const was = new Map(base.territories.map(t => [t.id, t]))
  const rows: (LoadedTerritory & { removed: boolean })[] = []
  for (const { territory, rule } of merged) {
    const ruled = rule ? { ...territory, ruleVersion: await keepRule(tx, actor, now, territory.id, rule, null) } : territory
    const [o, shown] = [was.get(territory.id), before.get(territory.id)]
    const stale = shown !== undefined && shown.changed !== 'same' && o?.rowVersion === shown.rowVersion
    if (o && !differ(o, ruled) && !stale) continue
    rows.push({ ...ruled, rowVersion: Math.max(o?.rowVersion ?? 0, shown?.rowVersion ?? 0) + 1, removed: false })
  }
  const kept = new Set(merged.map(m => m.territory.id))
  for (const t of base.territories) if (!kept.has(t.id)) rows.push({ ...t, removed: true })
  await tx.query('delete from territory where tenant_id = $1 and model_id = $2', [actor.tenantId, draftId])
  await tx.query(
    `insert into territory (tenant_id, model_id, id, parent_id, type_id, code, name, name_en, colour, inherit, priority, position, rule_version, removed, row_version)
     select $1, $2, r.id, r."parentId", r."typeId", r.code, r.name, r."nameEn", r.colour, r.inherit, r.priority, r.position, r."ruleVersion", r.removed, r."rowVersion"
       from jsonb_to_recordset($3::jsonb) as r(id bigint, "parentId" bigint, "typeId" bigint, code text, name text, "nameEn" text, colour int, inherit boolean, priority int, position int, "ruleVersion" int, removed boolean, "rowVersion" int)`,
    [actor.tenantId, draftId, JSON.stringify(rows.map(({ condition: _, ...r }) => r))],
  )
  return rows.length
}

/** null: those of the base. */
export async function writeTypes(tx: Tx, tenantId: string, draftId: string, types: readonly LoadedType[] | null): Promise<void> {
  await tx.query('delete from territory_type where tenant_id = $1 and model_id = $2', [tenantId, draftId])
  await tx.query(
    `insert into territory_type (tenant_id, model_id, id, key, labels, layer, precedence)
     select $1, $2, r.id, r.key, r.labels, r.layer, r.precedence from jsonb_to_recordset($3::jsonb) as r(id bigint, key text, labels jsonb, layer text, precedence int)`,
    [tenantId, draftId, JSON.stringify(types ?? [])],
  )
}
