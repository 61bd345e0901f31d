/** Which territories touch on the map: by the counties their rules name and the borders of the built-in map. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { CompiledModel } from '../../core/assignment/compile.ts'
import { divisionsNamed } from '../../core/condition/explain.ts'
import { loadDivisions } from '../reference/divisions.ts'

const FILE = path.resolve(import.meta.dirname, '..', '..', '..', 'dist', 'geography', 'adjacency.json')
let borders: Readonly<Record<string, readonly string[]>> | null = null
let counties: readonly string[] | null = null

/** null where the map was not built: colours then keep what they have. */
export function neighboursOf(compiled: CompiledModel): ReadonlyMap<string, readonly string[]> | null {
  if (!borders) {
    if (!existsSync(FILE)) return null
    borders = (JSON.parse(readFileSync(FILE, 'utf8')) as { county: Record<string, string[]> }).county
  }
  counties ??= loadDivisions()
    .filter(d => d.level === 'county' && d.status === 'current')
    .map(d => d.code)
  const takers = compiled.hierarchy.order.filter(n => n.territory.condition)
  const below = new Map<string, string[]>()
  for (const county of counties ?? [])
    for (const code of [county, `${county.slice(0, 4)}00`, `${county.slice(0, 2)}0000`]) below.set(code, [...(below.get(code) ?? []), county])
  const at = new Map<string, Set<string>>()
  for (const node of takers)
    for (const code of divisionsNamed(node.territory.condition!))
      for (const county of below.get(code) ?? []) at.set(county, (at.get(county) ?? new Set()).add(node.territory.id))
  const result = new Map<string, Set<string>>()
  const touch = (a: string, b: string) => {
    if (a !== b) result.set(a, (result.get(a) ?? new Set()).add(b))
  }
  for (const [county, here] of at)
    for (const other of [county, ...(borders[county] ?? [])]) for (const a of here) for (const b of at.get(other) ?? []) touch(a, b)
  return new Map([...result].map(([id, set]) => [id, [...set]]))
}
