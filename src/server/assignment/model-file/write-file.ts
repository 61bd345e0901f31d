/** A model as a file: the tree nested, every rule as it is stored, people by login. Two exports of the same model are equal, byte by byte. */
import type { Condition } from '../../../core/condition/condition.ts'
import { type FileMember, type FileTerritory, type FileTest, MODEL_FORMAT, type ModelFile } from '../../../core/territory/model-file.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { type LoadedTerritory, listsOf, loadModel } from '../../territory/load-model.ts'
import { assertReadable } from '../../territory/models.ts'

export async function writeFile(tx: Tx, actor: Actor, modelId: string): Promise<ModelFile> {
  await assertReadable(tx, actor, modelId)
  const model = await loadModel(tx, actor.tenantId, modelId)
  const now = new Date().toISOString()
  const people = await tx.query<{ id: string; login: string }>(
    'select id::text, login from app_user where tenant_id = $1 and id = any($2::bigint[])',
    [actor.tenantId, [...new Set(model.members.map(m => m.userId))]],
  )
  const loginOf = new Map(people.rows.map(p => [p.id, p.login]))
  const credit = await creditOf(tx, actor.tenantId, model.head.lineage)
  const membersOf = (id: string): readonly FileMember[] =>
    model.members
      .filter(m => m.territoryId === id && m.startsAt <= now && (m.endsAt === null || m.endsAt > now))
      .map(m => ({ login: loginOf.get(m.userId)!, role: m.role, access: m.access, creditBp: credit.get(`${id}/${m.userId}/${m.role}`) ?? 0 }))
      .sort((a, b) => (a.login === b.login ? (a.role < b.role ? -1 : 1) : a.login < b.login ? -1 : 1))
  const typeOf = new Map(model.types.map(t => [t.id, t.key]))
  const below = new Map<string | null, LoadedTerritory[]>()
  for (const t of model.territories) below.set(t.parentId, [...(below.get(t.parentId) ?? []), t])
  const nest = (parentId: string | null): FileTerritory[] =>
    [...(below.get(parentId) ?? [])]
      .sort((a, b) => (a.code < b.code ? -1 : 1))
      .map(t => {
        const [members, children] = [membersOf(t.id), nest(t.id)]
        return {
          code: t.code,
          name: t.name,
          ...(t.nameEn ? { nameEn: t.nameEn } : {}),
          type: typeOf.get(t.typeId) ?? '',
          ...(t.inherit ? {} : { inherit: false }),
          ...(t.priority === 0 ? {} : { priority: t.priority }),
          ...(t.condition ? { rule: t.condition as Condition } : {}),
          ...(members.length > 0 ? { members } : {}),
          ...(children.length > 0 ? { children } : {}),
        }
      })
  const lists = await tx.query<{ id: string; name: string }>(
    'select id::text, name from value_list where tenant_id = $1 and id = any($2::bigint[]) order by id',
    [actor.tenantId, [...new Set(model.territories.flatMap(t => (t.condition ? listsOf(t.condition) : [])))].filter(id => /^\d{1,18}$/.test(id))],
  )
  const tests = await readTests(tx, actor.tenantId, modelId)
  return {
    format: MODEL_FORMAT,
    name: model.head.name,
    types: [...model.types]
      .sort((a, b) => (a.layer === b.layer ? a.precedence - b.precedence : a.layer < b.layer ? -1 : 1))
      .map(t => ({ key: t.key, labels: t.labels, layer: t.layer, precedence: t.precedence })),
    ...(lists.rows.length > 0 ? { lists: Object.fromEntries(lists.rows.map(l => [l.id, l.name])) } : {}),
    territories: nest(null),
    ...(tests.length > 0 ? { tests } : {}),
  }
}

async function creditOf(tx: Tx, tenantId: string, lineage: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const found = await tx.query<{ key: string; bp: number }>(
    `select territory_id || '/' || user_id || '/' || member_role as key, credit_bp as bp from territory_member where tenant_id = $1 and (model_id is null or model_id = any($2::bigint[])) and cancels_id is null order by territory_member.id`,
    [tenantId, lineage],
  )
  return new Map(found.rows.map(r => [r.key, r.bp]))
}

export async function readTests(tx: Tx, tenantId: string, modelId: string): Promise<readonly FileTest[]> {
  const found = await tx.query<{
    name: string
    account: string | null
    values: FileTest['values'] | null
    territory: string | null
    owner: string | null
  }>(
    `select t.name, t.account_id::text as account, t.facts as values, t.territory, u.login as owner from model_test t left join app_user u on u.tenant_id = $1 and u.id = t.owner_id
      where t.tenant_id = $1 and t.model_id = $2 order by t.id`,
    [tenantId, modelId],
  )
  return found.rows.map(t => ({
    name: t.name,
    ...(t.account === null ? {} : { account: t.account }),
    ...(t.values ? { values: t.values } : {}),
    territory: t.territory,
    ...(t.owner === null ? {} : { owner: t.owner }),
  }))
}
