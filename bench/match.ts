/** Match: every account against every territory; the rule index against generated code and the best set-based SQL, pairs checked first. */

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import copyStreams from 'pg-copy-streams'
import { type CompiledModel, compileModel } from '../src/core/assignment/compile.ts'
import { divisionAncestors } from '../src/core/condition/hierarchies.ts'
import { indexRules, type RuleIndex } from '../src/core/condition/index-rules.ts'
import { toDnf } from '../src/core/condition/normal-form.ts'
import { loadDivisions } from '../src/server/reference/divisions.ts'
import { encode, generate } from './codegen-peer.ts'
import { backendOf, cost, median, type Point, pointOf } from './measure.ts'
import { ENV, makeWorld, type World } from './world.ts'

/** Every pair, written out by both sides, and in a sample the same, one by one: here the takers of each account one after the other … */
class Held {
  readonly first: Int32Array
  rules: Int32Array
  constructor(accounts: number, pairs: number) {
    this.first = new Int32Array(accounts + 1)
    this.rules = new Int32Array(pairs)
  }
}
/** … and there account and taker side by side. */
export class Pairs {
  readonly account: Int32Array
  readonly taker: Int32Array
  count = 0
  constructor(capacity: number) {
    this.account = new Int32Array(capacity)
    this.taker = new Int32Array(capacity)
  }
}

function matchAll(index: RuleIndex, world: World, to: number, held: Held): number {
  const scan = index.scan(world.columns)
  let n = 0
  for (let i = 0; i < to; ) {
    const block = scan.block(i)
    const end = Math.min(block.to, to)
    const count = block.begins[end - block.from]!
    if (n + count > held.rules.length) {
      const larger = new Int32Array(held.rules.length * 2)
      larger.set(held.rules)
      held.rules = larger
    }
    if (count === 0) held.first.fill(n, i, end)
    else {
      held.rules.set(block.rules.subarray(0, count), n)
      for (let k = 0, at = i; at < end; k += 1, at += 1) held.first[at] = n + block.begins[k]!
    }
    i = end
    n += count
  }
  held.first[to] = n
  return n
}

/** Pairs as one sorted list of numbers. */
const listOf = ({ account, taker, count }: Pairs, takers: number): Float64Array =>
  Float64Array.from({ length: count }, (_, k) => account[k]! * takers + taker[k]!).sort()

function listOfHeld({ first, rules }: Held, accounts: number, takers: number): Float64Array {
  const list = new Float64Array(first[accounts]!)
  for (let i = 0; i < accounts; i += 1) for (let k = first[i]!; k < first[i + 1]!; k += 1) list[k] = i * takers + rules[k]!
  return list.sort()
}

function assertSame(what: string, ours: Float64Array, theirs: Float64Array): void {
  const at = ours.findIndex((pair, k) => pair !== theirs[k])
  if (ours.length !== theirs.length || at >= 0) throw new Error(`${what} differs: ${ours.length} pairs against ${theirs.length}, first at ${at}`)
}

const cell = (v: unknown) => (v === null || v === undefined ? '\\N' : String(v))
const load = (client: pg.Client, table: string, lines: Iterable<string>): Promise<void> =>
  pipeline(Readable.from(lines), client.query(copyStreams.from(`copy ${table} from stdin`)))

export async function loadAccounts(client: pg.Client, { records }: World, accounts: number): Promise<void> {
  await client.query(
    `drop table if exists b_account; create unlogged table b_account (id int, division text, industry text, tier text, source text, size float8, revenue float8)`,
  )
  const lines = function* () {
    for (let i = 0; i < accounts; i += 1) {
      const r = records[i]!
      yield `${[i + 1, r.division, r.industry, r.tier, r.source, r.size, r.revenue].map(cell).join('\t')}\n`
    }
  }
  await load(client, 'b_account', lines())
}

