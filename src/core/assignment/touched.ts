/**
 * Territories whose accounts a change of the model can place otherwise 触及: added, removed or changed themselves (rule, place in the tree,
 * precedence, members, a list their rule names), or standing under one that was. An account that neither the old nor the new rule of a
 * touched territory could take stands as it stood: the others keep their rules, and their ranks keep their order.
 */

import type { Lists } from '../condition/condition.ts'
import { type Condition, childrenOf, isGroup } from '../condition/condition.ts'
import type { Member, TerritoryType } from '../territory/model.ts'
import type { CompiledModel } from './compile.ts'

export type Side = Pick<CompiledModel, 'hierarchy' | 'membersOf' | 'env'> & { readonly types: readonly TerritoryType[] }

/** Ids, of both models. */
export function touchedTerritories(before: Side, after: Side): ReadonlySet<string> {
  const ids = [...new Set([...before.hierarchy.byId.keys(), ...after.hierarchy.byId.keys()])]
  const lists = changedLists(before.env.lists, after.env.lists)
  const [was, is] = [signer(before), signer(after)]
  const changed = new Set(ids.filter(id => was(id) !== is(id) || namesOneOf(after, id, lists)))
  const under = (side: Side, id: string) => side.hierarchy.byId.get(id)?.ancestorIds.some(a => changed.has(a)) === true
  return new Set(ids.filter(id => changed.has(id) || under(before, id) || under(after, id)))
}

/** Everything of one territory that decides what it takes and who sees it, as text. */
function signer({ hierarchy, membersOf, types }: Side): (id: string) => string {
  const typeOf = new Map(types.map(t => [t.id, t]))
  const memberText = (m: Member) => [m.userId, m.role, m.access, m.startsAt, m.endsAt].join()
  return id => {
    const node = hierarchy.byId.get(id)
    if (!node) return ''
    const { ruleVersion, inherit, priority, typeId } = node.territory
    const type = typeOf.get(typeId)
    const members = (membersOf.get(id) ?? []).map(memberText).sort().join(';')
    return [ruleVersion, inherit, priority, type?.layer, type?.precedence, node.ancestorIds.join(), members].join('|')
  }
}

/** A draft reads a list's newest version, a model that stands the one it was computed with. */
function changedLists(before: Lists, after: Lists): ReadonlySet<string> {
  const same = (a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined) =>
    a !== undefined && b !== undefined && a.size === b.size && [...a].every(value => b.has(value))
  return new Set([...before.keys(), ...after.keys()].filter(id => !same(before.get(id), after.get(id))))
}

function namesOneOf({ hierarchy }: Side, id: string, lists: ReadonlySet<string>): boolean {
  const condition = hierarchy.byId.get(id)?.territory.condition
  const names = (c: Condition): boolean => (isGroup(c) ? childrenOf(c).some(names) : 'list' in c && lists.has(c.list))
  return lists.size > 0 && condition != null && names(condition)
}
