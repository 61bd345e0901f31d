/**
 * Small worlds in which coverage can be found by trying everything: random models over a few fields, every record of the world judged by an
 * evaluator written for this alone. It shares no code with the proof nor with the engine.
 */
import type { Condition, FieldInfo, FieldValue } from '../../src/core/condition/condition.ts'
import type { Env } from '../../src/core/condition/evaluate.ts'
import { type Random, seededRandom } from '../../src/core/kernel/random.ts'
import type { ProofInput, ProofTaker } from '../../src/core/territory/coverage.ts'
import type { FieldDomain } from '../../src/core/territory/coverage-atoms.ts'

export type Record_ = Readonly<Record<string, FieldValue>>
type FieldPlan = {
  readonly info: FieldInfo
  readonly domain?: FieldDomain
  /** What rules may name. */
  readonly named: readonly (string | number)[]
  /** Every value that has to be tried. */
  readonly values: readonly FieldValue[]
  /** Values that say less than they could. */
  readonly vague?: readonly FieldValue[]
}

const DIVISIONS = ['110000', '110100', '110101', '110102', '110200', '110201', '120000', '120100', '120101']
const INDUSTRIES = ['A', 'A01', 'A02', 'B', 'B01']
const PLANS: Readonly<Record<string, FieldPlan>> = {
  division: {
    info: { key: 'division', type: 'division' },
    domain: { kind: 'listed', values: DIVISIONS },
    named: DIVISIONS,
    values: DIVISIONS,
    vague: ['110000', '110100', '110200', '120000', '120100'],
  },
  registered: {
    info: { key: 'registered', type: 'division' },
    domain: { kind: 'listed', values: DIVISIONS.slice(0, 6), vague: new Set(['110201']) },
    named: DIVISIONS.slice(0, 6),
    values: DIVISIONS.slice(0, 6),
    vague: ['110000', '110100', '110200', '110201'],
  },
  industry: {
    info: { key: 'industry', type: 'industry' },
    domain: { kind: 'listed', values: INDUSTRIES },
    named: INDUSTRIES,
    values: INDUSTRIES,
    vague: ['A', 'B'],
  },
  tier: {
    info: { key: 'tier', type: 'option' },
    domain: { kind: 'listed', values: ['x', 'y', 'z'] },
    named: ['x', 'y', 'z'],
    values: ['x', 'y', 'z'],
  },
  source: { info: { key: 'source', type: 'option' }, named: ['p', 'q'], values: ['p', 'q', '?'] },
  flag: { info: { key: 'flag', type: 'flag' }, named: ['true', 'false'], values: ['true', 'false'] },
  size: {
    info: { key: 'size', type: 'number' },
    domain: { kind: 'number', whole: true, min: 0 },
    named: [0, 2, 3, 5],
    values: [0, 1, 2, 3, 4, 5, 6],
  },
  weight: { info: { key: 'weight', type: 'number' }, named: [0, 1, 2.5], values: [-1, 0, 0.5, 1, 2, 2.5, 9] },
  since: {
    info: { key: 'since', type: 'date' },
    named: ['2020-02-28', '2020-02-29', '2020-03-02'],
    values: ['2019-01-01', '2020-02-28', '2020-02-29', '2020-03-01', '2020-03-02', '2024-01-01'],
  },
  id: { info: { key: 'id', type: 'account' }, named: ['1', '2', '3', '4'], values: ['1', '2', '3', '4', '77'] },
  parentId: { info: { key: 'parentId', type: 'account' }, named: ['8', '9'], values: ['8', '9', '77'] },
  name: { info: { key: 'name', type: 'text' }, named: ['Ａcme', '华兴'], values: ['acme', '华兴', '中华', 'zzz'] },
  tags: {
    info: { key: 'tags', type: 'options' },
    named: ['u', 'v'],
    values: [['u'], ['v'], ['u', 'v'], ['w'], ['u', 'w'], ['v', 'w'], ['u', 'v', 'w']],
  },
  point: { info: { key: 'point', type: 'point' }, named: [], values: [[120, 31] as const, [100, 20] as const] },
  gone: { info: { key: 'gone', type: 'option' }, named: ['p'], values: ['p'] },
}
const ANY: Record_ = Object.fromEntries(Object.entries(PLANS).map(([key, plan]) => [key, plan.values.at(-1)]))
const LISTS = new Map([
  ['1', new Set(['110101', '120000'])],
  ['2', new Set(['1', '3'])],
])
export const ENV: Env = {
  fields: new Map(
    Object.values(PLANS)
      .filter(p => p.info.key !== 'gone')
      .map(p => [p.info.key, p.info]),
  ),
  hierarchies: { ancestors: (_, code) => lineOf(code).slice(1) },
  lists: LISTS,
}
const lineOf = (code: string): readonly string[] =>
  code.length === 6 ? [...new Set([code, `${code.slice(0, 4)}00`, `${code.slice(0, 2)}0000`])] : code.length === 3 ? [code, code[0]!] : [code]