/** Conjunctions as rows: divisions expanded to counties and joined by hash, the rest as residual conditions. */
export async function prepareSql(client: pg.Client, compiled: CompiledModel, accounts: number): Promise<string> {
  await client.query(`drop table if exists b_conj, b_place, b_named;
    create unlogged table b_conj (id int, taker int, anywhere bool, ind text[], tier text[], not_tier text[], source text[], min_size float8, max_size float8, min_revenue float8, max_revenue float8);
    create unlogged table b_place (county text, conj int); create unlogged table b_named (account int, conj int)`)
  const counties = loadDivisions()
    .filter(d => d.level === 'county' && d.status === 'current')
    .map(d => d.code)
  const below = new Map<string, string[]>()
  for (const code of counties) for (const c of [code, ...divisionAncestors(code)]) below.set(c, [...(below.get(c) ?? []), code])
  const conj: string[] = []
  const place: string[] = []
  const named: string[] = []
  const array = (values: readonly string[] | null) => (values === null ? '\\N' : `{${values.join(',')}}`)
  for (const [taker, { node }] of compiled.takers.entries()) {
    for (const literals of toDnf(node.effective!) ?? []) {
      let where: ReadonlySet<string> | null = null as ReadonlySet<string> | null
      const ask: {
        ind: string[] | null
        tier: string[] | null
        not: string[] | null
        source: string[] | null
        size: [number | null, number | null]
        revenue: [number | null, number | null]
      } = { ind: null, tier: null, not: null, source: null, size: [null, null], revenue: [null, null] }
      let byName: readonly string[] | null = null
      for (const { predicate: p, negated } of literals) {
        if (p.op === 'between') {
          const range = ask[p.field as 'size']
          if (p.min !== undefined) range[0] = Math.max(range[0] ?? Number.NEGATIVE_INFINITY, Number(p.min))
          if (p.max !== undefined) range[1] = Math.min(range[1] ?? Number.POSITIVE_INFINITY, Number(p.max))
        } else if (p.op === 'in' && p.field === 'id') {
          byName = p.values
        } else if (p.op === 'in' && p.field === 'division') {
          const here = new Set(p.values.flatMap(v => below.get(v) ?? []))
          where = where === null ? here : new Set<string>([...where].filter(c => here.has(c)))
        } else if (p.op === 'in') {
          const key = p.field === 'industry' ? 'ind' : (p.field as 'tier' | 'source')
          if (negated) ask.not = [...(ask.not ?? []), ...p.values]
          else ask[key] = ask[key] ? ask[key].filter(v => p.values.includes(v)) : [...p.values]
        }
      }
      const id = conj.length
      for (const v of byName ?? []) if (Number(v) <= accounts) named.push(`${v}\t${id}\n`)
      conj.push(
        `${[id, taker, where === null && byName === null, array(ask.ind), array(ask.tier), array(ask.not), array(ask.source), ask.size[0], ask.size[1], ask.revenue[0], ask.revenue[1]].map(cell).join('\t')}\n`,
      )
      for (const county of byName ? [] : (where ?? [])) place.push(`${county}\t${id}\n`)
    }
  }
  await load(client, 'b_conj', conj)
  await load(client, 'b_place', place)
  await load(client, 'b_named', new Set(named))
  await client.query(
    "analyze b_account; analyze b_conj; analyze b_place; analyze b_named; set max_parallel_workers_per_gather = 0; set work_mem = '512MB'; set jit = off",
  )
  const residual = `(c.ind is null or left(a.industry, 3) = any(c.ind)) and (c.tier is null or a.tier = any(c.tier)) and (c.not_tier is null or a.tier <> all(c.not_tier)) and (c.source is null or a.source = any(c.source))
    and (c.min_size is null or a.size >= c.min_size) and (c.max_size is null or a.size <= c.max_size) and (c.min_revenue is null or a.revenue >= c.min_revenue) and (c.max_revenue is null or a.revenue <= c.max_revenue)`
  return `create unlogged table b_pair as
    select a.id, c.taker from b_account a join b_place p on p.county = a.division join b_conj c on c.id = p.conj where ${residual}
    union select a.id, c.taker from b_account a join b_conj c on c.anywhere where ${residual}
    union select a.id, c.taker from b_account a join b_named n on n.account = a.id join b_conj c on c.id = n.conj where ${residual}`
}

