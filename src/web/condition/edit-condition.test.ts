import assert from 'node:assert/strict'
import test from 'node:test'
import type { Condition } from '../../core/condition/condition.ts'
import {
  appendTo,
  asRoot,
  at,
  blank,
  duplicate,
  finished,
  finishedPaths,
  isComplete,
  move,
  moved,
  nest,
  replaceAt,
  setKind,
  unnest,
  wirePath,
  withOperator,
} from './edit-condition.ts'

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

test('Tab nests, shift-Tab takes out again, and the block is found where it went', () => {
  const name: Condition = { field: 'name', op: 'contains', text: 'x' }
  const root: Condition = { all: [tier, size, name] }
  const one = nest(root, [1])!
  assert.deepEqual(one, { root: { all: [{ any: [tier, size] }, name] }, path: [0, 1] })
  const two = nest(one.root, [1])!
  assert.deepEqual(two, { root: { all: [{ any: [tier, size, name] }] }, path: [0, 2] })
  assert.deepEqual(unnest(two.root, [0, 2]), { root: one.root, path: [1] })
  assert.deepEqual(unnest({ all: [tier, { any: [size] }] }, [1, 0]), { root: { all: [tier, size] }, path: [1] }, 'an empty group goes')
  assert.equal(nest(root, [0]), null)
  assert.equal(unnest(root, [1]), null)
  assert.deepEqual(duplicate(root, [0]), { root: { all: [tier, tier, size, name] }, path: [1] })
  assert.deepEqual(moved(root, [0], 1), { root: { all: [size, tier, name] }, path: [1] })
  assert.equal(moved(root, [2], 1), null)
  assert.equal(wirePath(one.root, [0, 1]), 'all.0.any.1')
})

test('counts of the finished rule find the blocks as they stand among unfinished ones', () => {
  const root: Condition = { all: [blank('industry', 'industry'), tier, { any: [blank('tier', 'option'), size] }] }
  assert.deepEqual(
    [...finishedPaths(root)],
    [
      ['all.0', [1]],
      ['all.1.any.0', [2, 1]],
    ],
  )
})
