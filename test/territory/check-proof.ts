/** A proof against trying everything: whatever it claims must be so, and whatever is so must be claimed, or said to be not proved. */
import assert from 'node:assert/strict'
import { indexRules } from '../../src/core/condition/index-rules.ts'
import { type Proof, type ProofInput, proveCoverage } from '../../src/core/territory/coverage.ts'
import { isVague, judge, type Record_, type SmallWorld, smallWorld } from './proof-worlds.ts'

type Truth = {
  readonly gaps: Set<Record_>
  readonly overlaps: Map<string, Set<Record_>>
  readonly dead: Set<string>
  readonly held: Map<Record_, string[]>
}

export function tryEverything({ input, records }: Pick<SmallWorld, 'input' | 'records'>): Truth {
  const exclusive = input.takers.filter(t => t.exclusive)
  const truth: Truth = { gaps: new Set(), overlaps: new Map(), dead: new Set(exclusive.map(t => t.id)), held: new Map() }
  for (const r of records) {
    const held = exclusive.filter(t => judge(t.condition, r) === 1)
    truth.held.set(
      r,
      held.map(t => t.id),
    )
    if (held.length === 0) truth.gaps.add(r)
    else truth.dead.delete(held[0]!.id)
    const best = held.filter(t => t.rank === held[0]!.rank)
    for (const [i, a] of best.entries())
      for (const b of best.slice(i + 1)) {
        const key = `${a.id}/${b.id}`
        truth.overlaps.set(key, (truth.overlaps.get(key) ?? new Set()).add(r))
      }
  }
  return truth
}

const open = (proof: Proof, outcome: 'gap' | 'overlap' | 'dead') => proof.notProved.some(n => n.outcomes.includes(outcome))

export function checkProof(world: SmallWorld, proof: Proof, truth: Truth = tryEverything(world)): void {
  const { records, fields } = world
  const unnamed = (r: Record_): Record_ => ({ ...r, id: '77' })
  /** All records that a finding speaks of; where a description is only an outline (old codes, several options at once), its witness alone. */
  const spokenOf = (finding: Proof['gaps']['list'][number] | Proof['overlaps']['list'][number]): readonly Record_[] => {
    const plain = !finding.vague && !fields.includes('tags')
    const all = plain ? records.filter(r => !isVague(r, fields) && judge(finding.condition, r) === 1) : []
    // The witness stands for a record that was tried: the same rules hold for both.
    return [...all, finding.witness]
  }
  const heldBy = (r: Record_) => truth.held.get(r) ?? world.input.takers.filter(t => t.exclusive && judge(t.condition, r) === 1).map(t => t.id)
  for (const gap of proof.gaps.list) {
    assert.equal(gap.vague, isVague(gap.witness, fields), 'vague is said of vague values alone')
    for (const r of spokenOf(gap)) assert.deepEqual(heldBy(r), [], `false gap ${JSON.stringify([gap, r])}`)
  }
  if (!proof.gaps.more && !open(proof, 'gap'))
    for (const r of truth.gaps)
      assert.ok(
        proof.gaps.list.some(g => fields.includes('tags') || g.vague || judge(g.condition, r) === 1 || judge(g.condition, unnamed(r)) === 1),
        `gap not found ${JSON.stringify(r)}`,
      )
  // And the engine that places accounts says the same of every witness.
  const { takers, env } = world.input
  const engine = indexRules(
    takers.map(t => t.condition),
    env,
  )
  const placed = (r: Record_) =>
    engine
      .match(r)
      .sort((a, b) => a - b)
      .map(i => takers[i]!)
      .filter(t => t.exclusive)
  for (const gap of proof.gaps.list) assert.deepEqual(placed(gap.witness), [], 'the engine takes the witness of a gap')
  for (const overlap of proof.overlaps.list) {
    const held = placed(overlap.witness)
    const best = held.filter(t => t.rank === held[0]!.rank).map(t => t.id)
    for (const id of overlap.territoryIds) assert.ok(best.includes(id), 'the engine does not contest the witness of an overlap')
  }
  const rank = new Map(world.input.takers.map(t => [t.id, t.rank]))
  for (const overlap of proof.overlaps.list)
    for (const r of spokenOf(overlap)) {
      const held = heldBy(r)
      const best = held.filter(id => rank.get(id) === rank.get(held[0]!))
      for (const id of overlap.territoryIds) assert.ok(best.includes(id), `false overlap ${JSON.stringify([overlap, r, held])}`)
    }
  if (!proof.overlaps.more && !open(proof, 'overlap'))
    for (const [key, where] of truth.overlaps) {
      const found = proof.overlaps.list.find(o => o.territoryIds.join('/') === key)
      assert.ok(found, `overlap not found ${key} ${JSON.stringify([...where][0])}`)
      // Precise wherever it can be.
      if ([...where].some(r => !isVague(r, fields))) assert.equal(found.vague, false, key)
    }
  for (const dead of proof.dead.list) {
    assert.ok(truth.dead.has(dead.territoryId), `false dead rule ${JSON.stringify(dead)}`)
    if (dead.coveredBy.length < 8)
      for (const [, held] of truth.held)
        if (held.includes(dead.territoryId))
          assert.ok(
            dead.coveredBy.some(id => held.includes(id) && held.indexOf(id) < held.indexOf(dead.territoryId)),
            `not covered by those named ${JSON.stringify([dead, held])}`,
          )
  }
  if (!open(proof, 'dead')) assert.deepEqual(new Set(proof.dead.list.map(d => d.territoryId)), truth.dead, 'dead rules')
}

/** Random models one after the other; the seed of one that fails stands in the message. */
export function checkWorlds(seed: number, models: number, prove: (input: ProofInput) => Proof = proveCoverage) {
  const told = { gap: 0, overlap: 0, dead: 0, open: 0, none: 0 }
  for (let i = 0; i < models; i += 1) {
    const world = smallWorld(seed + i)
    const proof = prove(world.input)
    try {
      checkProof(world, proof)
    } catch (error) {
      const rules = world.input.takers.map(t => `${t.id} ${t.rank} ${t.exclusive} ${JSON.stringify(t.condition)}`)
      throw new Error(`model ${seed + i} over ${world.fields.join()}:\n${rules.join('\n')}\n${(error as Error).message}`, { cause: error })
    }
    if (proof.gaps.total > 0) told.gap += 1
    if (proof.overlaps.total > 0) told.overlap += 1
    if (proof.dead.total > 0) told.dead += 1
    if (proof.notProved.length > 0) told.open += 1
    if (proof.gaps.total + proof.overlaps.total + proof.dead.total + proof.notProved.length === 0) told.none += 1
  }
  return told
}
