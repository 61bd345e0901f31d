/**
 * Where rules are asked 取证的地方: the counties cut into classes that no rule tells apart, and for each class (and, where rules name accounts, for each group
 * of accounts that the same rules name) the boxes that apply there. Geography goes first because it leaves least.
 */
import type { Env } from '../condition/evaluate.ts'
import { type Bits, hasBit, membersOf } from '../kernel/bits.ts'
import type { Atoms } from './coverage-atoms.ts'
import type { Box, Opaque, ProofTaker, Space } from './coverage-boxes.ts'
import { type Local, makeLocal, type ProofMemo } from './coverage-local.ts'

export type Place = {
  /** Class of counties; 0 where no rule reads a division. */
  readonly region: number
  /** Atom of named accounts; null: accounts that no rule names. */
  readonly named: number | null
  /** Boxes of the space, in the order in which rules win, as they stand in `local`. */
  readonly boxes: readonly number[]
  /** Takers by owner. */
  readonly takers: readonly number[]
  readonly local: Local
}
export type Region = { readonly atoms: readonly number[]; readonly vague: boolean }
/** Accounts that a box names: null names nobody; `only` these, or all `but` these. */
export type Naming = { readonly only: readonly number[] | null; readonly but: readonly number[] } | null
export type LeftOut = {
  readonly boxes: readonly number[]
  readonly named: readonly number[]
  /** The region as it stands for them, before any rule that names one of them. */
  readonly place: Place
}
export type Places = {
  readonly lead: Atoms | null
  readonly ids: Atoms | null
  readonly regions: readonly Region[]
  /** All of them by number. */
  readonly everywhere: readonly number[]
  readonly at: (region: number, named: number | null) => Place
  /** Groups of accounts that the same rules here leave out by name. */
  readonly leftOut: (region: number) => readonly LeftOut[]
  /** A region without the boxes that leave accounts out by name: whoever it holds, it holds for everybody. */
  readonly steady: (region: number) => Place
  /** Regions that a box reaches, ascending; null: all. */
  readonly reach: (box: number) => readonly number[] | null
  readonly naming: (box: number) => Naming
  /** Boxes that stand in a region for accounts that no rule names. */
  readonly common: (region: number) => readonly number[]
  /** Boxes that name this account. */
  readonly byName: (named: number) => readonly number[]
  readonly boxesOf: (taker: number) => readonly number[]
  /** Places in the memo, by the space's own numbers of opaque predicates. */
  readonly opaqueIn: (memoOpaque: number) => Opaque
  readonly solved: { made: number; reused: number }
}

