/** Imports as rows: upload, encoding, mapping, states. The heavy work is done by jobs. */
import type { z } from 'zod'
import type { getImport, ImportJob, ImportMapping } from '../../contract/import/imports.ts'
import { type ImportObjectKey, NEEDED } from '../../contract/import/objects.ts'
import { guessColumns } from '../../core/account/map-columns.ts'
import type { Encoding } from '../files/detect-text.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { askForJob } from '../kernel/jobs.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Upload } from '../kernel/request.ts'
import type { Tx } from '../kernel/transaction.ts'
import { wordsOf } from '../kernel/words.ts'
import { MOST_ROWS } from './convert-file.ts'
import { assertMay, type StoredOptions } from './job-row.ts'
import { layoutOf } from './layout.ts'
import { objectOf } from './objects.ts'
import { keepFile, withTable } from './open-file.ts'
import { drawIds } from './staging.ts'
import { SIZES } from './write-job.ts'

const JOB = `j.id::text, j.object, j.file_name as "fileName", j.state, j.stats, nullif(j.mapping, '{}'::jsonb) as mapping, to_char(j.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "createdAt",
  u.name as "createdBy", coalesce(r.done, 0)::float8 as done, coalesce(r.total, nullif((j.stats->>'rows')::bigint, 0), (j.detected->>'lines')::bigint)::float8 as total,
  greatest(extract(epoch from clock_timestamp() - r.created_at), 0.001)::float8 as seconds, j.row_version as "rowVersion"`
const FROM = `from import_job j left join app_user u on u.tenant_id = $1 and u.id = j.created_by
  left join job_run r on r.tenant_id = $1 and r.id = (j.options->>'jobId')::bigint and r.state in ('waiting', 'running')`
/** An import shows rows of a file: it belongs to who made it, and to those who see all and may do the same. */
const MINE = '(j.created_by = $2 or $3) and j.object = any($4::text[])'
const scope = (actor: Actor) => [
  actor.tenantId,
  actor.userId,
  actor.seesAll,
  (Object.keys(NEEDED) as ImportObjectKey[]).filter(object => actor.permissions.has(NEEDED[object])),
]

type Detected = {
  headers: string[]
  sample: string[][]
  format: string
  encoding: string | null
  delimiter: string | null
  guess: { column: number; field: string | null; confidence: number }[]
  lines?: number
}
type Stored = ImportJob & {
  seconds: number | null
  stats: ImportJob['stats'] & { refusal?: { code: string; values?: Record<string, string | number> } }
}

export async function upload(
  tx: Tx,
  actor: Actor,
  now: string,
  given: Upload | null,
  object: ImportObjectKey = 'account',
  encoding?: Encoding,
): Promise<string> {
  assertMay(actor, object)
  if (!given) return stop('file.missing')
  await forgetOld(tx, actor.tenantId)
  const fileName = given.fileName.replace(/[\p{Cc}/\\]/gu, '_').slice(0, 200)
  const made = await tx.query<{ id: string }>(
    `insert into import_job (tenant_id, object, file_name, created_by, created_at, options) values ($1, $2, $3, $4, $5, $6) returning id::text`,
    [actor.tenantId, object, fileName, actor.userId, now, JSON.stringify(encoding ? { encoding } : {})],
  )
  const id = made.rows[0]!.id
  const { size, lines, quoted } = await keepFile(tx, actor.tenantId, id, given)
  if (size === 0) stop('file.empty')
  await detect(tx, actor, id, object, fileName, encoding, lines)
  // Without quotes every line is a row: no need to read on to know that there are too many.
  if (!quoted && lines > MOST_ROWS + 1) stop('import.tooManyRows', { limit: MOST_ROWS })
  await tx.query('update import_job set file_size = $3 where tenant_id = $1 and id = $2', [actor.tenantId, id, size])
  await audit(tx, actor, now, { kind: 'import.upload', recordKind: 'import', recordId: id, after: { size, object } })
  return id
}

