/** Editing a rule as blocks: every change answers a new condition, so that undo is a list of what was. Paths are positions from the root. */

import { operatorsFor } from '../../core/condition/check.ts'
import { type Condition, childrenOf, type FieldType, type Group, groupKind, isGroup, type Predicate } from '../../core/condition/condition.ts'

export type Path = readonly number[]
export type Kind = 'all' | 'any' | 'none'
/** What a change makes, and where the block that was moved stands now. */
export type Moved = { readonly root: Condition; readonly path: Path }

const group = (kind: Kind, children: readonly Condition[]): Group => ({ [kind]: children }) as unknown as Group

/** Blocks stand in a group "all": a single predicate is put into one, which means the same. */
export const asRoot = (condition: Condition | null): Group =>
  condition === null ? { all: [] } : isGroup(condition) && groupKind(condition) === 'all' ? condition : { all: [condition] }

export function at(root: Condition, path: Path): Condition | undefined {
  let here: Condition | undefined = root
  for (const i of path) here = here && isGroup(here) ? childrenOf(here)[i] : undefined
  return here
}

/** The path as the server writes it: `all.1.any.0`. */
export function wirePath(root: Condition, path: Path): string {
  const parts: string[] = []
  let here: Condition | undefined = root
  for (const i of path) {
    if (!here || !isGroup(here)) break
    parts.push(groupKind(here), String(i))
    here = childrenOf(here)[i]
  }
  return parts.join('.')
}

export function replaceAt(root: Condition, path: Path, next: Condition | null): Condition {
  if (path.length === 0) return next ?? { all: [] }
  if (!isGroup(root)) return root
  const [i, ...rest] = path as [number, ...number[]]
  const children = [...childrenOf(root)]
  const changed = rest.length === 0 ? next : replaceAt(children[i]!, rest, next)
  if (changed === null) children.splice(i, 1)
  else children[i] = changed
  return group(groupKind(root), children)
}

export function appendTo(root: Condition, path: Path, child: Condition): Condition {
  const parent = at(root, path)
  return parent && isGroup(parent) ? replaceAt(root, path, group(groupKind(parent), [...childrenOf(parent), child])) : root
}

function insertAt(root: Condition, path: Path, child: Condition): Condition {
  const parent = at(root, path.slice(0, -1))
  if (!parent || !isGroup(parent)) return root
  const children = [...childrenOf(parent)]
  children.splice(path.at(-1)!, 0, child)
  return replaceAt(root, path.slice(0, -1), group(groupKind(parent), children))
}

export function setKind(root: Condition, path: Path, kind: Kind): Condition {
  const here = at(root, path)
  return here && isGroup(here) ? replaceAt(root, path, group(kind, childrenOf(here))) : root
}

export function move(root: Condition, path: Path, by: 1 | -1): Condition {
  return moved(root, path, by)?.root ?? root
}

/** ⌥↑↓: one place up or down among its siblings; null at the ends. */
export function moved(root: Condition, path: Path, by: 1 | -1): Moved | null {
  const parentPath = path.slice(0, -1)
  const parent = at(root, parentPath)
  const from = path.at(-1)
  if (!parent || !isGroup(parent) || from === undefined) return null
  const children = [...childrenOf(parent)]
  const to = from + by
  if (to < 0 || to >= children.length) return null
  const [child] = children.splice(from, 1)
  children.splice(to, 0, child!)
  return { root: replaceAt(root, parentPath, group(groupKind(parent), children)), path: [...parentPath, to] }
}

/** Tab: into the group before it, or together with the criterion before it into a new group of alternatives; null for the first. */
export function nest(root: Condition, path: Path): Moved | null {
  const from = path.at(-1)
  const here = at(root, path)
  if (from === undefined || from === 0 || !here) return null
  const beforePath = [...path.slice(0, -1), from - 1]
  const before = at(root, beforePath)
  if (!before) return null
  const without = replaceAt(root, path, null)
  if (isGroup(before)) return { root: appendTo(without, beforePath, here), path: [...beforePath, childrenOf(before).length] }
  return { root: replaceAt(without, beforePath, { any: [before, here] }), path: [...beforePath, 1] }
}

/** ⇧Tab: out of its group, behind it; a group that is left empty goes. null at the top. */
export function unnest(root: Condition, path: Path): Moved | null {
  const here = at(root, path)
  if (path.length < 2 || !here) return null
  const parentPath = path.slice(0, -1)
  const parent = at(root, parentPath)
  const without = replaceAt(root, path, null)
  const place = [...parentPath.slice(0, -1), parentPath.at(-1)! + 1]
  if (parent && isGroup(parent) && childrenOf(parent).length === 1) return { root: replaceAt(without, parentPath, here), path: parentPath }
  return { root: insertAt(without, place, here), path: place }
}

/** ⌘D: the same once more, behind it. */
export function duplicate(root: Condition, path: Path): Moved | null {
  const here = at(root, path)
  if (path.length === 0 || !here) return null
  const place = [...path.slice(0, -1), path.at(-1)! + 1]
  return { root: insertAt(root, place, here), path: place }
}

/** What a new criterion on a field starts as. */
export function blank(field: string, type: FieldType): Predicate {
  const op = operatorsFor(type)[0]!
  return withOperator({ field, op: 'in', values: [] }, op)
}

/** The same field with another operator; values are kept where both take them. */
export function withOperator(p: Predicate, op: Predicate['op']): Predicate {
  const { field } = p
  const values = 'values' in p ? p.values : []
  switch (op) {
    case 'in':
    case 'notIn':
      return { field, op, values }
    case 'inList':
    case 'notInList':
      return { field, op, list: 'list' in p ? p.list : '' }
    case 'between':
      return { field, op }
    case 'empty':
    case 'notEmpty':
      return { field, op }
    case 'contains':
    case 'startsWith':
      return { field, op, text: 'text' in p ? p.text : '' }
    case 'within':
      return { field, op, lng: 116.4, lat: 39.9, km: 50 }
    case 'inside':
      return { field, op, rings: [] }
  }
}

/** Whether a criterion says something yet: an unfinished one is not sent. */
export function isComplete(c: Condition): boolean {
  if (isGroup(c)) return childrenOf(c).length > 0 && childrenOf(c).every(isComplete)
  if ('values' in c) return c.values.length > 0
  if ('list' in c) return c.list !== ''
  if ('text' in c) return c.text !== ''
  if (c.op === 'between') return c.min !== undefined || c.max !== undefined
  if (c.op === 'inside') return c.rings.length > 0
  return true
}

/** The rule without unfinished parts, for the live count; null where nothing is left. */
export function finished(c: Condition): Condition | null {
  if (!isGroup(c)) return isComplete(c) ? c : null
  const children = childrenOf(c).flatMap(child => finished(child) ?? [])
  return children.length === 0 && childrenOf(c).length > 0 ? null : group(groupKind(c), children)
}

/** Where each path of the finished rule stands in the rule as it is edited: counts belong to the blocks one sees. */
export function finishedPaths(c: Condition): ReadonlyMap<string, Path> {
  const paths = new Map<string, Path>()
  const visit = (here: Condition, own: Path, wire: string): void => {
    if (!isGroup(here)) {
      paths.set(wire, own)
      return
    }
    let kept = 0
    for (const [i, child] of childrenOf(here).entries()) {
      if (finished(child) === null) continue
      visit(child, [...own, i], `${wire ? `${wire}.` : ''}${groupKind(here)}.${kept}`)
      kept += 1
    }
  }
  visit(c, [], '')
  return paths
}
