import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { seededRandom } from '../kernel/random.ts'
import { buildColumns } from './columns.ts'
import type { Condition, Facts, FieldInfo, FieldValue } from './condition.ts'
import { type Env, evaluate } from './evaluate.ts'
import { indexRules } from './index-rules.ts'
import { nearAny } from './near.ts'

const FIELDS: FieldInfo[] = [
  { key: 'division', type: 'division' },
  { key: 'industry', type: 'industry' },
  { key: 'tier', type: 'option' },
  { key: 'size', type: 'number' },
  { key: 'since', type: 'date' },
  { key: 'name', type: 'text' },
  { key: 'tags', type: 'options' },
  { key: 'point', type: 'point' },
  { key: 'id', type: 'account' },
]
const ancestors = (_: string, code: string) =>
  code.length === 6 ? [`${code.slice(0, 4)}00`, `${code.slice(0, 2)}0000`].filter(c => c !== code) : code.length > 1 ? [code[0]!] : []
const ENV: Env = { fields: new Map(FIELDS.map(f => [f.key, f])), hierarchies: { ancestors }, lists: new Map([['1', new Set(['110100', '320500'])]]) }
const DIVISIONS = ['110000', '110100', '110101', '320000', '320500', '320506', '320508', '330000', '330100']
const TIERS = ['KA', 'A', 'B']

const predicate: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    field: fc.constant('division'),
    op: fc.constantFrom('in' as const, 'notIn' as const),
    values: fc.subarray(DIVISIONS, { minLength: 1 }),
  }),
  fc.record({ field: fc.constant('division'), op: fc.constantFrom('inList' as const, 'notInList' as const), list: fc.constantFrom('1', '9') }),
  fc.record({
    field: fc.constant('industry'),
    op: fc.constantFrom('in' as const, 'notIn' as const),
    values: fc.subarray(['A', 'A01', 'C', 'C34', 'C38'], { minLength: 1 }),
  }),
  fc.record({ field: fc.constant('tier'), op: fc.constantFrom('in' as const, 'notIn' as const), values: fc.subarray(TIERS, { minLength: 1 }) }),
  fc.record({
    field: fc.constant('id'),
    op: fc.constantFrom('in' as const, 'notIn' as const),
    values: fc.subarray(['1', '2', '7', '500'], { minLength: 1 }),
  }),
  fc.record({
    field: fc.constant('size'),
    op: fc.constant('between' as const),
    min: fc.constantFrom(undefined, 0, 10, 200),
    max: fc.constantFrom(10, 200, 500.5, undefined),
  }),
  fc.record({ field: fc.constant('since'), op: fc.constant('between' as const), min: fc.constantFrom('2020-01-01', '2021-06-30') }),
  fc.record({ field: fc.constant('name'), op: fc.constantFrom('contains' as const, 'startsWith' as const), text: fc.constantFrom('华', 'AC', 'x') }),
  fc.record({ field: fc.constant('name'), op: fc.constant('in' as const), values: fc.constant(['华兴', 'Ａcme']) }),
  fc.record({ field: fc.constant('tags'), op: fc.constantFrom('in' as const, 'notIn' as const), values: fc.subarray(['x', 'y'], { minLength: 1 }) }),
  fc.record({
    field: fc.constant('point'),
    op: fc.constant('within' as const),
    lng: fc.constant(120),
    lat: fc.constant(31),
    km: fc.constantFrom(1, 50),
  }),
  fc.record({
    field: fc.constantFrom('division', 'tier', 'size', 'name', 'point', 'gone'),
    op: fc.constantFrom('empty' as const, 'notEmpty' as const),
  }),
  fc.record({ field: fc.constant('gone'), op: fc.constantFrom('in' as const, 'notIn' as const), values: fc.constant(['x']) }),
) as fc.Arbitrary<Condition>

const conditions = fc.letrec<{ c: Condition }>(tie => ({
  c: fc.oneof(
    { maxDepth: 3, depthSize: 'medium' },
    predicate,
    fc.record({ all: fc.array(tie('c'), { maxLength: 4 }) }),
    fc.record({ any: fc.array(tie('c'), { maxLength: 4 }) }),
    fc.record({ none: fc.array(tie('c'), { maxLength: 3 }) }),
  ) as fc.Arbitrary<Condition>,
})).c

const maybe = <T extends FieldValue>(...values: T[]) => fc.constantFrom<FieldValue>(null, ...values)
const records = fc.record({
  division: maybe(...DIVISIONS, '999999'),
  industry: maybe('A', 'A01', 'C34', 'C38', 'Z'),
  tier: maybe(...TIERS),
  size: maybe(0, 9, 10, 11, 200, 500, 500.5, 70_000, -3),
  since: maybe('2019-12-31', '2020-01-01', '2022-02-02'),
  name: maybe('华兴', 'acme', 'x华'),
  tags: fc.constantFrom<FieldValue>(null, [], ['x'], ['x', 'y'], ['z']),
  point: fc.constantFrom<FieldValue>(null, [120, 31], [120.2, 31], [100, 20]),
}) as fc.Arbitrary<Facts>

