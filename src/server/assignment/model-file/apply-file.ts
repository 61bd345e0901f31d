/**
 * A file becomes a draft on the active model that says what the file says 导入模型: territories of the same code are the same territories,
 * the file's others are new, the model's others are taken out. Everything is checked before anything is written; every fault names its place.
 */
import { canonical } from '../../../core/condition/canonical.ts'
import type { Condition } from '../../../core/condition/condition.ts'
import type { Refusal } from '../../../core/kernel/result.ts'
import { type FlatTerritory, faultsOfFile, flatten, type ModelFile } from '../../../core/territory/model-file.ts'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import { RefusalError } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { ruleChecker, wholeRule } from '../../territory/check-rule.ts'
import { bumpStamp, loadEnv } from '../../territory/load-env.ts'
import { type LoadedModel, type LoadedTerritory, listsOf, loadModel, memberUnder } from '../../territory/load-model.ts'
import { addMember, endMember } from '../../territory/members.ts'
import { makeDraft } from '../../territory/models.ts'
import { dropAll } from '../../territory/territories.ts'
import { setTypes } from '../../territory/types.ts'
import { loadVocabulary } from '../../territory/vocabulary.ts'
import { writeTests } from './tests.ts'

export type Applied = {
  readonly modelId: string
  readonly changeSetId: string
  readonly territories: { added: number; changed: number; removed: number }
}

const refuseAll = (faults: readonly Refusal[]): void => {
  if (faults[0]) throw new RefusalError({ code: 'file.faulty', values: { count: faults.length } }, faults.slice(0, 200))
}

export async function applyFile(tx: Tx, actor: Actor, now: string, file: ModelFile, name: string = file.name): Promise<Applied> {
  refuseAll(faultsOfFile(file))
  const modelId = await makeDraft(tx, actor, now, name)
  await applyTypes(tx, actor, now, modelId, file)
  const loaded = await loadModel(tx, actor.tenantId, modelId)
  const flat = flatten(file.territories)
  const byCode = new Map(loaded.territories.map(t => [t.code, t]))
  const wanted = await withRules(tx, actor, file, loaded, flat, byCode)
  const fresh = wanted.filter(w => w.known === null)
  const ids = await tx.query<{ id: string }>(
    `select nextval((select pg_get_serial_sequence('territory', 'id')::regclass))::text as id from generate_series(1, $1)`,
    [fresh.length],
  )
  const idOf = new Map(loaded.territories.map(t => [t.code, t.id]))
  for (const [i, w] of fresh.entries()) idOf.set(w.file.code, ids.rows[i]!.id)
  const typeOf = new Map(loaded.types.map(t => [t.key, t.id]))
  const rows = wanted.map(w => ({
    ...w,
    id: idOf.get(w.file.code)!,
    parentId: w.file.parent === null ? null : idOf.get(w.file.parent)!,
    typeId: typeOf.get(w.file.type)!,
  }))
  const changed = rows.filter(r => r.known === null || differs(r.known, r))
  const versions = await keepRules(tx, actor, now, changed)
  await writeRows(tx, actor.tenantId, modelId, loaded, changed, versions)
  const codes = new Set(flat.map(t => t.code))
  const gone = loaded.territories.filter(t => !codes.has(t.code))
  await dropAll(tx, actor, modelId, gone)
  await bumpStamp(tx, actor.tenantId, modelId)
  await applyMembers(tx, actor, now, modelId, loaded, rows)
  if (file.tests) await writeTests(tx, actor, modelId, file.tests)
  const territories = { added: fresh.length, changed: changed.length - fresh.length, removed: gone.length }
  await audit(tx, actor, now, { kind: 'model.file', recordKind: 'model', recordId: modelId, after: territories, count: flat.length })
  const set = await tx.query<{ id: string }>('select id::text from change_set where tenant_id = $1 and model_id = $2', [actor.tenantId, modelId])
  return { modelId, changeSetId: set.rows[0]!.id, territories }
}

/** Types by key, those of the file; a type that the file lacks goes once its territories are gone. */
async function applyTypes(tx: Tx, actor: Actor, now: string, modelId: string, file: ModelFile): Promise<void> {
  const loaded = await loadModel(tx, actor.tenantId, modelId)
  const said = JSON.stringify(file.types.map(t => [t.key, t.labels, t.layer, t.precedence]).sort())
  if (JSON.stringify(loaded.types.map(t => [t.key, t.labels, t.layer, t.precedence]).sort()) === said) return
  const inFile = new Set(file.types.map(t => t.key))
  const kept = loaded.types.filter(t => !inFile.has(t.key) && loaded.territories.some(x => x.typeId === t.id))
  const types = [...file.types.map(t => ({ ...t, id: loaded.types.find(k => k.key === t.key)?.id })), ...kept]
  await setTypes(tx, actor, now, modelId, loaded.head.rowVersion, types)
}

