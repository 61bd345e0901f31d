/**
 * Coordinates are kept in WGS-84 whatever map they were read from: Chinese maps shift them (GCJ-02 火星坐标: 高德, 腾讯; BD-09: 百度) by
 * up to a kilometre, so a point without its system would stand in another county. The system it came in is kept beside it.
 */
import loaded from 'gcoord'

/** The package's types describe its ES module, Node loads its CommonJS one: the same object either way. */
type Gcoord = {
  readonly transform: (point: readonly [number, number], from: string, to: string) => readonly [number, number]
  readonly WGS84: string
  readonly GCJ02: string
  readonly BD09: string
}
const gcoord = loaded as unknown as Gcoord

export const COORDINATE_SYSTEMS = ['WGS84', 'GCJ02', 'BD09'] as const
export type CoordinateSystem = (typeof COORDINATE_SYSTEMS)[number]

const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6

/** Degrees, longitude first; six decimals are about ten centimetres. */
export function toWgs84(lng: number, lat: number, from: CoordinateSystem): readonly [number, number] {
  if (from === 'WGS84') return [round(lng), round(lat)]
  const [x, y] = gcoord.transform([lng, lat], from === 'GCJ02' ? gcoord.GCJ02 : gcoord.BD09, gcoord.WGS84)
  return [round(x), round(y)]
}