test('the index and the plain evaluator agree on every record, strictly and hopefully', () => {
  const seed = Number(process.env.SEED ?? (Math.random() * 2 ** 31) | 0)
  console.log(`# seed ${seed}`)
  fc.assert(
    fc.property(
      fc.array(conditions, { minLength: 1, maxLength: 40, size: 'max' }),
      fc.array(records, { minLength: 1, maxLength: 12 }),
      (rules, facts) => {
        const index = indexRules(rules, ENV)
        const builder = buildColumns(FIELDS)
        for (const [i, f] of facts.entries()) builder.add(String(i + 1), key => f[key])
        const columns = builder.finish()
        const scan = index.scan(columns)
        const out = new Int32Array(rules.length)
        for (const [i, f] of facts.entries()) {
          const whole = { ...f, id: String(i + 1) }
          const verdicts = rules.map(r => evaluate(r, whole, ENV))
          const sure = verdicts.flatMap((v, r) => (v === 'yes' ? [r] : []))
          const hopeful = verdicts.flatMap((v, r) => (v === 'no' ? [] : [r]))
          assert.deepEqual(
            Array.from(out.subarray(0, scan.match(i, out))).sort((a, b) => a - b),
            sure,
          )
          assert.deepEqual(
            Array.from(out.subarray(0, scan.match(i, out, true))).sort((a, b) => a - b),
            hopeful,
          )
          assert.deepEqual(
            index.match(whole).sort((a, b) => a - b),
            sure,
          )
          assert.deepEqual(
            index.match(whole, true).sort((a, b) => a - b),
            hopeful,
          )
        }
      },
    ),
    { seed, numRuns: 400 },
  )
})

test('many rules over blocks of records: the scan, by record and by block, agrees with the evaluator', () => {
  const seed = Number(process.env.SEED ?? (Math.random() * 2 ** 31) | 0)
  console.log(`# seed ${seed}`)
  const rules = fc.sample(conditions, { seed, numRuns: 130 })
  const facts = fc.sample(records, { seed: seed + 1, numRuns: 1_100 })
  const random = seededRandom(seed)
  for (const ascending of [true, false]) {
    const ids = facts.map((_, i) => String(ascending ? i + 1 : facts.length - i))
    const builder = buildColumns(FIELDS)
    for (const [i, f] of facts.entries()) builder.add(ids[i]!, key => f[key])
    const columns = builder.finish()
    assert.equal(columns.ascending, ascending)
    const scan = indexRules(rules, ENV).scan(columns)
    const out = new Int32Array(rules.length)
    const sorted = (list: ArrayLike<number>) => Array.from(list).sort((a, b) => a - b)
    // Forwards, and then here and there: a block is kept until another is asked for.
    for (const i of [...Array.from(facts.keys()).filter(k => k % 5 === 0), ...Array.from({ length: 60 }, () => random.int(facts.length))]) {
      const whole = { ...facts[i]!, id: ids[i]! }
      const expected = rules.flatMap((r, k) => (evaluate(r, whole, ENV) === 'yes' ? [k] : []))
      assert.deepEqual(sorted(out.subarray(0, scan.match(i, out))), expected)
      const block = scan.block(i)
      assert.deepEqual(sorted(block.rules.subarray(block.begins[i - block.from]!, block.begins[i - block.from + 1]!)), expected)
    }
    const hopeful = rules.flatMap((r, k) => (evaluate(r, { ...facts[7]!, id: ids[7]! }, ENV) === 'no' ? [] : [k]))
    assert.deepEqual(sorted(out.subarray(0, scan.match(7, out, true))), hopeful)
  }
})

test('near is every record that one of the rules takes or could take', () => {
  const seed = Number(process.env.SEED ?? (Math.random() * 2 ** 31) | 0)
  console.log(`# seed ${seed}`)
  let narrowed = 0
  fc.assert(
    fc.property(fc.array(conditions, { minLength: 1, maxLength: 4 }), fc.array(records, { minLength: 1, maxLength: 12 }), (rules, facts) => {
      const near = nearAny(rules, ENV, key => key !== 'name')
      if (near === null) return
      narrowed += 1
      const asked: Condition = {
        any: near.flatMap(n => [
          ...(n.values.length > 0 ? [{ field: n.field, op: 'in' as const, values: n.values }] : []),
          ...(n.missing ? [{ field: n.field, op: 'empty' as const }] : []),
        ]),
      }
      for (const [i, f] of facts.entries()) {
        const whole = { ...f, id: String(i + 1) }
        if (rules.some(r => evaluate(r, whole, ENV) !== 'no')) assert.equal(evaluate(asked, whole, ENV), 'yes')
      }
    }),
    { seed, numRuns: 3_000 },
  )
  assert.ok(narrowed > 200, `${narrowed}`)
})

test('a missing value holds neither the predicate nor its negation, unless the rule asks for it', () => {
  const facts = { tier: null }
  assert.equal(evaluate({ field: 'tier', op: 'in', values: ['KA'] }, facts, ENV), 'unknown')
  assert.equal(evaluate({ field: 'tier', op: 'notIn', values: ['KA'] }, facts, ENV), 'unknown')
  assert.equal(evaluate({ none: [{ field: 'tier', op: 'in', values: ['KA'] }] }, facts, ENV), 'unknown')
  assert.equal(evaluate({ field: 'tier', op: 'empty' }, facts, ENV), 'yes')
  assert.equal(
    evaluate(
      {
        any: [
          { field: 'tier', op: 'in', values: ['KA'] },
          { field: 'size', op: 'empty' },
        ],
      },
      facts,
      ENV,
    ),
    'yes',
  )
})

test('a named account is found among many', () => {
  const random = seededRandom(7)
  const rules: Condition[] = Array.from({ length: 300 }, (_, r) => ({ field: 'id', op: 'in', values: [String(r * 3 + 1)] }))
  const index = indexRules(rules, ENV)
  for (let i = 0; i < 100; i += 1) {
    const id = random.int(1000)
    assert.deepEqual(index.match({ id: String(id) }), id % 3 === 1 && id < 900 ? [(id - 1) / 3] : [])
  }
})
