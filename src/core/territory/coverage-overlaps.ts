/** Overlaps 重叠: pairs of rules of equal rank that some combination fulfils where no better rule holds. Only pairs that can meet are asked about. */
import { type Bits, meets } from '../kernel/bits.ts'
import type { ProofTaker, Space } from './coverage-boxes.ts'
import { type Gathered, signOf } from './coverage-findings.ts'
import type { Solver } from './coverage-local.ts'
import type { Place, Places } from './coverage-places.ts'
import type { Unproved } from './coverage-unproved.ts'

export type OverlapBetween = { readonly one: number; readonly two: number }
type Found = { readonly found: Gathered<OverlapBetween>[]; readonly more: boolean }

const MOST = 1_000
/** Places looked at only to say how far an overlap reaches. */
const SIZING = 10_000
/** Places looked at for one pair. */
const FOR_ONE = 20_000

export function* findOverlaps(
  space: Space,
  takers: readonly ProofTaker[],
  places: Places,
  solver: Solver,
  unproved: Unproved,
): Generator<void, Found> {
  const found: Gathered<OverlapBetween>[] = []
  const asked = new Set<number>()
  const budget = { sizing: SIZING }
  const rankOf = (box: number) => takers[space.boxes[box]!.taker]!.rank
  let work = 0

  const consider = (a: number, b: number): void => {
    const [one, two] = [space.boxes[a]!.taker, space.boxes[b]!.taker].sort((x, y) => x - y) as [number, number]
    if (one === two) return
    const key = one * takers.length + two
    if (asked.has(key) || !canMeet(space.boxes[a]!.sets, space.boxes[b]!.sets)) return
    asked.add(key)
    work += 1
    const seen = examine(one, two, places, solver, budget, taker => takers[taker]!.rank)
    if (seen.gathered.length > 0) {
      const widest = seen.gathered.sort((x, y) => Number(x.vague) - Number(y.vague) || y.regions.length - x.regions.length)[0]!
      found.push({ ...widest, size: seen.size[widest.vague ? 'vague' : 'precise'], atLeast: seen.atLeast, more: { one, two } })
      if (!widest.vague) return
    }
    if (seen.perhaps) unproved.depends('overlap', seen.perhaps.opaque, seen.perhaps.place, seen.perhaps.part)
    if (seen.unknown) unproved.exhausted('overlap', [one, two])
  }
  const full = () => found.length >= MOST

  // Rules with a place, met in the places they share; lists of a place are in the order of rank, so equal ranks stand side by side.
  const common: number[] = []
  const everywhere = new Map<number, number[]>()
  const byRank = new Map<number, number[]>()
  for (const b of space.boxes.keys()) {
    if (places.naming(b)?.only) continue
    common.push(b)
    for (const [map, belongs] of [
      [everywhere, places.reach(b) === null],
      [byRank, true],
    ] as const)
      if (belongs) map.set(rankOf(b), [...(map.get(rankOf(b)) ?? []), b])
  }
  const stamp = new Int32Array(space.boxes.length).fill(-1)
  const next = new Int32Array(places.regions.length)
  const local = places.regions.map((_, region) => places.common(region).filter(b => places.reach(b) !== null))
  for (const a of common) {
    const reach = places.reach(a)
    for (const b of everywhere.get(rankOf(a)) ?? []) {
      if (full()) return { found, more: true }
      if (b !== a) consider(a, b)
    }
    for (const region of reach ?? []) {
      const list = local[region]!
      next[region]! += 1
      for (let i = next[region]!; i < list.length && rankOf(list[i]!) === rankOf(a); i += 1) {
        const b = list[i]!
        if (stamp[b] === a) continue
        stamp[b] = a
        if (full()) return { found, more: true }
        consider(a, b)
      }
    }
    if (work > 20) {
      work = 0
      yield
    }
  }
  // Rules that name accounts: with each other by the account, and with all others of their rank.
  for (const a of space.boxes.keys()) {
    const only = places.naming(a)?.only
    if (!only) continue
    for (const named of only)
      for (const b of places.byName(named)) {
        if (full()) return { found, more: true }
        if (b > a && rankOf(b) === rankOf(a)) consider(a, b)
      }
    for (const b of byRank.get(rankOf(a)) ?? []) {
      if (full()) return { found, more: true }
      consider(a, b)
    }
    if (work > 20) {
      work = 0
      yield
    }
  }
  return { found, more: false }
}

function canMeet(a: ReadonlyMap<string, Bits>, b: ReadonlyMap<string, Bits>): boolean {
  for (const [field, set] of a) {
    const other = b.get(field)
    if (other && !meets(set, other)) return false
  }
  return true
}

