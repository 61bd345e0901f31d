/**
 * A territory model from its rows: a flat one as it stands, a draft as its base with the draft's differences laid over it. Territory ids
 * are the same in both, so that a draft shows what changed line by line.
 */
import type { Labels } from '../../contract/kernel/shapes.ts'
import type { Condition } from '../../core/condition/condition.ts'
import type { Member, Model, Territory, TerritoryType } from '../../core/territory/model.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'

export type ModelHead = {
  readonly id: string
  readonly name: string
  readonly state: 'draft' | 'materialising' | 'ready' | 'archived'
  readonly flat: boolean
  readonly baseModelId: string | null
  readonly lineage: readonly string[]
  readonly stamp: string
  readonly version: number | null
  readonly rowVersion: number
}
export type LoadedTerritory = Territory & {
  readonly nameEn: string | null
  readonly position: number
  readonly rowVersion: number
  readonly changed: 'added' | 'changed' | 'same'
}
export type LoadedType = TerritoryType & { readonly labels: Labels }
export type LoadedModel = Omit<Model, 'territories' | 'types'> & {
  readonly head: ModelHead
  readonly territories: readonly LoadedTerritory[]
  readonly types: readonly LoadedType[]
}

export async function loadHead(tx: Tx, tenantId: string, modelId: string, lock = false): Promise<ModelHead> {
  const found = await tx.query<ModelHead>(
    `select id::text, name, state, flat, base_model_id::text as "baseModelId", lineage::text[] as lineage, stamp::text, version, row_version as "rowVersion"
       from territory_model where tenant_id = $1 and id = $2 ${lock ? 'for update' : ''}`,
    [tenantId, modelId],
  )
  return found.rows[0] ?? stop('record.notFound')
}

type Row = LoadedTerritory & { readonly modelId: string; readonly removed: boolean }

export async function loadModel(tx: Tx, tenantId: string, modelId: string): Promise<LoadedModel> {
  const head = await loadHead(tx, tenantId, modelId)
  const layers = head.flat || head.baseModelId === null ? [modelId] : [head.baseModelId, modelId]
  const found = await tx.query<Row>(
    `select t.model_id::text as "modelId", t.id::text, t.parent_id::text as "parentId", t.type_id::text as "typeId", t.code, t.name, t.name_en as "nameEn", t.colour, t.inherit,
            t.priority, t.position, t.rule_version as "ruleVersion", t.removed, t.row_version as "rowVersion", r.condition
       from territory t left join territory_rule r on r.tenant_id = t.tenant_id and r.territory_id = t.id and r.version = t.rule_version
      where t.tenant_id = $1 and t.model_id = any($2::bigint[])`,
    [tenantId, layers],
  )
  const base = new Map<string, Row>()
  for (const row of found.rows) if (row.modelId === layers[0] && layers.length > 1) base.set(row.id, row)
  const rows = new Map<string, LoadedTerritory>([...base].map(([id, row]) => [id, { ...row, changed: 'same' }]))
  for (const row of found.rows) {
    if (layers.length > 1 && row.modelId !== modelId) continue
    if (row.removed) rows.delete(row.id)
    else rows.set(row.id, { ...row, changed: layers.length === 1 ? 'same' : base.has(row.id) ? 'changed' : 'added' })
  }
  return {
    id: modelId,
    head,
    types: await loadTypes(tx, tenantId, layers),
    territories: [...rows.values()].sort((a, b) => Number(BigInt(a.id) - BigInt(b.id))),
    members: await loadMembers(tx, tenantId, head),
  }
}

/** The nearest layer that names types names them all. */
async function loadTypes(tx: Tx, tenantId: string, layers: readonly string[]): Promise<readonly LoadedType[]> {
  const found = await tx.query<LoadedType & { modelId: string }>(
    `select model_id::text as "modelId", id::text, key, labels, layer, precedence from territory_type where tenant_id = $1 and model_id = any($2::bigint[]) order by layer, precedence, id`,
    [tenantId, layers],
  )
  const own = found.rows.filter(r => r.modelId === layers.at(-1))
  return own.length > 0 ? own : found.rows.filter(r => r.modelId === layers[0])
}

const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/**
 * SQL: the row `m` of territory_member is a membership under the model whose lineage this is (SQL of a bigint[]): made for everywhere, inside
 * it or inside a model it is based on, and not given up there. Dates are another question.
 */
export const memberUnder = (m: string, lineage: string): string =>
  `${m}.cancels_id is null and (${m}.model_id is null or ${m}.model_id = any(${lineage}))
        and not exists (select 1 from territory_member c where c.tenant_id = ${m}.tenant_id and c.cancels_id = ${m}.id and c.model_id = any(${lineage}))`

/** Members that hold for this model, of any time. */
async function loadMembers(tx: Tx, tenantId: string, head: ModelHead): Promise<readonly Member[]> {
  const found = await tx.query<Member>(
    `select territory_id::text as "territoryId", user_id::text as "userId", member_role as role, access, ${UTC('starts_at')} as "startsAt", ${UTC('ends_at')} as "endsAt"
       from territory_member m where tenant_id = $1 and ${memberUnder('m', '$2::bigint[]')} order by id`,
    [tenantId, head.lineage],
  )
  return found.rows
}

/** Ids of value lists that a condition names. */
export function listsOf(condition: Condition): readonly string[] {
  if ('list' in condition) return [condition.list]
  const children = 'all' in condition ? condition.all : 'any' in condition ? condition.any : 'none' in condition ? condition.none : []
  return children.flatMap(listsOf)
}
