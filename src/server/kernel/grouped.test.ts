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
