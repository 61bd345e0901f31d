/** Territories that a draft adds, removes or changes against its base, with each rule line by line. */
import { diffRules, type RuleLine } from '../../../core/territory/rule-diff.ts'
import type { LoadedModel, LoadedTerritory } from '../../territory/load-model.ts'

export type FieldChange = {
  readonly field: 'name' | 'code' | 'parent' | 'type' | 'inherit' | 'priority'
  readonly before: string | null
  readonly after: string | null
}
export type MemberChange = { readonly change: 'added' | 'removed'; readonly userId: string; readonly role: string }
export type ChangedTerritory = {
  readonly id: string
  readonly change: 'added' | 'removed' | 'changed'
  readonly before: LoadedTerritory | null
  readonly after: LoadedTerritory | null
  readonly fields: readonly FieldChange[]
  readonly lines: readonly RuleLine[]
  readonly members: readonly MemberChange[]
}

export function changedTerritories(base: LoadedModel, draft: LoadedModel): readonly ChangedTerritory[] {
  const was = new Map(base.territories.map(t => [t.id, t]))
  const is = new Map(draft.territories.map(t => [t.id, t]))
  const members = memberChanges(base, draft)
  const result: ChangedTerritory[] = []
  for (const id of new Set([...was.keys(), ...is.keys()])) {
    const [before, after] = [was.get(id) ?? null, is.get(id) ?? null]
    const fields = before && after ? fieldChanges(before, after, base, draft, was, is) : []
    const ruled = before === null || after === null || before.ruleVersion !== after.ruleVersion
    const lines = ruled ? diffRules(before?.condition ?? null, after?.condition ?? null) : []
    const people = members.get(id) ?? []
    if (before !== null && after !== null && fields.length === 0 && lines.every(l => l.change === 'same') && people.length === 0) continue
    result.push({ id, change: before === null ? 'added' : after === null ? 'removed' : 'changed', before, after, fields, lines, members: people })
  }
  return result
}

function fieldChanges(
  before: LoadedTerritory,
  after: LoadedTerritory,
  base: LoadedModel,
  draft: LoadedModel,
  was: ReadonlyMap<string, LoadedTerritory>,
  is: ReadonlyMap<string, LoadedTerritory>,
): readonly FieldChange[] {
  const typeOf = (model: LoadedModel, id: string) => model.types.find(t => t.id === id)?.key ?? id
  const parentOf = (of: ReadonlyMap<string, LoadedTerritory>, id: string | null) => (id === null ? null : (of.get(id)?.code ?? id))
  const pairs: readonly FieldChange[] = [
    { field: 'name', before: before.name, after: after.name },
    { field: 'code', before: before.code, after: after.code },
    { field: 'parent', before: parentOf(was, before.parentId), after: parentOf(is, after.parentId) },
    { field: 'type', before: typeOf(base, before.typeId), after: typeOf(draft, after.typeId) },
    { field: 'inherit', before: String(before.inherit), after: String(after.inherit) },
    { field: 'priority', before: String(before.priority), after: String(after.priority) },
  ]
  return pairs.filter(p => p.before !== p.after)
}

function memberChanges(base: LoadedModel, draft: LoadedModel): ReadonlyMap<string, MemberChange[]> {
  const keyOf = (m: LoadedModel['members'][number]) => [m.territoryId, m.userId, m.role, m.access, m.startsAt, m.endsAt].join('|')
  const [was, is] = [new Set(base.members.map(keyOf)), new Set(draft.members.map(keyOf))]
  const result = new Map<string, MemberChange[]>()
  const note = (change: MemberChange['change'], m: LoadedModel['members'][number]) =>
    result.set(m.territoryId, [...(result.get(m.territoryId) ?? []), { change, userId: m.userId, role: m.role }])
  for (const m of base.members) if (!is.has(keyOf(m))) note('removed', m)
  for (const m of draft.members) if (!was.has(keyOf(m))) note('added', m)
  return result
}