/** A file that nobody went on with for a week is given up, and its rows leave the database. */
async function forgetOld(tx: Tx, tenantId: string): Promise<void> {
  const old = await tx.query<{ id: string }>(
    `update import_job set state = 'cancelled' where tenant_id = $1 and state in ('uploaded', 'mapped', 'staged', 'failed') and coalesce((stats->>'written')::bigint, 0) = 0
        and coalesce(ended_at, created_at) < now() - interval '7 days' returning id::text`,
    [tenantId],
  )
  if (old.rows.length === 0) return
  for (const table of ['import_row', 'import_chunk', 'import_reject'])
    await tx.query(`delete from ${table} where tenant_id = $1 and job_id = any($2::bigint[])`, [tenantId, old.rows.map(r => r.id)])
}

/** What the file is, its columns, a sample, and what each column seems to be. */
async function detect(
  tx: Tx,
  actor: Actor,
  id: string,
  object: ImportObjectKey,
  fileName: string,
  encoding: Encoding | undefined,
  lines: number,
): Promise<void> {
  const targets = await objectOf(object).targets(tx, actor)
  const words = objectOf(object).columns.some(c => c.words.length > 0)
    ? Object.fromEntries(objectOf(object).columns.map(c => [c.key, c.words]))
    : undefined
  const table = await withTable(
    tx,
    actor.tenantId,
    id,
    fileName,
    async t => ({
      format: t.format,
      encoding: t.encoding,
      delimiter: t.delimiter ?? null,
      headers: [...t.headers],
      sample: t.sample.map(r => [...r]),
    }),
    encoding,
  )
  const guess = guessColumns(table.headers, table.sample, targets, words)
  const detected: Detected = {
    ...table,
    guess: await remembered(tx, actor, object, table.headers, guess, new Set(targets.map(t => t.key))),
    ...(table.format === 'csv' ? { lines: Math.max(1, lines - 1) } : {}),
  }
  await tx.query('update import_job set detected = $3 where tenant_id = $1 and id = $2', [
    actor.tenantId,
    id,
    JSON.stringify(detected).replaceAll('\\u0000', ''),
  ])
}

/** What this company mapped before wins over a guess, as far as the importer may write it. */
async function remembered(
  tx: Tx,
  actor: Actor,
  object: string,
  headers: readonly string[],
  guess: Detected['guess'],
  offered: ReadonlySet<string>,
): Promise<Detected['guess']> {
  const known = await tx.query<{ source: string; target: string }>(
    `select source, target from import_memory where tenant_id = $1 and object = $2 and kind = 'column' and source = any($3::text[])`,
    [actor.tenantId, object, headers],
  )
  const memory = new Map(known.rows.filter(r => r.target === '' || offered.has(r.target)).map(r => [r.source, r.target]))
  return guess.map(g => {
    const target = memory.get(headers[g.column] ?? '')
    return target === undefined ? g : { column: g.column, field: target || null, confidence: 1 }
  })
}

/** The same file read in another encoding: what was mapped is asked anew. */
export async function setEncoding(tx: Tx, actor: Actor, now: string, id: string, encoding: Encoding): Promise<void> {
  const job = await lockJob(tx, actor, id, ['uploaded', 'mapped', 'staged', 'failed'])
  if (Number(job.stats.written ?? 0) > 0) stop('import.state', { state: job.state })
  if (job.detected.format !== 'csv') stop('import.noEncoding')
  await tx.query(
    `update import_job set options = options || $3, state = 'uploaded', mapping = '{}', stats = '{}', row_version = row_version + 1 where tenant_id = $1 and id = $2`,
    [actor.tenantId, id, JSON.stringify({ encoding })],
  )
  await detect(tx, actor, id, job.object, job.fileName, encoding, (job.detected.lines ?? 0) + 1)
  await audit(tx, actor, now, { kind: 'import.encoding', recordKind: 'import', recordId: id, after: { encoding } })
}

export async function findImports(tx: Tx, actor: Actor, cursor?: string): Promise<{ rows: ImportJob[]; next: string | null }> {
  const found = await tx.query<Stored>(
    `select ${JOB} ${FROM} where j.tenant_id = $1 and ${MINE} and ($5::bigint is null or j.id < $5) order by j.id desc limit 31`,
    [...scope(actor), /^\d{1,18}$/.test(cursor ?? '') ? cursor : null],
  )
  const rows = found.rows.slice(0, 30).map(row => shown(row, actor))
  return { rows, next: found.rows.length > 30 ? rows.at(-1)!.id : null }
}

