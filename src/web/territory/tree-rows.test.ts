import assert from 'node:assert/strict'
import test from 'node:test'
import type { TerritoryRow } from '../../contract/territory/models.ts'
import { ancestorsOf, arrow, visibleRows } from './tree-rows.ts'

const row = (id: string, parentId: string | null, children: number, name = `n${id}`): TerritoryRow =>
  ({ id, parentId, children, name, nameEn: null, code: `c${id}`, owners: [] }) as unknown as TerritoryRow
const ROWS = [row('1', null, 2), row('2', '1', 1), row('3', '2', 0, '苏州'), row('4', '1', 0)]

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
  assert.deepEqual(ancestorsOf(ROWS, '3'), ['2', '1'])
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
