/**
 * A filter in SQL means what the evaluator means, on every operator and every type of field: the same conditions are asked of the list over
 * HTTP and of core's evaluator over the same accounts. Random worlds; the seed is printed and can be set by JIANGYU_SEED.
 */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { type Company, makeCompany } from '../../../test/support/company.ts'
import { operatorsFor } from '../../core/condition/check.ts'
import type { Condition, FieldInfo, FieldType, FieldValue } from '../../core/condition/condition.ts'
import { type Env, evaluate } from '../../core/condition/evaluate.ts'
import { CODE_HIERARCHIES } from '../../core/condition/hierarchies.ts'
import { type Random, seededRandom } from '../../core/kernel/random.ts'

const seed = Number(process.env.JIANGYU_SEED ?? Math.floor(Math.random() * 1e9))
const random: Random = seededRandom(seed)

const TEXTS = ['ÄRGER', 'ärger', 'Ａｂｃ', 'abc', '苏州 衡远', '苏州', 'Ωmega', 'ωMEGA', '100%', 'a_b', "o'hara", '\\x', 'ПРИВЕТ', 'x,y', '  z']
const DIVISIONS = ['320505', '320509', '320583', '330106', '440305', '110101']
const ASKED_DIVISIONS = [...DIVISIONS, '320000', '320500', '330000', '110100', '110000']
const INDUSTRIES = ['C34', 'C36', 'E48', 'I65']
const ASKED_INDUSTRIES = [...INDUSTRIES, 'C', 'E', 'I']
const DATES = ['2024-02-29', '2025-01-01', '2025-12-31', '2026-06-30']
const NUMBERS = [-3, 0, 0.5, 1, 7, 7.25, 1000]
const WHOLE = [0, 1, 7, 50, 1000]

let company: Company
let fields: readonly FieldInfo[]
let options: ReadonlyMap<string, readonly string[]>
let accounts: readonly { id: string; facts: Record<string, FieldValue> }[]
let lists: ReadonlyMap<string, ReadonlySet<string>>

const maybe = <T>(value: T): T | null => (random.next() < 0.25 ? null : value)

before(async () => {
  console.log(`seed ${seed}`)
  company = await makeCompany({ accounts: 40, people: 36 })
  const field = async (type: string, more: object = {}): Promise<string> => {
    const reply = await company.send('ops', 'POST', '/api/fields', { type, labels: { 'zh-CN': type, 'zh-TW': type, en: type }, ...more })
    assert.equal(reply.status, 200, reply.text)
    return `f${reply.body.id}`
  }
  const words = ['一', '二', '三'].map(w => ({ 'zh-CN': w, 'zh-TW': w, en: w }))
  const own = {
    text: await field('text'),
    number: await field('number'),
    date: await field('date'),
    flag: await field('flag'),
    option: await field('option', { options: words }),
    options: await field('options', { options: words }),
  }
  const catalogue = (await company.send('ops', 'GET', '/api/catalogue')).body
  options = new Map(
    catalogue.fields
      .filter((f: { optionList: string | null }) => f.optionList)
      .map((f: { key: string; optionList: string }) => [
        f.key,
        catalogue.options.filter((o: { list: string }) => o.list === f.optionList).map((o: { key: string }) => o.key),
      ]),
  )
  const ids: string[] = []
  for (let i = 0; i < 110; i += 1) {
    const values: Record<string, unknown> = {
      name: random.pick(TEXTS).trim() || 'n',
      nameEn: maybe(random.pick(TEXTS)),
      tier: maybe(random.pick(options.get('tier')!)),
      industry: maybe(random.pick(INDUSTRIES)),
      division: maybe(random.pick(DIVISIONS)),
      registeredDivision: maybe(random.pick(DIVISIONS)),
      size: maybe(random.pick(WHOLE)),
      revenue: maybe(random.pick(WHOLE)),
      point: maybe(`${120 + random.next()},${31 + random.next()}`),
      website: maybe(random.pick(TEXTS)),
      phone: maybe(random.pick(TEXTS)),
      address: maybe(random.pick(TEXTS)),
      parentId: ids.length > 0 ? maybe(random.pick(ids)) : null,
      [own.text]: maybe(random.pick(TEXTS)),
      [own.number]: maybe(random.pick(NUMBERS)),
      [own.date]: maybe(random.pick(DATES)),
      [own.flag]: maybe(random.next() < 0.5),
      [own.option]: maybe(random.pick(options.get(own.option)!)),
      [own.options]: maybe(options.get(own.options)!.filter(() => random.next() < 0.5)),
    }
    const reply = await company.send('ops', 'POST', '/api/accounts', { values })
    assert.equal(reply.status, 200, reply.text)
    ids.push(reply.body.id)
  }
  const made: [string, ReadonlySet<string>][] = []
  for (const [type, items] of [
    ['division', ['320500', '440305']],
    ['industry', ['C', 'E48']],
    ['text', ['ÄRGER', '苏州']],
    ['option', ['A', 'B', ...options.get(own.option)!.slice(0, 1), ...options.get(own.options)!.slice(0, 2)]],
  ] as const) {
    const row = await company.one<{ id: string }>(`insert into value_list (tenant_id, name, type) values (1, $1, $1) returning id::text`, [type])
    for (const value of items) await company.rows('insert into value_list_item (tenant_id, list_id, value) values (1, $1, $2)', [row.id, value])
    made.push([row.id, new Set(items)])
  }
  lists = new Map(made)
  fields = catalogue.fields
    .filter((f: { key: string }) => f.key !== 'id')
    .map((f: { key: string; type: FieldType }) => ({ key: f.key, type: f.type }))
  const read: { id: string; facts: Record<string, FieldValue> }[] = []
  let cursor: string | undefined
  do {
    const page = (await company.send('ops', 'POST', '/api/accounts/query', { limit: 200, ...(cursor ? { cursor } : {}) })).body
    for (const row of page.rows)
      read.push({
        id: row.id,
        facts: { ...row.values, point: row.values.point ? (row.values.point as string).split(',').map(Number) : null } as never,
      })
    cursor = page.next ?? undefined
  } while (cursor)
  accounts = read
})
after(() => company.close())

