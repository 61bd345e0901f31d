/**
 * A draft moves onto another model 并入新版图: the one in use now, or one that is scheduled, so that changes follow one another. What can be told
 * apart is merged, the rest is asked; nothing is written before every question has an answer.
 */
import type { z } from 'zod'
import type { applyMerge, copyChangeSet, MergeConflict, MergePreview, readMerge } from '../../../contract/territory/merge.ts'
import { sentence } from '../../../core/condition/words.ts'
import { type Choices, type Conflict, mergeTerritories } from '../../../core/territory/merge.ts'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import { stop } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { inLocale } from '../../territory/check-rule.ts'
import { type LoadedModel, type LoadedTerritory, type LoadedType, loadModel } from '../../territory/load-model.ts'
import { lockDraft, makeDraft } from '../../territory/models.ts'
import { loadVocabulary } from '../../territory/vocabulary.ts'
import { mergePeople, type PeopleConflict, type PeopleMerge, writePeople } from './merge-people.ts'
import { mergeTests } from './merge-tests.ts'
import { lockSet, type SetRow } from './read-set.ts'
import { type Turn, turnsAhead } from './targets.ts'
import { differ, writeTerritories, writeTypes } from './write-draft.ts'

type Models = { readonly base: LoadedModel; readonly mine: LoadedModel; readonly theirs: LoadedModel }
type Plan = Models & {
  readonly merged: ReturnType<typeof mergeTerritories<LoadedTerritory>>
  readonly people: PeopleMerge
  /** null: the same as the new base. */
  readonly types: readonly LoadedType[] | null
  readonly typesClash: boolean
}
const TYPES = 'types'
const typesText = ({ types }: LoadedModel) =>
  JSON.stringify(types.map(({ id, key, labels, layer, precedence }) => [id, key, labels, layer, precedence]))

async function plan(tx: Tx, tenantId: string, set: SetRow, ontoId: string, choices: Choices): Promise<Plan> {
  const [base, mine, theirs] = [
    await loadModel(tx, tenantId, set.baseModelId),
    await loadModel(tx, tenantId, set.modelId),
    await loadModel(tx, tenantId, ontoId),
  ]
  const merged = mergeTerritories(base.territories, mine.territories, theirs.territories, choices)
  const ids = new Set(merged.territories.map(m => m.territory.id))
  const people = await mergePeople(tx, tenantId, { base: base.head, mine: mine.head, theirs: theirs.head }, ids, choices)
  const [o, m, n] = [base, mine, theirs].map(typesText)
  const typesClash = m !== o && n !== o && m !== n
  const own = m !== n && (n === o || (typesClash && choices[TYPES] === 'mine'))
  return { base, mine, theirs, merged, people, types: own ? mine.types : null, typesClash }
}

/** The set as a draft that may be edited, and the models it may stand on. */
async function targetsOf(tx: Tx, actor: Actor, id: string): Promise<{ set: SetRow; targets: readonly Turn[] }> {
  const set = await lockSet(tx, actor, id)
  if (set.state !== 'draft') stop('changeSet.notDraft')
  return { set, targets: await turnsAhead(tx, actor.tenantId) }
}

export async function previewMerge(
  tx: Tx,
  actor: Actor,
  id: string,
  { ontoModelId, choices }: z.infer<typeof readMerge.body & {}>,
): Promise<MergePreview> {
  const { set, targets } = await targetsOf(tx, actor, id)
  const onto = targets.find(t => t.id === (ontoModelId ?? actor.modelId)) ?? stop('merge.target', undefined, '/ontoModelId')
  const planned = await plan(tx, actor.tenantId, set, onto.id, choices)
  const { base, mine, theirs } = planned
  const changedBy = (model: LoadedModel) => {
    const is = new Map(model.territories.map(t => [t.id, t]))
    const was = new Map(base.territories.map(t => [t.id, t]))
    return new Set([...was.keys(), ...is.keys()].filter(k => !was.has(k) || !is.has(k) || differ(was.get(k)!, is.get(k)!)))
  }
  const [left, right] = [changedBy(mine), changedBy(theirs)]
  const shown = ({ id: modelId, name, version, effectiveAt }: Turn) => ({ id: modelId, name, version, effectiveAt })
  return {
    base: { id: base.id, name: base.head.name, version: base.head.version },
    onto: shown(onto),
    targets: targets.map(shown),
    mine: left.size,
    theirs: right.size,
    both: [...left].filter(k => right.has(k)).length,
    conflicts: await describe(tx, actor, planned, choices),
  }
}

