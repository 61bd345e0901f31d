/** Routes of reference geography. */
import { listDivisionGroups, listDivisions } from '../../contract/builder/catalogue.ts'
import {
  boundaryShapes,
  deleteBoundarySet,
  importBoundarySet,
  listBoundaryAreas,
  listBoundarySets,
  readBoundaryArea,
} from '../../contract/geography/boundaries.ts'
import { locateAddress } from '../../contract/geography/locate.ts'
import type { Locale } from '../../contract/kernel/shapes.ts'
import { DIVISION_GROUPS } from '../../core/geography/groups.ts'
import type { Api } from '../kernel/http.ts'
import { toTraditional } from '../kernel/traditional.ts'
import { loadDivisions } from '../reference/divisions.ts'
import { deleteSet, findAreas, findSets, importSet, readArea, shapesOfSet } from './boundary-sets.ts'
import { addressLocator, divisionIndex } from './reference.ts'

const named = (text: string, locale: Locale): string => (locale === 'zh-TW' ? toTraditional(text) : text)
const LIMIT = 400

export function registerGeographyRoutes(api: Api): void {
  api.route(listBoundarySets, ({ tx, actor, query }) => findSets(tx, actor, query.cursor))
  api.route(importBoundarySet, async ({ tx, actor, now, query, upload }) => importSet(tx, actor, now, await upload(), query))
  api.route(deleteBoundarySet, async ({ tx, actor, now, params, ifMatch }) => {
    await deleteSet(tx, actor, now, params.id, ifMatch)
    return { done: true as const }
  })
  api.route(listBoundaryAreas, ({ tx, actor, params, query }) => findAreas(tx, actor, params.id, query))
  api.route(readBoundaryArea, ({ tx, actor, params }) => readArea(tx, actor, params.id, params.areaId))
  api.route(boundaryShapes, ({ tx, actor, params }) => shapesOfSet(tx, actor, params.id))
  api.route(listDivisions, async ({ query, locale }) => {
    const index = divisionIndex()
    const current = loadDivisions().filter(d => d.status === 'current')
    const needle = query.search?.normalize('NFKC').trim()
    const codes = query.codes ? new Set(query.codes.split(',')) : null
    const chosen = codes
      ? loadDivisions().filter(d => codes.has(d.code))
      : needle
        ? current.filter(d => d.name.includes(needle) || d.code.startsWith(needle))
        : current.filter(d => d.parentCode === (query.parent ?? null))
    return {
      rows: chosen
        .slice(0, LIMIT)
        .map(d => ({ code: d.code, name: named(d.name, locale), level: d.level, parentCode: d.parentCode, path: named(index.path(d.code), locale) })),
    }
  })
  api.route(locateAddress, async ({ body, locale }) => {
    const found = addressLocator()(body.text)
    return found.code === null
      ? { code: null, path: null, matched: null, why: found.why }
      : { code: found.code, path: named(divisionIndex().path(found.code), locale), matched: found.matched, why: null }
  })
  api.route(listDivisionGroups, async () => ({ rows: DIVISION_GROUPS.map(g => ({ key: g.key, labels: g.labels, codes: [...g.codes] })) }))
}