type Seen = {
  readonly gathered: Gathered<null>[]
  readonly size: { precise: number; vague: number }
  atLeast: boolean
  perhaps: { readonly opaque: readonly number[]; readonly place: Place; readonly part: Uint32Array } | null
  unknown: boolean
}

/** All places where two rules may meet; further ones after the first are only looked at to say how far it reaches. */
function examine(one: number, two: number, places: Places, solver: Solver, budget: { sizing: number }, rankOf: (taker: number) => number): Seen {
  const seen: Seen = { gathered: [], size: { precise: 0, vague: 0 }, atLeast: false, perhaps: null, unknown: false }
  const signs = new Map<string, Gathered<null>>()
  let looked = 0
  const look = (place: Place): void => {
    looked += 1
    const [a, b] = [ownerOf(place, one), ownerOf(place, two)]
    if (a < 0 || b < 0) return
    const answer = solver.meet(place.local, a, b)
    if (answer.kind === 'unknown') seen.unknown = true
    else if (answer.kind === 'perhaps') seen.perhaps ??= { opaque: answer.opaque, place, part: answer.part }
    else if (answer.kind === 'sure') {
      if (answer.perhaps) seen.perhaps ??= { opaque: answer.perhaps.opaque, place, part: answer.perhaps.part }
      const region = places.regions[place.region]!
      const vague = answer.vague || region.vague
      const sign = `${vague}${signOf(place, answer.part)}`
      const known = signs.get(sign)
      if (known) known.regions.push(place.region)
      else {
        const made: Gathered<null> = { place, part: answer.part, regions: [place.region], size: 0, atLeast: false, vague, also: [], more: null }
        signs.set(sign, made)
        seen.gathered.push(made)
      }
      seen.size[vague ? 'vague' : 'precise'] += region.atoms.length
    }
  }
  /** false: enough was seen. */
  const goOn = (): boolean => {
    if (seen.gathered.length === 0) {
      if (looked < FOR_ONE) return true
      seen.unknown = true
      return false
    }
    budget.sizing -= 1
    if (budget.sizing > 0) return true
    seen.atLeast = true
    return false
  }
  const regions = new Set<number>()
  const pairs: [number, number][] = []
  for (const a of places.boxesOf(one)) for (const b of places.boxesOf(two)) pairs.push([a, b])
  for (const [a, b] of pairs) {
    if (places.naming(a)?.only || places.naming(b)?.only) continue
    for (const region of shared(places, a, b)) {
      if (regions.has(region)) continue
      regions.add(region)
      if (!goOn()) return seen
      const place = places.at(region, null)
      // Where better rules take everything, no place has to be looked at.
      const last = solver.sealedBy(place.local)
      if (last < 0 || rankOf(place.takers[last]!) >= rankOf(one)) look(place)
    }
  }
  const precise = () => seen.gathered.some(g => !g.vague)
  if (precise()) return seen
  // Accounts named by one of them, or left out by a better rule that hides the two from all others.
  const done = new Set<string>()
  for (const [a, b] of pairs) {
    const only = places.naming(a)?.only ?? places.naming(b)?.only
    for (const region of shared(places, a, b))
      for (const named of only ?? hiddenFrom(places, solver, region, one, two)) {
        if (!holds(places, a, named) || !holds(places, b, named) || done.has(`${region}/${named}`)) continue
        done.add(`${region}/${named}`)
        look(places.at(region, named))
        if (precise()) {
          seen.atLeast = true
          return seen
        }
        if (!goOn()) return seen
      }
  }
  return seen
}

/** Accounts for whom two rules may meet in a region because better ones leave them out by name. */
function* hiddenFrom(places: Places, solver: Solver, region: number, one: number, two: number): Generator<number> {
  for (const group of places.leftOut(region)) {
    const [a, b] = [ownerOf(group.place, one), ownerOf(group.place, two)]
    if (a >= 0 && b >= 0 && solver.meet(group.place.local, a, b).kind !== 'none') yield* group.named
  }
}

const holds = (places: Places, box: number, named: number): boolean => {
  const naming = places.naming(box)
  return naming === null || (naming.only ? naming.only.includes(named) : !naming.but.includes(named))
}

/** Where two boxes both stand. */
export function shared(places: Places, a: number, b: number): readonly number[] {
  const [x, y] = [places.reach(a), places.reach(b)]
  if (x === null) return y ?? places.everywhere
  if (y === null) return x
  const other = new Set(y)
  return x.filter(region => other.has(region))
}

/** Place of a taker among those of a place, by halving; −1 where it has no box. */
export function ownerOf(place: Place, taker: number): number {
  let low = 0
  let high = place.takers.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const at = place.takers[middle]!
    if (at === taker) return middle
    if (at < taker) low = middle + 1
    else high = middle - 1
  }
  return -1
}
