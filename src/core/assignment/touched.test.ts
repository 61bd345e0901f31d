/** Which territories a change reaches; what it does not reach must stand as it stood (test/territory/impact.test.ts holds it to account). */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Condition } from '../condition/condition.ts'
import type { Env } from '../condition/evaluate.ts'
import { CODE_HIERARCHIES } from '../condition/hierarchies.ts'
import type { Model, Territory } from '../territory/model.ts'
import { compileModel } from './compile.ts'
import { touchedTerritories } from './touched.ts'

const inside = (field: string, ...values: string[]): Condition => ({ field, op: 'in', values })
const t = (id: string, parentId: string | null, condition: Condition | null, more: Partial<Territory> = {}): Territory => ({
  id,
  parentId,
  typeId: '1',
  code: id,
  name: id,
  colour: 0,
  inherit: true,
  priority: 0,
  condition,
  ruleVersion: condition === null ? null : 1,
  ...more,
})
const BASE: Model = {
  id: '1',
  types: [{ id: '1', key: 'geography', layer: 'exclusive', precedence: 1 }],
  territories: [
    t('1', null, inside('division', '320000')),
    t('2', '1', inside('tier', 'KA')),
    t('3', '1', inside('tier', 'B')),
    t('4', null, { field: 'division', op: 'inList', list: '9' }),
  ],
  members: [{ territoryId: '3', userId: '7', role: 'owner', access: 'edit', startsAt: '2026-01-01', endsAt: null }],
}
const fields: Env['fields'] = new Map([
  ['division', { key: 'division', type: 'division' }],
  ['tier', { key: 'tier', type: 'option' }],
])
const side = (model: Model, ...list: string[]) => ({
  ...compileModel(model, { fields, hierarchies: CODE_HIERARCHIES, lists: new Map([['9', new Set(list)]]) }),
  types: model.types,
})
const edit = (id: string, more: Partial<Territory>): Model => ({
  ...BASE,
  territories: BASE.territories.map(x => (x.id === id ? { ...x, ...more } : x)),
})
const touched = (after: Model, ...list: string[]) =>
  [...touchedTerritories(side(BASE, '330000'), side(after, ...(list.length ? list : ['330000'])))].sort()

test('nothing changed, nothing is touched; neither by a name nor a colour', () => {
  assert.deepEqual(touched(BASE), [])
  assert.deepEqual(touched(edit('2', { name: 'other', colour: 3, code: 'X' })), [])
})

test('its own rule, priority, place or people touch a territory, and with it all below', () => {
  assert.deepEqual(touched(edit('2', { ruleVersion: 2 })), ['2'])
  assert.deepEqual(touched(edit('2', { priority: 1 })), ['2'])
  assert.deepEqual(touched(edit('2', { parentId: null })), ['2'])
  assert.deepEqual(touched({ ...BASE, members: [] }), ['3'])
  // Without the rule above, those below take from everywhere, though nothing of their own changed.
  assert.deepEqual(touched(edit('1', { condition: null, ruleVersion: null })), ['1', '2', '3'])
  assert.deepEqual(touched({ ...BASE, territories: [...BASE.territories, t('5', '2', inside('tier', 'A'))] }), ['5'])
  assert.deepEqual(touched({ ...BASE, territories: BASE.territories.slice(0, 3) }), ['4'])
})

test('a list that reads otherwise touches those that name it, another order of types touches all of them', () => {
  assert.deepEqual(touched(BASE, '330000', '340000'), ['4'])
  assert.deepEqual(touched({ ...BASE, types: [{ ...BASE.types[0]!, precedence: 2 }] }), ['1', '2', '3', '4'])
})
