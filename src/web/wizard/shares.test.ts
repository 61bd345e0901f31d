import assert from 'node:assert/strict'
import test from 'node:test'
import { moveDivision, totalOf } from './shares.ts'

test('a division moves and stays with exactly one person', () => {
  const d = (code: string, accounts: number) => ({ code, name: code, accounts })
  const shares = [
    { userId: '1', divisions: [d('110000', 5), d('120000', 3)] },
    { userId: '2', divisions: [d('310000', 7)] },
  ]
  const moved = moveDivision(shares, '110000', '2')
  assert.deepEqual(
    moved.map(s => s.divisions.map(x => x.code)),
    [['120000'], ['110000', '310000']],
  )
  assert.equal(totalOf(moved[1]!), 12)
  assert.deepEqual(
    moveDivision(moved, '120000', '3').map(s => s.userId),
    ['2', '3'],
  )
})
