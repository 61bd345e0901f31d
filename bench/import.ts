/**
 * Importing a million customers beside copying the same file raw, and beside saving them one by one. Correctness first: both ways leave the
 * same accounts, keys, private fields, grams and placements. CPU of this process and of PostgreSQL with all its processes.
 */
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import copyStreams from 'pg-copy-streams'
import { mapping as mappingShape } from '../src/contract/import/imports.ts'
import { seededRandom } from '../src/core/kernel/random.ts'
import { createAccount } from '../src/server/account/save-account.ts'
import { registerJobs } from '../src/server/compose.ts'
import { loadJob } from '../src/server/import/job-row.ts'
import { readImport, setMapping, startWriting, upload } from '../src/server/import/jobs-of-import.ts'
import { openDatabase } from '../src/server/kernel/databases.ts'
import { runNextJob } from '../src/server/kernel/jobs.ts'
import { migrate } from '../src/server/kernel/migrate.ts'
import { loadDivisions } from '../src/server/reference/divisions.ts'
import { withName } from '../test/support/database.ts'
import { makeImporter, makeSmallCompany } from '../test/support/import.ts'
import { cpuSeconds, machineCpu, type Point, pointOf, serverCpu } from './measure.ts'

const CORES = 2
const HEADING = '客户编号,客户名称,统一社会信用代码,行业,行政区划,等级,员工数,年营收,电话'
const FIELDS = ['externalKey', 'name', 'creditCode', 'industry', 'division', 'tier', 'size', 'revenue', 'phone'] as const

function* lines(count: number): Generator<string> {
  const random = seededRandom(7)
  const counties = loadDivisions()
    .filter(d => d.level === 'county' && d.status === 'current')
    .map(d => d.code)
  const words = [...'华兴恒瑞联创远航中科信达鼎盛博源宏图海天德邦康泰新元广通']
  const industries = ['C34', 'C35', 'C39', '软件和信息技术服务业', 'F51', 'I65', 'G54', 'C27']
  yield `${HEADING}\n`
  let text = ''
  for (let i = 1; i <= count; i += 1) {
    const name = `${random.pick(words)}${random.pick(words)}${random.pick(words)}${i % 9973}`
    const code = `91${String(320000 + (i % 9999)).padStart(6, '0')}MA${i
      .toString(36)
      .toUpperCase()
      .replace(/[IOSVZ]/g, 'A')
      .padStart(8, '0')
      .slice(0, 8)}`
    text += `K${i},苏州${name}精密机械有限公司,${code},${random.pick(industries)},${random.pick(counties)},${random.pick(['A', 'B', 'C', 'KA'])},${1 + random.int(900)},${random.int(9_000)}万,1${35 + random.int(4)}${String(i).padStart(8, '0')}\n`
    if (text.length > 1 << 18) {
      yield text
      text = ''
    }
  }
  yield text
}