/** 1 holds, 0 does not, −1 nobody knows. */
export function judge(c: Condition, r: Record_): -1 | 0 | 1 {
  if ('all' in c) return c.all.reduce<-1 | 0 | 1>((least, x) => least3(least, judge(x, r)), 1)
  if ('any' in c) return opposite(c.any.reduce<-1 | 0 | 1>((least, x) => least3(least, opposite(judge(x, r))), 1))
  if ('none' in c) return c.none.reduce<-1 | 0 | 1>((least, x) => least3(least, opposite(judge(x, r))), 1)
  const value = r[c.field]
  if (c.op === 'empty') return 0
  if (c.op === 'notEmpty') return 1
  if (c.field === 'gone') return -1
  const yes = (holds: boolean, positive = true): 0 | 1 => (holds === positive ? 1 : 0)
  if ('values' in c) return yes(among(c.field, value, c.values), c.op === 'in')
  if ('list' in c) return LISTS.has(c.list) ? yes(among(c.field, value, [...LISTS.get(c.list)!]), c.op === 'inList') : -1
  if (c.op === 'between') return yes(!((c.min !== undefined && value! < c.min) || (c.max !== undefined && value! > c.max)))
  if (c.op === 'contains') return yes(String(value).includes(c.text))
  if (c.op === 'startsWith') return yes(String(value).startsWith(c.text))
  const [lng, lat] = value as readonly [number, number]
  if (c.op === 'within') return yes(Math.abs(lng - c.lng) < 1 && Math.abs(lat - c.lat) < 1)
  return yes(lng > 110)
}
const least3 = (a: -1 | 0 | 1, b: -1 | 0 | 1): -1 | 0 | 1 => (a === 0 || b === 0 ? 0 : a === -1 || b === -1 ? -1 : 1)
const opposite = (a: -1 | 0 | 1): -1 | 0 | 1 => (a === -1 ? -1 : a === 1 ? 0 : 1)
const plain = (text: string) => text.normalize('NFKC').toLowerCase()
const among = (field: string, value: FieldValue, values: readonly string[]): boolean =>
  Array.isArray(value)
    ? value.some(v => values.includes(String(v)))
    : ['division', 'industry'].includes(PLANS[field]!.info.type)
      ? lineOf(String(value)).some(code => values.includes(code))
      : PLANS[field]!.info.type === 'text'
        ? values.map(plain).includes(plain(String(value)))
        : values.includes(String(value))

export type SmallWorld = { readonly input: ProofInput; readonly records: readonly Record_[]; readonly fields: readonly string[] }

