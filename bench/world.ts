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

/** Places of a list with weights falling as 1 / rank^s: counties with s = 0.8, industries and tiers with s = 1 (field-notes/performance.md §1.1). */
function zipf(n: number, s: number): (random: Random) => number {
  const sums = new Float64Array(n)
  let sum = 0
  for (let k = 0; k < n; k += 1) {
    sum += (k + 1) ** -s
    sums[k] = sum
  }
  return random => {
    const dice = random.next() * sum
    let low = 0
    let high = n - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (sums[middle]! <= dice) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** `missing`: about one value in a hundred is not known. */
export function makeWorld(accounts: number, territories: number, seed = 1, missing = true): World {
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
  const county = zipf(counties.length, 0.8)
  const industry = zipf(industries.length, 1)
  const tier = zipf(5, 1)
  const records = Array.from(
    { length: accounts },
    (): Record_ => ({
      division: missing && random.next() < 0.01 ? null : counties[county(random)]!,
      industry: missing && random.next() < 0.01 ? null : industries[industry(random)]!,
      tier: missing && random.next() < 0.01 ? null : TIERS[tier(random)]!,
      source: SOURCES[random.int(8)]!,
      size:
        missing && random.next() < 0.02 ? null : Math.max(1, Math.round(Math.exp(4 + 1.3 * (random.next() + random.next() + random.next() - 1.5)))),
      revenue: Math.round(Math.exp(14 + 2 * (random.next() + random.next() - 1))),
    }),
  )
  const builder = buildColumns(FIELDS)
  for (const [i, r] of records.entries()) builder.add(String(i + 1), key => r[key as keyof Record_])
  return { records, columns: builder.finish(), model: makeModel(territories, accounts, counties, random) }
}

function shuffle<T>(items: T[], random: Random): T[] {
  for (let i = items.length - 1; i > 0; i -= 1) {
    const j = random.int(i + 1)
    ;[items[i], items[j]] = [items[j]!, items[i]!]
  }
  return items
}

/** Regions and provinces, then cities and counties as far as they go, the rest hybrid leaves below them. */
function makeModel(count: number, accounts: number, counties: readonly string[], random: Random): Model {
  const divisions = loadDivisions().filter(d => d.status === 'current')
  const list: Territory[] = []
  const byDivision = new Map<string, string>()
  // Regions, provinces, cities and counties hand down their rule and take nobody themselves, as in field-notes/performance.md §1.1.
  const add = (parentId: string | null, condition: Condition | null, typeId = 'leaf'): string => {
    const id = String(list.length + 1)
    list.push({ id, parentId, typeId, code: `T${id}`, name: id, colour: 0, inherit: true, priority: 0, condition, ruleVersion: 1 })
    return id
  }
  const root = add(null, null, 'structure')
  const regions: string[] = []
  for (const group of DIVISION_GROUPS.slice(0, 7)) {
    const region = add(root, { field: 'division', op: 'in', values: group.codes }, 'structure')
    regions.push(region)
    for (const code of group.codes) byDivision.set(code, add(region, { field: 'division', op: 'in', values: [code] }, 'structure'))
  }
  const places: { code: string; id: string }[] = [...byDivision].map(([code, id]) => ({ code, id }))
  const structure = Math.min(count * 0.4, count - list.length)
  for (const level of ['city', 'county'] as const) {
    for (const d of divisions.filter(x => x.level === level)) {
      if (list.length >= structure) break
      const parent = byDivision.get(d.parentCode ?? '') ?? byDivision.get(`${d.code.slice(0, 2)}0000`)
      if (!parent) continue
      const id = add(parent, { field: 'division', op: 'in', values: [d.code] }, 'structure')
      byDivision.set(d.code, id)
      places.push({ code: d.code, id })
    }
  }
  const codes = loadIndustries()
    .filter(i => i.code.length === 3)
    .map(i => i.code)
  const some = (n: number) => Array.from({ length: n }, () => random.pick(codes))
  const oneOf = (field: string, values: readonly string[]): Condition => ({ field, op: 'in', values })
  // Leaves stand on every level, as teams do: key accounts and industries for the whole country, some for a region, most for a province,
  // a city or a county. Kinds and their shares as in field-notes/performance.md §1.1.
  const levels = [
    { share: 0.02, at: [root] },
    { share: 0.06, at: regions },
    { share: 0.2, at: places.filter(p => p.code.endsWith('0000')).map(p => p.id) },
    { share: 1, at: places.filter(p => !p.code.endsWith('0000')).map(p => p.id) },
  ]
  const codeOf = new Map(places.map(p => [p.id, p.code]))
  const somewhere = (): { id: string; code: string } => {
    const dice = random.next()
    const at = levels.find(l => dice < l.share && l.at.length > 0) ?? levels[2]!
    const id = random.pick(at.at)
    return { id, code: codeOf.get(id) ?? random.pick(places).code }
  }
  while (list.length < count) {
    const parent = somewhere()
    const kind = random.next()
    const industry = oneOf('industry', some(1 + random.int(5)))
    const low = 10 * 2 ** random.int(6)
    if (kind < 0.4) add(parent.id, { all: [industry, oneOf('tier', [random.pick(TIERS)]), { field: 'size', op: 'between', min: low }] })
    else if (kind < 0.55) add(parent.id, { any: [industry, oneOf('source', [random.pick(SOURCES)])] })
    else if (kind < 0.7) add(parent.id, { all: [{ none: [oneOf('tier', [random.pick(TIERS)])] }, industry] })
    else if (kind < 0.8)
      add(null, {
        any: [
          oneOf(
            'id',
            Array.from({ length: 60 }, () => String(1 + random.int(accounts))),
          ),
          { all: [oneOf('division', [parent.code]), oneOf('source', [random.pick(SOURCES)]), industry] },
        ],
      })
    else if (kind < 0.9) {
      const revenue: Condition = { field: 'revenue', op: 'between', min: 1e6 * (1 + random.int(5)) }
      add(parent.id, { all: [{ field: 'size', op: 'between', min: low, max: low * 8 }, revenue] })
    } else
      add(
        null,
        oneOf(
          'division',
          Array.from({ length: 20 + random.int(130) }, () => random.pick(counties)),
        ),
      )
  }
  return { id: '1', types: [{ id: 'leaf', key: 'geography', layer: 'exclusive', precedence: 3 }], territories: list, members: [] }
}
