/** The house from outside: start, first company, second start beside it, an orderly end, a killed parent, and a start at once after that. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'

const ROOT = path.join(import.meta.dirname, '..')

type Server = { readonly child: ChildProcess; readonly url: string; readonly output: () => string; readonly ended: Promise<number | null> }

/** Resolves when the server says where it is. */
function start(data: string, port: number): Promise<Server> {
  const { DATABASE_URL: _, ...env } = process.env
  const args = ['--disable-warning=ExperimentalWarning', 'src/cli/main.ts', 'serve', '--json', '--no-build', '--data', data, '--port', String(port)]
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const ended = new Promise<number | null>(resolve => child.once('exit', code => resolve(code)))
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      output += chunk.toString()
      const url = /"url":"([^"]+)"/.exec(output)?.[1]
      if (url) resolve({ child, url, output: () => output, ended })
    }
    child.stdout!.on('data', hear)
    child.stderr!.on('data', hear)
    child.once('exit', code => reject(new Error(`ended with ${code} before it was ready:\n${output}`)))
  })
}

const ask = (url: string, options: RequestInit = {}): Promise<Response> =>
  fetch(url, { ...options, headers: { 'x-jiangyu': '1', 'content-type': 'application/json', ...options.headers } })

test('started, shared, ended, killed and started again: nothing is lost and nobody stays behind', { timeout: 120_000 }, async t => {
  const folder = mkdtempSync(path.join(process.env.JIANGYU_TEST_FOLDER ?? '/tmp', 'house-'))
  const data = path.join(folder, 'data')
  const running: Server[] = []
  t.after(async () => {
    for (const server of running) {
      server.child.kill('SIGKILL')
      await server.ended
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  })
  const begin = async (port: number): Promise<Server> => {
    const server = await start(data, port)
    running.push(server)
    return server
  }

  const first = await begin(8650)
  assert.equal((await ask(`${first.url}healthz`)).status, 200)
  assert.equal((await ask(`${first.url}readyz`)).status, 200)
  const setup = { name: '新公司', currency: 'CNY', zone: 'Asia/Shanghai', fiscalStartMonth: 4, locale: 'zh-CN' }
  const administrator = { name: '管理', login: 'boss', password: 'a-long-enough-one' }
  assert.equal((await ask(`${first.url}api/setup`, { method: 'POST', body: JSON.stringify({ ...setup, administrator }) })).status, 200)
  const signIn = (url: string) =>
    ask(`${url}api/session`, { method: 'POST', body: JSON.stringify({ login: 'boss', password: administrator.password }) })
  assert.equal((await signIn(first.url)).status, 200)

  // The same port is taken: the next free one, and the same database, and it says so.
  const second = await begin(Number(new URL(first.url).port))
  assert.notEqual(second.url, first.url)
  assert.match(second.output(), /sharing the database/)
  assert.equal((await signIn(second.url)).status, 200)
  second.child.kill('SIGINT')
  assert.equal(await second.ended, 0, 'Ctrl-C ends in order')

  // Killed without a word: the database ends with it, and a start at once finds everything.
  first.child.kill('SIGKILL')
  await first.ended
  const third = await begin(8650)
  assert.equal((await signIn(third.url)).status, 200)
  third.child.kill('SIGTERM')
  assert.equal(await third.ended, 0)
})
