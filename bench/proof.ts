/**
 * Proof of coverage: gaps, overlaps and dead rules of whole models, and after one edited rule. Two models: one as a company would draw it, with named
 * accounts by the thousand, industry teams, provinces, cities and counties split by tier, size and source, and a few faults; and the random one
 * of the match bench, in which nearly everything overlaps. Correctness first: thousands of random records are asked of the engine.
 */
import { compileModel } from '../src/core/assignment/compile.ts'
import type { Condition, Facts } from '../src/core/condition/condition.ts'
import { type Env, evaluate } from '../src/core/condition/evaluate.ts'
import { type Random, seededRandom } from '../src/core/kernel/random.ts'
import { makeProofMemo, type Proof, type ProofInput, type ProofTaker, proveCoverage } from '../src/core/territory/coverage.ts'
import type { FieldDomain } from '../src/core/territory/coverage-atoms.ts'
import type { Model, Territory } from '../src/core/territory/model.ts'
import { loadDivisions } from '../src/server/reference/divisions.ts'
import { loadIndustries } from '../src/server/reference/industries.ts'
import { cost, median, type Point } from './measure.ts'
import { ENV, makeWorld } from './world.ts'

const TIERS = ['KA', 'A', 'B', 'C', 'SMB']
const SOURCES = ['import', 'exhibition', 'referral', 'web', 'outbound', 'partner', 'other', 'call']
const ACCOUNTS = 1_000_000

const DOMAINS: ReadonlyMap<string, FieldDomain> = new Map<string, FieldDomain>([
  [
    'division',
    {
      kind: 'listed',
      values: loadDivisions().map(d => d.code),
      vague: new Set(
        loadDivisions()
          .filter(d => d.status === 'retired')
          .map(d => d.code),
      ),
    },
  ],
  ['industry', { kind: 'listed', values: loadIndustries().map(i => i.code) }],
  ['tier', { kind: 'listed', values: TIERS }],
  ['source', { kind: 'listed', values: SOURCES }],
  ['size', { kind: 'number', whole: true, min: 0 }],
  ['revenue', { kind: 'number', whole: true, min: 0 }],
])

const is = (field: string, ...values: string[]): Condition => ({ field, op: 'in', values })
const all = (...lines: Condition[]): Condition => ({ all: lines })
const atLeast = (min: number): Condition => ({ field: 'size', op: 'between', min })
const below = (max: number): Condition => ({ field: 'size', op: 'between', max: max - 1 })