/** Words in the reader's language, and how fast it goes. */
function shown({ seconds, ...row }: Stored, actor: Actor, labels: ReadonlyMap<string, string> = new Map()): ImportJob {
  const { refusal, ...stats } = row.stats
  const say = (code: string, values: Record<string, string | number> | undefined, field?: string) =>
    wordsOf({ code, values: { ...values, ...(field ? { field } : {}) } }, actor.locale).text
  const worded = (tallies: unknown) =>
    (tallies as { field: string; code: string; count: number; values?: Record<string, string | number> }[] | undefined)?.map(({ values, ...t }) => {
      const field = labels.get(t.field) ?? t.field
      return { ...t, field, words: say(t.code, values, field) }
    })
  const speed = seconds && row.done > 0 ? Math.round(row.done / seconds) : null
  const { reasons, warnings, problem, ...rest } = stats
  return {
    ...row,
    stats: {
      ...rest,
      ...(reasons ? { reasons: worded(reasons) } : {}),
      ...(warnings ? { warnings: worded(warnings) } : {}),
      ...(row.state === 'failed' ? { problem: refusal ? say(refusal.code, refusal.values) : (problem ?? undefined) } : {}),
    },
    speed,
    left: speed && row.total ? Math.max(0, Math.round((row.total - row.done) / speed)) : null,
  }
}

export async function readImport(tx: Tx, actor: Actor, id: string): Promise<z.input<typeof getImport.reply>> {
  const found = await tx.query<Stored & { detected: Detected }>(
    `select ${JOB}, j.detected ${FROM} where j.tenant_id = $1 and ${MINE} and j.id = $5`,
    [...scope(actor), id],
  )
  const row = found.rows[0] ?? stop('record.notFound')
  const object = objectOf(row.object)
  const targets = [...(await object.targets(tx, actor))]
  const { detected, ...job } = row
  const { lines: _, ...rest } = detected
  return {
    ...shown(job, actor, new Map(targets.map(t => [t.key, t.labels[actor.locale]]))),
    ...rest,
    targets,
    matches: object.matches.map(m => m.way),
  }
}

type Locked = {
  state: string
  object: ImportObjectKey
  stats: Record<string, number>
  fileName: string
  detected: Detected
  mapping: ImportMapping
  options: StoredOptions
}

async function lockJob(tx: Tx, actor: Actor, id: string, states: readonly string[]): Promise<Locked> {
  const found = await tx.query<Locked>(
    `select j.state, j.object, j.stats, j.file_name as "fileName", j.detected, j.mapping, j.options from import_job j where j.tenant_id = $1 and ${MINE} and j.id = $5 for update`,
    [...scope(actor), id],
  )
  const row = found.rows[0] ?? stop('record.notFound')
  assertMay(actor, row.object)
  if (!states.includes(row.state)) stop('import.state', { state: row.state })
  return row
}

export async function setMapping(tx: Tx, actor: Actor, now: string, id: string, mapping: ImportMapping): Promise<void> {
  const job = await lockJob(tx, actor, id, ['uploaded', 'mapped', 'staged', 'failed'])
  if (Number(job.stats.written ?? 0) > 0) stop('import.state', { state: job.state })
  const object = objectOf(job.object)
  const { headers } = job.detected
  const layout = layoutOf(actor, object, await object.targets(tx, actor), mapping, headers.length)
  const fields = new Set(layout.filter(c => c.columns.length > 0).map(c => c.key))
  await object.checkMapping?.(tx, actor, mapping, fields)
  await remember(
    tx,
    actor,
    job.object,
    'column',
    mapping.columns.map(c => [headers[c.column] ?? '', c.field ?? '']),
  )
  for (const [field, values] of Object.entries(mapping.values))
    await remember(
      tx,
      actor,
      job.object,
      `value:${field}`,
      Object.entries(values).filter(([, target]) => target !== '+'),
    )
  const jobId = await askForJob(tx, actor.tenantId, 'import.stage', { importId: id }, actor.userId)
  await tx.query(
    `update import_job set mapping = $3, state = 'staging', stats = '{}', options = (options - array['ids', 'lanes', 'followed', 'begun']) || $4, row_version = row_version + 1 where tenant_id = $1 and id = $2`,
    [actor.tenantId, id, JSON.stringify({ ...mapping, values: await withMemory(tx, actor, job.object, mapping) }), JSON.stringify({ layout, jobId })],
  )
  await audit(tx, actor, now, {
    kind: 'import.map',
    recordKind: 'import',
    recordId: id,
    after: { columns: mapping.columns, mode: mapping.mode, match: mapping.match },
  })
}

