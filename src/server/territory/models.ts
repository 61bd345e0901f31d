/** Territory models: list, draft, discard, types, and what would stop a draft from being used. */
import type { Model } from '../../contract/territory/models.ts'
import { buildHierarchy } from '../../core/territory/hierarchy.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { inLocale, ruleChecker } from './check-rule.ts'
import { loadEnv } from './load-env.ts'
import { loadHead, loadModel, type ModelHead } from './load-model.ts'
import { loadVocabulary } from './vocabulary.ts'

const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
const PAGE = 50

export const knowsAll = (actor: Actor): boolean => actor.seesAll || actor.permissions.has('territory.plan')

/** A draft whose author has not shared it is his alone until he submits it; `m` is the model, `user` a placeholder. */
export const isPrivate = (user: string): string =>
  `exists (select 1 from change_set s where s.tenant_id = $1 and s.model_id = m.id and s.state = 'draft' and not s.shared and s.created_by <> ${user} and m.state = 'draft')`

/**
 * A model that is or was in use is everybody's. A draft, and one computed but never switched on, is for planners and those who see all:
 * what is planned for others is not yet anybody's business; and while one plans alone, his alone.
 */
export async function assertReadable(tx: Tx, actor: Actor, modelId: string): Promise<void> {
  if (modelId === actor.modelId) return
  const readable = await tx.query(
    `select 1 from territory_model m where m.tenant_id = $1 and m.id = $2 and not ${isPrivate('$3')}
       and ($4 or exists (select 1 from activation a where a.tenant_id = $1 and a.model_id = m.id and a.cancelled_at is null and a.effective_at <= now()))`,
    [actor.tenantId, modelId, actor.userId, knowsAll(actor)],
  )
  if (readable.rowCount === 0) stop('record.notFound')
}

export async function findModels(tx: Tx, actor: Actor, cursor?: string): Promise<{ rows: Model[]; next: string | null }> {
  const found = await tx.query<Model>(
    `select m.id::text, m.name, m.state, m.version, m.base_model_id::text as "baseModelId", m.id = $2 as active, ${UTC('m.created_at')} as "createdAt", u.name as "createdBy",
            ${UTC('m.ready_at')} as "readyAt", (select ${UTC('a.effective_at')} from activation a where a.tenant_id = $1 and a.model_id = m.id and a.cancelled_at is null order by a.seq desc limit 1) as "effectiveAt",
            (select count(*)::int from territory t where t.tenant_id = $1 and t.model_id = m.id and not t.removed) as territories,
            (select s.id::text from change_set s where s.tenant_id = $1 and s.model_id = m.id and $4) as "changeSetId", m.row_version as "rowVersion"
       from territory_model m left join app_user u on u.tenant_id = $1 and u.id = m.created_by
      where m.tenant_id = $1 and ($3::bigint is null or m.id < $3) and not ${isPrivate('$5')}
        and ($4 or exists (select 1 from activation a where a.tenant_id = $1 and a.model_id = m.id and a.cancelled_at is null and a.effective_at <= now())) order by m.id desc limit ${PAGE + 1}`,
    [actor.tenantId, actor.modelId, /^\d{1,18}$/.test(cursor ?? '') ? cursor : null, knowsAll(actor), actor.userId],
  )
  const rows = found.rows.slice(0, PAGE)
  return { rows, next: found.rows.length > PAGE ? rows.at(-1)!.id : null }
}

