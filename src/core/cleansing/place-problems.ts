/**
 * Where a customer is 地址与区划: the address, the code of the division and the point must tell one place. Codes and names that were abolished
 * are followed to what came after them; where an area was split only the address or the point can tell, and else a person.
 */
import { divisionAncestors } from '../condition/hierarchies.ts'
import { toWgs84 } from '../geography/convert.ts'
import type { Division, DivisionIndex } from '../geography/divisions.ts'
import type { Ground } from '../geography/ground.ts'
import type { Located } from '../geography/locate.ts'
import type { Problem } from './problem.ts'

export type Places = {
  readonly divisions: DivisionIndex
  readonly locate: (address: string) => Located
  /** Null where the map was not built: whether a point stands in its division is then not asked. */
  readonly ground: Ground | null
  /** Abolished names by the code that followed them. */
  readonly oldNames: ReadonlyMap<string, readonly string[]>
}
export type Point = readonly [lng: number, lat: number]

export function oldNamesOf(list: readonly Division[]): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>()
  for (const d of list) if (d.status === 'retired') for (const next of d.successors) names.set(next, [...(names.get(next) ?? []), d.name])
  return names
}

const isWithin = (code: string, above: string): boolean => code === above || divisionAncestors(code).includes(above)
/** One is the other or lies in it: they do not contradict each other. */
const agree = (a: string, b: string): boolean => isWithin(a, b) || isWithin(b, a)

/** The one of several successors that the address or the point names; null where neither does. */
export function successorBy(
  successors: readonly string[],
  address: string | null,
  point: Point | null,
  { locate, ground }: Pick<Places, 'locate' | 'ground'>,
): { readonly code: string; readonly by: 'only' | 'address' | 'point' } | null {
  if (successors.length === 1) return { code: successors[0]!, by: 'only' }
  const told = address === null ? null : locate(address).code
  const named = told === null ? [] : successors.filter(s => isWithin(told, s))
  if (named.length === 1) return { code: named[0]!, by: 'address' }
  const held = point && ground ? successors.filter(s => ground.inside(s, point[0], point[1])) : []
  return held.length === 1 ? { code: held[0]!, by: 'point' } : null
}

/** The address of this kind against the code of the same place. */
export function divisionProblems(
  field: 'division' | 'registeredDivision',
  code: string | null,
  address: string | null,
  point: Point | null,
  places: Places,
): readonly Problem[] {
  const { divisions, locate } = places
  const located = address === null ? null : locate(address)
  const told = located?.code ?? null
  if (code === null) return told === null ? [] : [{ field, kind: 'division.fromAddress', proposal: told, values: { name: divisions.path(told) } }]
  const division = divisions.get(code)
  if (!division) return [{ field, kind: 'division.unknown', values: { code }, ...(told ? { proposal: told } : {}) }]
  if (division.status === 'retired') {
    const next = successorBy(division.successors, address, point, places)
    const kind = division.successors.length > 1 ? 'division.split' : 'division.retired'
    return [{ field, kind, values: { code, name: division.name }, ...(next ? { proposal: next.code } : {}) }]
  }
  if (told === null) return []
  if (!agree(told, code)) return [{ field, kind: 'division.contradicts', proposal: told, values: { name: divisions.path(told) } }]
  return told !== code && isWithin(told, code) && divisions.get(told)?.level === 'county'
    ? [{ field, kind: 'division.finer', proposal: told, values: { name: divisions.path(told) } }]
    : []
}

/** An address that still says 沧浪区: post arrives, but a search for 姑苏区 does not find it. */
export function addressProblem(address: string, places: Places): Problem | null {
  const located = places.locate(address)
  if (located.code === null) return null
  const now = places.divisions.get(located.code)?.name ?? ''
  const old = places.oldNames.get(located.code)?.find(name => name !== now && located.matched.includes(name) && !located.matched.endsWith(now))
  return old === undefined ? null : { field: 'address', kind: 'address.oldName', values: { old, now } }
}

/** The land and the islands; who sells abroad keeps points abroad, so that only companies with a Chinese division are asked. */
const inChina = (lng: number, lat: number): boolean => lng >= 73 && lng <= 135.5 && lat >= 3 && lat <= 54

const told = (p: Point): string => `${p[0]},${p[1]}`

export function pointProblem(point: Point, division: string | null, { divisions, ground }: Places): Problem | null {
  const [lng, lat] = point
  const field = 'point'
  if (lng === 0 && lat === 0) return { field, kind: 'point.zero', proposal: null }
  if (!inChina(lng, lat)) {
    if (inChina(lat, lng)) return { field, kind: 'point.swapped', proposal: told([lat, lng]) }
    return division === null ? null : { field, kind: 'point.abroad' }
  }
  const known = division === null ? undefined : divisions.get(division)
  if (!ground || known?.status !== 'current') return null
  const code = known.code
  if (ground.inside(code, lng, lat) !== false) return null
  // Written the other way round it stands where it should: only in the far west are both ways in China.
  if (inChina(lat, lng) && ground.inside(code, lat, lng)) return { field, kind: 'point.swapped', proposal: told([lat, lng]) }
  for (const [kind, system] of [
    ['point.gcj02', 'GCJ02'],
    ['point.bd09', 'BD09'],
  ] as const) {
    const moved = toWgs84(lng, lat, system)
    if (ground.inside(code, moved[0], moved[1])) return { field, kind, proposal: told(moved) }
  }
  const city = `${code.slice(0, 4)}00`
  const stands = ground.at(lng, lat)
  const values = { name: stands === null ? '' : divisions.path(stands) }
  return ground.inside(city, lng, lat) ? { field, kind: 'point.nextDoor', values } : { field, kind: 'point.elsewhere', values }
}
