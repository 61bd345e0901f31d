/** A compiled draft is kept only as long as what it is laid over stays the same. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { makeCompany } from '../../../test/support/company.ts'
import { inTenant } from '../kernel/transaction.ts'
import { stampOf } from './compiled.ts'

test('the stamp of a draft follows the model it is based on, and no other', { timeout: 120_000 }, async t => {
  const w = await makeCompany({ accounts: 40, people: 36 })
  t.after(() => w.close())
  const { id } = (await w.send('ops', 'POST', '/api/models', { name: '草稿' })).body
  const other = (await w.send('ops', 'POST', '/api/models', { name: '另一份' })).body.id
  const { base } = await w.one<{ base: string }>('select base_model_id::text as base from territory_model where id = $1', [id])
  const stamp = () => inTenant(w.db.app, '1', tx => stampOf(tx, '1', id))
  const bump = (model: string) => w.db.owner.query('update territory_model set stamp = stamp + 1 where id = $1', [model])
  const first = await stamp()
  await bump(other)
  assert.equal(await stamp(), first)
  await bump(base)
  const second = await stamp()
  assert.notEqual(second, first)
  await bump(id)
  assert.notEqual(await stamp(), second)
})
