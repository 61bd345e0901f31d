/**
 * Rules as boxes 规则盒: each rule is a union of boxes, a box says for each field which atoms it accepts. What is asked of one field is put
 * together before alternatives are multiplied out, so that "this county or that one" stays one box. A predicate that atoms cannot
 * answer (text match, polygon, radius, a rule of too many alternatives) is a free yes or no with a name: nothing is guessed about it.
 */
import { canonical } from '../condition/canonical.ts'
import { type Condition, childrenOf, type FieldInfo, groupKind, isGroup, type Predicate } from '../condition/condition.ts'
import type { Env } from '../condition/evaluate.ts'
import { type Bits, both, either, isNone, isSame, without } from '../kernel/bits.ts'
import { type Atoms, type FieldDomain, LISTED_OPS, makeAtoms } from './coverage-atoms.ts'

export type ProofTaker = {
  readonly id: string
  /** Smaller goes first; equal ranks contest each other. Takers come in the order in which they win: by rank, then id. */
  readonly rank: number
  readonly exclusive: boolean
  /** Own rule and inherited ones. */
  readonly condition: Condition
}
/** A predicate that nothing is known about; null stands for a whole rule that is too mixed. */
export type Opaque = { readonly text: string; readonly predicate: Predicate | null }
export type Box = {
  /** Place among the takers. */
  readonly taker: number
  /** Field → accepted atoms; a field that is not here accepts everything. */
  readonly sets: ReadonlyMap<string, Bits>
  /** 2 × opaque + 1 where it must hold, 2 × opaque where it must not. */
  readonly opaque: readonly number[]
}
export type Space = {
  /** Fields that exclusive rules read and that still exist. */
  readonly reads: readonly FieldInfo[]
  /** Fields that rules read and atoms can answer. */
  readonly atoms: ReadonlyMap<string, Atoms>
  readonly boxes: readonly Box[]
  readonly opaque: readonly Opaque[]
}

const MOST_BOXES = 256

/** Yields now and then: ten thousand rules take a third of a second. */
export function* makeSpace(takers: readonly ProofTaker[], env: Env, domains: ReadonlyMap<string, FieldDomain>): Generator<void, Space> {
  const asked = new Map<string, Set<Predicate>>()
  const seen = new Set<Condition>()
  const visit = (c: Condition): void => {
    // Inherited lines are the same objects in every territory below.
    if (seen.has(c)) return
    seen.add(c)
    if (isGroup(c)) {
      for (const child of childrenOf(c)) visit(child)
      return
    }
    const known = asked.get(c.field)
    if (known) known.add(c)
    else asked.set(c.field, new Set([c]))
  }
  for (const taker of takers) if (taker.exclusive) visit(taker.condition)
  const atoms = new Map<string, Atoms>()
  for (const [key, predicates] of asked) {
    const field = env.fields.get(key)
    const made = field ? makeAtoms(field, [...predicates], domains.get(key), env) : null
    if (made) atoms.set(key, made)
  }
  const reader = makeReader(atoms, env)
  const boxes: Box[] = []
  for (const [i, taker] of takers.entries()) {
    if (taker.exclusive) for (const part of reader.read(taker)) boxes.push({ taker: i, ...part })
    if (i % 200 === 199) yield
  }
  return { reads: [...asked.keys()].flatMap(key => env.fields.get(key) ?? []), atoms, boxes, opaque: reader.opaque }
}

type Part = { readonly sets: ReadonlyMap<string, Bits>; readonly opaque: readonly number[] }
const EVERYWHERE: Part = { sets: new Map(), opaque: [] }