type Wanted = { readonly file: FlatTerritory; readonly known: LoadedTerritory | null; readonly condition: Condition | null }
type Row = Wanted & { readonly id: string; readonly parentId: string | null; readonly typeId: string }

/** Rules with the lists of this company, judged together; a field hidden from who imports may stay as it was and not be added. */
async function withRules(
  tx: Tx,
  actor: Actor,
  file: ModelFile,
  loaded: LoadedModel,
  flat: readonly FlatTerritory[],
  byCode: ReadonlyMap<string, LoadedTerritory>,
): Promise<readonly Wanted[]> {
  const lists = await ownLists(tx, actor.tenantId, file.lists ?? {})
  const wanted = flat.map((t): Wanted => ({ file: t, known: byCode.get(t.code) ?? null, condition: t.rule ? translate(t.rule, lists) : null }))
  const env = await loadEnv(
    tx,
    actor.tenantId,
    loaded,
    wanted.flatMap(w => (w.condition ? listsOf(w.condition) : [])),
  )
  const judge = await ruleChecker(tx, actor.tenantId, env, await loadVocabulary(tx, actor, actor.locale, []))
  const faults: Refusal[] = []
  const whole = wanted.map((w): Wanted => {
    if (w.condition === null || (w.known?.condition && canonical(w.known.condition) === canonical(w.condition))) return w
    for (const fault of judge(w.condition))
      faults.push({ code: 'territory.rule', field: `${w.file.path}/rule${fault.path}`, values: { problem: `${w.file.code}: ${fault.words}` } })
    return { ...w, condition: wholeRule(actor, w.condition, w.known?.condition ?? null) }
  })
  refuseAll(faults)
  return whole
}

