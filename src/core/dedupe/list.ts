/**
 * A whole list checked for duplicates 批量查重: columns found by their headings, records compared, groups formed, and every pair told with its
 * decision and its evidence. With the truth at hand it says how good it was, so that a company can try its own list before it trusts us.
 */
import { guessColumns, type TargetField } from '../account/map-columns.ts'
import { cluster, pairKey, type ScoredPair } from './cluster.ts'
import type { NameReader } from './company-name.ts'
import { countValues } from './frequencies.ts'
import { candidatePairs } from './keys.ts'
import { matchPeople, PERSON_FIELDS, type PersonField } from './people.ts'
import { readRecord } from './record.ts'
import { type Decision, scorePair } from './score.ts'

export type ListKind = 'company' | 'person'
/** `fields[c]`: what column c holds, or null. */
export type ListColumns = { readonly kind: ListKind; readonly fields: readonly (string | null)[] }
export type ListPair = {
  readonly a: string
  readonly b: string
  readonly score: number
  readonly decision: Decision
  /** feature=level+bits, apart by spaces; `group` when others of the group join the two. */
  readonly evidence: string
}

const COMPANY_HEADINGS: Readonly<Record<string, readonly string[]>> = {
  id: ['id', '编号', '客户编号', '记录编号', 'recordid', 'recid', 'externalid', 'customerid', '客户编码', '客户代码', 'key'],
  names: [
    '客户名称',
    '公司名称',
    '企业名称',
    '单位名称',
    '公司全称',
    '全称',
    '名称',
    '客户',
    '公司',
    'name',
    'company',
    'companyname',
    'accountname',
    '简称',
    '公司简称',
    '曾用名',
    '别名',
    'shortname',
    'alias',
    '英文名',
    'englishname',
  ],
  creditCode: ['统一社会信用代码', '信用代码', '社会信用代码', '税号', '纳税人识别号', 'uscc', 'creditcode', 'taxid', 'vat'],
  phones: ['电话', '手机', '联系电话', '座机', '电话号码', '手机号', 'phone', 'tel', 'mobile', 'telephone'],
  emails: ['邮箱', '电子邮箱', '邮件', 'email', 'mail', 'emailaddress'],
  website: ['网址', '官网', '网站', '公司网址', 'website', 'url', 'homepage', 'domain'],
  contacts: ['联系人', '联系人姓名', '对接人', 'contact', 'contactname', 'contactperson', '法人', '法定代表人'],
  addresses: ['地址', '详细地址', '注册地址', '办公地址', '公司地址', '联系地址', '经营地址', 'address', 'street'],
  division: ['行政区划', '行政区划代码', '地区', '所在地区', '省市区', '区域代码', 'division', 'region', 'regioncode'],
  industry: ['行业', '所属行业', '行业门类', '一级行业', 'industry', 'sector'],
}
const PERSON_HEADINGS: Readonly<Record<PersonField | 'id', readonly string[]>> = {
  id: ['id', '编号', 'recordid', 'recid', 'externalid', 'key'],
  given: ['名', 'givenname', 'firstname', 'forename', 'given'],
  surname: ['姓', 'surname', 'lastname', 'familyname'],
  fullName: ['姓名', '联系人', '联系人姓名', 'fullname', 'personname', 'name', 'contactname'],
  birth: ['出生日期', '生日', 'dateofbirth', 'birthdate', 'dob', 'birthday'],
  number: ['身份证', '身份证号', '证件号码', 'idnumber', 'socsecid', 'ssn', 'nationalid', 'passport'],
  phone: ['手机', '手机号', '电话', '联系电话', 'phone', 'mobile', 'tel'],
  email: ['邮箱', '电子邮箱', 'email', 'mail'],
  street: ['街道', 'address1', 'street', 'streetname', '地址', '详细地址', 'address'],
  house: ['门牌', '门牌号', 'streetnumber', 'housenumber', 'house'],
  place: ['address2', '小区', 'place', 'building'],
  town: ['城市', '市', 'suburb', 'town', 'city'],
  postcode: ['邮编', '邮政编码', 'postcode', 'zip', 'zipcode', 'postalcode'],
  state: ['省', '省份', '州', 'state', 'province'],
}
const SEVERAL = new Set(['names', 'phones', 'emails', 'contacts', 'addresses'])