export async function benchImport(ownerUrl: string, rows: number, small: boolean): Promise<readonly Point[]> {
  const name = 'jiangyu_bench_import'
  const url = withName(ownerUrl, name)
  await onServer(ownerUrl, `drop database if exists ${name} with (force)`)
  await onServer(ownerUrl, `create database ${name}`)
  await migrate(url)
  const db = openDatabase(url)
  const folder = mkdtempSync(path.join(tmpdir(), 'jiangyu-bench-'))
  try {
    registerJobs(db.bulk)
    await makeSmallCompany(db)
    const file = path.join(folder, 'list.csv')
    await pipeline(Readable.from(lines(rows)), createWriteStream(file))
    // The small size is for correctness, wherever PostgreSQL runs.
    const postmaster = small ? 0 : await postmasterOf(db.owner)
    const used = () => (small ? 0 : cpuSeconds() + serverCpu(postmaster))
    const machine = () => (small ? 0 : machineCpu())
    const measure = async (work: () => Promise<unknown>) => {
      const [ours, everybody, began] = [used(), machine(), performance.now()]
      await work()
      const cpu = used() - ours
      return { cpu, wall: (performance.now() - began) / 1000, others: Math.max(0, machine() - everybody - cpu) }
    }
    // Before and after: a machine's pace changes within minutes.
    const first = await measure(() => copyRaw(url, file))
    const w = await makeImporter(db)
    const id = await w.as('ops', (tx, actor, now) =>
      upload(tx, actor, now, { fieldName: 'file', fileName: 'list.csv', stream: createReadStream(file) }),
    )
    const check = await measure(async () => {
      await w.as('ops', (tx, actor, now) =>
        setMapping(
          tx,
          actor,
          now,
          id,
          mappingShape.parse({ columns: FIELDS.map((field, column) => ({ column, field })), match: 'externalKey', source: 'bench' }),
        ),
      )
      while (await runNextJob(db.bulk));
    })
    // Where the writing ends and the placing begins, the processors' time is read once more.
    const began = used()
    let written = 0
    const watch = setInterval(async () => {
      const found = await db.owner.query<{ state: string }>('select state from import_job where id = $1', [id]).catch(() => ({ rows: [] }))
      if (written === 0 && found.rows[0] && found.rows[0].state !== 'writing' && found.rows[0].state !== 'staged') written = used() - began
    }, 50)
    const all = await measure(async () => {
      await w.as('ops', (tx, actor, now) => startWriting(tx, actor, now, id))
      while (await runNextJob(db.bulk));
    })
    clearInterval(watch)
    const last = await measure(() => copyRaw(url, file))
    const raw = { cpu: (first.cpu + last.cpu) / 2, wall: (first.wall + last.wall) / 2 }
    const job = await loadJob(db.owner, '1', id)
    if (job.state !== 'done' || job.stats.written !== rows) throw new Error(`import: ${job.state}, ${JSON.stringify(job.stats)}`)
    const sample = Math.min(rows, small ? 200 : 1_500)
    const single = await measure(() => oneByOne(w, file, sample))
    await compare(db.owner, sample)
    if (small) return []
    const { write = 0, place = 0 } = job.stats.seconds ?? {}
    const seconds = check.wall + write
    // A machine that is busy with other things says nothing by its clock: then the work of two processors is counted.
    const busy = (check.others + all.others) / ((check.wall + all.wall) * availableParallelism())
    const quiet = busy < 0.15
    const cpu = check.cpu + written
    const rate = Math.round(rows / (quiet ? seconds : cpu / CORES))
    const clock = `${Math.round(rows / seconds).toLocaleString('en')} rows/s by the clock${quiet ? '' : ` while other work took ${Math.round(busy * 100)} % of the machine, so judged by the time of ${CORES} processors`}`
    const note = `${rows.toLocaleString('en')} rows: check ${check.wall.toFixed(1)} s, write ${write} s = ${clock}; placements and grams ${place} s more; raw COPY ${raw.wall.toFixed(1)} s`
    const ratio = cpu / raw.cpu
    return [
      {
        name: 'import into staging and accounts: rows a second',
        ours: rate,
        peer: 30_000,
        unit: 'rows/s',
        ratio: rate / 30_000,
        goal: '≥ 1×',
        met: rate >= 30_000,
        note,
      },
      { name: 'import against raw COPY of the same file', ours: cpu, peer: raw.cpu, unit: 's CPU', ratio, goal: '≤ 25×', met: ratio <= 25 },
      pointOf(
        'whole import with placement against one save after another',
        check.cpu + all.cpu,
        (single.cpu / sample) * rows,
        50,
        's CPU',
        `one by one measured on ${sample.toLocaleString('en')} rows, scaled: ${((single.cpu / sample) * 1000).toFixed(2)} ms CPU a row`,
      ),
    ]
  } finally {
    await db.close()
    rmSync(folder, { recursive: true, force: true })
    await onServer(ownerUrl, `drop database if exists ${name} with (force)`)
  }
}