function makeReader(atoms: ReadonlyMap<string, Atoms>, env: Env) {
  const opaque: Opaque[] = []
  const places = new Map<string, number>()
  const held = new WeakMap<Condition, Bits>()
  const free = (text: string, predicate: Predicate | null): number => {
    const known = places.get(text)
    if (known !== undefined) return known
    places.set(text, opaque.length)
    return opaque.push({ text, predicate }) - 1
  }

  /** yes and no: whatever the value; never: neither it nor its opposite holds. */
  const literal = (p: Predicate): 'yes' | 'no' | 'never' | Bits | number => {
    const field = env.fields.get(p.field)
    // A field that is gone is empty in some readings and not in others; a list that is gone can neither hold nor be denied.
    if (p.op === 'empty' || p.op === 'notEmpty') return field ? (p.op === 'notEmpty' ? 'yes' : 'no') : free(canonical(p), p)
    if (!field || ('list' in p && !env.lists.has(p.list))) return 'never'
    let set = held.get(p)
    if (!set) {
      const found = atoms.get(p.field)?.holding(p)
      if (!found) return free(canonical(p), p)
      set = found
      held.set(p, set)
    }
    return set
  }

  /** The accepted atoms of a condition that reads one field alone; null: it does not, or atoms cannot say. */
  const single = (c: Condition): { field: string; set: Bits } | null => {
    if (!isGroup(c)) {
      const value = LISTED_OPS.has(c.op) || c.op === 'between' ? literal(c) : null
      return value instanceof Uint32Array ? { field: c.field, set: value } : null
    }
    const children = childrenOf(c)
    const first = children[0] ? single(children[0]) : null
    if (!first) return null
    let set = first.set
    for (const child of children.slice(1)) {
      const next = single(child)
      if (next?.field !== first.field) return null
      set = groupKind(c) === 'all' ? both(set, next.set) : either(set, next.set)
    }
    return { field: first.field, set: groupKind(c) === 'none' ? without(atoms.get(first.field)!.full, set) : set }
  }

  /** null: too many alternatives. */
  const parts = (c: Condition, negated: boolean): readonly Part[] | null => {
    const alone = single(c)
    if (alone) return partOf(alone.field, negated ? without(atoms.get(alone.field)!.full, alone.set) : alone.set)
    if (!isGroup(c)) {
      const value = literal(c)
      if (value === 'never') return []
      if (value === 'yes' || value === 'no') return (value === 'yes') !== negated ? [EVERYWHERE] : []
      return [{ sets: new Map(), opaque: [2 * (value as number) + (negated ? 0 : 1)] }]
    }
    const kind = groupKind(c)
    const conjunctive = kind === 'any' ? negated : !negated
    const childNegated = kind === 'none' ? !negated : negated
    return conjunctive ? product(childrenOf(c), childNegated) : sum(childrenOf(c), childNegated)
  }
  const partOf = (field: string, set: Bits): readonly Part[] =>
    isNone(set) ? [] : isSame(set, atoms.get(field)!.full) ? [EVERYWHERE] : [{ sets: new Map([[field, set]]), opaque: [] }]

  const product = (children: readonly Condition[], negated: boolean): readonly Part[] | null => {
    let result: readonly Part[] = [EVERYWHERE]
    // The narrow ones first: what contradicts them is gone before it is multiplied.
    const factors: (readonly Part[])[] = []
    for (const child of children) {
      const form = parts(child, negated)
      if (form === null) return null
      factors.push(form)
    }
    factors.sort((a, b) => a.length - b.length)
    for (const factor of factors) {
      const next: Part[] = []
      for (const left of result)
        for (const right of factor) {
          const met = meet(left, right)
          if (met) next.push(met)
          if (next.length > MOST_BOXES) return null
        }
      result = next
    }
    return result
  }
  /** Alternatives on one field are one. */
  const sum = (children: readonly Condition[], negated: boolean): readonly Part[] | null => {
    const alone = new Map<string, Bits>()
    const result: Part[] = []
    for (const child of children) {
      const one = single(child)
      if (one) {
        const set = negated ? without(atoms.get(one.field)!.full, one.set) : one.set
        const known = alone.get(one.field)
        alone.set(one.field, known ? either(known, set) : set)
        continue
      }
      const form = parts(child, negated)
      if (form === null) return null
      result.push(...form)
    }
    for (const [field, set] of alone) result.push(...partOf(field, set))
    if (result.includes(EVERYWHERE)) return [EVERYWHERE]
    return result.length > MOST_BOXES ? null : result
  }

  /** A rule of too many alternatives: what must hold in any case, and one free yes or no for the rest. */
  const mixed = (taker: ProofTaker): readonly Part[] => {
    let result: Part = { sets: new Map(), opaque: [2 * free(`mixed ${taker.id} ${canonical(taker.condition)}`, null) + 1] }
    const lines = isGroup(taker.condition) && groupKind(taker.condition) === 'all' ? childrenOf(taker.condition) : []
    for (const line of lines) {
      const form = parts(line, false)
      if (form === null || form.length > 1) continue
      const met = form[0] ? meet(result, form[0]) : null
      if (!met) return []
      result = met
    }
    return [result]
  }
  return { opaque, read: (taker: ProofTaker): readonly Part[] => parts(taker.condition, false) ?? mixed(taker) }
}

function meet(a: Part, b: Part): Part | null {
  if (a === EVERYWHERE) return b
  if (b === EVERYWHERE) return a
  const sets = new Map(a.sets)
  for (const [field, set] of b.sets) {
    const known = sets.get(field)
    const met = known ? both(known, set) : set
    if (isNone(met)) return null
    sets.set(field, met)
  }
  const opaque = [...new Set([...a.opaque, ...b.opaque])].sort((x, y) => x - y)
  // Both it and its opposite: nothing fulfils that.
  for (let i = 1; i < opaque.length; i += 1) if (opaque[i]! >> 1 === opaque[i - 1]! >> 1) return null
  return { sets, opaque }
}
