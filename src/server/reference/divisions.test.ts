import assert from 'node:assert/strict'
import test from 'node:test'
import { makeDivisionIndex } from '../../core/geography/divisions.ts'
import { DIVISION_GROUPS } from '../../core/geography/groups.ts'
import { RETIRED_DIVISIONS } from './division-changes.ts'
import { loadDivisions } from './divisions.ts'

const list = loadDivisions()
const index = makeDivisionIndex(list)
const isCurrent = (code: string) => index.get(code)?.status === 'current'

test('the current edition has its provinces, cities and counties, each code once', () => {
  const count = (level: string) => list.filter(d => d.status === 'current' && d.level === level && d.edition !== 'map').length
  assert.equal(count('province'), 34)
  assert.equal(count('city'), 337, '333 prefectures and the city level of four municipalities')
  assert.equal(count('county'), 2849)
  assert.equal(new Set(list.map(d => d.code)).size, list.length)
})

test('every current division stands below a current one; containers of the code table are no parents', () => {
  for (const d of list.filter(d => d.status === 'current'))
    assert.ok(d.level === 'province' ? d.parentCode === null : isCurrent(d.parentCode!), `${d.code} ${d.name}`)
  assert.equal(index.get('429004')!.parentCode, '420000')
  assert.equal(index.get('500240')!.parentCode, '500000')
  assert.equal(index.path('429004'), '湖北省 · 仙桃市')
  assert.equal(index.path('110105'), '北京市 · 朝阳区')
  assert.ok(index.below('420000').some(d => d.code === '429004'))
})

test('an abolished code is not current and is followed by current divisions of its own province', () => {
  for (const [code, name, successors] of RETIRED_DIVISIONS) {
    assert.match(code, /^\d{6}$/)
    assert.equal(index.get(code)?.status, 'retired', `${code} ${name}`)
    assert.ok(successors.length > 0, `${code} ${name}`)
    for (const next of successors) assert.ok(isCurrent(next) && next.slice(0, 2) === code.slice(0, 2), `${code} ${name} ${next}`)
  }
})

test('groups name current divisions in three languages', () => {
  assert.equal(new Set(DIVISION_GROUPS.map(g => g.key)).size, DIVISION_GROUPS.length)
  for (const group of DIVISION_GROUPS) {
    for (const label of Object.values(group.labels)) assert.ok(label.length > 0)
    for (const code of group.codes) assert.ok(isCurrent(code), `${group.key} ${code}`)
  }
  const regions = ['north', 'northeast', 'east', 'central', 'south', 'southwest', 'northwest']
  const covered = DIVISION_GROUPS.filter(g => regions.includes(g.key)).flatMap(g => g.codes)
  assert.deepEqual([...covered].sort(), [...new Set(covered)].sort(), 'the seven regions do not overlap')
  const mainland = list.filter(d => d.level === 'province' && !/^[78]/.test(d.code)).map(d => d.code)
  assert.deepEqual([...covered].sort(), mainland.sort(), 'and leave nothing of the mainland out')
})
