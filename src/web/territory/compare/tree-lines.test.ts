/** The tree of a comparison: ancestors once, changed ones below them. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { ComparedTerritory } from '../../../contract/territory/compare.ts'
import { treeLines } from './tree-lines.ts'

const above = (id: string) => ({ id, code: id, name: id, colour: 0 })
const row = (id: string, path: string[]) => ({ territoryId: id, path: path.map(above) }) as unknown as ComparedTerritory

test('an ancestor is named once, also when it is changed itself', () => {
  const lines = treeLines([row('north', ['cn']), row('bj', ['cn', 'north']), row('sh', ['cn', 'east'])])
  assert.deepEqual(
    lines.map(l => `${l.kind} ${l.depth} ${l.kind === 'above' ? l.above.id : l.row.territoryId}`),
    ['above 0 cn', 'changed 1 north', 'changed 2 bj', 'above 1 east', 'changed 2 sh'],
  )
})
