/**
 * Boundary sets 边界: upload, check, match, keep, draw. Kept as WGS-84; what was refused and what found no division stays with the set, so that
 * somebody can mend the file. A rule that takes an area takes its shape along: deleting the set changes no rule.
 */
import { Worker } from 'node:worker_threads'
import type { BoundaryArea, BoundarySet } from '../../contract/geography/boundaries.ts'
import type { Locale } from '../../contract/kernel/shapes.ts'
import type { AreaFault, Boundaries, FileFault } from '../../core/geography/boundaries.ts'
import type { CoordinateSystem } from '../../core/geography/convert.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import { Reply, type Upload } from '../kernel/request.ts'
import { toTraditional } from '../kernel/traditional.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { BoundaryOrder } from './boundary-worker.ts'
import { divisionIndex } from './reference.ts'

const LIMIT_MB = 30
const SHOWN = 200
const PAGE = 100

const FAULTS: Readonly<Record<AreaFault['code'], readonly [zh: string, en: string]>> = {
  notArea: ['不是面(Polygon 或 MultiPolygon)', 'is no area (Polygon or MultiPolygon)'],
  notNumbers: ['坐标里有不是数的值', 'has coordinates that are no numbers'],
  outOfRange: ['坐标超出经度 ±180、纬度 ±90', 'lies outside ±180 of longitude or ±90 of latitude'],
  swapped: ['经纬度像是写反了,请按经度、纬度的顺序', 'seems to have latitude first; write longitude, then latitude'],
  nullIsland: ['落在经纬度 0,0,坐标多半丢了', 'lies at 0, 0: its coordinates were probably lost'],
  tooFew: ['顶点不足三个', 'has fewer than three corners'],
  unclosed: ['边界没有闭合', 'is not closed'],
  antimeridian: ['跨过 180° 经线,请拆成东西两块', 'crosses the 180th meridian; split it into an eastern and a western part'],
  crossing: ['边界自己交叉', 'crosses itself'],
  holeOutside: ['洞在外框之外', 'has a hole outside its outline'],
  tooMany: ['一块面超过 50 圈或一圈超过 20,000 个顶点,请先简化', 'has more than 50 rings or 20,000 corners in a ring; simplify it'],
  tooManyPoints: ['顶点太多,请先简化', 'has too many corners; simplify it'],
}

function wordsOf(fault: AreaFault, locale: Locale): string {
  const [zh, en] = FAULTS[fault.code]
  if (locale === 'en') return `Feature ${fault.feature} "${fault.name}" ${en}.`
  const text = `第 ${fault.feature} 个「${fault.name}」${zh}。`
  return locale === 'zh-TW' ? toTraditional(text) : text
}

async function textOf(upload: Upload | null): Promise<string> {
  if (!upload) return stop('boundary.missing')
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of upload.stream) {
    size += (piece as Buffer).length
    if (size > LIMIT_MB * 1024 * 1024) stop('boundary.tooLarge', { limit: LIMIT_MB })
    pieces.push(piece as Buffer)
  }
  return Buffer.concat(pieces).toString('utf8')
}

const readInThread = (order: BoundaryOrder): Promise<Boundaries | { readonly fault: FileFault }> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./boundary-worker.ts', import.meta.url), {
      workerData: order,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    })
    worker.once('message', resolve)
    worker.once('error', reject)
  })

