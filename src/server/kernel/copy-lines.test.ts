/** Lines of a copy as the database sent them, whatever their size; errors of either side leave a connection that works. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { createTestDatabase } from '../../../test/support/database.ts'
import { copyLines } from './copy-lines.ts'
import type { Tx } from './transaction.ts'

let db: Awaited<ReturnType<typeof createTestDatabase>>
let tx: Tx
before(async () => {
  db = await createTestDatabase()
  tx = await db.owner.connect()
})
after(async () => {
  tx.release()
  await db.drop()
})

const linesOf = async (sql: string): Promise<string[]> => {
  const lines: string[] = []
  await copyLines(tx, `copy (${sql}) to stdout`, line => void lines.push(line.toString()))
  return lines
}
const works = async () => assert.equal((await tx.query<{ n: number }>('select 1 as n')).rows[0]!.n, 1)

test('every line once and in order: none, short ones, and such as reach over many pieces of the socket', async () => {
  assert.deepEqual(await linesOf('select 1 where false'), [])
  const rows = await linesOf(`select n, repeat('疆', (n * 7919) % 3000) from generate_series(1, 3000) n order by n`)
  assert.equal(rows.length, 3000)
  for (const [i, row] of rows.entries()) assert.equal(row, `${i + 1}\t${'疆'.repeat(((i + 1) * 7919) % 3000)}\n`)
  const [large] = await linesOf(`select repeat('x', 3000000)`)
  assert.equal(large!.length, 3_000_001)
  await works()
})

test('an error of the database in the middle, and one of the reader, are told; the connection works on', async () => {
  await assert.rejects(linesOf('select 1 / (5000 - n) from generate_series(1, 9000) n'), /division by zero/)
  await works()
  await assert.rejects(linesOf('select nonsense'), /nonsense/)
  await works()
  let seen = 0
  const reading = copyLines(tx, 'copy (select n from generate_series(1, 9000) n) to stdout', () => {
    seen += 1
    if (seen === 100) throw new Error('cannot read this')
  })
  await assert.rejects(reading, /cannot read this/)
  assert.equal(seen, 100)
  await works()
})

test('notices between lines are heard', async () => {
  const heard: string[] = []
  const hear = (n: { message?: string | undefined }) => void heard.push(n.message ?? '')
  tx.on('notice', hear)
  await tx.query(
    `create function pg_temp.tell(n int) returns int language plpgsql as $$ begin if n % 1000 = 0 then raise notice 'at %', n; end if; return n; end $$`,
  )
  const rows = await linesOf('select pg_temp.tell(n) from generate_series(1, 5000) n')
  tx.off('notice', hear)
  assert.equal(rows.length, 5000)
  assert.deepEqual(heard, ['at 1000', 'at 2000', 'at 3000', 'at 4000', 'at 5000'])
})