export async function benchMatch(
  client: pg.Client,
  accounts: number,
  territories: number,
  goals: { code: number; sql: number } | null,
): Promise<readonly Point[]> {
  let world = makeWorld(accounts, territories)
  const compiled = compileModel(world.model, ENV)
  const positions = new Map(compiled.takers.map((t, i) => [t.territoryId, i]))
  // The slow sides are measured on a sample and scaled; the sample is large enough for a fixed cost to vanish.
  const sample = Math.min(accounts, territories >= 10_000 ? 50_000 : 200_000)
  const codes = encode(world.records)
  const generated = generate(compiled.hierarchy, positions)
  const takers = compiled.takers.length
  const held = new Held(accounts, sample * 8)
  const found = matchAll(compiled.index, world, sample, held)
  const mine = listOfHeld(held, sample, takers)
  const theirs = new Pairs(sample * 64)
  generated(codes, 0, sample, theirs)
  assertSame('generated code', mine, listOf(theirs, takers))
  await loadAccounts(client, world, sample)
  const sql = await prepareSql(client, compiled, sample)
  // From here on codes and columns are matched; a million records would only burden the garbage collector of both sides.
  world = { ...world, records: [] }
  const write = async () => {
    await client.query('drop table if exists b_pair')
    return cost(() => client.query(sql), backend)
  }
  const backend = await backendOf(client)
  await write()
  const rows = await client.query<{ pair: string }>(`select (id - 1)::bigint * ${takers} + taker as pair from b_pair`)
  assertSame('SQL', mine, Float64Array.from(rows.rows, r => Number(r.pair)).sort())
  if (!goals) return []
  const runs = { index: [] as number[], code: [] as number[], sql: [] as number[] }
  // Warm both compiled sides up: an engine needs some runs to settle.
  // At a thousand territories the generated code is fast enough to be measured on all accounts.
  const generatedOn = territories < 10_000 ? accounts : sample
  const written = new Pairs(Math.ceil((found / sample) * generatedOn * 1.2))
  for (let round = 0; round < 10; round += 1) {
    matchAll(compiled.index, world, accounts, held)
    if (round > 7) generated(codes, 0, generatedOn, written)
  }
  for (let round = 0; round < (territories >= 10_000 ? 3 : 7); round += 1) {
    runs.index.push(await cost(() => matchAll(compiled.index, world, accounts, held)))
    runs.code.push((await cost(() => generated(codes, 0, generatedOn, written))) * (accounts / generatedOn))
    runs.sql.push((await write()) * (accounts / sample))
  }
  const note = `${accounts.toLocaleString('en')} accounts, ${compiled.takers.length} takers, ${compiled.index.conjunctions} conjunctions, ${found.toLocaleString('en')} pairs in ${sample.toLocaleString('en')}; generated code on ${generatedOn.toLocaleString('en')} accounts, SQL on ${sample.toLocaleString('en')}, scaled`
  const one = compiled.takers.find(t => t.node.depth > 2) ?? compiled.takers.at(-1)!
  const changed = await medianCost(() => matchAll(indexRules([one.node.effective!], ENV), world, accounts, held))
  return [
    pointOf(`match ${territories}: index against generated code`, median(runs.index), median(runs.code), goals.code, 's CPU', note),
    pointOf(`match ${territories}: index against set-based SQL`, median(runs.index), median(runs.sql), goals.sql),
    pointOf(`match ${territories}: one rule changed against a full run`, changed, median(runs.index), 10),
  ]
}

async function medianCost(work: () => void): Promise<number> {
  const runs: number[] = []
  // Warmed up as the full run was.
  for (let round = 0; round < 10; round += 1) work()
  for (let round = 0; round < 7; round += 1) runs.push(await cost(work))
  return median(runs)
}