export async function makeDraft(tx: Tx, actor: Actor, now: string, name: string, baseModelId: string = actor.modelId): Promise<string> {
  const base = await loadHead(tx, actor.tenantId, baseModelId)
  if (!base.flat) stop('model.notReady', { state: base.state }, '/baseModelId')
  const made = await tx.query<{ id: string }>(
    `insert into territory_model (tenant_id, name, base_model_id, state, created_by, created_at) values ($1, $2, $3, 'draft', $4, $5) returning id::text`,
    [actor.tenantId, name, baseModelId, actor.userId, now],
  )
  const id = made.rows[0]!.id
  await tx.query('update territory_model set lineage = $3::bigint[] || id where tenant_id = $1 and id = $2', [
    actor.tenantId,
    id,
    `{${base.lineage.join(',')}}`,
  ])
  await tx.query('insert into change_set (tenant_id, model_id, title, created_by, created_at) values ($1, $2, $3, $4, $5)', [
    actor.tenantId,
    id,
    name,
    actor.userId,
    now,
  ])
  // What had to be true of the base must be true of the draft until somebody says otherwise.
  await tx.query(
    `insert into model_test (tenant_id, model_id, name, account_id, facts, territory, owner_id)
     select tenant_id, $3, name, account_id, facts, territory, owner_id from model_test where tenant_id = $1 and model_id = $2 order by model_test.id`,
    [actor.tenantId, baseModelId, id],
  )
  await audit(tx, actor, now, { kind: 'model.create', recordKind: 'model', recordId: id, after: { name, baseModelId } })
  return id
}

/** Locks a model that is about to change and refuses anything but a draft. */
export async function lockDraft(tx: Tx, actor: Actor, modelId: string): Promise<ModelHead> {
  await assertReadable(tx, actor, modelId)
  const head = await loadHead(tx, actor.tenantId, modelId, true)
  if (head.state === 'materialising') stop('model.running')
  if (head.state !== 'draft') stop('model.notDraft')
  return head
}

export async function discardDraft(tx: Tx, actor: Actor, now: string, modelId: string, ifMatch: number): Promise<void> {
  const head = await lockDraft(tx, actor, modelId)
  if (head.rowVersion !== ifMatch) stop('record.stale', { current: head.rowVersion })
  await tx.query('delete from territory_member where tenant_id = $1 and model_id = $2', [actor.tenantId, modelId])
  await tx.query('delete from territory_pin where tenant_id = $1 and model_id = $2', [actor.tenantId, modelId])
  await tx.query('delete from territory_model where tenant_id = $1 and id = $2', [actor.tenantId, modelId])
  await audit(tx, actor, now, { kind: 'model.discard', recordKind: 'model', recordId: modelId, before: { name: head.name } })
}

export type ModelFault = { readonly territoryId: string | null; readonly code: string; readonly words: string }

/** Everything that would stop a model: cycles, lost parents, missing types, wrong rules. */
export async function checkWhole(tx: Tx, actor: Actor, modelId: string): Promise<readonly ModelFault[]> {
  await assertReadable(tx, actor, modelId)
  const loaded = await loadModel(tx, actor.tenantId, modelId)
  const conditions = loaded.territories.flatMap(t => (t.condition ? [t.condition] : []))
  const vocabulary = await loadVocabulary(tx, actor, actor.locale, [])
  const env = await loadEnv(tx, actor.tenantId, loaded)
  const say = (zh: string, en: string) => (actor.locale === 'en' ? en : inLocale(zh, actor.locale))
  const faults: ModelFault[] = []
  const byId = new Map(loaded.territories.map(t => [t.id, t]))
  for (const fault of buildHierarchy(loaded.territories).faults) {
    const name = byId.get(fault.territoryId)!.name
    faults.push({
      territoryId: fault.territoryId,
      code: fault.code,
      words:
        fault.code === 'cycle'
          ? say(`「${name}」的上级绕成了圈。`, `The parents of "${name}" form a circle.`)
          : say(`「${name}」的上级不在这个模型里。`, `The parent of "${name}" is not in this model.`),
    })
  }
  const judge = await ruleChecker(tx, actor.tenantId, env, vocabulary)
  for (const t of loaded.territories) {
    if (!loaded.types.some(type => type.id === t.typeId))
      faults.push({ territoryId: t.id, code: 'type', words: say(`「${t.name}」没有类型。`, `"${t.name}" has no type.`) })
    if (!t.condition) continue
    for (const fault of judge(t.condition)) faults.push({ territoryId: t.id, code: fault.code, words: `「${t.name}」${fault.words}` })
    if (faults.length >= 200) break
  }
  if (conditions.length === 0)
    faults.push({
      territoryId: null,
      code: 'noRules',
      words: say('还没有一条规则:先给一个区域写规则。', 'There is no rule yet: write one for a territory first.'),
    })
  return faults
}
