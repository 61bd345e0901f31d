/** The map's shapes, fetched from our own server and shared by every map of the session: thinned ones first, the full ones when somebody comes near. */
import type { FeatureCollection, MultiLineString } from 'geojson'
import { feature, mesh } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'

type Props = { readonly name: string }
type Layer = GeometryCollection<Props>
export type China = Topology<{ county: Layer; city: Layer; province: Layer; frame: GeometryCollection }>

/** One fineness of the map. */
export type Shapes = {
  readonly topo: China
  readonly counties: FeatureCollection
  readonly cityLines: MultiLineString
  readonly provinceLines: MultiLineString
}
export type MapData = Shapes & {
  readonly codes: readonly string[]
  readonly frame: FeatureCollection
  readonly world: FeatureCollection
  readonly centres: Readonly<Record<string, readonly [number, number]>>
  readonly provinces: readonly { readonly code: string; readonly name: string }[]
}

/** Asked for once; a failure may be tried again. */
function once<T>(read: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null
  return () => {
    loading ??= read().catch(error => {
      loading = null
      throw error
    })
    return loading
  }
}

const get = async <T>(file: string): Promise<T> => {
  const response = await fetch(`/geo/${file}`)
  if (!response.ok) throw new Error(`${file}: ${response.status}`)
  return (await response.json()) as T
}

export const loadMap = once(async (): Promise<MapData> => {
  const [topo, world, centres] = await Promise.all([
    get<China>('china.far.topo.json'),
    get<Topology<{ land: GeometryCollection }>>('world.topo.json'),
    get<MapData['centres']>('centres.json'),
  ])
  return {
    ...shapesOf(topo),
    codes: topo.objects.county.geometries.map(g => String(g.id)),
    frame: feature(topo, topo.objects.frame) as FeatureCollection,
    world: feature(world, world.objects.land) as FeatureCollection,
    centres,
    provinces: topo.objects.province.geometries.map(g => ({ code: String(g.id), name: (g.properties as Props | undefined)?.name ?? '' })),
  }
})

export const loadNear = once(async (): Promise<Shapes> => shapesOf(await get<China>('china.topo.json')))

function shapesOf(topo: China): Shapes {
  const counties = feature(topo, topo.objects.county) as FeatureCollection
  for (const f of counties.features) f.properties = { code: String(f.id), name: (f.properties as Props).name }
  return {
    topo,
    counties,
    cityLines: linesBetween({ topo }, code => code.slice(0, 4)),
    provinceLines: linesBetween({ topo }, code => code.slice(0, 2)),
  }
}

/** Lines between counties of different groups, and around every group; counties of no group have no border of their own. */
export function linesBetween({ topo }: Pick<Shapes, 'topo'>, groupOf: (code: string) => string | undefined): MultiLineString {
  const groups = new Map(topo.objects.county.geometries.map(g => [g, groupOf(String(g.id))]))
  return mesh(
    topo,
    topo.objects.county as never,
    ((a: never, b: never) => {
      const [left, right] = [groups.get(a), groups.get(b)]
      return a === b ? left !== undefined : left !== right && (left !== undefined || right !== undefined)
    }) as never,
  ) as MultiLineString
}
