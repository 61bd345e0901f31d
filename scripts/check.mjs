// npm run check: formatting, lint, types, unused code. Exits 1 when one of them finds something.
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { install, node24, root } from './install.mjs'

install()
const tsc = 'node_modules/typescript/bin/tsc'
const steps = [
  ['format and lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '.']],
  ['types of core', [tsc, '-p', 'src/core/tsconfig.json']],
  ['types of server, contract, command line and tests', [tsc, '-p', 'tsconfig.json']],
  ['types of the web', [tsc, '-p', 'src/web/tsconfig.json']],
]
let failed = 0
for (const [name, args] of steps) {
  const { status } = spawnSync(node24, args, { cwd: root, stdio: 'inherit' })
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`)
  if (status !== 0) failed += 1
}
process.exit(failed ? 1 : 0)
