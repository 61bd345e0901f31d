import assert from 'node:assert/strict'
import test from 'node:test'
import { opensSequence, pick } from './keys.ts'

const run = () => {}
const bindings = [
  { key: 'g h', word: 'home', run },
  { key: 'h', word: 'help', run },
  { key: 'j', word: 'next', run },
  { key: 'mod+k', word: 'palette', run },
]

test('a key after its leader means the pair, alone it means itself', () => {
  assert.equal(pick(bindings, 'h', 'g')?.word, 'home')
  assert.equal(pick(bindings, 'h', null)?.word, 'help')
  assert.equal(pick(bindings, 'j', 'g')?.word, 'next')
  assert.equal(pick(bindings, 'k', null), null)
  assert.equal(pick(bindings, 'mod+k', null)?.word, 'palette')
  assert.equal(opensSequence(bindings, 'g'), true)
  assert.equal(opensSequence(bindings, 'j'), false)
})

test('the newest screen comes first and wins', () => {
  assert.equal(pick([{ key: 'j', word: 'dialog', run }, ...bindings], 'j', null)?.word, 'dialog')
})
