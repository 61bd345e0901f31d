/**
 * Which records together are one company 聚类: pairs that merge are joined, the surest first, unless two members exclude each other (two valid
 * credit codes, a branch, a sister); what a group knows together then decides about those who were in doubt alone.
 */
import type { Frequencies } from './frequencies.ts'
import { type DedupeRecord, joinRecords } from './record.ts'
import { type PairScore, scorePair } from './score.ts'

export type ScoredPair = { readonly i: number; readonly j: number; readonly pair: PairScore }
export type Clustering = {
  /** Places of records, each group with two or more. */
  readonly groups: readonly (readonly number[])[]
  /** Pairs that a person should look at, between groups or records that stayed apart. */
  readonly reviews: readonly ScoredPair[]
}

const MOST_ROUNDS = 4

export function cluster(
  records: readonly DedupeRecord[],
  pairs: readonly ScoredPair[],
  seen: Frequencies,
  soundOf: (char: string) => string,
  /** Pairs of ids somebody called different: they never meet in one group. */
  different: ReadonlySet<string> = new Set(),
): Clustering {
  const groupOf = records.map((_, i) => i)
  const members = new Map<number, number[]>()
  const of = (group: number): readonly number[] => members.get(group) ?? [group]
  const joined = new Map<number, DedupeRecord>()
  const recordOf = (group: number): DedupeRecord => {
    if (of(group).length === 1) return records[group]!
    let record = joined.get(group)
    if (record === undefined) {
      record = joinRecords(of(group).map(i => records[i]!))
      joined.set(group, record)
    }
    return record
  }
  const excluded = (g: number, h: number): boolean =>
    of(g).some(i =>
      of(h).some(j => different.has(pairKey(records[i]!.id, records[j]!.id)) || vetoes(scorePair(records[i]!, records[j]!, seen, soundOf))),
    )
  const join = (g: number, h: number) => {
    const [into, from] = g < h ? [g, h] : [h, g]
    const all = [...of(into), ...of(from)]
    for (const i of of(from)) groupOf[i] = into
    members.set(into, all)
    members.delete(from)
    joined.delete(into)
    joined.delete(from)
  }
  let open = [...pairs].sort((x, y) => y.pair.bits - x.pair.bits || x.i - y.i || x.j - y.j)
  for (const { i, j, pair } of open) {
    const [g, h] = [groupOf[i]!, groupOf[j]!]
    if (pair.decision === 'merge' && g !== h && !excluded(g, h)) join(g, h)
  }
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    let changed = false
    for (const { i, j } of open) {
      const [g, h] = [groupOf[i]!, groupOf[j]!]
      if (g === h || (of(g).length === 1 && of(h).length === 1)) continue
      if (scorePair(recordOf(g), recordOf(h), seen, soundOf).decision === 'merge' && !excluded(g, h)) {
        join(g, h)
        changed = true
      }
    }
    open = open.filter(({ i, j }) => groupOf[i] !== groupOf[j])
    if (!changed) break
  }
  return {
    groups: [...members.values()].filter(group => group.length > 1).map(group => [...group].sort((x, y) => x - y)),
    reviews: open.filter(({ i, j, pair }) => pair.decision !== 'no' && !different.has(pairKey(records[i]!.id, records[j]!.id))),
  }
}

const vetoes = (pair: PairScore): boolean => pair.veto !== null

export const pairKey = (a: string, b: string): string => (a < b ? `${a}|${b}` : `${b}|${a}`)
