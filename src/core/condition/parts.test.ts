import assert from 'node:assert/strict'
import test from 'node:test'
import type { Condition, FieldInfo } from './condition.ts'
import { evaluate } from './evaluate.ts'
import { CODE_HIERARCHIES } from './hierarchies.ts'
import { partsOf } from './parts.ts'

const is = (field: string, ...values: string[]): Condition => ({ field, op: 'in', values })
const rule: Condition = { all: [is('a', '1'), { any: [is('b', '1'), is('c', '1')] }, { none: [is('d', '1')] }] }
const env = {
  fields: new Map<string, FieldInfo>(['a', 'b', 'c', 'd'].map(key => [key, { key, type: 'option' }])),
  hierarchies: CODE_HIERARCHIES,
  lists: new Map(),
}

test('each part is the rule read down to it; the last one is the whole rule', () => {
  const parts = partsOf(rule, 100)
  assert.deepEqual(
    parts.map(p => [p.path, p.adds]),
    [
      ['all.0', false],
      ['all.1.any.0', false],
      ['all.1.any.1', true],
      ['all.2.none.0', false],
    ],
  )
  assert.deepEqual(parts[1]!.upTo, { all: [is('a', '1'), { any: [is('b', '1')] }] })
  assert.deepEqual(parts.at(-1)!.upTo, rule)
  assert.equal(partsOf(rule, 2).length, 2)
  assert.deepEqual(partsOf(is('a', '1'), 9), [{ path: '', predicate: is('a', '1'), upTo: is('a', '1'), adds: false }])
  const facts = { a: '1', b: '2', c: '1', d: '2' }
  assert.deepEqual(
    parts.map(p => evaluate(p.upTo, facts, env)),
    ['yes', 'no', 'yes', 'yes'],
  )
})
