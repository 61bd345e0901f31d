import assert from 'node:assert/strict'
import test from 'node:test'
import { z } from 'zod'
import { endpoint } from '../../contract/kernel/endpoint.ts'
import { addressOf, call, Problem, setCaller } from './api.ts'

type Seen = { address: string; method: string; headers: Record<string, string>; body: unknown }
function answer(status: number, body: unknown): Seen[] {
  const seen: Seen[] = []
  globalThis.fetch = (async (address: string, init: RequestInit) => {
    seen.push({ address, method: init.method!, headers: init.headers as Record<string, string>, body: init.body })
    return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
  }) as typeof fetch
  return seen
}

const change = endpoint({
  method: 'PATCH',
  path: '/api/users/:id',
  summary: '',
  needs: 'user.manage',
  params: z.object({ id: z.string() }),
  versioned: true,
  body: z.object({ name: z.string().optional() }),
  reply: z.object({ rowVersion: z.number() }),
})
const make = endpoint({
  method: 'POST',
  path: '/api/teams',
  summary: '',
  needs: 'person',
  body: z.object({ name: z.string() }),
  reply: z.object({ id: z.string() }),
})
const preview = endpoint({ ...make, reads: true })

test('an address escapes its parameters, leaves out what is empty and repeats a list', () => {
  assert.equal(
    addressOf('/api/a/:id/b', { id: 'x/y' }, { search: '苏 州', cursor: null, kind: ['a', 'b'], limit: 0 }),
    '/api/a/x%2Fy/b?search=%E8%8B%8F+%E5%B7%9E&kind=a&kind=b&limit=0',
  )
})

test('the version seen and the language travel with the request; only a post that changes carries a key', async () => {
  setCaller({ language: 'en' })
  const seen = answer(200, { rowVersion: 4, id: '1' })
  assert.deepEqual(await call(change, { params: { id: '7' }, body: { name: 'A' }, ifMatch: 3 }), { rowVersion: 4, id: '1' })
  await call(make, { body: { name: 'T' } })
  await call(make, { body: { name: 'T' }, idempotencyKey: 'same' })
  await call(preview, { body: { name: 'T' } })
  assert.equal(seen[0]!.address, '/api/users/7')
  assert.equal(seen[0]!.headers['if-match'], '3')
  assert.equal(seen[0]!.headers['accept-language'], 'en')
  assert.equal(seen[0]!.headers['x-jiangyu'], '1')
  assert.equal(seen[0]!.headers['idempotency-key'], undefined)
  assert.match(seen[1]!.headers['idempotency-key']!, /^[0-9a-f]{32}$/)
  assert.equal(seen[2]!.headers['idempotency-key'], 'same')
  assert.equal(seen[3]!.headers['idempotency-key'], undefined)
})

test('a refusal becomes a Problem with its code and fields; a lost session leaves for the login', async () => {
  let left = 0
  setCaller({ onSignedOut: () => left++ })
  answer(400, { type: 'urn:jiangyu:input.invalid', title: 'input.invalid', detail: 'Bad', errors: [{ pointer: '/name', detail: 'too long' }] })
  await assert.rejects(call(make, { body: { name: '' } }), (error: unknown) => {
    assert.ok(error instanceof Problem)
    assert.equal(error.code, 'input.invalid')
    assert.deepEqual(error.errors, [{ field: 'name', detail: 'too long' }])
    return true
  })
  assert.equal(left, 0)
  answer(401, { type: 'urn:jiangyu:session.missing' })
  await assert.rejects(call(make, { body: { name: 'x' } }), Problem)
  assert.equal(left, 1)
  answer(401, { type: 'urn:jiangyu:login.wrong' })
  await assert.rejects(call(make, { body: { name: 'x' } }), Problem)
  assert.equal(left, 1)
  globalThis.fetch = (async () => {
    throw new TypeError('refused')
  }) as typeof fetch
  await assert.rejects(
    call(make, { body: { name: 'x' } }),
    (error: unknown) => error instanceof Problem && error.code === 'network.down' && error.status === 0,
  )
})
