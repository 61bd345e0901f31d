// Runs on any Node from 20 on: installs what is missing, then hands over to the Node 24 that comes with the dependencies.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'

export const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..')
const marker = path.join(root, 'node_modules', '.jiangyu-lock')
export const node24 = path.join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** npm ci, once for each state of the lock file. Says what it does: the first time takes most of a minute. */
export function install() {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lock && existsSync(node24)) return
  console.log('Installing what Jiangyu needs (about a minute, once) …')
  const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (done.status !== 0) {
    console.error('npm ci failed. Is the npm registry reachable? Then run the same command again.')
    process.exit(done.status ?? 1)
  }
  if (!existsSync(node24)) spawnSync('npm', ['rebuild', 'node'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
  writeFileSync(marker, lock)
}

/** Runs a TypeScript file under Node 24; signals and the exit code pass through. */
export function runNode(args, env = {}) {
  const child = spawn(node24, ['--disable-warning=ExperimentalWarning', ...args], { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
}