export function guessListColumns(headers: readonly string[], sample: readonly (readonly string[])[], kind?: ListKind): ListColumns {
  const guess = (headings: Readonly<Record<string, readonly string[]>>): readonly (string | null)[] =>
    guessColumns(
      headers,
      sample,
      Object.keys(headings).map((key): TargetField => ({ key, labels: {}, several: SEVERAL.has(key) })),
      headings,
    ).map(g => g.field)
  const people = guess(PERSON_HEADINGS)
  // A first name, a birthday or an identity number is no company's.
  const isPeople = kind ? kind === 'person' : people.some(f => f === 'given' || f === 'surname' || f === 'birth' || f === 'number')
  return isPeople ? { kind: 'person', fields: people } : { kind: 'company', fields: guess(COMPANY_HEADINGS) }
}

/** The fields a column may be mapped to. */
export const fieldsOf = (kind: ListKind): readonly string[] => (kind === 'company' ? Object.keys(COMPANY_HEADINGS) : ['id', ...PERSON_FIELDS])

export type ListRow = { readonly id: string; readonly cells: readonly string[]; readonly list: number }
export type ListReading = {
  readonly reader: NameReader
  readonly soundOf: (char: string) => string
  readonly divisionOf: (text: string) => string | null
}

/** With several lists only pairs across them are told: each is taken to be clean in itself. */
export function matchList(rows: readonly ListRow[], columns: ListColumns, reading: ListReading): readonly ListPair[] {
  const cellsOf = (row: ListRow, field: string): readonly string[] =>
    columns.fields.flatMap((f, i) => (f === field && row.cells[i]?.trim() ? [row.cells[i]!.trim()] : []))
  const across = rows.some(r => r.list !== rows[0]!.list)
  const asked = (i: number, j: number) => !across || rows[i]!.list !== rows[j]!.list
  const found = columns.kind === 'person' ? matchPersons(rows, cellsOf, asked) : matchCompanies(rows, cellsOf, asked, reading)
  return [...found].sort((x, y) => y.score - x.score || (x.a < y.a ? -1 : x.a > y.a ? 1 : x.b < y.b ? -1 : 1))
}

type CellsOf = (row: ListRow, field: string) => readonly string[]
type Asked = (i: number, j: number) => boolean

function matchPersons(rows: readonly ListRow[], cellsOf: CellsOf, asked: Asked): readonly ListPair[] {
  const plain = (text: string) => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ')
  const records = rows.map(row => ({
    id: row.id,
    values: Object.fromEntries(
      PERSON_FIELDS.flatMap(f =>
        cellsOf(row, f)
          .slice(0, 1)
          .map(v => [f, plain(v)]),
      ),
    ),
  }))
  return matchPeople(records)
    .filter(({ i, j }) => asked(i, j))
    .map(p => ({ a: rows[p.i]!.id, b: rows[p.j]!.id, score: p.score, decision: p.decision, evidence: told(p.evidence) }))
}