export async function importSet(
  tx: Tx,
  actor: Actor,
  now: string,
  upload: Upload | null,
  input: { name: string; crs: CoordinateSystem },
): Promise<BoundarySet> {
  const found = await readInThread({ text: await textOf(upload), crs: input.crs })
  if ('fault' in found) return stop(`boundary.${found.fault}`)
  const { areas, faults, unmatched, snapped } = found
  if (areas.length === 0) return stop('boundary.nothingLeft', { first: faults[0] ? wordsOf(faults[0], actor.locale) : '' })
  const report = {
    refused: faults.slice(0, SHOWN),
    refusedCount: faults.length,
    unmatched: unmatched.slice(0, SHOWN),
    unmatchedCount: unmatched.length,
    snapped,
    lonely: areas.filter(a => a.neighbours.length === 0).length,
  }
  const made = await tx.query<{ id: string }>(
    `insert into boundary_set (tenant_id, name, crs, area_count, report, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7) returning id::text`,
    [actor.tenantId, input.name, input.crs.toLowerCase(), areas.length, JSON.stringify(report), actor.userId, now],
  )
  const id = made.rows[0]!.id
  const drawn = await tx.query<{ id: string }>(
    `select nextval(pg_get_serial_sequence('boundary_area', 'id'))::text as id from generate_series(1, $1::int)`,
    [areas.length],
  )
  const ids = drawn.rows.map(r => r.id)
  const boxes = areas.map(a => boxOf(a.rings))
  for (let from = 0; from < areas.length; from += 500) {
    const part = areas.slice(from, from + 500)
    await tx.query(
      `insert into boundary_area (tenant_id, set_id, id, name, code, division, west, south, east, north, rings, neighbours)
       select $1, $2, id, name, code, division, west, south, east, north, rings::jsonb, neighbours::bigint[]
         from unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::float8[], $8::float8[], $9::float8[], $10::float8[], $11::text[], $12::text[]) as a(id, name, code, division, west, south, east, north, rings, neighbours)`,
      [
        actor.tenantId,
        id,
        ids.slice(from, from + 500),
        part.map(a => a.name),
        part.map(a => a.code),
        part.map(a => a.division),
        ...[0, 1, 2, 3].map(k => part.map((_, i) => boxes[from + i]![k]!)),
        part.map(a => JSON.stringify(a.rings)),
        part.map(a => `{${a.neighbours.map(n => ids[n]).join(',')}}`),
      ],
    )
  }
  await audit(tx, actor, now, {
    kind: 'boundary.import',
    recordKind: 'boundarySet',
    recordId: id,
    after: { name: input.name, crs: input.crs },
    count: areas.length,
  })
  return (await setsBy(tx, actor, `and s.id = ${BigInt(id)}`, []))[0]!
}

function boxOf(rings: readonly (readonly (readonly [number, number])[])[]): [number, number, number, number] {
  const box: [number, number, number, number] = [180, 90, -180, -90]
  for (const ring of rings)
    for (const [x, y] of ring) {
      box[0] = Math.min(box[0], x)
      box[1] = Math.min(box[1], y)
      box[2] = Math.max(box[2], x)
      box[3] = Math.max(box[3], y)
    }
  return box
}

type Stored = Omit<BoundarySet, 'report'> & { report: Omit<BoundarySet['report'], 'refused'> & { refused: AreaFault[] } }

async function setsBy(tx: Tx, actor: Actor, where: string, values: readonly unknown[]): Promise<BoundarySet[]> {
  const found = await tx.query<Stored>(
    `select s.id::text, s.name, upper(s.crs) as crs, s.area_count as areas, s.report, to_char(s.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "createdAt", u.name as "createdBy", s.row_version as "rowVersion"
       from boundary_set s left join app_user u on u.tenant_id = $1 and u.id = s.created_by where s.tenant_id = $1 ${where} order by s.id desc limit ${PAGE + 1}`,
    [actor.tenantId, ...values],
  )
  return found.rows.map(s => ({
    ...s,
    report: { ...s.report, refused: s.report.refused.map(f => ({ feature: f.feature, name: f.name, words: wordsOf(f, actor.locale) })) },
  }))
}

export async function findSets(tx: Tx, actor: Actor, cursor?: string) {
  const all = await setsBy(tx, actor, 'and ($2::bigint is null or s.id < $2)', [/^\d{1,18}$/.test(cursor ?? '') ? cursor : null])
  const rows = all.slice(0, PAGE)
  return { rows, next: all.length > PAGE ? rows.at(-1)!.id : null }
}

