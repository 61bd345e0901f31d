/** Keys of measures: what the server takes, never twice. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { keyFrom } from './measure-key.ts'

test('a key the server takes, whatever the name', () => {
  const taken = new Set(['workload', 'workload-2'])
  assert.equal(keyFrom('Workload', taken), 'workload-3')
  assert.equal(keyFrom('2nd Score (é)', new Set()), 'nd-score-e')
  assert.equal(keyFrom('潜力', new Set()), 'measure')
  for (const name of ['x'.repeat(90), '---', 'A—B', `${'a'.repeat(31)}--b`, '9']) assert.match(keyFrom(name, taken), /^[a-z][a-zA-Z0-9-]{0,39}$/)
})
