/**
 * The workload of the match bench: accounts spread over real counties with a long tail, territories in a tree with inheritance, hybrid
 * leaves, exclusions, ranges and named accounts. Seeded; the same numbers on every machine.
 */
import { buildColumns, type Columns } from '../src/core/condition/columns.ts'
import type { Condition, FieldInfo } from '../src/core/condition/condition.ts'
import type { Env } from '../src/core/condition/evaluate.ts'
import { CODE_HIERARCHIES } from '../src/core/condition/hierarchies.ts'
import { DIVISION_GROUPS } from '../src/core/geography/groups.ts'
import { type Random, seededRandom } from '../src/core/kernel/random.ts'
import type { Model, Territory } from '../src/core/territory/model.ts'
import { loadDivisions } from '../src/server/reference/divisions.ts'
import { loadIndustries } from '../src/server/reference/industries.ts'

export const FIELDS: readonly FieldInfo[] = [
  { key: 'id', type: 'account' },
  { key: 'division', type: 'division' },
  { key: 'industry', type: 'industry' },
  { key: 'tier', type: 'option' },
  { key: 'source', type: 'option' },
  { key: 'size', type: 'number' },
  { key: 'revenue', type: 'number' },
]
export const ENV: Env = { fields: new Map(FIELDS.map(f => [f.key, f])), hierarchies: CODE_HIERARCHIES, lists: new Map() }
const TIERS = ['KA', 'A', 'B', 'C', 'SMB']
const SOURCES = ['import', 'exhibition', 'referral', 'web', 'outbound', 'partner', 'other', 'call']

export type Record_ = {
  readonly division: string | null
  readonly industry: string | null
  readonly tier: string | null
  readonly source: string
  readonly size: number | null
  readonly revenue: number
}
export type World = { readonly records: readonly Record_[]; readonly columns: Columns; readonly model: Model }

const zipf = (random: Random, n: number): number => Math.min(n - 1, Math.floor(n ** random.next()) - 1)

export function makeWorld(accounts: number, territories: number, seed = 1): World {
  const random = seededRandom(seed)
  const counties = shuffle(
    loadDivisions()
      .filter(d => d.level === 'county' && d.status === 'current')
      .map(d => d.code),
    random,
  )
  const industries = shuffle(
    loadIndustries()
      .filter(i => i.code.length === 3)
      .flatMap(i => Array.from({ length: 14 }, (_, k) => `${i.code}${10 + k}`)),
    random,
  )
  const records = Array.from(
    { length: accounts },
    (): Record_ => ({
      division: random.next() < 0.01 ? null : counties[zipf(random, counties.length)]!,
      industry: random.next() < 0.01 ? null : industries[zipf(random, industries.length)]!,
      tier: random.next() < 0.01 ? null : TIERS[zipf(random, 5)]!,
      source: SOURCES[random.int(8)]!,
      size: random.next() < 0.02 ? null : Math.max(1, Math.round(Math.exp(4 + 1.3 * (random.next() + random.next() + random.next() - 1.5)))),
      revenue: Math.round(Math.exp(14 + 2 * (random.next() + random.next() - 1))),
    }),
  )
  const builder = buildColumns(FIELDS)
  for (const [i, r] of records.entries()) builder.add(String(i + 1), key => r[key as keyof Record_])
  return { records, columns: builder.finish(), model: makeModel(territories, accounts, random) }
}

function shuffle<T>(items: T[], random: Random): T[] {
  for (let i = items.length - 1; i > 0; i -= 1) {
    const j = random.int(i + 1)
    ;[items[i], items[j]] = [items[j]!, items[i]!]
  }
  return items
}

/** Regions and provinces, then cities and counties as far as they go, the rest hybrid leaves below them. */
function makeModel(count: number, accounts: number, random: Random): Model {
  const divisions = loadDivisions().filter(d => d.status === 'current')
  const list: Territory[] = []
  const byDivision = new Map<string, string>()
  const add = (parentId: string | null, condition: Condition | null): string => {
    const id = String(list.length + 1)
    list.push({ id, parentId, typeId: '3', code: `T${id}`, name: id, colour: 0, inherit: true, priority: 0, condition, ruleVersion: 1 })
    return id
  }
  const root = add(null, null)
  for (const group of DIVISION_GROUPS.slice(0, 7)) {
    const region = add(root, null)
    for (const code of group.codes) byDivision.set(code, add(region, { field: 'division', op: 'in', values: [code] }))
  }
  const places: { code: string; id: string }[] = [...byDivision].map(([code, id]) => ({ code, id }))
  const structure = Math.min(count * 0.4, count - list.length)
  for (const level of ['city', 'county'] as const) {
    for (const d of divisions.filter(x => x.level === level)) {
      if (list.length >= structure) break
      const parent = byDivision.get(d.parentCode ?? '') ?? byDivision.get(`${d.code.slice(0, 2)}0000`)
      if (!parent) continue
      const id = add(parent, { field: 'division', op: 'in', values: [d.code] })
      byDivision.set(d.code, id)
      places.push({ code: d.code, id })
    }
  }
  const codes = loadIndustries()
    .filter(i => i.code.length === 3)
    .map(i => i.code)
  const some = (n: number) => Array.from({ length: n }, () => random.pick(codes))
  while (list.length < count) {
    const parent = random.pick(places)
    const kind = random.next()
    const industry: Condition = { field: 'industry', op: 'in', values: some(1 + random.int(5)) }
    const low = 10 * 2 ** random.int(6)
    if (kind < 0.45)
      add(parent.id, { all: [industry, { field: 'tier', op: 'in', values: [random.pick(TIERS)] }, { field: 'size', op: 'between', min: low }] })
    else if (kind < 0.6) add(parent.id, { any: [industry, { field: 'source', op: 'in', values: [random.pick(SOURCES)] }] })
    else if (kind < 0.78) add(parent.id, { all: [{ none: [{ field: 'tier', op: 'in', values: [random.pick(TIERS)] }] }, industry] })
    else if (kind < 0.88)
      add(parent.id, {
        all: [
          { field: 'size', op: 'between', min: low, max: low * 8 },
          { field: 'revenue', op: 'between', min: 1e6 * (1 + random.int(5)) },
        ],
      })
    else
      add(null, {
        any: [
          { field: 'id', op: 'in', values: Array.from({ length: 60 }, () => String(1 + random.int(accounts))) },
          { all: [{ field: 'division', op: 'in', values: [parent.code] }, { field: 'source', op: 'in', values: [random.pick(SOURCES)] }, industry] },
        ],
      })
  }
  return { id: '1', types: [{ id: '3', key: 'geography', layer: 'exclusive', precedence: 3 }], territories: list, members: [] }
}
