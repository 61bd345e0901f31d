/** Dead rules 失效规则: rules that never win, because better ones hold wherever they do, or because nothing fulfils them; and which rules those are. */
import type { Dead } from './coverage.ts'
import type { ProofTaker, Space } from './coverage-boxes.ts'
import type { Answer, Solver } from './coverage-local.ts'
import { ownerOf } from './coverage-overlaps.ts'
import type { Place, Places } from './coverage-places.ts'
import { searchLeft } from './coverage-search.ts'
import type { Unproved } from './coverage-unproved.ts'

/** Places looked at for one rule before it is given up. */
const FOR_ONE = 60_000

export function* findDead(
  space: Space,
  takers: readonly ProofTaker[],
  places: Places,
  solver: Solver,
  unproved: Unproved,
): Generator<void, readonly Dead[]> {
  const dead: Dead[] = []
  const outlook = makeOutlook(places, solver)
  for (const [t, taker] of takers.entries()) {
    if (!taker.exclusive) continue
    if (t % 50 === 0) yield
    const boxes = places.boxesOf(t)
    let perhaps: { readonly answer: Extract<Answer, { kind: 'perhaps' }>; readonly place: Place } | null = null
    let unknown = false
    let alive = false
    let looked = 0
    for (const place of placesOf(t, space, places, outlook)) {
      looked += 1
      if (looked > FOR_ONE) {
        unknown = true
        break
      }
      if (looked % 200 === 0) yield
      const answer = solver.wins(place.local, ownerOf(place, t))
      if (answer.kind === 'sure') {
        alive = true
        break
      }
      if (answer.kind === 'perhaps') perhaps ??= { answer, place }
      if (answer.kind === 'unknown') unknown = true
    }
    if (alive) continue
    if (perhaps) unproved.depends('dead', perhaps.answer.opaque, perhaps.place, perhaps.answer.part)
    else if (unknown) unproved.exhausted('dead', [t])
    else dead.push({ territoryId: taker.id, coveredBy: boxes.length === 0 ? [] : coverersOf(t, space, takers, places, solver) })
  }
  return dead
}

/** What is known of regions before any rule is asked about, found out when first needed. */
function makeOutlook(places: Places, solver: Solver) {
  const gaps: (boolean | undefined)[] = []
  const sealed: (number | undefined)[] = []
  return {
    /** Where something is left over, a rule most likely wins. */
    hasGap: (region: number): boolean => {
      gaps[region] ??= solver.left(places.at(region, null).local).parts.length > 0
      return gaps[region]
    },
    /** Surely not winning in a place. */
    losesIn: (place: Place, taker: number): boolean => {
      const owner = ownerOf(place, taker)
      return owner < 0 || solver.wins(place.local, owner).kind === 'none'
    },
    /** The taker after whom nobody wins here, whoever is left out by name. */
    sealedBy: (region: number): number => {
      sealed[region] ??= sealedIn(region)
      return sealed[region]
    },
  }
  function sealedIn(region: number): number {
    const place = places.steady(region)
    const last = solver.sealedBy(place.local)
    return last < 0 ? Number.POSITIVE_INFINITY : place.takers[last]!
  }
}
type Outlook = ReturnType<typeof makeOutlook>

/**
 * Every place where a rule may win: for accounts that nobody names first, then for those it names, or that a better rule leaves out. With an
 * outlook, places with a gap come first and those where better rules take everything are left out.
 */
function* placesOf(taker: number, space: Space, places: Places, outlook: Outlook | null): Generator<Place> {
  const boxes = places.boxesOf(taker)
  function* regionsOf(box: number): Generator<number> {
    const reach = places.reach(box) ?? places.everywhere
    if (outlook === null) {
      yield* reach
      return
    }
    const others: number[] = []
    for (const region of reach)
      if (outlook.hasGap(region)) yield region
      else others.push(region)
    for (const region of others) if (outlook.sealedBy(region) >= taker) yield region
  }
  const done = new Set<string>()
  const once = (region: number, named: number | null): Place | null => {
    const key = `${region}/${named}`
    if (done.has(key)) return null
    done.add(key)
    return places.at(region, named)
  }
  for (const box of boxes)
    if (!places.naming(box)?.only)
      for (const region of regionsOf(box)) {
        const place = once(region, null)
        if (place) yield place
      }
  for (const box of boxes)
    for (const region of regionsOf(box)) {
      const naming = places.naming(box)
      if (naming?.only) {
        for (const named of naming.only) {
          const place = once(region, named)
          if (place) yield place
        }
        continue
      }
      for (const group of places.leftOut(region)) {
        if (group.boxes.includes(box) || !group.boxes.some(b => space.boxes[b]!.taker < taker)) continue
        if (outlook?.losesIn(group.place, taker)) continue
        for (const named of group.named) {
          const place = once(region, named)
          if (place) yield place
        }
      }
    }
}

const NAMED = 8
const LOOKED = 400
/** Beside the allowance of the proof: a rule that was proved dead is told with the rules that cover it. */
const FOR_COVER = 100_000

/** Better rules that together hold wherever this one does: those chosen already first, then whichever takes most of what is left. */
function coverersOf(taker: number, space: Space, takers: readonly ProofTaker[], places: Places, solver: Solver): readonly string[] {
  const chosen = new Set<number>()
  let looked = 0
  for (const place of placesOf(taker, space, places, null)) {
    looked += 1
    if (looked > LOOKED || chosen.size >= NAMED) break
    const { local } = place
    const owner = ownerOf(place, taker)
    const better = solver.upTo(local, o => o < owner)
    for (const box of solver.boxesOf(local, owner)) {
      const start = solver.restrict(local, local.whole, box)
      for (let left = start; left !== null && chosen.size < NAMED; ) {
        const among = better.filter(b => chosen.has(place.takers[local.owner[b]!]!))
        const parts: Uint32Array[] = []
        searchLeft(local, start!, among, local.slots.length, { steps: FOR_COVER }, p => parts.push(p.slice()) > 0)
        left = parts[0] ?? null
        if (left === null) break
        const next = widest(place, left, better)
        if (next < 0) break
        chosen.add(next)
      }
    }
  }
  return [...chosen].map(t => takers[t]!.id)
}

/** The taker of the box that falls short of a part in the fewest fields. */
function widest(place: Place, part: Uint32Array, better: Int32Array): number {
  const { local } = place
  let best = -1
  let least = Number.POSITIVE_INFINITY
  for (const b of better) {
    let short = 0
    for (const { offset, words } of local.slots) {
      let common = 0
      let open = 0
      for (let w = offset; w < offset + words; w += 1) {
        common |= part[w]! & local.rows[b * local.width + w]!
        open |= part[w]! & ~local.rows[b * local.width + w]!
      }
      if (common === 0) {
        short = Number.POSITIVE_INFINITY
        break
      }
      if (open !== 0) short += 1
    }
    if (short < least) {
      least = short
      best = place.takers[local.owner[b]!]!
    }
  }
  return best
}