export async function deleteSet(tx: Tx, actor: Actor, now: string, id: string, ifMatch: number): Promise<void> {
  const found = await tx.query<{ name: string; row_version: number }>(
    'select name, row_version from boundary_set where tenant_id = $1 and id = $2 for update',
    [actor.tenantId, id],
  )
  const set = found.rows[0] ?? stop('record.notFound')
  if (set.row_version !== ifMatch) stop('record.stale', { current: set.row_version })
  await tx.query('delete from boundary_set where tenant_id = $1 and id = $2', [actor.tenantId, id])
  await audit(tx, actor, now, { kind: 'boundary.delete', recordKind: 'boundarySet', recordId: id, before: { name: set.name } })
}

type AreaRow = { id: string; name: string; code: string | null; division: string | null; neighbours: number; corners: number }

export async function findAreas(
  tx: Tx,
  actor: Actor,
  setId: string,
  query: { search?: string | undefined; unmatched?: 'true' | 'false' | undefined; cursor?: string | undefined },
): Promise<{ rows: BoundaryArea[]; next: string | null }> {
  const needle = query.search ? `%${query.search.replace(/[%_\\]/g, '\\$&')}%` : null
  const [name, id] = query.cursor
    ? [query.cursor.slice(0, query.cursor.lastIndexOf('|')), query.cursor.slice(query.cursor.lastIndexOf('|') + 1)]
    : [null, null]
  const found = await tx.query<AreaRow>(
    `select a.id::text, a.name, a.code, a.division, cardinality(a.neighbours) as neighbours, (select coalesce(sum(jsonb_array_length(r.ring)), 0)::int from jsonb_array_elements(a.rings) as r(ring)) as corners
       from boundary_area a where a.tenant_id = $1 and a.set_id = $2 and ($3::text is null or a.name ilike $3 or a.code like $3) and ($4::boolean is null or (a.division is null) = $4)
        and ($5::text is null or (a.name, a.id) > ($5, $6::bigint)) order by a.name, a.id limit ${PAGE + 1}`,
    [
      actor.tenantId,
      setId,
      needle,
      query.unmatched === undefined ? null : query.unmatched === 'true',
      name,
      id !== null && /^\d{1,18}$/.test(id) ? id : 0,
    ],
  )
  const index = divisionIndex()
  const said = (text: string) => (actor.locale === 'zh-TW' ? toTraditional(text) : text)
  const rows = found.rows.slice(0, PAGE)
  return {
    rows: rows.map(a => ({ ...a, division: a.division === null ? null : { code: a.division, name: said(index.path(a.division)) } })),
    next: found.rows.length > PAGE ? `${rows.at(-1)!.name}|${rows.at(-1)!.id}` : null,
  }
}

export async function readArea(tx: Tx, actor: Actor, setId: string, id: string) {
  const found = await tx.query<{ name: string; rings: [number, number][][] }>(
    'select name, rings from boundary_area where tenant_id = $1 and set_id = $2 and id = $3',
    [actor.tenantId, setId, id],
  )
  return found.rows[0] ?? stop('record.notFound')
}

/** Rings are drawn even-odd: each area is one polygon whose rings say themselves what is hole and what is island. */
export async function shapesOfSet(tx: Tx, actor: Actor, setId: string): Promise<Reply> {
  const found = await tx.query<{ id: string; name: string; rings: string }>(
    'select id::text, name, rings::text as rings from boundary_area where tenant_id = $1 and set_id = $2 order by boundary_area.id',
    [actor.tenantId, setId],
  )
  if (found.rows.length === 0) return stop('record.notFound')
  const features = found.rows.map(
    a =>
      `{"type":"Feature","properties":{"id":"${a.id}","name":${JSON.stringify(a.name)}},"geometry":{"type":"MultiLineString","coordinates":${a.rings}}}`,
  )
  return new Reply(`{"type":"FeatureCollection","features":[${features.join(',')}]}`, {
    headers: { 'content-type': 'application/geo+json; charset=utf-8' },
  })
}