async function onServer(url: string, sql: string): Promise<void> {
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  await admin.query(sql)
  await admin.end()
}

async function postmasterOf(owner: pg.Pool): Promise<number> {
  const found = await owner.query<{ pid: string }>("select split_part(pg_read_file('postmaster.pid'), chr(10), 1) as pid")
  return Number(found.rows[0]!.pid)
}

async function copyRaw(url: string, file: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`create table raw (${FIELDS.map(f => `"${f}" text`).join(', ')})`)
  await pipeline(
    createReadStream(file, { highWaterMark: 1 << 18 }),
    client.query(copyStreams.from('copy raw from stdin with (format csv, header true)')),
  )
  await client.query('drop table raw')
  await client.end()
}

/** The product's own way to save one customer, with everything that follows; keys of another source, so that both stand side by side. */
async function oneByOne(w: Awaited<ReturnType<typeof makeImporter>>, file: string, count: number): Promise<void> {
  const job = await w.as(
    'ops',
    async (tx, actor) =>
      (await tx.query<{ id: string }>('select max(id)::text as id from import_job where tenant_id = $1', [actor.tenantId])).rows[0]!.id,
  )
  await w.as('ops', (tx, actor) => readImport(tx, actor, job))
  const imported = await w.rows<{ key: string; values: Record<string, string | number | null> }>(
    `select k.external_key as key, json_build_object('name', a.name, 'industry', a.industry, 'division', a.division, 'tier', a.tier, 'size', a.size, 'revenue', a.revenue, 'creditCode', p.credit_code, 'phone', p.phone) as values
       from account_key k join account a on a.tenant_id = k.tenant_id and a.id = k.account_id join account_private p on p.tenant_id = k.tenant_id and p.account_id = k.account_id where k.tenant_id = 1 and k.source = 'bench' order by k.account_id limit ${BigInt(count)}`,
  )
  if (!file || imported.length !== count) throw new Error(`${imported.length} of ${count} imported accounts found`)
  for (const { key, values } of imported) await w.as('ops', (tx, actor) => createAccount(tx, actor, values, { source: 'single', key }))
}

/** Both ways wrote the same rows. */
async function compare(owner: pg.Pool, count: number): Promise<void> {
  const rowsOf = async (source: string) =>
    (
      await owner.query(
        `select k.external_key, a.name, a.industry, a.division, a.tier, a.size, a.revenue, a.custom, a.placed, a.row_version, p.credit_code, p.phone, s.grams, v.facts - 'id' as facts,
                (select json_agg(json_build_array(l.model_id, l.owner_id, l.territory_id, l.tokens, l.private_tokens, l.edit_tokens, l.source, l.undecidable) order by l.model_id) from account_placement l where l.tenant_id = 1 and l.account_id = a.id) as placed_as,
                (select count(*)::int from account_overlay o where o.tenant_id = 1 and o.account_id = a.id) as overlays
           from account_key k join account a on a.tenant_id = 1 and a.id = k.account_id join account_private p on p.tenant_id = 1 and p.account_id = a.id join account_search s on s.tenant_id = 1 and s.account_id = a.id
           join account_version v on v.tenant_id = 1 and v.account_id = a.id and v.row_version = a.row_version where k.tenant_id = 1 and k.source = $1 order by a.id limit $2`,
        [source, count],
      )
    ).rows
  const [imported, single] = [await rowsOf('bench'), await rowsOf('single')]
  if (imported.length !== count) throw new Error(`${imported.length} of ${count} rows to compare`)
  for (const [i, row] of imported.entries())
    if (JSON.stringify(row) !== JSON.stringify(single[i]))
      throw new Error(`import differs from single saves:\n${JSON.stringify(row)}\n${JSON.stringify(single[i])}`)
}
