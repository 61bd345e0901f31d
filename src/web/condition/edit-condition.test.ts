import assert from 'node:assert/strict'
import test from 'node:test'
import type { Condition } from '../../core/condition/condition.ts'
import { appendTo, asRoot, at, blank, finished, isComplete, move, replaceAt, setKind, withOperator } from './edit-condition.ts'

const tier: Condition = { field: 'tier', op: 'in', values: ['KA'] }
const size: Condition = { field: 'size', op: 'between', min: 10 }

test('blocks change by path and nothing else moves', () => {
  let root: Condition = asRoot(tier)
  assert.deepEqual(root, { all: [tier] })
  root = appendTo(root, [], { any: [] })
  root = appendTo(root, [1], size)
  assert.deepEqual(root, { all: [tier, { any: [size] }] })
  assert.deepEqual(at(root, [1, 0]), size)
  assert.deepEqual(setKind(root, [1], 'none'), { all: [tier, { none: [size] }] })
  assert.deepEqual(move(root, [1], -1), { all: [{ any: [size] }, tier] })
  assert.deepEqual(move(root, [0], -1), root)
  assert.deepEqual(replaceAt(root, [1, 0], null), { all: [tier, { any: [] }] })
})

test('an unfinished criterion is left out of the count', () => {
  const root: Condition = { all: [tier, blank('industry', 'industry'), { any: [withOperator(size as never, 'contains')] }] }
  assert.equal(isComplete(root), false)
  assert.deepEqual(finished(root), { all: [tier] })
  assert.deepEqual(finished({ all: [] }), { all: [] })
  assert.deepEqual(withOperator(tier as never, 'notIn'), { field: 'tier', op: 'notIn', values: ['KA'] })
})
