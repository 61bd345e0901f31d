import assert from 'node:assert/strict'
import test from 'node:test'
import type { Condition, Predicate } from './condition.ts'
import { masked, unmasked } from './mask.ts'
import { sentence } from './words.ts'

const place: Predicate = { field: 'division', op: 'in', values: ['310000'] }
const rich: Predicate = { field: 'revenue', op: 'between', min: 50_000_000 }
const poor: Predicate = { field: 'revenue', op: 'between', max: 7 }
const rule: Condition = { all: [place, { any: [rich, { none: [poor] }] }] }
const hides = (field: string) => field === 'revenue'

test('a mask holds no value, and comes back word for word, wherever it was moved; nothing hidden is accepted in its own words', () => {
  const seen = masked(rule, hides)
  assert.doesNotMatch(JSON.stringify(seen), /50000000|between|"max"/)
  assert.deepEqual(unmasked(seen, rule, hides), { condition: rule, refused: null })
  assert.deepEqual(
    masked(rule, () => false),
    rule,
  )
  const [first, second] = [0, 1].map(n => ({ field: 'revenue', op: 'in', values: [`•••${n}`] }) as const)
  assert.deepEqual(unmasked({ all: [second!, { field: 'tier', op: 'notEmpty' }] }, rule, hides).condition, {
    all: [poor, { field: 'tier', op: 'notEmpty' }],
  })
  // The stored words themselves are refused too: a guess that is accepted would be an answer.
  for (const tried of [rich, poor, { ...rich, min: 1 }, { field: 'revenue', op: 'in', values: ['•••2'] } as const])
    assert.deepEqual(unmasked({ all: [place, tried] }, rule, hides), { condition: null, refused: 'revenue' })
  assert.deepEqual(unmasked({ all: [first!] }, null, hides).refused, 'revenue')
  // A mask of another field's criterion is none.
  assert.equal(unmasked({ ...first!, field: 'phone' }, rule, field => field === 'revenue' || field === 'phone').refused, 'phone')
})

test('in words a hidden criterion names its field and nothing more', () => {
  const words = { locale: 'en' as const, field: (key: string) => key, value: (_: string, value: string) => value, list: (id: string) => id, hides }
  assert.equal(sentence(rule, words), 'division is 310000 and (revenue ••• or not (revenue •••))')
  assert.equal(sentence(masked(rule, hides), words), sentence(rule, words))
})
