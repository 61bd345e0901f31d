/** npm run bench [-- --small] [words]: ratios measured side by side in one run, correctness before time; exits 1 on a miss. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { startEmbedded } from '../src/server/kernel/embedded.ts'
import { benchActivation, benchFirstPage } from './database.ts'
import { benchDedupe } from './dedupe.ts'
import { benchEndToEnd } from './end-to-end.ts'
import { benchImpact } from './impact.ts'
import { benchImport } from './import.ts'
import { benchIntake } from './intake.ts'
import { benchMatch } from './match.ts'
import { type Point, printPoints } from './measure.ts'
import { benchProof } from './proof.ts'

const small = process.argv.includes('--small')
const words = process.argv.slice(2).filter((a, i, all) => !a.startsWith('--') && all[i - 1] !== '--count')
/** --count N: so many customers instead, judged all the same. */
const counted = process.argv.indexOf('--count')
const count = counted < 0 ? null : Number(process.argv[counted + 1])
const wanted = (name: string) => words.length === 0 || words.some(w => name.includes(w))

const folder = mkdtempSync(path.join(tmpdir(), 'jiangyu-bench-'))
const server = await startEmbedded({ dataDir: path.join(folder, 'db'), settings: ['fsync=off', 'shared_buffers=1GB', 'max_wal_size=8GB'] })
const points: Point[] = []
try {
  const client = new pg.Client({ connectionString: server.ownerUrl })
  await client.connect()
  if (wanted('match')) {
    for (const [territories, code, sql] of [
      [1_000, 20, 35],
      [10_000, 30, 30],
    ] as const) {
      console.log(`match ${territories} …`)
      points.push(...(await benchMatch(client, small ? 20_000 : 1_000_000, small ? territories / 5 : territories, small ? null : { code, sql })))
    }
  }
  await client.query('drop table if exists b_account, b_conj, b_place, b_named')
  await client.end()
  if (wanted('dedupe')) points.push(...(await benchDedupe(server.ownerUrl, small ? 20_000 : 1_000_000, small ? 500 : 5_000, small ? 20 : 100, small)))
  if (wanted('page')) points.push(...(await benchFirstPage(server.ownerUrl, small ? 3_000 : 1_000_000, small)))
  if (wanted('import')) points.push(...(await benchImport(server.ownerUrl, small ? 2_000 : 1_000_000, small)))
  if (wanted('end-to-end')) points.push(...(await benchEndToEnd(server.ownerUrl, small ? 3_000 : 1_000_000, small ? 200 : 1_000, small)))
  if (wanted('impact')) points.push(...(await benchImpact(server.ownerUrl, small ? 3_000 : 1_000_000, small ? 200 : 1_000, small)))
  if (wanted('intake'))
    points.push(
      ...(await benchIntake(server.ownerUrl, count ?? (small ? 3_000 : 1_000_000), small ? 0.5 : 8, small ? 1 : 3, small && count === null)),
    )
  if (wanted('proof')) {
    for (const [territories, goal] of [
      [1_000, 1],
      [10_000, 10],
    ] as const)
      points.push(...(await benchProof(small ? territories / 10 : territories, goal, small)))
  }
  if (wanted('activation')) points.push(...(await benchActivation(server.ownerUrl, small)))
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
printPoints(points)
if (!small) {
  const out = path.join(import.meta.dirname, '..', 'dist', 'bench')
  mkdirSync(out, { recursive: true })
  writeFileSync(path.join(out, 'result.json'), JSON.stringify({ at: new Date().toISOString(), points }, null, 1))
}
process.exit(points.every(p => p.met) ? 0 : 1)
