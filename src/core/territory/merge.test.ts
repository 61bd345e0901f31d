/** Three-way merge: what one side changed follows that side, what both changed is asked, and whatever is answered the result is a tree. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { canonical } from '../condition/canonical.ts'
import type { Condition } from '../condition/condition.ts'
import { seededRandom } from '../kernel/random.ts'
import { buildHierarchy } from './hierarchy.ts'
import { type Choices, mergeTerritories, type Side } from './merge.ts'
import { mergeRules } from './merge-rules.ts'
import type { Territory } from './model.ts'

type T = Territory & { readonly nameEn: string | null }
const inside = (field: string, ...values: string[]): Condition => ({ field, op: 'in', values })
const RULES: readonly Condition[] = [
  inside('division', '320000'),
  inside('division', '320500', '320100'),
  { all: [inside('division', '320500'), inside('tier', 'KA')] },
  { all: [inside('division', '320500'), { field: 'size', op: 'between', min: 100 }] },
]
const t = (id: string, parentId: string | null, more: Partial<T> = {}): T => ({
  id,
  parentId,
  typeId: '1',
  code: `C${id}`,
  name: `n${id}`,
  nameEn: null,
  colour: 0,
  inherit: true,
  priority: 0,
  condition: RULES[0]!,
  ruleVersion: 1,
  ...more,
})
const BASE: readonly T[] = [t('1', null), t('2', '1'), t('3', '1'), t('4', '2'), t('5', '2'), t('6', '3')]
const edit = (list: readonly T[], id: string, more: Partial<T>): readonly T[] => list.map(x => (x.id === id ? { ...x, ...more } : x))
const drop = (list: readonly T[], ...ids: string[]) => list.filter(x => !ids.includes(x.id))
const show = (list: readonly T[]) =>
  [...list]
    .sort((a, b) => Number(a.id) - Number(b.id))
    .map(x => [x.id, x.parentId, x.typeId, x.code, x.name, x.inherit, x.priority, x.ruleVersion].join('|'))
const merge = (mine: readonly T[], theirs: readonly T[], choices: Choices = {}, base = BASE) => {
  const merged = mergeTerritories(base, mine, theirs, choices)
  return { ...merged, list: merged.territories.map(m => m.territory) }
}
const keys = (m: ReturnType<typeof merge>) => m.open.map(c => c.key)

test('fields changed on different sides are both kept, the same field is asked', () => {
  const mine = edit(BASE, '4', { name: 'mine', priority: 5 })
  const theirs = edit(edit(BASE, '4', { code: 'NEW' }), '6', { inherit: false })
  const both = merge(mine, theirs)
  assert.deepEqual(keys(both), [])
  assert.deepEqual(show(both.list), show(edit(edit(BASE, '4', { name: 'mine', priority: 5, code: 'NEW' }), '6', { inherit: false })))
  const clash = edit(theirs, '4', { name: 'theirs', code: 'NEW' })
  assert.deepEqual(keys(merge(mine, clash)), ['4/name'])
  assert.equal(merge(mine, clash, { '4/name': 'mine' }).list.find(x => x.id === '4')!.name, 'mine')
  assert.equal(merge(mine, clash, { '4/name': 'theirs' }).list.find(x => x.id === '4')!.name, 'theirs')
  assert.deepEqual(keys(merge(mine, clash, { '4/name': 'theirs' })), [])
})

test('taken out here and changed there is asked; what is kept keeps what it stands below', () => {
  const mine = edit(BASE, '4', { name: 'still needed' })
  const theirs = drop(BASE, '2', '4', '5')
  const asked = merge(mine, theirs)
  assert.deepEqual(keys(asked), ['4/exists'])
  assert.deepEqual(show(merge(mine, theirs, { '4/exists': 'theirs' }).list), show(theirs))
  assert.deepEqual(show(merge(mine, theirs, { '4/exists': 'mine' }).list), show(drop(mine, '5')))
  // Untouched on the other side: it goes without a question, from either side.
  assert.deepEqual(show(merge(BASE, theirs).list), show(theirs))
  assert.deepEqual(show(merge(theirs, BASE).list), show(theirs))
  assert.deepEqual(keys(merge(theirs, BASE)), [])
})

test('a territory moved below one that the other side took out: kept there, or back where it was, never lost', () => {
  const mine = edit(BASE, '6', { parentId: '2' })
  const theirs = drop(BASE, '2', '4', '5')
  assert.deepEqual(keys(merge(mine, theirs)), ['2/exists'])
  assert.equal(merge(mine, theirs, { '2/exists': 'theirs' }).list.find(x => x.id === '6')!.parentId, '3')
  assert.equal(merge(mine, theirs, { '2/exists': 'mine' }).list.find(x => x.id === '6')!.parentId, '2')
})

test('one code for two territories: mine takes the next free one, or gives way', () => {
  const mine = [...BASE, t('11', '3', { code: 'SZ' })]
  const theirs = [...BASE, t('10', '3', { code: 'SZ' }), t('12', '3', { code: 'SZ-2' })]
  assert.deepEqual(keys(merge(mine, theirs)), ['11/code'])
  const kept = merge(mine, theirs, { '11/code': 'mine' }).list
  assert.deepEqual(
    kept.filter(x => Number(x.id) > 9).map(x => x.code),
    ['SZ', 'SZ-3', 'SZ-2'],
  )
  assert.ok(!merge(mine, theirs, { '11/code': 'theirs' }).list.some(x => x.id === '11'))
})

test('each moved below the other: one of the two moves holds', () => {
  const mine = edit(BASE, '2', { parentId: '3' })
  const theirs = edit(BASE, '3', { parentId: '2' })
  const asked = merge(mine, theirs)
  assert.equal(keys(asked).length, 1)
  const key = keys(asked)[0]!
  const parents = (side: Side) =>
    merge(mine, theirs, { [key]: side })
      .list.filter(x => x.id === '2' || x.id === '3')
      .map(x => x.parentId)
  assert.deepEqual(parents('theirs'), ['1', '2'])
  assert.deepEqual(parents('mine'), ['3', '1'])
})

test('rules: lines from both, lists value by value, opinions are asked', () => {
  const base = inside('division', 'a', 'b')
  assert.equal(
    canonical(mergeRules(base, inside('division', 'a', 'b', 'c'), inside('division', 'b', 'd'))!),
    canonical(inside('division', 'b', 'd', 'c')),
  )
  const ka = { all: [base, inside('tier', 'KA')] }
  const big = { all: [base, { field: 'size', op: 'between', min: 100 } as const] }
  assert.deepEqual(mergeRules(base, ka, big), { all: [base, { field: 'size', op: 'between', min: 100 }, inside('tier', 'KA')] })
  assert.equal(
    mergeRules(big, { all: [base, { field: 'size', op: 'between', min: 200 }] }, { all: [base, { field: 'size', op: 'between', min: 300 }] }),
    null,
  )
  assert.equal(mergeRules({ all: [base, inside('tier', 'KA')] }, base, inside('tier', 'KA')), null, 'nothing would be left')
  const either = (x: string) => ({ any: [inside('tier', x), inside('source', x)] })
  assert.equal(mergeRules({ all: [base, either('1')] }, { all: [base, either('2')] }, { all: [base, either('3')] }), null)
  assert.equal(mergeRules(base, inside('division', 'a'), inside('division', 'b')), null, 'a list without values')
  const merged = merge(edit(BASE, '4', { condition: RULES[1]!, ruleVersion: 2 }), edit(BASE, '4', { condition: RULES[1]!, ruleVersion: 3 }))
  assert.deepEqual(keys(merged), [])
})

test('random sides and answers: always a tree with codes of their own; nobody changed anything, nothing changes', () => {
  const seed = Number(process.env.SEED ?? (Math.random() * 2 ** 31) | 0)
  console.log(`# seed ${seed}`)
  const random = seededRandom(seed)
  const codes = ['X', 'Y', 'C2', 'C4']
  const change = (start: readonly T[], first: number): readonly T[] => {
    let list = start
    for (let n = 1 + random.int(6); n > 0; n -= 1) {
      const one = random.pick(list)
      const what = random.int(6)
      if (what === 0) list = [...list, t(String(first + n), one.id, { code: random.next() < 0.3 ? random.pick(codes) : `C${first + n}` })]
      else if (what === 1) {
        const { byId } = buildHierarchy(list)
        const gone = list.filter(x => x.id === one.id || byId.get(x.id)!.ancestorIds.includes(one.id)).map(x => x.id)
        if (gone.length < list.length) list = drop(list, ...gone)
      } else if (what === 2) {
        const parentId = random.next() < 0.2 ? null : random.pick(list).id
        const moved = edit(list, one.id, { parentId })
        if (buildHierarchy(moved).faults.length === 0) list = moved
      } else if (what === 3) list = edit(list, one.id, { condition: random.pick(RULES), ruleVersion: first + random.int(50) })
      else if (what === 4) list = edit(list, one.id, { name: random.pick(codes), priority: random.int(3) })
      else list = edit(list, one.id, { code: random.pick(codes) })
      // A side is a model that was valid: codes of its own.
      const seen = new Set<string>()
      list = list.map(x => {
        const taken = seen.has(x.code)
        seen.add(x.code)
        return taken ? { ...x, code: `${x.code}.${x.id}.${n}` } : x
      })
    }
    return list
  }
  let asked = 0
  for (let n = 0; n < Number(process.env.CASES ?? 3000); n += 1) {
    const [mine, theirs] = [change(BASE, 100), change(BASE, 200)]
    assert.deepEqual(show(merge(mine, BASE).list), show(mine), `seed ${seed}: mine alone`)
    assert.deepEqual(show(merge(BASE, theirs).list), show(theirs), `seed ${seed}: theirs alone`)
    assert.deepEqual(show(merge(mine, mine).list), show(mine), `seed ${seed}: the same twice`)
    const choices: Record<string, Side> = {}
    // A choice may bring up another question.
    for (let round = 0; ; round += 1) {
      const merged = merge(mine, theirs, choices)
      const { faults } = buildHierarchy(merged.list)
      assert.deepEqual(faults, [], `seed ${seed} case ${n}`)
      assert.equal(new Set(merged.list.map(x => x.code)).size, merged.list.length, `seed ${seed} case ${n}: codes`)
      if (merged.open.length === 0) break
      assert.ok(round < 20, `seed ${seed} case ${n}: questions end`)
      asked += 1
      for (const c of merged.open) choices[c.key] = random.next() < 0.5 ? 'mine' : 'theirs'
    }
  }
  assert.ok(asked > 500)
})
