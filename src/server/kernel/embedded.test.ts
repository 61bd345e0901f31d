import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test from 'node:test'
import pg from 'pg'
import { startEmbedded } from './embedded.ts'

const CHILD = `
  import { startEmbedded } from ${JSON.stringify(path.join(import.meta.dirname, 'embedded.ts'))}
  const made = await startEmbedded({ dataDir: process.argv[1] })
  console.log(JSON.stringify({ url: made.ownerUrl }))
  setInterval(() => undefined, 1000)`

const answers = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 })
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

test('the database outlives nobody: killed with its parent, started again at once, with its data', { timeout: 60_000 }, async t => {
  const folder = mkdtempSync(path.join(tmpdir(), 'jiangyu-embedded-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const dataDir = path.join(folder, 'private', 'db')
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', CHILD, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', chunk => resolve((JSON.parse(String(chunk)) as { url: string }).url))
    child.on('exit', code => reject(new Error(`ended early: ${code}`)))
  })
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  await client.query('create table kept (n int); insert into kept values (42)')
  child.kill('SIGKILL')

  const again = await startEmbedded({ dataDir })
  t.after(() => again.stop())
  assert.equal(again.reused, false)
  const second = new pg.Client({ connectionString: again.ownerUrl })
  await second.connect()
  assert.deepEqual((await second.query('select n from kept')).rows, [{ n: 42 }])
  await second.end()
  assert.equal(await answers(url), false, 'the orphan has stopped')

  const joined = await startEmbedded({ dataDir })
  assert.equal(joined.reused, true, 'a second start shares the running server')
  assert.equal(joined.ownerUrl, again.ownerUrl)
})

test('a wrong password is refused: nobody on the machine is let in by default', async t => {
  const folder = mkdtempSync(path.join(tmpdir(), 'jiangyu-embedded-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const made = await startEmbedded({ dataDir: path.join(folder, 'db') })
  const url = new URL(made.ownerUrl)
  url.password = 'guess'
  assert.equal(await answers(url.href), false)
  assert.equal(await answers(made.ownerUrl), true)
  await made.stop()
  assert.equal(existsSync(path.join(folder, 'db', 'postmaster.pid')), false, 'no lock stays behind')
})
