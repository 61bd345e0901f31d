/** Imports the same list twice: undisturbed, and by processes that are killed at random moments. Both must leave the very same rows. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import path from 'node:path'
import { seededRandom } from '../../src/core/kernel/random.ts'
import { registerJobs } from '../../src/server/compose.ts'
import { startWriting } from '../../src/server/import/jobs-of-import.ts'
import { SIZES } from '../../src/server/import/write-job.ts'
import { createTestDatabase } from './database.ts'
import { makeImporter, makeSmallCompany } from './import.ts'

export function listOf(rows: number, seed: number): string {
  const random = seededRandom(seed)
  const lines = ['客户编号,客户名称,信用代码,城市,行业,等级,员工数,电话,联系人,负责人']
  const cities = ['苏州市', '杭州市', '上海市', '江苏省', '火星市']
  for (let i = 1; i <= rows; i += 1)
    lines.push(
      [
        `C${random.next() < 0.01 ? 1 : i}`,
        `崩溃${i}号有限公司`,
        random.next() < 0.5 ? '91440300192185379H' : '',
        random.pick(cities),
        random.pick(['C34', 'C35', '', 'F51']),
        random.pick(['A', 'B', '']),
        random.next() < 0.02 ? '很多' : random.int(500),
        random.next() < 0.3 ? `138${String(i).padStart(8, '0')}` : '',
        random.next() < 0.2 ? `人${i}` : '',
        random.next() < 0.1 ? 'rep' : '',
      ].join(','),
    )
  return `${lines.join('\n')}\n`
}

/** Everything an import leaves, without the instants at which it happened to be written. */
const LEFT = {
  account: 'select id, name, division, industry, tier, size, custom, placed, row_version, import_id from account order by id',
  account_private: 'select * from account_private order by account_id',
  account_key: 'select * from account_key order by external_key',
  account_search: 'select * from account_search order by account_id',
  account_version: 'select account_id, row_version, facts from account_version order by account_id, row_version',
  contact: 'select account_id, name, phone, import_id from contact order by account_id, name',
  ownership_act: 'select account_id, kind, owner_id, model_id, territory_id, import_id from ownership_act order by account_id',
  account_placement:
    'select model_id, account_id, owner_id, territory_id, tokens::text, private_tokens::text, edit_tokens::text, source, undecidable from account_placement order by model_id, account_id',
  account_overlay: 'select model_id, account_id, territory_id from account_overlay order by 1, 2, 3',
  import_reject: 'select row_no, problems, cells from import_reject order by row_no',
  import_row: 'select count(*)::int as n from import_row',
  job: "select state, stats - 'seconds' as stats from import_job",
}

export async function crashTest(rows: number, piece: number, kills: number, seed: number): Promise<void> {
  console.log(`# seed ${seed}`)
  const random = seededRandom(seed)
  const list = listOf(rows, seed)
  const sizes = { ...SIZES }
  Object.assign(SIZES, { atOnce: piece, written: piece, placed: piece })
  const results: Record<string, unknown[]>[] = []
  let killed = 0
  try {
    for (const disturbed of [false, true]) {
      const db = await createTestDatabase()
      try {
        registerJobs(db.bulk)
        await makeSmallCompany(db)
        const w = await makeImporter(db)
        const url = (db.owner as unknown as { options: { connectionString: string } }).options.connectionString
        const id = await w.bring(list)
        await w.map(id)
        let left = disturbed ? kills : 0
        const early = await work(url, piece, Math.min(left, Math.ceil(kills / 4)), random)
        left -= early
        await w.as('ops', (tx, actor, now) => startWriting(tx, actor, now, id))
        killed += early + (await work(url, piece, left, random))
        const world: Record<string, unknown[]> = {}
        for (const [table, sql] of Object.entries(LEFT)) world[table] = await w.rows(sql)
        results.push(world)
      } finally {
        await db.drop()
      }
    }
  } finally {
    Object.assign(SIZES, sizes)
  }
  console.log(`# killed ${killed} times`)
  const [whole, broken] = results as [Record<string, unknown[]>, Record<string, unknown[]>]
  assert.equal((whole.job![0] as { state: string }).state, 'done')
  assert.ok(whole.account!.length > rows / 2 && whole.import_reject!.length > 0)
  for (const table of Object.keys(whole)) assert.deepEqual(broken[table], whole[table], table)
}

/** Lets processes do the jobs and kills each after a while; the last one may finish. Answers how many were killed at work. */
async function work(url: string, piece: number, kills: number, random: { next(): number }): Promise<number> {
  let killed = 0
  for (let attempt = 0; attempt < kills * 3 + 1; attempt += 1) {
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'import-process.ts'), url, String(piece)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = new Promise<number | null>(resolve => child.on('exit', code => resolve(code)))
    await Promise.race([ended, new Promise(resolve => child.stdout.once('data', resolve))])
    if (killed < kills) {
      const wait = 5 + random.next() ** 2 * 400
      const early = await Promise.race([ended.then(() => true), new Promise<boolean>(resolve => setTimeout(() => resolve(false), wait))])
      if (early) return killed
      child.kill('SIGKILL')
      await ended
      killed += 1
      continue
    }
    assert.equal(await ended, 0)
    return killed
  }
  throw new Error('the jobs never came to an end')
}