/** A company's map of about `count` territories that take accounts, and the places that hand down their rule to them. In every 400 places one piece is forgotten and one is drawn twice. */
function drawn(count: number, random: Random): { model: Model; env: Env } {
  const list: Territory[] = []
  const add = (parentId: string | null, typeId: string, condition: Condition | null): string => {
    const id = String(list.length + 1)
    list.push({ id, parentId, typeId, code: `T${id}`, name: id, colour: 0, inherit: true, priority: 0, condition, ruleVersion: 1 })
    return id
  }
  const ids = (n: number) => Array.from({ length: n }, () => String(1 + random.int(ACCOUNTS)))
  const lists = new Map([
    ['1', new Set(ids(5_000))],
    ['2', new Set(ids(3_000))],
  ])
  // One province was forgotten altogether.
  const divisions = loadDivisions().filter(d => d.status === 'current' && !d.code.startsWith('54'))
  const industries = loadIndustries()
    .filter(i => i.code.length === 3)
    .map(i => i.code)
  const country = add(null, 'geography', null)
  // Key accounts by name: lists of their own, and two of thousands.
  add(null, 'named', { field: 'id', op: 'inList', list: '1' })
  add(null, 'named', all({ field: 'id', op: 'inList', list: '2' }, is('tier', 'KA')))
  for (let i = 0; i < count * 0.04; i += 1) add(null, 'named', is('id', ...ids(20 + random.int(80))))
  // Industry teams of the larger accounts; one of them leaves out a list of thousands.
  for (let i = 0; i < Math.min(industries.length, count * 0.03); i += 1)
    add(
      null,
      'industry',
      all(
        is('industry', industries[i]!),
        is('tier', 'KA', 'A'),
        atLeast(200 + 100 * (i % 4)),
        ...(i === 0 ? [{ field: 'id', op: 'notInList', list: '2' } as Condition] : []),
      ),
    )
  // Places that are split take nobody themselves; the others take the rest of what lies below them.
  const parents = new Map(divisions.map(d => [d.code, d.parentCode]))
  const chosen: string[] = []
  for (const level of ['province', 'city', 'county'] as const)
    for (const d of divisions.filter(x => x.level === level)) if (chosen.length < count * 0.4) chosen.push(d.code)
  const above = new Set(chosen.map(code => parents.get(code)))
  const places = new Map<string, string>()
  for (const code of chosen)
    places.set(code, add(places.get(parents.get(code) ?? '') ?? country, above.has(code) ? 'geography' : 'structure', is('division', code)))
  // They are split by tier, by size, by source or by industry, each piece a territory.
  const codes = chosen.filter(code => !above.has(code))
  const takers = () => list.filter(t => t.condition !== null && t.typeId !== 'structure').length
  for (let i = 0, left = count - takers(); left > 0; i += 1) {
    const parent = places.get(codes[i % codes.length]!)!
    const size = [20, 50, 100, 200, 500][random.int(5)]!
    const some = Array.from({ length: 3 + random.int(8) }, () => random.pick(industries))
    const kinds: readonly (readonly Condition[])[] = [
      [is('tier', 'KA', 'A'), { none: [is('tier', 'KA', 'A')] }],
      [atLeast(size), below(size)],
      [all(is('tier', 'KA', 'A', 'B'), atLeast(size)), { none: [all(is('tier', 'KA', 'A', 'B'), atLeast(size))] }],
      [
        is('industry', ...some),
        all({ none: [is('industry', ...some)] }, is('source', ...SOURCES.slice(0, 4))),
        all({ none: [is('industry', ...some), is('source', ...SOURCES.slice(0, 4))] }),
      ],
    ]
    // What is left when every place is split goes to teams that stand over one piece with a narrower rule.
    const pieces = i < codes.length ? random.pick(kinds) : [all(random.pick(kinds[3]!), is('tier', 'KA'), atLeast(size))]
    left -= pieces.length
    for (const [k, piece] of pieces.entries()) if (i % 400 !== 150 || k > 0) add(parent, i < codes.length ? 'split' : 'team', piece)
    if (i % 400 === 200) add(parent, 'split', pieces[0]!)
  }
  return {
    model: {
      id: '1',
      types: [
        { id: 'named', key: 'named', layer: 'exclusive', precedence: 1 },
        { id: 'industry', key: 'industry', layer: 'exclusive', precedence: 2 },
        { id: 'team', key: 'team', layer: 'exclusive', precedence: 3 },
        { id: 'split', key: 'split', layer: 'exclusive', precedence: 4 },
        { id: 'geography', key: 'geography', layer: 'exclusive', precedence: 5 },
      ],
      territories: list,
      members: [],
    },
    env: { ...ENV, lists },
  }
}

function inputOf(model: Model, env: Env): ProofInput {
  const { takers } = compileModel(model, env)
  return {
    takers: takers.map(t => ({ id: t.territoryId, rank: t.rank, exclusive: t.exclusive, condition: t.node.effective! })),
    env,
    domains: DOMAINS,
  }
}

