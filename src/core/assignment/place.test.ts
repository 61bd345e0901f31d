import assert from 'node:assert/strict'
import test from 'node:test'
import { token } from '../access/tokens.ts'
import type { FieldInfo } from '../condition/condition.ts'
import type { Env } from '../condition/evaluate.ts'
import type { Member, Model, Territory } from '../territory/model.ts'
import { compileModel, matchOne } from './compile.ts'
import { type People, type PlacementFacts, place } from './place.ts'
import { explainMatch } from './why.ts'

const FIELDS: FieldInfo[] = [
  { key: 'division', type: 'division' },
  { key: 'tier', type: 'option' },
  { key: 'industry', type: 'industry' },
]
const ENV: Env = {
  fields: new Map(FIELDS.map(f => [f.key, f])),
  hierarchies: { ancestors: (_, code) => (code.length === 6 && !code.endsWith('0000') ? [`${code.slice(0, 2)}0000`] : []) },
  lists: new Map(),
}
const territory = (
  id: string,
  parentId: string | null,
  typeId: string,
  condition: Territory['condition'],
  rest: Partial<Territory> = {},
): Territory => ({
  id,
  parentId,
  typeId,
  code: id,
  name: `T${id}`,
  colour: 0,
  inherit: true,
  priority: 0,
  condition,
  ruleVersion: condition ? 1 : null,
  ...rest,
})
const member = (territoryId: string, userId: string, role: Member['role'], rest: Partial<Member> = {}): Member => ({
  territoryId,
  userId,
  role,
  access: 'edit',
  startsAt: '2026-01-01T00:00:00.000000Z',
  endsAt: null,
  ...rest,
})
const NOW = '2026-11-24T00:00:00.000000Z'
const PEOPLE: People = { isActive: id => id !== '99', departmentsOf: id => (id === '11' ? ['5', '4'] : []) }
const MODEL: Model = {
  id: '1',
  types: [
    { id: '1', key: 'key-account', layer: 'exclusive', precedence: 1 },
    { id: '3', key: 'geography', layer: 'exclusive', precedence: 3 },
    { id: '9', key: 'overlay', layer: 'overlay', precedence: 9 },
  ],
  territories: [
    territory('1', null, '3', null),
    territory('2', '1', '3', { field: 'division', op: 'in', values: ['320000'] }),
    territory('3', '2', '3', { field: 'tier', op: 'in', values: ['SMB'] }),
    territory('4', null, '1', { field: 'tier', op: 'in', values: ['KA'] }),
    territory('5', '1', '3', { field: 'division', op: 'in', values: ['320500'] }, { priority: 0 }),
    territory('6', null, '9', { field: 'industry', op: 'notEmpty' }),
  ],
  members: [
    member('1', '10', 'manager'),
    member('2', '11', 'owner'),
    member('3', '12', 'owner', { endsAt: '2026-12-01T00:00:00.000000Z' }),
    member('3', '13', 'collaborator'),
    member('4', '14', 'owner'),
  ],
}
const compiled = compileModel(MODEL, ENV)
const facts = (rest: Partial<PlacementFacts>): PlacementFacts => ({
  match: matchOne(compiled, {}),
  pins: [],
  act: null,
  priorOwnerId: null,
  shares: [],
  ...rest,
})

test('precedence, then depth; equal ranks are contested and the lowest id holds', () => {
  assert.equal(matchOne(compiled, { division: '320000', tier: 'KA' }).territoryId, '4', 'key accounts go first')
  assert.equal(matchOne(compiled, { division: '320000', tier: 'SMB' }).territoryId, '3', 'the deeper one inherits and wins')
  assert.deepEqual(matchOne(compiled, { division: '320500', tier: 'A' }), { territoryId: '2', contested: ['5'], overlays: [], undecidable: false })
  assert.deepEqual(matchOne(compiled, { division: '440000', tier: 'A', industry: 'C' }), {
    territoryId: null,
    contested: [],
    overlays: ['6'],
    undecidable: false,
  })
  assert.equal(matchOne(compiled, { division: null, tier: 'A' }).undecidable, true)
})

test('the lead owns, unless an act or the present owner still fits', () => {
  const match = matchOne(compiled, { division: '320000', tier: 'SMB' })
  assert.deepEqual(
    [place(facts({ match }), compiled, PEOPLE, NOW).ownerId, place(facts({ match }), compiled, PEOPLE, NOW).source],
    ['12', 'rule:lead'],
  )
  assert.equal(place(facts({ match, priorOwnerId: '13' }), compiled, PEOPLE, NOW).source, 'rule:kept')
  assert.equal(place(facts({ match, priorOwnerId: '10' }), compiled, PEOPLE, NOW).ownerId, '12', 'who left the territory does not keep it')
  const act = { kind: 'assign', ownerId: '77', territoryId: '3', at: NOW } as const
  assert.equal(place(facts({ match, act }), compiled, PEOPLE, NOW).ownerId, '77', 'an act holds while its territory wins')
  assert.equal(place(facts({ match, act: { ...act, territoryId: '2' } }), compiled, PEOPLE, NOW).ownerId, '12')
  assert.equal(place(facts({ match, act: { ...act, ownerId: '99' } }), compiled, PEOPLE, NOW).ownerId, '12', 'nobody who left the company owns')
})

