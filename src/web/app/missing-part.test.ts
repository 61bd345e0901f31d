import assert from 'node:assert/strict'
import test from 'node:test'
import { startFileOf, whichMissing } from './missing-part.ts'

const page = (file: string) => `<!doctype html><script src="/no-eval.js"></script><script type="module" crossorigin src="/assets/${file}"></script>`

test('a new version is one whose page starts with another file; no answer is not a new version', async () => {
  assert.equal(startFileOf(page('index-a.js')), '/assets/index-a.js')
  const ask = (answer: string) => whichMissing('/assets/index-a.js', async () => answer)
  assert.equal(await ask(page('index-b.js')), 'new')
  assert.equal(await ask(page('index-a.js')), 'unreachable')
  assert.equal(await ask('<h1>Bad gateway</h1>'), 'unreachable')
  const down = () => Promise.reject(new TypeError('Failed to fetch'))
  assert.equal(await whichMissing('/assets/index-a.js', down), 'unreachable')
  assert.equal(await whichMissing(null, async () => page('index-b.js')), 'unreachable')
})