/** Ids of the file's lists → ids here, by name; an id that means the same here needs no name. */
async function ownLists(tx: Tx, tenantId: string, lists: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, string>> {
  const found = await tx.query<{ id: string; name: string }>(
    'select id::text, name from value_list where tenant_id = $1 and name = any($2::text[]) order by id',
    [tenantId, Object.values(lists)],
  )
  const result = new Map<string, string>()
  for (const [id, name] of Object.entries(lists)) {
    const here = found.rows.find(l => l.id === id && l.name === name) ?? found.rows.find(l => l.name === name)
    if (here) result.set(id, here.id)
  }
  return result
}

function translate(condition: Condition, lists: ReadonlyMap<string, string>): Condition {
  if ('all' in condition) return { all: condition.all.map(c => translate(c, lists)) }
  if ('any' in condition) return { any: condition.any.map(c => translate(c, lists)) }
  if ('none' in condition) return { none: condition.none.map(c => translate(c, lists)) }
  return 'list' in condition ? { ...condition, list: lists.get(condition.list) ?? condition.list } : condition
}

const differs = (known: LoadedTerritory, row: Row): boolean =>
  known.name !== row.file.name ||
  (known.nameEn ?? null) !== (row.file.nameEn ?? null) ||
  known.parentId !== row.parentId ||
  known.typeId !== row.typeId ||
  known.inherit !== (row.file.inherit ?? true) ||
  known.priority !== (row.file.priority ?? 0) ||
  ruleDiffers(known, row)
const ruleDiffers = (known: LoadedTerritory | null, { condition }: Wanted): boolean =>
  condition === null ? known?.condition != null : !known?.condition || canonical(known.condition) !== canonical(condition)

/** New versions of the rules that changed, in one statement. */
async function keepRules(tx: Tx, actor: Actor, now: string, rows: readonly Row[]): Promise<ReadonlyMap<string, number>> {
  const ruled = rows.filter(r => r.condition !== null && ruleDiffers(r.known, r))
  const made = await tx.query<{ id: string; version: number }>(
    `insert into territory_rule (tenant_id, territory_id, version, condition, created_by, created_at)
     select $1, v.id, coalesce((select max(r.version) from territory_rule r where r.tenant_id = $1 and r.territory_id = v.id), 0) + 1, v.condition, $4, $5
       from unnest($2::bigint[], $3::jsonb[]) as v(id, condition) returning territory_id::text as id, version`,
    [actor.tenantId, ruled.map(r => r.id), ruled.map(r => JSON.stringify(r.condition)), actor.userId, now],
  )
  return new Map(made.rows.map(r => [r.id, r.version]))
}

async function writeRows(
  tx: Tx,
  tenantId: string,
  modelId: string,
  loaded: LoadedModel,
  rows: readonly Row[],
  versions: ReadonlyMap<string, number>,
): Promise<void> {
  const versionOf = (r: Row): number | null => (r.condition === null ? null : (versions.get(r.id) ?? r.known?.ruleVersion ?? null))
  await tx.query(
    `insert into territory (tenant_id, model_id, id, parent_id, type_id, code, name, name_en, colour, inherit, priority, position, rule_version, row_version)
     select $1, $2, * from unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::int[], $10::bool[], $11::int[], $12::int[], $13::int[], $14::int[])
     on conflict (tenant_id, model_id, id) do update set parent_id = excluded.parent_id, type_id = excluded.type_id, name = excluded.name, name_en = excluded.name_en, inherit = excluded.inherit,
       priority = excluded.priority, rule_version = excluded.rule_version, row_version = excluded.row_version`,
    [
      tenantId,
      modelId,
      rows.map(r => r.id),
      rows.map(r => r.parentId),
      rows.map(r => r.typeId),
      rows.map(r => r.file.code),
      rows.map(r => r.file.name),
      rows.map(r => r.file.nameEn ?? null),
      // Neighbours are told apart when the model is computed.
      rows.map((r, i) => r.known?.colour ?? i % 8),
      rows.map(r => r.file.inherit ?? true),
      rows.map(r => r.file.priority ?? 0),
      rows.map((r, i) => r.known?.position ?? loaded.territories.length + i),
      rows.map(versionOf),
      rows.map(r => (r.known?.rowVersion ?? 0) + 1),
    ],
  )
}

/** Members of the territories whose members the file names: who is missing comes, who is not named ends, in this draft alone. */
async function applyMembers(tx: Tx, actor: Actor, now: string, modelId: string, loaded: LoadedModel, rows: readonly Row[]): Promise<void> {
  const named = rows.filter(r => r.file.members !== undefined)
  const logins = [...new Set(named.flatMap(r => r.file.members!.map(m => m.login.toLowerCase())))]
  const people = await tx.query<{ login: string; id: string }>(
    `select lower(login) as login, id::text from app_user where tenant_id = $1 and lower(login) = any($2::text[]) and state <> 'inactive'`,
    [actor.tenantId, logins],
  )
  const idOf = new Map(people.rows.map(p => [p.login, p.id]))
  refuseAll(
    named.flatMap(r =>
      r.file.members!.flatMap((m, i): Refusal[] =>
        idOf.has(m.login.toLowerCase()) ? [] : [{ code: 'file.person', field: `${r.file.path}/members/${i}/login`, values: { login: m.login } }],
      ),
    ),
  )
  const standing = await tx.query<{
    id: string
    rowVersion: number
    territoryId: string
    userId: string
    role: string
    access: string
    creditBp: number
  }>(
    `select m.id::text, m.row_version as "rowVersion", m.territory_id::text as "territoryId", m.user_id::text as "userId", m.member_role as role, m.access, m.credit_bp as "creditBp" from territory_member m
      where m.tenant_id = $1 and m.territory_id = any($2::bigint[]) and (m.ends_at is null or m.ends_at > $4) and ${memberUnder('m', '$3::bigint[]')} order by m.id`,
    [actor.tenantId, named.map(r => r.id), loaded.head.lineage, now],
  )
  const keyOf = (m: { role: string; access: string; creditBp: number }, territoryId: string, userId: string) =>
    [territoryId, userId, m.role, m.access, m.creditBp].join('|')
  const wanted = new Map(
    named.flatMap(r => r.file.members!.map(m => [keyOf(m, r.id, idOf.get(m.login.toLowerCase())!), { row: r, member: m }] as const)),
  )
  for (const m of standing.rows) {
    const key = keyOf(m, m.territoryId, m.userId)
    if (wanted.has(key)) wanted.delete(key)
    else await endMember(tx, actor, now, m.id, m.rowVersion, modelId)
  }
  for (const { row, member } of wanted.values())
    await addMember(tx, actor, now, modelId, row.id, {
      userId: idOf.get(member.login.toLowerCase())!,
      role: member.role,
      access: member.access,
      creditBp: member.creditBp,
    })
}
