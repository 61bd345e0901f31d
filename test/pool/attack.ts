/**
 * What a member can learn of a masked value: nothing, if every answer to every question is the same whatever the hidden part is. So the same questions
 * are asked in two worlds that differ in the hidden part alone, by somebody who knows both; any difference is a leak.
 */
import { seededRandom } from '../../src/core/kernel/random.ts'
import { inBulk } from '../../src/server/kernel/transaction.ts'
import { writeEntries } from '../../src/server/pool/entries.ts'
import { loadPools } from '../../src/server/pool/store.ts'
import type { PoolCompany } from './world.ts'

export type Secret = { readonly name: string; readonly phone: string; readonly person: string; readonly code: string }
export const SECRETS: readonly [Secret, Secret] = [
  { name: '苏州禾沐包装科技有限公司', phone: '+8613847152217', person: '沈若兰', code: '91320500MA1X8K3T4P' },
  { name: '苏州禾泽包装科技有限公司', phone: '+8613890362217', person: '沈知远', code: '91320500MA7Q2W9R6C' },
]

export async function hide(w: PoolCompany, id: string, secret: Secret): Promise<void> {
  await w.db.owner.query('update account set name = $2, updated_at = clock_timestamp() where id = $1', [id, secret.name])
  await w.db.owner.query('delete from contact where account_id = $1', [id])
  await w.db.owner.query(
    `insert into contact (tenant_id, account_id, name, phone, email, created_at, updated_at) values (1, $1, $2, $3, 'x' || $3 || '@example.com', '2026-01-01', '2026-01-01')`,
    [id, secret.person, secret.phone],
  )
  await w.db.owner.query(
    `insert into account_private (tenant_id, account_id, credit_code, phone) values (1, $1, $2, $3) on conflict (tenant_id, account_id) do update set credit_code = excluded.credit_code, phone = excluded.phone`,
    [id, secret.code, secret.phone],
  )
  const { grams } = await import('../../src/server/account/search.ts')
  await w.db.owner.query('update account_search set grams = $2 where account_id = $1', [id, grams().ofName(secret.name)])
  await inBulk(w.db.bulk, async tx => {
    await tx.query("select app_set('app.tenant', '1')")
    for (const { id: model } of await w.rows<{ id: string }>('select distinct model_id::text as id from pool_entry'))
      await writeEntries(tx, '1', model, new Date().toISOString(), [id], await loadPools(tx, '1'))
  })
}

type Question = { readonly method: 'GET' | 'POST'; readonly url: string; readonly body?: object }

/** Questions of somebody who knows what it could be: every guess stands in some of them, on every path that reads customers. */
export function questions(id: string, poolId: string, count: number, seed: number): readonly Question[] {
  const random = seededRandom(seed)
  const digits = SECRETS.flatMap(s => [s.phone, s.phone.slice(3), s.phone.slice(3, 9), s.phone.slice(6, 10), s.code, s.code.slice(8)])
  const words = SECRETS.flatMap(s => [s.name, s.name.slice(0, 4), s.name.slice(3, 5), s.name.slice(2, 6), s.person, s.person.slice(1)])
  const guess = () =>
    random.pick([...digits, ...words, String(random.int(10_000)).padStart(4, '0'), `+86138${String(random.int(1e8)).padStart(8, '0')}`])
  const field = () => random.pick(['phone', 'email', 'creditCode', 'name', 'shortName', 'id'])
  const predicate = () =>
    random.pick([
      () => ({ field: field(), op: 'startsWith', text: guess() }),
      () => ({ field: field(), op: 'contains', text: guess() }),
      () => ({ field: field(), op: 'in', values: [guess()] }),
      () => ({ field: 'phone', op: 'between', min: guess(), max: guess() }),
      () => ({ field: field(), op: random.pick(['empty', 'notEmpty']) }),
    ])()
  const filter = () => (random.next() < 0.5 ? predicate() : { [random.pick(['all', 'any', 'none'])]: [predicate(), predicate()] })
  const paths: readonly (() => Question)[] = [
    () => ({
      method: 'GET',
      url: `/api/pools/${poolId}/entries?limit=100&sort=${random.pick(['fit', 'entered', 'potential'])}&search=${encodeURIComponent(guess().slice(0, 80))}`,
    }),
    () => ({ method: 'GET', url: `/api/pools/${poolId}/entries/${id}` }),
    () => ({ method: 'GET', url: `/api/pools/${poolId}/quota` }),
    () => ({ method: 'GET', url: `/api/pools/${poolId}/forecast` }),
    () => ({ method: 'GET', url: `/api/accounts/${id}${random.pick(['', '/timeline', '/clock', '/ownership', '/standing', '/files'])}` }),
    () => ({ method: 'GET', url: `/api/why/account/${id}` }),
    () => ({ method: 'POST', url: '/api/accounts/query', body: { search: guess().slice(0, 80), count: true } }),
    () => ({ method: 'POST', url: '/api/accounts/query', body: { filter: filter(), count: true, limit: 5 } }),
    () => ({ method: 'GET', url: `/api/accounts?sort=${random.pick(['phone', 'name', 'updated', 'creditCode'])}&limit=20` }),
    () => ({ method: 'POST', url: '/api/accounts/export', body: { format: 'csv', filter: filter() } }),
    () => ({ method: 'POST', url: '/api/accounts/bulk/preview', body: { ids: [id], values: { tier: 'B' } } }),
    () => ({ method: 'POST', url: '/api/value-lists/resolve', body: { field: 'id', lines: [guess(), id] } }),
    () => ({ method: 'GET', url: `/api/accounts/${id}/owners?search=${encodeURIComponent(guess().slice(0, 20))}` }),
    () => ({ method: 'GET', url: `/api/audit?recordKind=account&recordId=${id}` }),
    () => ({ method: 'GET', url: '/api/pool-clocks?of=all' }),
    () => ({
      method: 'POST',
      url: '/api/duplicates/check',
      body: { names: [guess().slice(0, 100)], phones: [guess().slice(0, 20)], creditCode: guess().slice(0, 20) },
    }),
    () => ({ method: 'GET', url: `/api/duplicates?accountId=${id}` }),
  ]
  return Array.from({ length: count }, () => random.pick(paths)())
}

/** What of an answer could tell something: not its request number and not the milliseconds it took. */
export const plain = (text: string): string =>
  text
    .replace(/"(request_id|request|milliseconds|instance)":("[^"]*"|[\d.]+)/g, '')
    .replace(/\(number [\w-]+\)/g, '')
    .replace(/"(resetsAt|until|nextAt)":"[^"]*"/g, '')

export async function answers(w: PoolCompany, login: string, asked: readonly Question[]): Promise<readonly string[]> {
  const out: string[] = []
  for (const q of asked) {
    const a = await w.send(login, q.method, q.url, q.body)
    out.push(`${a.status} ${plain(a.text)}`)
  }
  return out
}
