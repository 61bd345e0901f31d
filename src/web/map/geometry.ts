/** The map's shapes: fetched once from our own server, shared by every map of the session. */
import type { FeatureCollection, MultiLineString } from 'geojson'
import { feature, mesh } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'

type Props = { readonly name: string }
type Layer = GeometryCollection<Props>
export type China = Topology<{ county: Layer; city: Layer; province: Layer; frame: GeometryCollection }>

export type MapData = {
  readonly topo: China
  readonly counties: FeatureCollection
  readonly codes: readonly string[]
  readonly cityLines: MultiLineString
  readonly provinceLines: MultiLineString
  readonly frame: FeatureCollection
  readonly world: FeatureCollection
  readonly centres: Readonly<Record<string, readonly [number, number]>>
  readonly provinces: readonly { readonly code: string; readonly name: string }[]
}

let loading: Promise<MapData> | null = null

export function loadMap(): Promise<MapData> {
  loading ??= read().catch(error => {
    loading = null
    throw error
  })
  return loading
}

const get = async <T>(file: string): Promise<T> => {
  const response = await fetch(`/geo/${file}`)
  if (!response.ok) throw new Error(`${file}: ${response.status}`)
  return (await response.json()) as T
}

async function read(): Promise<MapData> {
  const [topo, world, centres] = await Promise.all([
    get<China>('china.topo.json'),
    get<Topology<{ land: GeometryCollection }>>('world.topo.json'),
    get<MapData['centres']>('centres.json'),
  ])
  const counties = feature(topo, topo.objects.county) as FeatureCollection
  for (const f of counties.features) f.properties = { code: String(f.id), name: (f.properties as Props).name }
  const at = (level: 4 | 2) => (a: { id?: string | number }, b: { id?: string | number }) =>
    String(a.id).slice(0, level) !== String(b.id).slice(0, level)
  return {
    topo,
    counties,
    codes: topo.objects.county.geometries.map(g => String(g.id)),
    cityLines: mesh(topo, topo.objects.county as never, at(4) as never) as MultiLineString,
    provinceLines: mesh(topo, topo.objects.county as never, at(2) as never) as MultiLineString,
    frame: feature(topo, topo.objects.frame) as FeatureCollection,
    world: feature(world, world.objects.land) as FeatureCollection,
    centres,
    provinces: topo.objects.province.geometries.map(g => ({ code: String(g.id), name: (g.properties as Props | undefined)?.name ?? '' })),
  }
}

/** Lines between counties that stand in different groups; a border to nothing counts where `outer`. */
export function linesBetween(data: MapData, groupOf: (code: string) => string | undefined): MultiLineString {
  return mesh(
    data.topo,
    data.topo.objects.county as never,
    ((a: { id: string }, b: { id: string }) => {
      const left = groupOf(String(a.id))
      const right = groupOf(String(b.id))
      return a === b ? left !== undefined : left !== right && (left !== undefined || right !== undefined)
    }) as never,
  ) as MultiLineString
}