function predicate(field: FieldInfo): Condition {
  const op = random.pick(operatorsFor(field.type))
  const known: readonly string[] =
    field.type === 'division'
      ? ASKED_DIVISIONS
      : field.type === 'industry'
        ? ASKED_INDUSTRIES
        : field.type === 'flag'
          ? ['true', 'false']
          : field.type === 'account'
            ? accounts.map(a => a.id)
            : (options.get(field.key) ?? TEXTS)
  switch (op) {
    case 'in':
    case 'notIn':
      return { field: field.key, op, values: Array.from({ length: 1 + random.int(3) }, () => random.pick(known)) }
    case 'inList':
    case 'notInList':
      return { field: field.key, op, list: random.pick([...lists.keys()]) }
    case 'between': {
      const all: readonly (number | string)[] = field.type === 'date' ? DATES : NUMBERS
      const [a, b] = [random.pick(all), random.pick(all)].sort((x, y) => (x < y ? -1 : x > y ? 1 : 0))
      const ends = random.int(3)
      return { field: field.key, op, ...(ends === 1 ? {} : { min: a! }), ...(ends === 2 ? {} : { max: b! }) }
    }
    case 'contains':
    case 'startsWith':
      return { field: field.key, op, text: random.pick([...TEXTS, 'Ä', 'ß', 'ＡＢ', '州', '%', '_', "'"]) }
    case 'within':
      return { field: field.key, op, lng: 120 + random.next(), lat: 31 + random.next(), km: 1 + random.next() * 60 }
    case 'inside': {
      const [x, y, w] = [120 + random.next() / 2, 31 + random.next() / 2, 0.2 + random.next() / 2]
      const ring = (s: number) =>
        [
          [x - s, y - s],
          [x + s, y - s * 0.7],
          [x + s, y + s],
          [x - s * 0.4, y + s],
          [x - s, y - s],
        ] as never
      const placed = accounts.flatMap(a => (Array.isArray(a.facts.point) ? [a.facts.point as unknown as [number, number]] : []))
      if (placed.length > 0 && random.next() < 0.4) {
        // A customer stands exactly on a side or on a corner: the filter must put it where the rule does.
        const [px, py] = random.pick(placed)
        const [left, low] = random.pick([
          [px, py - 0.1],
          [px - 0.2, py],
          [px - 0.2, py - 0.1],
          [px, py],
        ] as const)
        const [right, high] = [left + 0.2, low + 0.1]
        return {
          field: field.key,
          op,
          rings: [
            [
              [left, low],
              [right, low],
              [right, high],
              [left, high],
              [left, low],
            ],
          ] as never,
        }
      }
      return { field: field.key, op, rings: random.next() < 0.5 ? [ring(w)] : [ring(w), ring(w / 3)] }
    }
    default:
      return { field: field.key, op } as Condition
  }
}
const group = (depth: number): Condition => {
  if (depth === 0 || random.next() < 0.4) return predicate(random.pick(fields))
  const children = Array.from({ length: 1 + random.int(3) }, () => group(depth - 1))
  return random.pick([{ all: children }, { any: children }, { none: children }] as const)
}

async function asked(filter: Condition): Promise<Set<string>> {
  const ids = new Set<string>()
  let cursor: string | undefined
  do {
    const reply = await company.send('ops', 'POST', '/api/accounts/query', { filter, limit: 200, ...(cursor ? { cursor } : {}) })
    assert.equal(reply.status, 200, `seed ${seed} ${JSON.stringify(filter)}: ${reply.text}`)
    for (const row of reply.body.rows) ids.add(row.id)
    cursor = reply.body.next ?? undefined
  } while (cursor)
  return ids
}
async function compare(filter: Condition): Promise<void> {
  const env: Env = { fields: new Map(fields.map(f => [f.key, f])), hierarchies: CODE_HIERARCHIES, lists }
  const ids = await asked(filter)
  for (const a of accounts)
    assert.equal(
      ids.has(a.id),
      evaluate(filter, a.facts, env) === 'yes',
      `seed ${seed}: account ${a.id} ${JSON.stringify(filter)} on ${JSON.stringify('field' in filter ? a.facts[filter.field] : a.facts)}`,
    )
}

test('each operator on each field, alone and denied', async () => {
  for (const field of fields)
    for (let i = 0; i < 9; i += 1) {
      const one = predicate(field)
      await compare(one)
      if (i % 3 === 0) await compare({ none: [one] })
    }
})

test('nested groups', async () => {
  for (let i = 0; i < 100; i += 1) await compare(group(3))
})

test('a date that no calendar has is refused, not a failure of the database', async () => {
  const date = fields.find(f => f.type === 'date')!
  const reply = await company.send('ops', 'POST', '/api/accounts/query', { filter: { field: date.key, op: 'between', min: '2025-02-30' } })
  assert.equal(reply.status, 400, reply.text)
})
