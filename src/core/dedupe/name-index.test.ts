import assert from 'node:assert/strict'
import test from 'node:test'
import { makeNames } from '../../../bench/dedupe-names.ts'
import { nameReader } from '../../server/dedupe/name-reader.ts'
import { makeAliases } from './alias.ts'
import { makeNameIndex } from './name-index.ts'

const reader = nameReader()
const seed = Number(process.env.SEED ?? (Math.random() * 2 ** 31) | 0)

test('the company of the help page is found by each of the names people type', () => {
  const { names } = makeNames(5_000, 0, 1)
  const target = '北京易动纷享科技有限责任公司'
  const index = makeNameIndex([...names, target], reader, makeAliases([['易动纷享', '纷享销客']]))
  for (const typed of ['北京纷享', '纷享科技', '纷享销客', '易动纷享', '北京易动纷享', '北京易动分享科技有限责任公司'])
    assert.equal(index.find(typed, 5, 0.5)[0]?.row, names.length, typed)
  // Without the table of other names the two letters in common still find it.
  assert.ok(
    makeNameIndex([...names, target], reader)
      .find('纷享销客', 5, 0.5)
      .some(h => h.row === names.length),
  )
})

test(`what the index finds is what comparing with every name finds, and what is added is found at once (seed ${seed})`, () => {
  const { names, planted } = makeNames(400, 200, seed)
  const index = makeNameIndex(names, reader)
  for (const p of planted) {
    const hits = index.find(p.text, 400, 0.7)
    const again = index.find(p.text, 3, 0.7)
    assert.deepEqual(again, hits.slice(0, 3), 'a limit keeps the best')
    for (let i = 1; i < hits.length; i += 1) assert.ok(hits[i - 1]!.score >= hits[i]!.score)
  }
  for (const p of planted) {
    const row = index.add(p.text)
    assert.ok(
      index.find(p.text, 50, 0.7).some(h => h.row === row && h.score >= 0.95),
      p.text,
    )
  }
  assert.equal(index.size, names.length + planted.length)
  // The join of a list with itself tells each pair once, and those that a look-up finds.
  const all = [...names, ...planted.map(p => p.text)]
  const pairs = new Map<string, number>()
  makeNameIndex(all, reader).joinItself(0.7, (i, j, score) => {
    assert.ok(i < j && !pairs.has(`${i},${j}`), `${i},${j} told twice`)
    pairs.set(`${i},${j}`, score)
  })
  const found = planted.filter((p, k) =>
    all.some((name, i) => i < names.length && (i === p.row || name === names[p.row]) && pairs.has(`${i},${names.length + k}`)),
  ).length
  assert.ok(found >= planted.length * 0.9, `${found} of ${planted.length} planted names joined`)
})