test('a pin wins until it ends, and the next change is the earliest boundary used', () => {
  const match = matchOne(compiled, { division: '320000', tier: 'SMB' })
  const pin = { territoryId: '4', startsAt: '2026-11-01T00:00:00.000000Z', endsAt: '2026-11-30T00:00:00.000000Z' }
  const placed = place(facts({ match, pins: [pin] }), compiled, PEOPLE, NOW)
  assert.deepEqual([placed.territoryId, placed.ownerId, placed.source, placed.nextChangeAt], ['4', '14', 'pin:lead', pin.endsAt])
  const after = place(facts({ match, pins: [pin] }), compiled, PEOPLE, pin.endsAt)
  assert.deepEqual([after.territoryId, after.nextChangeAt], ['3', '2026-12-01T00:00:00.000000Z'])
  assert.equal(place(facts({ match }), compiled, PEOPLE, '2026-12-01T00:00:00.000000Z').ownerId, null, 'a membership that ended owns nothing')
})

test('tokens: owner, department chain, every ancestor; a share may only read', () => {
  const match = matchOne(compiled, { division: '320000', tier: 'A' })
  const placed = place(facts({ match, shares: [{ userId: '50', teamId: null, access: 'read', until: null }] }), compiled, PEOPLE, NOW)
  const expected = [
    '0',
    token('user', '11'),
    token('department', '5'),
    token('department', '4'),
    token('territory', '2'),
    token('territory', '1'),
    token('user', '50'),
  ]
  assert.deepEqual([...placed.tokens].sort(), expected.sort())
  assert.ok(!placed.privateTokens.includes(token('user', '50')) && !placed.editTokens!.includes(token('user', '50')))
})

test('who may only read stays outside the editors, also when there are as many tokens on either side', () => {
  // One member edits, one reads: the territory's token is left out of the editors and the editor named instead.
  const model: Model = {
    id: '1',
    types: [{ id: '3', key: 'geography', layer: 'exclusive', precedence: 1 }],
    territories: [
      { id: '9', parentId: null, typeId: '3', code: 'T', name: 'T', colour: 0, inherit: true, priority: 0, condition: { all: [] }, ruleVersion: 1 },
    ],
    members: [
      { territoryId: '9', userId: '60', role: 'manager', access: 'edit', startsAt: '2020-01-01T00:00:00Z', endsAt: null },
      { territoryId: '9', userId: '61', role: 'viewer', access: 'read', startsAt: '2020-01-01T00:00:00Z', endsAt: null },
    ],
  }
  const one = compileModel(model, ENV)
  const placed = place(facts({ match: matchOne(one, {}) }), one, PEOPLE, NOW)
  assert.deepEqual(placed.tokens, ['0', token('territory', '9')])
  assert.deepEqual(placed.editTokens, ['0', token('user', '60')])
})

test('why: criteria with origin, the near miss, and the one change that would move it', () => {
  const why = explainMatch(compiled, { division: '320000', tier: 'A', industry: 'C' })
  assert.equal(why.match.territoryId, '2')
  assert.deepEqual(
    why.criteria.map(c => [c.territoryId, c.verdict]),
    [['2', 'yes']],
  )
  const near = why.losers.find(l => l.territoryId === '3')!
  assert.deepEqual([near.kind, near.failed.map(f => f.seen)], ['failed', [{ field: 'tier', value: 'A' }]])
  assert.deepEqual(
    why.counterfactuals.map(c => [c.field, c.value, c.territoryId]),
    [
      ['tier', 'SMB', '3'],
      ['tier', 'KA', '4'],
    ],
  )
})

test('a cycle is a fault with a name, and the rest still works', () => {
  const cyclic = compileModel(
    { ...MODEL, territories: [...MODEL.territories, territory('7', '8', '3', { all: [] }), territory('8', '7', '3', null)] },
    ENV,
  )
  assert.deepEqual(
    cyclic.hierarchy.faults.map(f => [f.territoryId, f.code]),
    [['7', 'cycle']],
  )
  assert.equal(matchOne(cyclic, { division: '320000', tier: 'KA' }).territoryId, '4')
})