export async function merge(tx: Tx, actor: Actor, now: string, id: string, input: z.infer<typeof applyMerge.body & {}>) {
  // While this goes on, the model it goes onto is not taken back: withdrawing locks the same row, and only then looks what stands on it.
  await tx.query('select 1 from change_set where tenant_id = $1 and model_id = $2 for share', [actor.tenantId, input.ontoModelId])
  const { set, targets } = await targetsOf(tx, actor, id)
  await lockDraft(tx, actor, set.modelId)
  const onto = targets.find(t => t.id === input.ontoModelId) ?? stop('merge.target', undefined, '/ontoModelId')
  const planned = await plan(tx, actor.tenantId, set, onto.id, input.choices)
  const open = openOf(planned, input.choices)
  if (open.length > 0) {
    const [first] = await describe(tx, actor, planned, input.choices, open.slice(0, 1))
    stop('merge.open', { count: open.length, first: first?.territory?.name ?? first?.field ?? '' })
  }
  const { base, mine, theirs, merged, people, types } = planned
  const before = new Map(mine.territories.map(t => [t.id, t]))
  const territories = await writeTerritories(tx, actor, now, set.modelId, theirs, merged.territories, before)
  await writeTypes(tx, actor.tenantId, set.modelId, types)
  await writePeople(tx, actor, now, set.modelId, people)
  await mergeTests(tx, actor.tenantId, base.id, set.modelId, theirs.id)
  await tx.query('delete from territory_pin where tenant_id = $1 and model_id = $2 and territory_id <> all($3::bigint[])', [
    actor.tenantId,
    set.modelId,
    merged.territories.map(m => m.territory.id),
  ])
  await tx.query(
    `update territory_model set base_model_id = $3, lineage = $4::bigint[] || id, stamp = stamp + 1, row_version = row_version + 1 where tenant_id = $1 and id = $2`,
    [actor.tenantId, set.modelId, theirs.id, theirs.head.lineage],
  )
  await tx.query('update change_set set row_version = row_version + 1 where tenant_id = $1 and id = $2', [actor.tenantId, id])
  const ruled = merged.territories.filter(m => m.rule !== null).length
  await audit(tx, actor, now, {
    kind: 'changeSet.merge',
    recordKind: 'changeSet',
    recordId: id,
    before: { baseModelId: base.id },
    after: { baseModelId: theirs.id, choices: input.choices, territories, rules: ruled },
  })
  return { territories, merged: ruled }
}

type AnyConflict = Conflict | PeopleConflict | { readonly key: typeof TYPES; readonly territoryId: null; readonly field: typeof TYPES }
const allOf = ({ merged, people, typesClash }: Plan): readonly AnyConflict[] => [
  ...(typesClash ? [{ key: TYPES, territoryId: null, field: TYPES } as const] : []),
  ...merged.conflicts,
  ...people.conflicts,
]
const openOf = (planned: Plan, choices: Choices): readonly AnyConflict[] => allOf(planned).filter(c => choices[c.key] === undefined)