/** A random model and every record that can be told apart by it. */
export function smallWorld(seed: number): SmallWorld {
  const random = seededRandom(seed)
  const fields: string[] = []
  let product = 1
  const wanted = 1 + random.int(4)
  for (let tries = 0; tries < 12 && fields.length < wanted; tries += 1) {
    const key = tries === 0 && random.next() < 0.6 ? 'division' : random.pick(Object.keys(PLANS))
    if (fields.includes(key) || product * PLANS[key]!.values.length > 700) continue
    fields.push(key)
    product *= PLANS[key]!.values.length
  }
  const conditions = random.next() < 0.5 ? divided(random, fields) : Array.from({ length: 1 + random.int(7) }, () => someCondition(random, fields, 2))
  const takers = conditions
    .map((condition, i): ProofTaker => ({ id: String(i + 1), rank: random.int(random.pick([1, 2, 3])), exclusive: random.next() < 0.9, condition }))
    .sort((a, b) => a.rank - b.rank || Number(a.id) - Number(b.id))
  let records: Record_[] = [ANY]
  for (const key of fields) records = records.flatMap(r => PLANS[key]!.values.map(value => ({ ...r, [key]: value })))
  return {
    input: { takers, env: ENV, domains: new Map(Object.values(PLANS).flatMap(p => (p.domain ? [[p.info.key, p.domain] as const] : []))) },
    records,
    fields,
  }
}

export const isVague = (r: Record_, fields: readonly string[]): boolean => fields.some(key => PLANS[key]!.vague?.includes(r[key]))

/** The world cut again and again by one field, a rule for each piece: nearly complete coverage, now and then spoilt. */
function divided(random: Random, fields: readonly string[]): readonly Condition[] {
  const pieces: Condition[][] = [[]]
  const cuts = 1 + random.int(4)
  for (let i = 0; i < cuts; i += 1) {
    const at = random.int(pieces.length)
    const cut = somePredicate(random, random.pick(fields))
    const piece = pieces[at]!
    pieces.splice(at, 1, [...piece, cut], [...piece, { none: [cut] }])
  }
  const spoilt = random.next()
  if (spoilt < 0.25) pieces.splice(random.int(pieces.length), 1)
  else if (spoilt < 0.5) pieces.push([someCondition(random, fields, 1)])
  return pieces.map((all): Condition => ({ all }))
}

function someCondition(random: Random, fields: readonly string[], depth: number): Condition {
  const dice = random.next()
  if (depth === 0 || dice < 0.4) return somePredicate(random, random.pick(fields))
  const children = Array.from({ length: random.int(4) }, () => someCondition(random, fields, depth - 1))
  return dice < 0.65 ? { all: children } : dice < 0.9 ? { any: children } : { none: children }
}

function somePredicate(random: Random, field: string): Condition {
  const plan = PLANS[field]!
  const { type } = plan.info
  if (random.next() < 0.06) return { field, op: random.pick(['empty', 'notEmpty']) }
  if (type === 'point')
    return random.next() < 0.5
      ? { field, op: 'within', lng: random.pick([120, 100]), lat: random.pick([31, 20]), km: 50 }
      : {
          field,
          op: 'inside',
          rings: [
            [
              [110, 0],
              [180, 0],
              [180, 60],
              [110, 0],
            ],
          ],
        }
  if (type === 'number' || type === 'date') {
    const [a, b] = [random.pick(plan.named), random.pick(plan.named)]
    const dice = random.next()
    if (dice < 0.4) return { field, op: 'between', min: a }
    if (dice < 0.7) return { field, op: 'between', max: a }
    return { field, op: 'between', min: a < b ? a : b, max: a < b ? b : a }
  }
  if (type === 'text' && random.next() < 0.4) return { field, op: random.pick(['contains', 'startsWith']), text: random.pick(['华', 'a']) }
  if ((field === 'division' || field === 'id') && random.next() < 0.12)
    return { field, op: random.pick(['inList', 'notInList']), list: random.pick([field === 'id' ? '2' : '1', '404']) }
  const values = (plan.named as string[]).filter(() => random.next() < 0.4)
  return { field, op: random.pick(['in', 'in', 'notIn']), values: values.length ? values : [String(random.pick(plan.named))] }
}
