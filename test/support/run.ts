/**
 * Runs the test files with the one PostgreSQL they share, and prints `N passed, N failed, N skipped` as its last line.
 * --slow: the long ones (test/slow); --pg: against DATABASE_URL instead of the embedded server; other words: only files containing them.
 */
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import pg from 'pg'
import { startEmbedded } from '../../src/server/kernel/embedded.ts'
import { migrate } from '../../src/server/kernel/migrate.ts'
import { TEMPLATE, withName } from './database.ts'

const flags = new Set(process.argv.slice(2).filter(a => a.startsWith('--')))
const words = process.argv.slice(2).filter(a => !a.startsWith('--'))
const patterns = flags.has('--slow') ? ['test/slow/*.test.ts'] : ['src/**/*.test.ts', 'test/*.test.ts', 'test/*/*.test.ts']
const files = patterns
  .flatMap(p => globSync(p))
  .filter(f => flags.has('--slow') || !f.includes(`${path.sep}slow${path.sep}`))
  .filter(f => words.length === 0 || words.some(w => f.includes(w)))
  .sort()

async function makeTemplate(server: string): Promise<void> {
  const admin = new pg.Client({ connectionString: server })
  await admin.connect()
  await admin.query(`drop database if exists ${TEMPLATE} with (force)`)
  await admin.query(`create database ${TEMPLATE}`)
  await admin.end()
  await migrate(withName(server, TEMPLATE))
}

const folder = mkdtempSync(path.join(tmpdir(), 'jiangyu-test-'))
const given = flags.has('--pg') ? process.env.DATABASE_URL : undefined
if (flags.has('--pg') && !given) throw new Error('npm run test:pg needs DATABASE_URL')
const embedded = given ? null : await startEmbedded({ dataDir: path.join(folder, 'db'), settings: ['fsync=off', 'max_connections=300'] })
const server = given ?? embedded!.ownerUrl
const end = async () => {
  await embedded?.stop()
  rmSync(folder, { recursive: true, force: true })
}
process.on('SIGINT', () => end().then(() => process.exit(130)))
process.on('SIGTERM', () => end().then(() => process.exit(143)))

let failed = 0
let passed = 0
let skipped = 0
try {
  await makeTemplate(server)
  process.env.JIANGYU_TEST_SERVER = server
  process.env.JIANGYU_TEST_FOLDER = folder
  const stream = run({
    files,
    concurrency: 2,
    timeout: flags.has('--slow') ? 30 * 60_000 : 7 * 60_000,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const isFile = (name: string) => files.some(f => name === f || name.endsWith(f))
  stream.on('test:fail', event => {
    if (event.details.type !== 'suite') failed += 1
  })
  stream.on('test:pass', event => {
    if (event.details.type === 'suite' || isFile(event.name)) return
    if (event.skip !== undefined && event.skip !== false) skipped += 1
    else passed += 1
  })
  stream.compose(spec).pipe(process.stdout)
  await new Promise(resolve => stream.on('end', resolve))
  await new Promise(resolve => setTimeout(resolve, 100))
} finally {
  await end()
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)
