/** The built map as ground to stand on: read once, and only by what asks where points are. Null where the map was not built. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type CountyMap, type Ground, makeGround } from '../../core/geography/ground.ts'

const FILE = path.resolve(import.meta.dirname, '..', '..', '..', 'dist', 'geography', 'china.topo.json')
let made: Ground | null | undefined

export function ground(): Ground | null {
  if (made === undefined) made = existsSync(FILE) ? makeGround(JSON.parse(readFileSync(FILE, 'utf8')) as CountyMap) : null
  return made
}