/** A word that was mapped in an earlier import means the same now, unless this one says otherwise. */
async function withMemory(tx: Tx, actor: Actor, object: string, mapping: ImportMapping): Promise<ImportMapping['values']> {
  const fields = mapping.columns.flatMap(c => (c.field ? [c.field] : []))
  const known = await tx.query<{ field: string; source: string; target: string }>(
    `select substr(kind, 7) as field, source, target from import_memory where tenant_id = $1 and object = $2 and kind = any($3::text[])`,
    [actor.tenantId, object, fields.map(f => `value:${f}`)],
  )
  const values: Record<string, Record<string, string>> = {}
  for (const k of known.rows) values[k.field] = { ...values[k.field], [k.source]: k.target }
  for (const [field, map] of Object.entries(mapping.values)) values[field] = { ...values[field], ...map }
  return values
}

async function remember(tx: Tx, actor: Actor, object: string, kind: string, pairs: readonly (readonly [string, string])[]): Promise<void> {
  const unique = new Map(pairs.filter(([source]) => source !== ''))
  await tx.query(
    `insert into import_memory (tenant_id, object, kind, source, target) select $1, $2, $3, source, target from unnest($4::text[], $5::text[]) as m(source, target)
     on conflict (tenant_id, object, kind, source) do update set target = excluded.target`,
    [actor.tenantId, object, kind, [...unique.keys()], [...unique.values()]],
  )
}

/** Ids are drawn now, once: whatever happens to the process that writes, each row gets its own. Two lanes keep two processors busy. */
export async function startWriting(tx: Tx, actor: Actor, now: string, id: string): Promise<void> {
  const job = await lockJob(tx, actor, id, ['staged', 'failed'])
  if (!(Number(job.stats.good) > 0)) stop('import.nothing')
  const rows = Number(job.options.rows ?? job.stats.rows)
  const { idTable, piece } = objectOf(job.object)
  const started = job.options.lanes !== undefined
  const half = Math.floor(rows / 2)
  const lanes =
    piece !== null && rows > SIZES.atOnce * 4
      ? [
          { from: 1, to: half, done: 0 },
          { from: half + 1, to: rows, done: half },
        ]
      : [{ from: 1, to: rows, done: 0 }]
  const jobId = await askForJob(tx, actor.tenantId, 'import.write', { importId: id }, actor.userId)
  const options = { jobId, ...(started ? {} : { lanes, ...(idTable ? { ids: await drawIds(tx, idTable, rows) } : {}) }) }
  await tx.query(`update import_job set state = 'writing', options = options || $3, row_version = row_version + 1 where tenant_id = $1 and id = $2`, [
    actor.tenantId,
    id,
    JSON.stringify(options),
  ])
  await audit(tx, actor, now, { kind: 'import.run', recordKind: 'import', recordId: id, count: Number(job.stats.good) })
}

export async function startUndo(tx: Tx, actor: Actor, now: string, id: string): Promise<void> {
  const job = await lockJob(tx, actor, id, ['done', 'failed'])
  if (job.options.lanes === undefined) stop('import.state', { state: job.state })
  const jobId = await askForJob(tx, actor.tenantId, 'import.undo', { importId: id }, actor.userId)
  await tx.query(`update import_job set state = 'undoing', options = options || $3, row_version = row_version + 1 where tenant_id = $1 and id = $2`, [
    actor.tenantId,
    id,
    JSON.stringify({ jobId }),
  ])
  await audit(tx, actor, now, { kind: 'import.undo', recordKind: 'import', recordId: id })
}
