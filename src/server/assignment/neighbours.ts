/**
 * Shapes, neighbours and colours of a model's territories on the built-in map, computed once for a compiled model. A territory keeps the
 * colour it has; in a draft it takes another only where it would clash, so that filters and renames never recolour the map.
 */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { CompiledModel } from '../../core/assignment/compile.ts'
import { neighbourhood, shapesOf, type Unit, unitsHeld } from '../../core/assignment/shape.ts'
import { colourTerritories } from '../../core/territory/colour.ts'
import { divisionIndex } from '../geography/reference.ts'
import type { LoadedTerritory } from '../territory/load-model.ts'
import type { Compiled } from './compiled.ts'

const FOLDER = path.resolve(import.meta.dirname, '..', '..', '..', 'dist', 'geography')
type Borders = Readonly<Record<string, readonly string[]>>
let built: { units: readonly Unit[]; borders: Borders | null } | null = null

const read = <T>(file: string): T | null =>
  existsSync(path.join(FOLDER, file)) ? (JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as T) : null

/** Counties and cities without counties, as the map draws them; borders are null where the map was not built. */
function ground(): { units: readonly Unit[]; borders: Borders | null } {
  if (built) return built
  const index = divisionIndex()
  const centres = read<Record<string, [number, number]>>('centres.json') ?? {}
  const drawn = read<{ county: Borders }>('adjacency.json')?.county ?? null
  const codes = new Set([
    ...index.list.filter(d => d.status === 'current' && index.below(d.code).length === 0).map(d => d.code),
    ...Object.keys(drawn ?? {}),
  ])
  built = { units: [...codes].sort().map(code => ({ code, point: centres[code] ?? null })), borders: drawn }
  return built
}

const shapes = new WeakMap<CompiledModel, ReadonlyMap<string, readonly string[]>>()

/** Territory id → codes of the divisions it covers; none for a territory that is not about places. */
export function shapesFor(compiled: CompiledModel): ReadonlyMap<string, readonly string[]> {
  let found = shapes.get(compiled)
  if (!found) {
    found = shapesOf(compiled, ground().units)
    shapes.set(compiled, found)
  }
  return found
}

/** null where the map was not built: colours then keep what they have. */
export function neighboursOf(compiled: CompiledModel): ReadonlyMap<string, readonly string[]> | null {
  const { units, borders } = ground()
  return borders && neighbourhood(compiled, unitsHeld(compiled, units), borders)
}

const colours = new WeakMap<CompiledModel, ReadonlyMap<string, number>>()
const RANK = { same: 0, changed: 1, added: 2 } as const

/** Colours as they are drawn and as a run stores them: who was there before keeps first. */
export function coloursFor({ loaded, compiled }: Compiled): ReadonlyMap<string, number> {
  const known = colours.get(compiled)
  if (known) return known
  const stored = new Map(loaded.territories.map(t => [t.id, t.colour]))
  const neighbours = loaded.head.flat ? null : neighboursOf(compiled)
  const order = [...loaded.territories].sort((a: LoadedTerritory, b: LoadedTerritory) => RANK[a.changed] - RANK[b.changed])
  const found = neighbours
    ? colourTerritories(
        order.map(t => t.id),
        id => neighbours.get(id) ?? [],
        stored,
      )
    : stored
  colours.set(compiled, found)
  return found
}