export function makePlaces(space: Space, takers: readonly ProofTaker[], env: Env, memo: ProofMemo): Places {
  const lead = leadOf(space, env)
  const ids = [...space.atoms.values()].find(a => a.key === 'id') ?? null
  const leadOfBox = (box: Box): Bits | undefined => (lead ? box.sets.get(lead.key) : undefined)
  const regions = lead ? cut(lead, new Set(space.boxes.flatMap(b => leadOfBox(b) ?? []))) : [{ atoms: [0], vague: false }]
  const regionOf = new Map(regions.map((r, i) => [r.atoms[0]!, i]))

  const shapes = space.boxes.map(box => shapeOf(box, space, [lead?.key, ids?.key], memo))
  const reach = space.boxes.map(box => {
    const set = leadOfBox(box)
    return set ? membersOf(set).flatMap(atom => regionOf.get(atom) ?? []) : null
  })
  const naming: readonly Naming[] = space.boxes.map(box => {
    const set = ids ? box.sets.get(ids.key) : undefined
    if (!set || !ids) return null
    const inside = membersOf(set)
    return hasBit(set, 0) ? { only: null, but: membersOf(ids.full).filter(atom => !hasBit(set, atom)) } : { only: inside, but: [] }
  })

  // Boxes stand in the order of takers, so every list made by walking them is in the order in which rules win.
  const everywhere: number[] = []
  const here: number[][] = regions.map(() => [])
  const byName = new Map<number, number[]>()
  for (const b of space.boxes.keys()) {
    const only = naming[b]?.only
    if (only) {
      for (const atom of only) {
        const list = byName.get(atom)
        if (list) list.push(b)
        else byName.set(atom, [b])
      }
    } else if (reach[b] === null) everywhere.push(b)
    else for (const region of reach[b]!) here[region]!.push(b)
  }
  const boxesOf: number[][] = takers.map(() => [])
  for (const [b, box] of space.boxes.entries()) boxesOf[box.taker]!.push(b)

  const solved = { made: 0, reused: 0 }
  const commons: (readonly number[] | undefined)[] = []
  const common = (region: number): readonly number[] => {
    commons[region] ??= merge(everywhere, here[region]!)
    return commons[region]
  }
  const accepts = (b: number, named: number): boolean => {
    const set = ids ? space.boxes[b]!.sets.get(ids.key) : undefined
    return !set || hasBit(set, named)
  }
  const namedIn = (region: number, named: number): readonly number[] =>
    (byName.get(named) ?? []).filter(b => {
      const set = leadOfBox(space.boxes[b]!)
      return !set || hasBit(set, regions[region]!.atoms[0]!)
    })
  const excluding = [...space.boxes.keys()].filter(b => naming[b] && naming[b].only === null)
  const groups = groupsOf(excluding, naming)
  const build = (region: number, named: number | null): Place =>
    placeOf(
      region,
      named,
      named === null
        ? common(region)
        : merge(excluding.length === 0 ? common(region) : common(region).filter(b => accepts(b, named)), namedIn(region, named)),
    )
  const placeOf = (region: number, named: number | null, boxes: readonly number[]): Place => {
    const owned: number[] = []
    const owner = new Int32Array(boxes.length)
    const rank: number[] = []
    const list = new Int32Array(boxes.length)
    let key = ''
    for (const [i, b] of boxes.entries()) {
      const { taker } = space.boxes[b]!
      if (owned.at(-1) !== taker) {
        const level = owned.length === 0 ? 0 : rank.at(-1)! + (takers[taker]!.rank === takers[owned.at(-1)!]!.rank ? 0 : 1)
        key += owned.length === 0 || level === rank.at(-1) ? '/' : ';'
        owned.push(taker)
        rank.push(level)
      }
      owner[i] = owned.length - 1
      list[i] = shapes[b]!
      key += `${shapes[b]},`
    }
    let local = memo.locals.get(key)
    if (!local) {
      local = makeLocal(memo, list, owner, Int32Array.from(rank))
      memo.locals.set(key, local)
      solved.made += 1
    } else if (local.run !== memo.run) solved.reused += 1
    local.run = memo.run
    return { region, named, boxes, takers: owned, local }
  }
  const known: (Place | undefined)[] = []
  const steadies: (Place | undefined)[] = []
  const leftOuts: (readonly LeftOut[] | undefined)[] = []
  const isExcluding = new Set(excluding)
  const withoutSome = (region: number, some: ReadonlySet<number>): Place => {
    const boxes = common(region)
    return boxes.some(b => some.has(b))
      ? placeOf(
          region,
          null,
          boxes.filter(b => !some.has(b)),
        )
      : result.at(region, null)
  }
  const result: Places = {
    lead,
    ids,
    regions,
    everywhere: [...regions.keys()],
    at: (region, named) => {
      if (named !== null) return build(region, named)
      known[region] ??= build(region, null)
      return known[region]
    },
    leftOut: region => {
      leftOuts[region] ??= groups.flatMap(group => {
        const here = group.boxes.filter(b => reach[b] === null || hasBit(leadOfBox(space.boxes[b]!)!, regions[region]!.atoms[0]!))
        return here.length === 0 ? [] : [{ boxes: here, named: group.named, place: withoutSome(region, new Set(here)) }]
      })
      return leftOuts[region]
    },
    steady: region => {
      steadies[region] ??= withoutSome(region, isExcluding)
      return steadies[region]
    },
    reach: box => reach[box]!,
    naming: box => naming[box]!,
    common,
    byName: named => byName.get(named) ?? [],
    boxesOf: taker => boxesOf[taker]!,
    opaqueIn: o => memo.opaque[o]!,
    solved,
  }
  return result
}