async function describe(tx: Tx, actor: Actor, planned: Plan, choices: Choices, conflicts = allOf(planned)): Promise<MergeConflict[]> {
  const { base, mine, theirs } = planned
  const sides = [base, mine, theirs].map(model => ({ model, byId: new Map(model.territories.map(t => [t.id, t])) }))
  const of = (id: string) => sides.map(s => s.byId.get(id))
  const conditions = conflicts.flatMap(c => (c.territoryId === null ? [] : of(c.territoryId).flatMap(t => t?.condition ?? [])))
  const vocabulary = await loadVocabulary(tx, actor, actor.locale, conditions)
  const ids = [...new Set(conflicts.flatMap(c => (c.field === 'people' ? [...c.base, ...c.mine, ...c.theirs] : [])))]
  const people = await tx.query<{ id: string; name: string }>('select id::text, name from app_user where tenant_id = $1 and id = any($2::bigint[])', [
    actor.tenantId,
    ids,
  ])
  const nameOf = new Map(people.rows.map(p => [p.id, p.name]))
  const say = (zh: string, en: string) => (actor.locale === 'en' ? en : inLocale(zh, actor.locale))
  const typesIn = (model: LoadedModel) => model.types.map(t => t.labels[actor.locale]).join(' > ')
  const wordOf = (t: LoadedTerritory | undefined, field: Conflict['field'], side: (typeof sides)[number]): string | null => {
    if (field === 'exists') return t ? say('保留', 'kept') : say('取消', 'taken out')
    if (!t) return null
    if (field === 'rule') return t.condition ? sentence(t.condition, vocabulary) : say('没有规则', 'no rule')
    if (field === 'parentId') return t.parentId === null ? say('顶层', 'top') : (side.byId.get(t.parentId)?.name ?? t.parentId)
    if (field === 'typeId') return side.model.types.find(type => type.id === t.typeId)?.labels[actor.locale] ?? t.typeId
    if (field === 'inherit') return t.inherit ? say('继承上级', 'inherits') : say('不继承', 'does not inherit')
    return t[field] === null ? null : String(t[field])
  }
  return conflicts.map(c => {
    const chosen = choices[c.key] ?? null
    if (c.field === 'types' || c.territoryId === null)
      return { key: c.key, territory: null, field: 'types' as const, base: typesIn(base), mine: typesIn(mine), theirs: typesIn(theirs), chosen }
    const [o, m, n] = of(c.territoryId)
    const shown = (m ?? n ?? o)!
    const territory = { id: shown.id, code: shown.code, name: shown.name, colour: shown.colour }
    if (c.field === 'people') {
      const leads = (list: readonly string[]) => list.map(p => nameOf.get(p) ?? p).join(say('、', ', ')) || say('没有主责', 'no lead')
      return { key: c.key, territory, field: c.field, base: leads(c.base), mine: leads(c.mine), theirs: leads(c.theirs), chosen }
    }
    const [base_, mine_, theirs_] = [o, m, n].map((t, i) => wordOf(t, c.field, sides[i]!)) as [string | null, string | null, string | null]
    return { key: c.key, territory, field: c.field, base: base_, mine: mine_, theirs: theirs_, chosen }
  })
}

/** What a set changed, as a new draft on the model it was made on; if another is in use since, it is moved there as any draft. */
export async function copySet(tx: Tx, actor: Actor, now: string, id: string, input: z.infer<typeof copyChangeSet.body & {}>): Promise<string> {
  const set = await lockSet(tx, actor, id)
  const draftId = await makeDraft(tx, actor, now, input.title, set.baseModelId)
  const [base, model] = [await loadModel(tx, actor.tenantId, set.baseModelId), await loadModel(tx, actor.tenantId, set.modelId)]
  await writeTerritories(
    tx,
    actor,
    now,
    draftId,
    base,
    model.territories.map(territory => ({ territory, rule: null })),
  )
  await writeTypes(tx, actor.tenantId, draftId, typesText(base) === typesText(model) ? null : model.types)
  await tx.query(
    `insert into territory_member (tenant_id, territory_id, user_id, member_role, access, credit_bp, starts_at, ends_at, model_id, cancels_id, created_by, known_from)
     select tenant_id, territory_id, user_id, member_role, access, credit_bp, $4, ends_at, $3, cancels_id, $5, $4 from territory_member
      where tenant_id = $1 and model_id = $2 and (ends_at is null or ends_at > $4::timestamptz)`,
    [actor.tenantId, set.modelId, draftId, now, actor.userId],
  )
  await tx.query(
    `insert into territory_pin (tenant_id, account_id, territory_id, starts_at, ends_at, reason, model_id, created_by, created_at)
     select tenant_id, account_id, territory_id, $4, ends_at, reason, $3, $5, $4 from territory_pin
      where tenant_id = $1 and model_id = $2 and cancelled_at is null and (ends_at is null or ends_at > $4::timestamptz)`,
    [actor.tenantId, set.modelId, draftId, now, actor.userId],
  )
  await mergeTests(tx, actor.tenantId, base.id, draftId, set.modelId)
  await tx.query('update territory_model set stamp = stamp + 1 where tenant_id = $1 and id = $2', [actor.tenantId, draftId])
  const made = await tx.query<{ id: string }>('select id::text from change_set where tenant_id = $1 and model_id = $2', [actor.tenantId, draftId])
  await audit(tx, actor, now, { kind: 'changeSet.copy', recordKind: 'changeSet', recordId: made.rows[0]!.id, after: { of: id } })
  return made.rows[0]!.id
}
