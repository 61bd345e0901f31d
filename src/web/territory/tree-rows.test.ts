import assert from 'node:assert/strict'
import test from 'node:test'
import type { TerritoryRow } from '../../contract/territory/models.ts'
import { ancestorsOf, arrow, mayDrop, takersBelow, visibleRows } from './tree-rows.ts'

const row = (id: string, parentId: string | null, children: number, name = `n${id}`): TerritoryRow =>
  ({ id, parentId, children, name, nameEn: null, code: `c${id}`, owners: [], typeId: '1', hasRule: children === 0 }) as unknown as TerritoryRow
const ROWS = [row('1', null, 2), row('2', '1', 1), row('3', '2', 0, '苏州'), row('4', '1', 0)]
const BY_ID = new Map(ROWS.map(r => [r.id, r]))

test('only children of open nodes show; a search shows every match', () => {
  assert.deepEqual(
    visibleRows(ROWS, new Set(), '').map(r => r.row.id),
    ['1'],
  )
  assert.deepEqual(
    visibleRows(ROWS, new Set(['1']), '').map(r => r.row.id),
    ['1', '2', '4'],
  )
  assert.deepEqual(
    visibleRows(ROWS, new Set(['2']), '').map(r => r.row.id),
    ['1'],
    'a closed ancestor hides what is below',
  )
  assert.deepEqual(
    visibleRows(ROWS, new Set(), '苏').map(r => r.row.id),
    ['3'],
  )
  assert.deepEqual(ancestorsOf(BY_ID, '3'), ['2', '1'])
  assert.deepEqual(
    visibleRows(ROWS, new Set(), '昆山', new Set(['4'])).map(r => r.row.id),
    ['4'],
    'a place leads to the territory that holds it',
  )
  assert.deepEqual(
    visibleRows(ROWS, new Set(), '苏', new Set(['1'])).map(r => r.row.id),
    ['3', '1'],
    'what is called so comes first',
  )
})

test('arrows walk, open, close', () => {
  const shown = visibleRows(ROWS, new Set(['1']), '')
  assert.deepEqual(arrow('ArrowDown', shown, '1'), { select: '2' })
  assert.deepEqual(arrow('ArrowRight', shown, '2'), { open: '2' })
  assert.deepEqual(arrow('ArrowRight', shown, '1'), { select: '2' })
  assert.deepEqual(arrow('ArrowLeft', shown, '2'), { select: '1' })
  assert.deepEqual(arrow('ArrowLeft', shown, '1'), { close: '1' })
  assert.deepEqual(arrow('ArrowDown', shown, '4'), {})
})

test('a territory is dropped on another of its type, never on itself, below itself or where it is', () => {
  assert.ok(mayDrop(BY_ID, '3', '1'))
  assert.ok(mayDrop(BY_ID, '4', '2'))
  for (const target of ['2', '3']) assert.ok(!mayDrop(BY_ID, '2', target), `2 on ${target}`)
  assert.ok(!mayDrop(BY_ID, '3', '2'), 'it is there already')
  assert.deepEqual(
    [...takersBelow(ROWS)],
    [
      ['1', 2],
      ['2', 1],
    ],
  )
})