function matchCompanies(rows: readonly ListRow[], cellsOf: CellsOf, asked: Asked, { reader, soundOf, divisionOf }: ListReading): readonly ListPair[] {
  const records = rows.map(row => {
    const one = (field: string) => cellsOf(row, field)[0] ?? null
    const place = one('division')
    return readRecord(
      {
        id: row.id,
        names: cellsOf(row, 'names'),
        creditCode: one('creditCode'),
        phones: cellsOf(row, 'phones'),
        emails: cellsOf(row, 'emails'),
        website: one('website'),
        contacts: cellsOf(row, 'contacts'),
        addresses: cellsOf(row, 'addresses'),
        division: place === null ? null : (divisionOf(place) ?? place),
        industry: one('industry'),
      },
      reader,
    )
  })
  const seen = countValues(records)
  const scored: ScoredPair[] = candidatePairs(records).map(([i, j]) => ({ i, j, pair: scorePair(records[i]!, records[j]!, seen, soundOf) }))
  const groupOf = new Map<number, number>()
  const { groups } = cluster(records, scored, seen, soundOf)
  for (const [g, group] of groups.entries()) for (const i of group) groupOf.set(i, g)
  const together = (i: number, j: number) => groupOf.has(i) && groupOf.get(i) === groupOf.get(j)
  const direct = new Set<string>()
  const pairs: ListPair[] = []
  for (const { i, j, pair } of scored) {
    direct.add(pairKey(String(i), String(j)))
    if (!asked(i, j)) continue
    const joined = together(i, j)
    const decision = joined ? 'merge' : pair.decision === 'merge' ? 'review' : pair.decision
    const by = joined && pair.decision !== 'merge' ? 'group ' : ''
    pairs.push({
      a: rows[i]!.id,
      b: rows[j]!.id,
      score: joined ? Math.max(pair.score, 0.99) : pair.score,
      decision,
      evidence: by + told(pair.evidence),
    })
  }
  for (const group of groups)
    for (const [x, i] of group.entries())
      for (const j of group.slice(x + 1)) {
        if (!asked(i, j) || direct.has(pairKey(String(i), String(j)))) continue
        pairs.push({
          a: rows[i]!.id,
          b: rows[j]!.id,
          score: 0.99,
          decision: 'merge',
          evidence: `group ${told(scorePair(records[i]!, records[j]!, seen, soundOf).evidence)}`,
        })
      }
  return pairs
}

const told = (evidence: readonly { readonly feature: string; readonly level: string; readonly bits: number }[]): string =>
  evidence.map(e => `${e.feature}=${e.level}${e.bits < 0 ? '-' : '+'}${Math.abs(e.bits).toFixed(1)}`).join(' ')

export type ListMeasure = {
  readonly truePairs: number
  readonly merged: number
  readonly right: number
  readonly precision: number
  readonly recall: number
  readonly f1: number
  readonly falseMerges: readonly ListPair[]
  /** True pairs left to a person. */
  readonly inReview: number
}

/** `entityOf`: which company each record truly is; records it does not name are left out. */
export function measureList(rows: readonly ListRow[], pairs: readonly ListPair[], entityOf: ReadonlyMap<string, string>): ListMeasure {
  const across = rows.some(r => r.list !== rows[0]!.list)
  const sizes = new Map<string, Map<number, number>>()
  for (const row of rows) {
    const entity = entityOf.get(row.id)
    if (entity === undefined) continue
    const byList = sizes.get(entity) ?? new Map<number, number>()
    byList.set(row.list, (byList.get(row.list) ?? 0) + 1)
    sizes.set(entity, byList)
  }
  const choose = (n: number) => (n * (n - 1)) / 2
  let truePairs = 0
  for (const byList of sizes.values()) {
    const all = [...byList.values()]
    truePairs += choose(all.reduce((sum, n) => sum + n, 0)) - (across ? all.reduce((sum, n) => sum + choose(n), 0) : 0)
  }
  const known = pairs.filter(p => entityOf.has(p.a) && entityOf.has(p.b))
  const isTrue = (p: ListPair) => entityOf.get(p.a) === entityOf.get(p.b)
  const merged = known.filter(p => p.decision === 'merge')
  const right = merged.filter(isTrue).length
  const precision = merged.length === 0 ? 1 : right / merged.length
  const recall = truePairs === 0 ? 1 : right / truePairs
  return {
    truePairs,
    merged: merged.length,
    right,
    precision,
    recall,
    f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
    falseMerges: merged.filter(p => !isTrue(p)),
    inReview: known.filter(p => p.decision === 'review' && isTrue(p)).length,
  }
}