/** What the engine says of random records against what the proof says of the rules. */
function check(model: Model, env: Env, input: ProofInput, proof: Proof, random: Random, records: number): void {
  const compiled = compileModel(model, env)
  const rank = new Map(input.takers.map(t => [t.id, t.rank]))
  const counties = loadDivisions()
    .filter(d => d.status === 'current' && d.level === 'county')
    .map(d => d.code)
  const industries = loadIndustries()
    .filter(i => i.code.length === 3)
    .map(i => i.code)
  const held = (facts: Facts): readonly string[] =>
    compiled.index
      .match(facts)
      .sort((a, b) => a - b)
      .map(i => compiled.takers[i]!)
      .filter(t => t.exclusive)
      .map(t => t.territoryId)
  const best = (ids: readonly string[]) => ids.filter(id => rank.get(id) === rank.get(ids[0]!))
  const fail = (what: string, facts: Facts): never => {
    throw new Error(`proof: ${what}: ${JSON.stringify(facts)}`)
  }
  for (const gap of proof.gaps.list) if (held(gap.witness).length > 0) fail('the witness of a gap is taken', gap.witness)
  for (const o of proof.overlaps.list) {
    const rivals = best(held(o.witness))
    if (!o.territoryIds.every(id => rivals.includes(id))) fail('the witness of an overlap is not contested', o.witness)
  }
  const dead = new Set(proof.dead.list.map(d => d.territoryId))
  const pairs = new Set(proof.overlaps.list.map(o => o.territoryIds.join('/')))
  const wholeGaps = !proof.gaps.more && proof.gaps.total === proof.gaps.list.length
  const wholeOverlaps = !proof.overlaps.more && proof.overlaps.total === proof.overlaps.list.length
  for (let i = 0; i < records; i += 1) {
    const facts: Facts = {
      id: String(1 + random.int(ACCOUNTS)),
      division: random.pick(counties),
      industry: random.pick(industries),
      tier: random.pick(TIERS),
      source: random.pick(SOURCES),
      size: [1, 19, 20, 49, 50, 99, 100, 199, 200, 320, 499, 500, 900][random.int(13)]!,
      revenue: 500_000 * random.int(14),
    }
    const ids = held(facts)
    if (ids.length === 0) {
      const unnamed = { ...facts, id: '0' }
      if (wholeGaps && !proof.gaps.list.some(g => evaluate(g.condition, unnamed, env) === 'yes')) fail('a gap was not found', facts)
      continue
    }
    if (dead.has(ids[0]!)) fail('a dead rule wins', facts)
    const rivals = best(ids)
    if (wholeOverlaps)
      for (const [k, a] of rivals.entries())
        for (const b of rivals.slice(k + 1)) if (!pairs.has(`${a}/${b}`)) fail(`the overlap of ${a} and ${b} was not found`, facts)
  }
}

/** The same rules with one of them changed: a tier is added to it, or taken from it. */
function edited(input: ProofInput, at: number): ProofInput {
  const takers = input.takers.map((t, i): ProofTaker => (i === at ? { ...t, condition: all(t.condition, is('tier', 'A', 'C')) } : t))
  return { ...input, takers }
}

const RUNS = 3
const limit = (name: string, ours: number, goal: number, note?: string): Point => ({
  name,
  ours,
  peer: goal,
  unit: 's CPU',
  ratio: goal / ours,
  goal: `≤ ${goal} s`,
  met: ours <= goal,
  ...(note ? { note } : {}),
})

export async function benchProof(territories: number, goal: number, small: boolean): Promise<readonly Point[]> {
  const points: Point[] = []
  const random = seededRandom(11)
  const models = [
    { name: 'drawn', ...drawn(territories, random) },
    { name: 'random', model: makeWorld(ACCOUNTS / 10, territories).model, env: ENV },
  ]
  for (const { name, model, env } of models) {
    const input = inputOf(model, env)
    const memo = makeProofMemo()
    const proof = proveCoverage(input, memo)
    check(model, env, input, proof, random, small ? 2_000 : 20_000)
    const next = edited(input, Math.floor(input.takers.length / 2))
    const { solved, ...kept } = proveCoverage(next, memo)
    const { solved: _, ...fresh } = proveCoverage(next)
    if (JSON.stringify(kept) !== JSON.stringify(fresh)) throw new Error(`proof: after an edit the memory gives another answer (${name})`)
    if (small) continue
    const whole: number[] = []
    const again: number[] = []
    for (let run = 0; run < RUNS; run += 1) {
      const own = makeProofMemo()
      whole.push(await cost(() => proveCoverage(input, own)))
      again.push(await cost(() => proveCoverage(edited(input, (run + 1) * Math.floor(input.takers.length / (RUNS + 2))), own)))
    }
    const found = `${proof.rules} rules; gaps ${proof.gaps.total}${proof.gaps.more ? '+' : ''}, overlaps ${proof.overlaps.total}${proof.overlaps.more ? '+' : ''}, dead ${proof.dead.total}, not proved ${proof.notProved.length}; after one edited rule ${median(again).toFixed(2)} s, ${solved.made} places solved anew of ${solved.made + solved.reused}`
    points.push(limit(`proof ${territories}, ${name} model`, median(whole), goal, found))
  }
  return points
}
