/** Changes of the divisions by kind, against the events known of the editions; rules follow codes and change nowhere else. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { loadDivisions } from '../../server/reference/divisions.ts'
import type { Condition } from '../condition/condition.ts'
import { changesOf, codesIn, mapCondition } from './edition.ts'

const list = loadDivisions()
const changes = changesOf(list)

test('one to one, many to one, one to many', () => {
  assert.equal(changes.get('110228'), 'recode')
  assert.equal(changes.get('320502'), 'merge')
  assert.equal(changes.get('130421'), 'split')
  assert.equal(
    changesOf([{ code: '1', name: 'x', level: 'county', parentCode: null, edition: 'e', status: 'retired', successors: [] }]).get('1'),
    'abolished',
  )
  assert.equal(changes.size, list.filter(d => d.status === 'retired').length)
})

test('a rule follows its codes: lists grow, nothing else moves, and a rule without them is the same object', () => {
  const rule: Condition = {
    all: [
      { field: 'division', op: 'in', values: ['320502', '320508', '130421'] },
      { none: [{ field: 'division', op: 'in', values: ['110228'] }] },
      { field: 'tier', op: 'in', values: ['130421'] },
    ],
  }
  const fields = new Set(['division'])
  const mapping = new Map([
    ['320502', ['320508']],
    ['130421', ['130402', '130403']],
  ])
  assert.deepEqual(mapCondition(rule, fields, mapping), {
    all: [
      { field: 'division', op: 'in', values: ['320508', '130402', '130403'] },
      { none: [{ field: 'division', op: 'in', values: ['110228'] }] },
      { field: 'tier', op: 'in', values: ['130421'] },
    ],
  })
  assert.equal(mapCondition(rule, new Set(['registeredDivision']), mapping), rule)
  assert.deepEqual(codesIn(rule, fields), ['320502', '320508', '130421', '110228'])
})

const EVENTS = '../shared/data/cn-admin/cn-division-changes.json'
test('every code that the editions took away has a successor in the table', { skip: existsSync(EVENTS) ? false : `${EVENTS} is not there` }, () => {
  const file = JSON.parse(readFileSync(EVENTS, 'utf8')) as { changes: { kind: string; old: string[]; new: string[] }[] }
  const byCode = new Map(list.map(d => [d.code, d]))
  const current = (code: string) => byCode.get(code)?.status === 'current'
  const gone = file.changes.flatMap(c => (c.kind === 'list' ? [] : c.old.filter(code => !c.new.includes(code) && !current(code))))
  assert.ok(gone.length > 5)
  assert.deepEqual(
    gone.filter(code => !byCode.get(code)?.successors.length),
    [],
  )
})
