/** The demo company's territories: seven regions, provinces and strong cities below them, an industry team, key accounts, an overlay. */
import type { Condition } from '../../core/condition/condition.ts'
import { shortName } from '../../core/geography/divisions.ts'
import { DIVISION_GROUPS } from '../../core/geography/groups.ts'
import { loadDivisions } from '../../server/reference/divisions.ts'

export type DemoTerritory = {
  readonly code: string
  readonly name: string
  readonly nameEn: string | null
  readonly parent: string | null
  readonly type: 'geography' | 'industry' | 'key-account' | 'overlay'
  readonly condition: Condition | null
  /** What its people do: a region has a manager, a leaf a lead and perhaps a helper. */
  readonly staff: 'manager' | 'lead' | 'lead+1' | 'none'
  readonly region: string
}

const REGIONS: readonly (readonly [key: string, code: string])[] = [
  ['east', 'E'],
  ['south', 'S'],
  ['north', 'N'],
  ['central', 'M'],
  ['southwest', 'W'],
  ['northeast', 'D'],
  ['northwest', 'X'],
]
/** Cities with a territory of their own. */
const CITIES =
  '3201 3202 3205 3204 3206 3301 3302 3303 3304 3306 3307 3401 3501 3502 3505 3601 3701 3702 3706 4101 4201 4301 4401 4403 4406 4419 4420 4501 5101 5301 6101 2101 2102 1301 1302'.split(
    ' ',
  )
/** Their leads left: customers without owner, for a manager to give away. */
const UNSTAFFED = ['3706', '4420']
/** Left open on purpose: a gap to be found. */
const OPEN = ['54', '71', '81', '82']

const inDivisions = (...values: string[]): Condition => ({ field: 'division', op: 'in', values })

export function makeTerritories(): DemoTerritory[] {
  const divisions = loadDivisions().filter(d => d.status === 'current')
  const names = new Map(divisions.map(d => [d.code, d.name]))
  const list: DemoTerritory[] = [
    { code: 'CN', name: '全国', nameEn: 'Country', parent: null, type: 'geography', condition: null, staff: 'none', region: '' },
  ]
  for (const [key, code] of REGIONS) {
    const group = DIVISION_GROUPS.find(g => g.key === key)!
    list.push({
      code,
      name: group.labels['zh-CN'],
      nameEn: group.labels.en,
      parent: 'CN',
      type: 'geography',
      condition: null,
      staff: 'manager',
      region: code,
    })
    for (const [i, province] of group.codes.filter(c => !OPEN.includes(c.slice(0, 2))).entries()) {
      const own = `${code}-${String(i + 1).padStart(2, '0')}`
      const name = shortName(names.get(province)!)
      list.push({ code: own, name, nameEn: null, parent: code, type: 'geography', condition: inDivisions(province), staff: 'lead+1', region: code })
      for (const [k, city] of CITIES.filter(c => c.startsWith(province.slice(0, 2))).entries()) {
        list.push({
          code: `${own}-${k + 1}`,
          name: shortName(names.get(`${city}00`)!),
          nameEn: null,
          parent: own,
          type: 'geography',
          condition: inDivisions(`${city}00`),
          staff: UNSTAFFED.includes(city) ? 'none' : 'lead+1',
          region: code,
        })
      }
    }
  }
  // Two industry teams that do not overlap, and a third that overlaps the second in Jiangsu: a quarrel to be settled.
  list.push({ code: 'IND', name: '行业部', nameEn: 'Industry teams', parent: null, type: 'industry', condition: null, staff: 'none', region: 'I' })
  list.push({
    code: 'IND-AUTO',
    name: '汽车行业',
    nameEn: 'Automotive',
    parent: 'IND',
    type: 'industry',
    condition: {
      all: [
        { field: 'industry', op: 'in', values: ['C36'] },
        { field: 'tier', op: 'in', values: ['A', 'B'] },
      ],
    },
    staff: 'lead+1',
    region: 'I',
  })
  list.push({
    code: 'IND-PHAR',
    name: '医药行业',
    nameEn: 'Pharmaceuticals',
    parent: 'IND',
    type: 'industry',
    condition: {
      all: [
        { field: 'industry', op: 'in', values: ['C27'] },
        { field: 'size', op: 'between', min: 200 },
      ],
    },
    staff: 'lead+1',
    region: 'I',
  })
  list.push({
    code: 'IND-BIO',
    name: '生物医药园',
    nameEn: 'Bio parks',
    parent: 'IND',
    type: 'industry',
    condition: { all: [{ field: 'industry', op: 'in', values: ['C27'] }, inDivisions('320500')] },
    staff: 'lead',
    region: 'I',
  })
  list.push({
    code: 'KA',
    name: '大客户部',
    nameEn: 'Key accounts',
    parent: null,
    type: 'key-account',
    condition: null,
    staff: 'manager',
    region: 'K',
  })
  list.push({
    code: 'KA-E',
    name: '大客户·东部',
    nameEn: 'Key accounts east',
    parent: 'KA',
    type: 'key-account',
    condition: { all: [{ field: 'tier', op: 'in', values: ['KA'] }, inDivisions(...codesOf('east'), ...codesOf('south'))] },
    staff: 'lead+1',
    region: 'K',
  })
  list.push({
    code: 'KA-W',
    name: '大客户·中西部',
    nameEn: 'Key accounts rest',
    parent: 'KA',
    type: 'key-account',
    condition: { all: [{ field: 'tier', op: 'in', values: ['KA'] }, { none: [inDivisions(...codesOf('east'), ...codesOf('south'))] }] },
    staff: 'lead+1',
    region: 'K',
  })
  list.push({
    code: 'OV-ENERGY',
    name: '新能源协同',
    nameEn: 'New energy overlay',
    parent: null,
    type: 'overlay',
    condition: {
      all: [
        { field: 'industry', op: 'in', values: ['C38'] },
        { field: 'size', op: 'between', min: 300 },
      ],
    },
    staff: 'lead',
    region: 'O',
  })
  return list
}

const codesOf = (key: string): readonly string[] => DIVISION_GROUPS.find(g => g.key === key)!.codes
