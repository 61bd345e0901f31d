/** jiangyu serve: database, migrations, demo company, pages, server, worker; and a clean end. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import process from 'node:process'
import { buildApp } from '../server/app.ts'
import { placeDue } from '../server/assignment/run-model.ts'
import { beatCases } from '../server/engagement/jobs.ts'
import { DEMO_LOGINS } from '../server/identity/demo-logins.ts'
import { stepClocks } from '../server/intake/first-contact.ts'
import { followModel } from '../server/intake/handover.ts'
import { bootCheck } from '../server/kernel/boot-check.ts'
import { startWorker } from '../server/kernel/jobs.ts'
import { beatPools } from '../server/pool/jobs.ts'
import { dataFolder, open } from './database.ts'
import { seedDemo } from './demo/seed-demo.ts'
import type { Options } from './options.ts'

const ROOT = path.resolve(import.meta.dirname, '..', '..')

export async function serve(options: Options): Promise<number> {
  const host = options.host ?? process.env.HOST ?? '127.0.0.1'
  const https = process.env.JIANGYU_HTTPS === '1'
  const trustProxy = process.env.JIANGYU_TRUST_PROXY === '1'
  const loopback = host === '127.0.0.1' || host === 'localhost' || host === '::1'
  if (!loopback && !https && !trustProxy && process.env.JIANGYU_INSECURE !== '1') {
    console.error(
      `Listening on ${host} needs HTTPS in front (JIANGYU_HTTPS=1 behind a proxy that speaks it), or JIANGYU_INSECURE=1 if you know what you do.`,
    )
    return 1
  }
  step('starting the database')
  const opened = await open(options)
  if (opened.shared) step(`sharing the database of another Jiangyu on ${dataFolder(options)}; when that one ends, this one loses it`)
  if (opened.applied.length > 0) step(`migrated: ${opened.applied.length} steps`)
  const check = await bootCheck(opened.db.owner)
  for (const warning of check.warnings) console.warn(`  warning: ${warning}`)
  if (check.problems.length > 0) {
    for (const problem of check.problems) console.error(`  refused: ${problem}`)
    await opened.close()
    return 1
  }
  // The map first: the demo's customers stand on its points.
  if (!options['no-build']) buildPages()
  if (options.demo) await seedWhenEmpty(opened.db, options)
  const { app } = await buildApp(opened.db, {
    webRoot: process.env.JIANGYU_WEB ?? path.join(ROOT, 'dist', 'web'),
    geoRoot: path.join(ROOT, 'dist', 'geography'),
    https,
    trustProxy,
    requestsPerMinute: Number(process.env.JIANGYU_RATE ?? 3000),
    log: true,
  })
  const port = await freePort(Number(options.port ?? process.env.PORT ?? 8600), host)
  await app.listen({ port, host })
  const worker = startWorker(opened.db.bulk, async () => {
    await placeDue(opened.db.bulk)
    await beatCases(opened.db.bulk)
    await beatPools(opened.db.bulk)
    await stepClocks(opened.db.bulk)
    await followModel(opened.db.bulk)
  })
  await announce(opened.db.app, options, `http://${loopback ? 'localhost' : host}:${port}/`)

  await new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
  step('stopping')
  await app.close()
  await worker.stop()
  await opened.close()
  return 0
}

const started = performance.now()
function step(words: string): void {
  console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${words}`)
}

async function seedWhenEmpty(db: Parameters<typeof seedDemo>[0], options: Options): Promise<void> {
  const known = await db.owner.query('select 1 from tenant limit 1')
  if (known.rowCount) return
  step('making the demo company (about half a minute, once)')
  await seedDemo(db, {
    accounts: Number(options.accounts ?? 20_000),
    people: Number(options.people ?? 200),
    seed: Number(options.seed ?? 1),
    say: words => step(words),
  })
}

function buildPages(): void {
  const done = spawnSync(process.execPath, [path.join(ROOT, 'scripts', 'build.ts')], { cwd: ROOT, stdio: 'inherit' })
  if (done.status !== 0 && !existsSync(path.join(ROOT, 'dist', 'web', 'index.html'))) throw new Error('The pages could not be built; see above.')
}

/** The wanted port, or the next free one. */
async function freePort(wanted: number, host: string): Promise<number> {
  for (let port = wanted; port < wanted + 50; port += 1) {
    const free = await new Promise<boolean>(resolve => {
      const probe = createServer()
      probe.once('error', () => resolve(false))
      probe.listen(port, host, () => probe.close(() => resolve(true)))
    })
    if (free) return port
  }
  throw new Error(`No free port from ${wanted} on; give one with --port.`)
}

async function announce(app: Parameters<typeof seedDemo>[0]['app'], options: Options, url: string): Promise<void> {
  const tenant = await app.query<{ demo: boolean; name: string }>('select demo, name from tenant order by id limit 1')
  if (options.json) {
    console.log(JSON.stringify({ url, demo: tenant.rows[0]?.demo ?? false, data: dataFolder(options) }))
    return
  }
  console.log(`\n  Jiangyu 疆域  ${url}\n`)
  if (tenant.rows[0]?.demo) {
    console.log(`  Demo company ${tenant.rows[0].name}; password of all: ${DEMO_LOGINS[0].password}`)
    for (const p of DEMO_LOGINS) console.log(`    ${p.login.padEnd(9)} ${p.name} ${p.title}`)
  } else if (!tenant.rows[0]) console.log('  Open the address to make your company.')
  console.log('\n  API: /api/docs    End with Ctrl-C.')
}
