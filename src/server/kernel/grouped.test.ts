import assert from 'node:assert/strict'
import test from 'node:test'
import { makeGroups } from './grouped.ts'

test('what arrives while a group runs goes together; a broken one fails alone; two of one mark never meet', async () => {
  const sizes: number[] = []
  const groups = makeGroups<number, number>(async (_key, asks) => {
    sizes.push(asks.length)
    await new Promise(resolve => setTimeout(resolve, 5))
    if (asks.includes(13)) throw new Error('broken')
    return asks.map(n => (n === 7 ? { error: new Error('refused') } : { answer: n * 2 }))
  })
  const all = await Promise.allSettled(Array.from({ length: 30 }, (_, n) => groups.add('a', { ask: n, mark: n > 27 ? 'x' : null })))
  assert.deepEqual(
    all.map((r, n) => (r.status === 'fulfilled' ? r.value : n)),
    Array.from({ length: 30 }, (_, n) => (n === 7 || n === 13 ? n : n * 2)),
  )
  assert.deepEqual([all[7]!.status, all[13]!.status], ['rejected', 'rejected'])
  assert.equal(sizes[0], 29, 'what arrives in one moment goes together')
  assert.equal(await groups.add('b', { ask: 4, mark: null }), 8)
})

test('who must wait is asked again alone, and nobody waits for him', async () => {
  let free: () => void = () => undefined
  const held = new Promise<void>(resolve => {
    free = resolve
  })
  const groups = makeGroups<number, string>(async (_key, asks, alone) => {
    if (alone) await held
    return asks.map(n => (n === 1 && !alone ? { again: true } : { answer: `${n} of ${asks.length}` }))
  })
  const [zero, one, two] = [0, 1, 2].map(n => groups.add('a', { ask: n, mark: null }))
  assert.deepEqual([await zero, await two], ['0 of 3', '2 of 3'])
  assert.equal(await groups.add('a', { ask: 3, mark: null }), '3 of 1')
  free()
  assert.equal(await one, '1 of 1')
})