/** Accounts that are left out by the very same boxes. */
function groupsOf(excluding: readonly number[], naming: readonly Naming[]): readonly { boxes: readonly number[]; named: readonly number[] }[] {
  const by = new Map<number, number[]>()
  for (const b of excluding)
    for (const named of naming[b]!.but) {
      const list = by.get(named)
      if (list) list.push(b)
      else by.set(named, [b])
    }
  const groups = new Map<string, { boxes: readonly number[]; named: number[] }>()
  for (const [named, boxes] of by) {
    const known = groups.get(boxes.join())
    if (known) known.named.push(named)
    else groups.set(boxes.join(), { boxes, named: [named] })
  }
  return [...groups.values()]
}

/** The field of divisions that most rules read. */
function leadOf(space: Space, env: Env): Atoms | null {
  const counts = new Map<string, number>()
  for (const box of space.boxes)
    for (const key of box.sets.keys()) if (env.fields.get(key)?.type === 'division') counts.set(key, (counts.get(key) ?? 0) + 1)
  const key = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0]
  return key === undefined ? null : space.atoms.get(key)!
}

/** Classes of atoms that no set tells apart, precise ones apart from the others; each is represented by its first atom. */
function cut(lead: Atoms, sets: Iterable<Bits>): readonly Region[] {
  const classOf = new Int32Array(lead.size)
  const sizes = [lead.size]
  const split = (members: readonly number[]) => {
    const touched = new Map<number, number[]>()
    for (const atom of members) {
      const list = touched.get(classOf[atom]!)
      if (list) list.push(atom)
      else touched.set(classOf[atom]!, [atom])
    }
    for (const [from, atoms] of touched) {
      if (atoms.length === sizes[from]) continue
      sizes[from]! -= atoms.length
      for (const atom of atoms) classOf[atom] = sizes.length
      sizes.push(atoms.length)
    }
  }
  split(membersOf(lead.precise))
  for (const set of sets) split(membersOf(set))
  const members = new Map<number, number[]>()
  for (let atom = 0; atom < lead.size; atom += 1) {
    const list = members.get(classOf[atom]!)
    if (list) list.push(atom)
    else members.set(classOf[atom]!, [atom])
  }
  return [...members.values()].map(atoms => ({ atoms, vague: !hasBit(lead.precise, atoms[0]!) }))
}

/** The number of a box's content in the memo, without county and account. */
function shapeOf(box: Box, space: Space, apart: readonly (string | undefined)[], memo: ProofMemo): number {
  const sets: [Atoms, Bits][] = []
  let key = ''
  for (const [field, set] of [...box.sets].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (apart.includes(field)) continue
    const atoms = space.atoms.get(field)!
    let print = memo.prints.get(atoms.print)
    if (print === undefined) {
      print = memo.prints.size
      memo.prints.set(atoms.print, print)
    }
    sets.push([atoms, set])
    key += `${print}:${set.join()};`
  }
  const opaque = box.opaque.map(o => {
    const { text } = space.opaque[o >> 1]!
    let place = memo.opaqueOf.get(text)
    if (place === undefined) {
      place = memo.opaque.push(space.opaque[o >> 1]!) - 1
      memo.opaqueOf.set(text, place)
    }
    return place * 2 + (o & 1)
  })
  opaque.sort((a, b) => a - b)
  key += opaque.join()
  let shape = memo.shapeOf.get(key)
  if (shape === undefined) {
    shape = memo.shapes.push({ sets, opaque }) - 1
    memo.shapeOf.set(key, shape)
  }
  return shape
}

function merge(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a.length === 0) return b
  if (b.length === 0) return a
  const merged: number[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) merged.push(j >= b.length || (i < a.length && a[i]! <= b[j]!) ? a[i++]! : b[j++]!)
  return merged
}
