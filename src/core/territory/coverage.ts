/**
 * Proof of coverage 覆盖求证: on the rules themselves, not on the accounts one happens to have. A gap 空白 is a combination of known values
 * that no exclusive rule takes, an overlap 重叠 one that two rules of equal best rank take, a dead rule 失效规则 one that never wins. What
 * depends on a predicate nothing is known about, or on work beyond the allowance, is "not proved" 未证 by name: never guessed.
 */
import type { FieldValue, Predicate } from '../condition/condition.ts'
import type { Env } from '../condition/evaluate.ts'
import type { FieldDomain } from './coverage-atoms.ts'
import { makeSpace, type ProofTaker } from './coverage-boxes.ts'
import { findDead } from './coverage-dead.ts'
import { apartByTop, type Finding, type Gathered, joinPlaces, nearestTo, signOf, toFinding } from './coverage-findings.ts'
import { makeProofMemo, makeSolver, type ProofMemo } from './coverage-local.ts'
import { findOverlaps, type OverlapBetween } from './coverage-overlaps.ts'
import { makePlaces, type Place } from './coverage-places.ts'
import type { Allowance } from './coverage-search.ts'
import { makeUnproved, type NotProved } from './coverage-unproved.ts'

export type ProofInput = {
  /** In the order in which they win: by rank, then id. Overlays never count. */
  readonly takers: readonly ProofTaker[]
  readonly env: Env
  /** Which values fields can hold, by key. */
  readonly domains: ReadonlyMap<string, FieldDomain>
}
export type Gap = Finding & { readonly near: readonly string[] }
export type Overlap = Finding & { readonly territoryIds: readonly [string, string] }
export type Dead = {
  readonly territoryId: string
  /** Rules that win wherever this one holds; empty when it holds nowhere. */
  readonly coveredBy: readonly string[]
}
/** `more`: the search ended before everything was found; what is listed is true, and there may be others. */
export type Listed<T> = {
  readonly list: readonly T[]
  readonly total: number
  readonly more: boolean
  /** Of the total, those that concern only values which say less than they could. */
  readonly vague: number
}
export type Proof = {
  readonly rules: number
  readonly gaps: Listed<Gap>
  readonly overlaps: Listed<Overlap>
  readonly dead: Listed<Dead>
  readonly notProved: readonly NotProved[]
  /** Sets of boxes solved now, and known from an earlier proof. */
  readonly solved: { readonly made: number; readonly reused: number }
}
export type { NotProved } from './coverage-unproved.ts'
export type { Finding, Predicate, ProofMemo, ProofTaker }
export { makeProofMemo }

/** Looks at boxes that one proof may take: about ten seconds of one core. */
const STEPS = 400_000_000
const KEPT = 200
const MOST_GAPS = 20_000

/** Runs a proof to its end. */
export function proveCoverage(input: ProofInput, memo: ProofMemo = makeProofMemo(), steps: number = STEPS): Proof {
  const work = provingCoverage(input, memo, steps)
  for (;;) {
    const next = work.next()
    if (next.done) return next.value
  }
}

/** The same in small steps, so that a server can answer others in between. */
export function* provingCoverage(input: ProofInput, memo: ProofMemo, steps: number = STEPS): Generator<void, Proof> {
  const { takers, env } = input
  memo.run += 1
  const allowance: Allowance = { steps }
  const space = yield* makeSpace(takers, env, input.domains)
  yield
  const places = makePlaces(space, takers, env, memo)
  yield
  const solver = makeSolver(memo, allowance)
  const unproved = makeUnproved(space, places, takers)

  const gaps = new Map<string, Gathered<null>>()
  let moreGaps = false
  const gather = (place: Place, part: Uint32Array, vague: boolean): void => {
    const region = places.regions[place.region]!
    const loose = vague || region.vague
    const key = `${loose}${signOf(place, part)}`
    const known = gaps.get(key)
    if (known) {
      if (known.regions.at(-1) !== place.region) {
        known.regions.push(place.region)
        known.size += region.atoms.length
      }
    } else if (gaps.size < MOST_GAPS)
      gaps.set(key, { place, part, regions: [place.region], size: region.atoms.length, atLeast: false, vague: loose, also: [], more: null })
    else moreGaps = true
  }
  const look = (place: Place, except: ReadonlySet<string>): ReadonlySet<string> => {
    const left = solver.left(place.local)
    const told = new Set<string>()
    for (const [parts, vague] of [
      [left.parts, false],
      [left.vague, true],
    ] as const)
      for (const part of parts) {
        const sign = `${vague}${signOf({ ...place, named: null }, part)}`
        told.add(sign)
        if (!except.has(sign)) gather(place, part, vague)
      }
    if (left.more) moreGaps = true
    if (left.unknown) unproved.exhausted('gap', [])
    for (const p of left.perhaps) unproved.depends('gap', p.opaque, place, p.part)
    return told
  }
  for (const region of places.regions.keys()) {
    const told = look(places.at(region, null), new Set())
    // Whom a rule leaves out by name may stand in a gap where all others are taken; rules that name him can only help.
    for (const group of places.leftOut(region)) {
      const left = solver.left(group.place.local)
      if (left.parts.length + left.vague.length + left.perhaps.length > 0 || left.unknown)
        for (const named of group.named) look(places.at(region, named), told)
    }
    yield
  }
  const overlaps = yield* findOverlaps(space, takers, places, solver, unproved)
  const dead = yield* findDead(space, takers, places, solver, unproved)
  forget(memo)

  // Without geography every combination stands for itself.
  const lead = places.lead && env.fields.get(places.lead.key)
  const topOf = (value: FieldValue): string =>
    lead?.type === 'division' ? (env.hierarchies.ancestors('division', String(value)).at(-1) ?? String(value)) : ''
  const together = lead ? joinPlaces(gaps.values()).flatMap(g => apartByTop(g, places, topOf)) : [...gaps.values()]
  const finding = <More>(found: Gathered<More>) => toFinding(found, space, places)
  const first = <More>(list: Iterable<Gathered<More>>) =>
    [...list].sort((a, b) => Number(a.vague) - Number(b.vague) || b.size - a.size).slice(0, KEPT)
  return {
    rules: takers.filter(t => t.exclusive).length,
    gaps: {
      list: first(together).map(g => ({ ...finding(g), near: nearestTo(g.place, g.part).map(t => takers[t]!.id) })),
      total: together.length,
      vague: together.filter(g => g.vague).length,
      more: moreGaps || allowance.steps < 0,
    },
    overlaps: {
      list: first(overlaps.found).map((o: Gathered<OverlapBetween>) => ({
        ...finding(o),
        territoryIds: [takers[o.more.one]!.id, takers[o.more.two]!.id] as const,
      })),
      total: overlaps.found.length,
      vague: overlaps.found.filter(o => o.vague).length,
      more: overlaps.more || allowance.steps < 0,
    },
    dead: { list: dead.slice(0, KEPT), total: dead.length, more: false, vague: 0 },
    notProved: unproved.list(),
    solved: { ...places.solved },
  }
}

/** What has not been met in the last dozen proofs is not worth its memory. */
const REMEMBERED = 12
function forget(memo: ProofMemo): void {
  for (const [key, local] of memo.locals) if (local.run < memo.run - REMEMBERED) memo.locals.delete(key)
}
