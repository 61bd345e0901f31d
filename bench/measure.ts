/** Measuring side by side: CPU seconds of this process and of a PostgreSQL backend, medians of interleaved runs, ratios against goals. */
import { readFileSync } from 'node:fs'
import type pg from 'pg'

export const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

const TICK = 100
/** CPU seconds a backend has used so far; Linux only. */
export const backendCpu = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICK
}
export const backendOf = async (client: pg.ClientBase): Promise<number> =>
  (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid

/** CPU seconds of a PostgreSQL server: all its processes that live, and those that ended; Linux only. */
export function serverCpu(postmaster: number): number {
  const fieldsOf = (pid: number) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
  }
  const head = fieldsOf(postmaster)
  let ticks = head[11]! + head[12]! + head[13]! + head[14]!
  for (const child of readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').split(' ').filter(Boolean)) {
    try {
      const fields = fieldsOf(Number(child))
      ticks += fields[11]! + fields[12]!
    } catch {
      // It ended meanwhile: the postmaster counts it.
    }
  }
  return ticks / TICK
}

/** CPU seconds that all processors of this machine have worked so far; Linux only. */
export function machineCpu(): number {
  const [user, nice, system] = readFileSync('/proc/stat', 'utf8').split('\n')[0]!.trim().split(/\s+/).slice(1, 4).map(Number)
  return (user! + nice! + system!) / TICK
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
export const percentile = (values: readonly number[], p: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))]!

/** CPU of one run, here and (where given) in a backend. */
export async function cost(work: () => unknown, backend?: number): Promise<number> {
  const here = cpuSeconds()
  const there = backend === undefined ? 0 : backendCpu(backend)
  await work()
  return cpuSeconds() - here + (backend === undefined ? 0 : backendCpu(backend) - there)
}

export type Point = {
  readonly name: string
  readonly ours: number
  readonly peer: number
  readonly unit: string
  readonly ratio: number
  readonly goal: string
  readonly met: boolean
  readonly note?: string
}

export function pointOf(name: string, ours: number, peer: number, atLeast: number, unit = 's CPU', note?: string): Point {
  const ratio = peer / ours
  return { name, ours, peer, unit, ratio, goal: `≥ ${atLeast}×`, met: ratio >= atLeast, ...(note ? { note } : {}) }
}

export function printPoints(points: readonly Point[]): void {
  const row = (cells: readonly string[]) => console.log(cells.map((c, i) => (i === 0 ? c.padEnd(64) : c.padStart(13))).join(' '))
  row(['point', 'ours', 'peer', 'ratio', 'goal', ''])
  for (const p of points) row([p.name, p.ours.toPrecision(3), p.peer.toPrecision(3), `${p.ratio.toFixed(1)}×`, p.goal, p.met ? 'met' : 'MISSED'])
  for (const p of points) if (p.note) console.log(`  ${p.name}: ${p.note}`)
}
