/** Writing a tree: parents before children, a rule's new version beside its old ones, and the draft's own row for each territory it changes. */
import type { Condition } from '../../core/condition/condition.ts'
import { writeInstant } from '../account/facts.ts'
import { audit } from '../kernel/audit.ts'
import { bumpStamp } from '../territory/load-env.ts'
import { type LoadedTerritory, loadModel } from '../territory/load-model.ts'
import { lockDraft } from '../territory/models.ts'
import type { Run, Written } from './object.ts'
import { readStaged, type StagedRow } from './staging.ts'
import { conditionOf } from './territory-object.ts'

const COLOURS = 8

type Row = Omit<LoadedTerritory, 'changed' | 'condition'> & { readonly condition: Condition | null; readonly ruleChanged: boolean }

export async function writeTerritories(run: Run, from: number, to: number): Promise<Written> {
  const { tx, tenantId, importId, actor } = run
  const modelId = run.options.modelId!
  await lockDraft(tx, actor, modelId)
  const model = await loadModel(tx, tenantId, modelId)
  const at = await writeInstant(tx)
  const rows = await readStaged(run, from, to)
  const byId = new Map(model.territories.map(t => [t.id, t]))
  const codes = new Map(model.territories.map(t => [t.code, t.id]))
  const stale = rows.filter(r => (r.targetId === null ? codes.has(r.values.code!) : !byId.has(r.targetId)))
  if (stale.length > 0) return { count: 0, stale: rows.map(r => ({ row: r.row, code: 'row.changedSince', field: 'code' })) }
  for (const r of rows) codes.set(r.values.code!, r.id!)
  const fallback = (model.types.find(t => t.key === 'geography') ?? model.types.find(t => t.layer === 'exclusive') ?? model.types[0])!
  const used = coloursIn(model.territories)
  const made: Row[] = rows.map((r, i) => {
    const before = byId.get(r.id!)
    const condition = conditionOf(r).condition
    const parentId = r.values.parent ? codes.get(r.values.parent)! : (before?.parentId ?? null)
    const given = (key: string) => r.values[key] ?? null
    const ruleChanged = condition !== null && JSON.stringify(condition) !== JSON.stringify(before?.condition ?? null)
    return {
      id: r.id!,
      parentId,
      typeId: given('type') ?? before?.typeId ?? fallback.id,
      code: r.values.code!,
      name: r.values.name ?? before!.name,
      nameEn: given('nameEn') ?? before?.nameEn ?? null,
      colour: given('colour') ? Number(given('colour')) - 1 : (before?.colour ?? used.next(parentId)),
      inherit: before?.inherit ?? true,
      priority: given('priority') ? Number(given('priority')) : (before?.priority ?? 0),
      position: before?.position ?? model.territories.length + i,
      condition,
      ruleChanged,
      ruleVersion: before?.ruleVersion ?? null,
      rowVersion: (before?.rowVersion ?? 0) + 1,
    }
  })
  await keepBefore(run, modelId, rows)
  await writeRows(
    run,
    modelId,
    made,
    await keepRules(
      run,
      at,
      made.filter(m => m.ruleChanged),
    ),
  )
  await bumpStamp(tx, tenantId, modelId)
  await audit(tx, actor, at, {
    kind: 'territory.import',
    recordKind: 'model',
    recordId: modelId,
    count: made.length,
    after: { importId, created: rows.filter(r => r.targetId === null).length, changed: rows.filter(r => r.targetId !== null).length },
  })
  await tx.query('update import_job set stats = stats || jsonb_build_object($3::text, $4::text) where tenant_id = $1 and id = $2', [
    tenantId,
    importId,
    'modelId',
    modelId,
  ])
  return { count: made.length, stale: [] }
}

/** The colour used least, first among those beside it. */
function coloursIn(territories: readonly { parentId: string | null; colour: number }[]): { next(parentId: string | null): number } {
  const all = new Array<number>(COLOURS).fill(0)
  const beside = new Map<string | null, number[]>()
  const put = (parentId: string | null, colour: number) => {
    const own = beside.get(parentId) ?? new Array<number>(COLOURS).fill(0)
    beside.set(parentId, own)
    own[colour]! += 1
    all[colour]! += 1
  }
  for (const t of territories) put(t.parentId, t.colour)
  return {
    next(parentId) {
      const own = beside.get(parentId)
      const weight = all.map((n, i) => (own?.[i] ?? 0) * 1_000_000 + n)
      const colour = weight.indexOf(Math.min(...weight))
      put(parentId, colour)
      return colour
    },
  }
}

/** The draft's own row as it stood; a territory of the base that the draft had not touched has none. */
async function keepBefore(run: Run, modelId: string, rows: readonly StagedRow[]): Promise<void> {
  const changed = rows.filter(r => r.targetId !== null).map(r => r.targetId)
  await run.tx.query(
    `insert into import_before (tenant_id, job_id, record_id, before, after_version)
     select $1, $2, i.id, case when i.fresh then null else jsonb_build_object('own', (select to_jsonb(t) from territory t where t.tenant_id = $1 and t.model_id = $3 and t.id = i.id)) end, null
       from unnest($4::bigint[], $5::bool[]) as i(id, fresh) on conflict do nothing`,
    [run.tenantId, run.importId, modelId, rows.map(r => r.id), rows.map(r => !changed.includes(r.id))],
  )
}

async function keepRules(run: Run, at: string, rows: readonly Row[]): Promise<ReadonlyMap<string, number>> {
  const made = await run.tx.query<{ id: string; version: number }>(
    `insert into territory_rule (tenant_id, territory_id, version, condition, why, created_by, created_at)
     select $1, v.id, coalesce((select max(o.version) from territory_rule o where o.tenant_id = $1 and o.territory_id = v.id), 0) + 1, v.condition::jsonb, null, $2, $3::timestamptz
       from unnest($4::bigint[], $5::text[]) as v(id, condition) returning territory_id::text as id, version`,
    [run.tenantId, run.actor.userId, at, rows.map(r => r.id), rows.map(r => JSON.stringify(r.condition))],
  )
  return new Map(made.rows.map(r => [r.id, r.version]))
}

async function writeRows(run: Run, modelId: string, rows: readonly Row[], versions: ReadonlyMap<string, number>): Promise<void> {
  await run.tx.query(
    `insert into territory (tenant_id, model_id, id, parent_id, type_id, code, name, name_en, colour, inherit, priority, position, rule_version, removed, row_version)
     select $1, $2, v.id, v.parent, v.type, v.code, v.name, v.name_en, v.colour, v.inherit, v.priority, v.position, v.rule, false, v.version
       from unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::int[], $10::bool[], $11::int[], $12::int[], $13::int[], $14::int[])
         as v(id, parent, type, code, name, name_en, colour, inherit, priority, position, rule, version)
     on conflict (tenant_id, model_id, id) do update set parent_id = excluded.parent_id, type_id = excluded.type_id, code = excluded.code, name = excluded.name, name_en = excluded.name_en,
       colour = excluded.colour, priority = excluded.priority, rule_version = excluded.rule_version, removed = false, row_version = excluded.row_version`,
    [
      run.tenantId,
      modelId,
      rows.map(r => r.id),
      rows.map(r => r.parentId),
      rows.map(r => r.typeId),
      rows.map(r => r.code),
      rows.map(r => r.name),
      rows.map(r => r.nameEn),
      rows.map(r => r.colour),
      rows.map(r => r.inherit),
      rows.map(r => r.priority),
      rows.map(r => r.position),
      rows.map(r => versions.get(r.id) ?? r.ruleVersion),
      rows.map(r => r.rowVersion),
    ],
  )
}
