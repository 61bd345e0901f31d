/**
 * The shape of territories on the map 区域形状: the counties where a rule may hold when nothing but the place is known. Asked of the same
 * index that matches accounts, so that exclusions, value lists and inheritance count, and the map never shows what a rule does not say.
 * A rule that may hold everywhere has no shape: it is not about places.
 */
import { buildColumns } from '../condition/columns.ts'
import type { CompiledModel } from './compile.ts'

/** A county, or a city without counties; `point` lies inside it. */
export type Unit = { readonly code: string; readonly point: readonly [number, number] | null }

/** Territory id → its counties, put together to whole cities and provinces where all of them are there. */
export function shapesOf(compiled: CompiledModel, units: readonly Unit[]): ReadonlyMap<string, readonly string[]> {
  const held = unitsHeld(compiled, units)
  const whole = wholes(units.map(u => u.code))
  return new Map([...held].map(([id, codes]) => [id, gather(codes, whole)]))
}

/** Territory id → codes of the units where it may hold. */
export function unitsHeld(compiled: CompiledModel, units: readonly Unit[]): ReadonlyMap<string, readonly string[]> {
  const builder = buildColumns([...compiled.env.fields.values()].filter(f => f.key !== 'id'))
  for (const unit of units) builder.add(unit.code, key => (key === 'division' ? unit.code : key === 'point' ? unit.point : null))
  const scan = compiled.index.scan(builder.finish())
  const out = new Int32Array(compiled.takers.length)
  const held = new Map<string, string[]>()
  for (const [i, unit] of units.entries()) {
    const count = scan.match(i, out, true)
    for (let k = 0; k < count; k += 1) {
      const id = compiled.takers[out[k]!]!.territoryId
      const list = held.get(id)
      if (list) list.push(unit.code)
      else held.set(id, [unit.code])
    }
  }
  for (const [id, codes] of held) if (codes.length === units.length) held.delete(id)
  return held
}

function wholes(codes: readonly string[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>()
  for (const code of codes) for (const n of [2, 4]) sizes.set(code.slice(0, n), (sizes.get(code.slice(0, n)) ?? 0) + 1)
  return sizes
}

function gather(codes: readonly string[], whole: ReadonlyMap<string, number>): readonly string[] {
  const found = wholes(codes)
  const full = (prefix: string) => found.get(prefix) === whole.get(prefix)
  return [...new Set(codes.map(c => (full(c.slice(0, 2)) ? `${c.slice(0, 2)}0000` : full(c.slice(0, 4)) ? `${c.slice(0, 4)}00` : c)))]
}

/**
 * Which territories meet on the map: those drawn beside each other, and those of one level of the tree that would be drawn beside each other
 * if the level were drawn by itself. In a county the one that wins is drawn; territories that share it without ever being drawn (told apart
 * by industry or size) need no colours of their own against each other.
 */
export function neighbourhood(
  compiled: CompiledModel,
  held: ReadonlyMap<string, readonly string[]>,
  borders: Readonly<Record<string, readonly string[]>>,
): ReadonlyMap<string, readonly string[]> {
  const place = new Map(compiled.takers.map((t, i) => [t.territoryId, i]))
  // By county: the winner of each type, and of each type and level.
  const drawn = new Map<string, Map<string, string>>()
  for (const [id, codes] of held) {
    const taker = compiled.takers[place.get(id)!]!
    for (const code of codes) {
      const here = drawn.get(code) ?? new Map<string, string>()
      for (const layer of [taker.type.id, `${taker.type.id}/${taker.node.depth}`]) {
        const known = here.get(layer)
        if (known === undefined || place.get(id)! < place.get(known)!) here.set(layer, id)
      }
      drawn.set(code, here)
    }
  }
  const result = new Map<string, Set<string>>()
  const touch = (a: string, b: string) => {
    result.set(a, (result.get(a) ?? new Set()).add(b))
    result.set(b, (result.get(b) ?? new Set()).add(a))
  }
  for (const [code, here] of drawn)
    for (const other of borders[code] ?? []) {
      const there = drawn.get(other)
      if (there) for (const [layer, a] of here) if (there.has(layer) && there.get(layer) !== a) touch(a, there.get(layer)!)
    }
  return new Map([...result].map(([id, set]) => [id, [...set]]))
}
