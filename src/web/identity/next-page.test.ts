import assert from 'node:assert/strict'
import test from 'node:test'
import { safeNext } from './next-page.ts'

test('after signing in one returns to the page asked for, never to another site', () => {
  assert.equal(safeNext('?next=%2Fsettings%2Fpeople%3Fsearch%3Dli'), '/settings/people?search=li')
  assert.equal(safeNext('?next=%22%2Faccounts%22'), '/accounts')
  for (const bad of ['', '?next=', '?next=https://evil.example', '?next=//evil.example', '?next=/%5Cevil.example', '?next=/login%3Fnext=/'])
    assert.equal(safeNext(bad), '/')
})
