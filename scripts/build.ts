/** Builds the map data and the web pages when their sources changed. Prints nothing when there is nothing to do. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '..')

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const full = path.join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(full) : entry.name.endsWith('.test.ts') ? [] : [full]
  })
}

function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256')
  for (const given of paths) {
    const full = path.join(ROOT, given)
    if (!existsSync(full)) continue
    for (const file of statSync(full).isDirectory() ? filesBelow(full).sort() : [full])
      hash.update(path.relative(ROOT, file)).update(readFileSync(file))
  }
  return hash.digest('hex')
}

function step(name: string, sources: readonly string[], outputs: readonly string[], command: readonly string[]): void {
  const stamp = path.join(ROOT, 'dist', `.${name}`)
  const hash = hashOf(sources)
  const fresh = existsSync(stamp) && readFileSync(stamp, 'utf8') === hash && outputs.every(o => existsSync(path.join(ROOT, o)))
  if (fresh) return
  const started = performance.now()
  console.log(`building the ${name} …`)
  const done = spawnSync(process.execPath, command, { cwd: ROOT, encoding: 'utf8' })
  if (done.status !== 0) {
    console.error(`${done.stdout}\n${done.stderr}`)
    process.exit(1)
  }
  mkdirSync(path.dirname(stamp), { recursive: true })
  writeFileSync(stamp, hash)
  console.log(`built the ${name} in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

if (existsSync(path.join(ROOT, 'scripts', 'build-geography.ts'))) {
  step(
    'map',
    ['scripts/build-geography.ts', 'scripts/sea-borders.ts', 'scripts/simplify-arcs.ts', 'package-lock.json'],
    ['dist/geography/china.far.topo.json'],
    ['scripts/build-geography.ts'],
  )
}
if (existsSync(path.join(ROOT, 'src', 'web', 'vite.config.ts'))) {
  step(
    'web',
    ['src/web', 'src/contract', 'src/core', 'package-lock.json'],
    ['dist/web/index.html'],
    ['node_modules/vite/bin/vite.js', 'build', '--config', 'src/web/vite.config.ts', '--logLevel', 'warn'],
  )
}
