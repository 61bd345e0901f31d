import assert from 'node:assert/strict'
import test from 'node:test'
import { branchOf, treeOf } from './department-tree.ts'

const rows = [
  { id: '3', parentId: '2', name: 'Suzhou' },
  { id: '1', parentId: null, name: 'Company' },
  { id: '2', parentId: '1', name: 'East' },
  { id: '4', parentId: '99', name: 'Orphan' },
  { id: '5', parentId: '1', name: 'Alpha' },
]

test('every department stands somewhere, below its parent and by name', () => {
  const tree = treeOf(rows)
  assert.deepEqual(
    tree.map(n => n.row.name),
    ['Company', 'Orphan'],
  )
  assert.deepEqual(
    tree[0]!.children.map(n => n.row.name),
    ['Alpha', 'East'],
  )
  assert.equal(tree[0]!.children[1]!.children[0]!.row.id, '3')
})

test('a branch is the department and everything below it, whatever the order of the list', () => {
  assert.deepEqual([...branchOf(rows, '1')].sort(), ['1', '2', '3', '5'])
  assert.deepEqual([...branchOf(rows, '3')], ['3'])
})
