/** Imports as rows: upload, mapping, states, rejects. The heavy work is done by jobs. */
import type { z } from 'zod'
import type { getImport, ImportJob, ImportMapping } from '../../contract/import/imports.ts'
import { guessColumns } from '../../core/account/map-columns.ts'
import { loadFields } from '../builder/catalogue.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { askForJob } from '../kernel/jobs.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Upload } from '../kernel/request.ts'
import type { Tx } from '../kernel/transaction.ts'
import { wordsOf } from '../kernel/words.ts'
import { keepFile, withTable } from './open-file.ts'

const JOB = `j.id::text, j.file_name as "fileName", j.state, j.stats, nullif(j.mapping, '{}'::jsonb) as mapping, to_char(j.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "createdAt",
  u.name as "createdBy", j.cursor_row::float8 as done, (j.stats->>'rows')::float8 as total, j.row_version as "rowVersion"`

/** An import shows rows of a file: it belongs to who made it, and to those who see all. */
const MINE = '(j.created_by = $2 or $3)'

export async function upload(tx: Tx, actor: Actor, now: string, given: Upload | null): Promise<string> {
  if (!given) return stop('file.missing')
  const fileName = given.fileName.replace(/[\p{Cc}/\\]/gu, '_').slice(0, 200)
  const made = await tx.query<{ id: string }>(
    `insert into import_job (tenant_id, object, file_name, created_by, created_at) values ($1, 'account', $2, $3, $4) returning id::text`,
    [actor.tenantId, fileName, actor.userId, now],
  )
  const id = made.rows[0]!.id
  const size = await keepFile(tx, actor.tenantId, id, given)
  if (size === 0) stop('file.missing')
  const fields = [
    ...(await loadFields(tx, actor.tenantId))
      .filter(f => !f.retired && (actor.fieldAccess.get(f.key) ?? 'edit') === 'edit')
      .map(f => ({ key: f.key, labels: f.labels, type: f.type })),
  ]
  const detected = await withTable(tx, actor.tenantId, id, fileName, async table => ({
    format: table.format,
    encoding: table.encoding,
    delimiter: table.delimiter ?? null,
    headers: table.headers,
    sample: table.sample,
    guess: guessColumns(
      [...table.headers],
      table.sample.map(r => [...r]),
      fields,
    ),
  }))
  await tx.query('update import_job set file_size = $3, detected = $4 where tenant_id = $1 and id = $2', [
    actor.tenantId,
    id,
    size,
    JSON.stringify({ ...detected, guess: await remembered(tx, actor, detected) }),
  ])
  await audit(tx, actor, now, { kind: 'import.upload', recordKind: 'import', recordId: id, after: { size } })
  return id
}

/** What this company mapped before wins over a guess. */
async function remembered(
  tx: Tx,
  actor: Actor,
  detected: { headers: readonly string[]; guess: readonly { column: number; field: string | null; confidence: number }[] },
) {
  const known = await tx.query<{ source: string; target: string }>(
    `select source, target from import_memory where tenant_id = $1 and object = 'account' and kind = 'column' and source = any($2::text[])`,
    [actor.tenantId, detected.headers],
  )
  const memory = new Map(known.rows.map(r => [r.source, r.target]))
  return detected.guess.map(g => {
    const target = memory.get(detected.headers[g.column] ?? '')
    return target === undefined ? g : { column: g.column, field: target || null, confidence: 1 }
  })
}

export async function findImports(tx: Tx, actor: Actor, cursor?: string): Promise<{ rows: ImportJob[]; next: string | null }> {
  const found = await tx.query<ImportJob>(
    `select ${JOB} from import_job j left join app_user u on u.tenant_id = $1 and u.id = j.created_by where j.tenant_id = $1 and ${MINE} and ($4::bigint is null or j.id < $4) order by j.id desc limit 31`,
    [actor.tenantId, actor.userId, actor.seesAll, /^\d{1,18}$/.test(cursor ?? '') ? cursor : null],
  )
  const rows = found.rows.slice(0, 30)
  return { rows, next: found.rows.length > 30 ? rows.at(-1)!.id : null }
}

export async function readImport(tx: Tx, actor: Actor, id: string): Promise<z.input<typeof getImport.reply>> {
  const found = await tx.query<
    ImportJob & {
      detected: {
        headers: string[]
        sample: string[][]
        format: string
        encoding: string
        delimiter: string | null
        guess: { column: number; field: string | null; confidence: number }[]
      }
    }
  >(
    `select ${JOB}, j.detected from import_job j left join app_user u on u.tenant_id = $1 and u.id = j.created_by where j.tenant_id = $1 and ${MINE} and j.id = $4`,
    [actor.tenantId, actor.userId, actor.seesAll, id],
  )
  const row = found.rows[0] ?? stop('record.notFound')
  const { detected, ...job } = row
  return { ...job, ...detected }
}

async function lockJob(
  tx: Tx,
  actor: Actor,
  id: string,
  states: readonly string[],
): Promise<{ state: string; stats: Record<string, number>; fileName: string }> {
  const found = await tx.query<{ state: string; stats: Record<string, number>; fileName: string }>(
    `select j.state, j.stats, j.file_name as "fileName" from import_job j where j.tenant_id = $1 and ${MINE} and j.id = $4 for update`,
    [actor.tenantId, actor.userId, actor.seesAll, id],
  )
  const row = found.rows[0] ?? stop('record.notFound')
  if (!states.includes(row.state)) stop('import.state', { state: row.state })
  return row
}

export async function setMapping(tx: Tx, actor: Actor, now: string, id: string, mapping: ImportMapping): Promise<void> {
  await lockJob(tx, actor, id, ['uploaded', 'mapped', 'staged', 'failed'])
  const targets = mapping.columns.flatMap(c => (c.field ? [c.field] : []))
  if (!targets.includes('name') && mapping.mode !== 'update') stop('import.noName')
  if (mapping.match === 'externalKey' && mapping.mode !== 'create' && !targets.includes('externalKey')) {
    if (mapping.mode === 'update') stop('import.noKey')
  }
  const twice = targets.find((t, i) => t !== 'division' && t !== 'address' && targets.indexOf(t) !== i)
  if (twice) stop('import.twice', { field: twice })
  const access = targets.find(t => (actor.fieldAccess.get(t) ?? 'edit') !== 'edit')
  if (access) stop('field.readOnly', { field: access })
  const headers = (await readImport(tx, actor, id)).headers
  await remember(
    tx,
    actor,
    'column',
    mapping.columns.map(c => [headers[c.column] ?? '', c.field ?? '']),
  )
  for (const [field, values] of Object.entries(mapping.values))
    await remember(
      tx,
      actor,
      `value:${field}`,
      Object.entries(values).filter(([, target]) => target !== '+'),
    )
  await tx.query(
    `update import_job set mapping = $3, state = 'staging', stats = '{}', cursor_row = 0, row_version = row_version + 1 where tenant_id = $1 and id = $2`,
    [actor.tenantId, id, JSON.stringify(mapping)],
  )
  await askForJob(tx, actor.tenantId, 'import.stage', { importId: id }, actor.userId)
  await audit(tx, actor, now, {
    kind: 'import.map',
    recordKind: 'import',
    recordId: id,
    after: { columns: mapping.columns, mode: mapping.mode, match: mapping.match },
  })
}

async function remember(tx: Tx, actor: Actor, kind: string, pairs: readonly (readonly [string, string])[]): Promise<void> {
  const unique = new Map(pairs.filter(([source]) => source !== ''))
  await tx.query(
    `insert into import_memory (tenant_id, object, kind, source, target) select $1, 'account', $2, source, target from unnest($3::text[], $4::text[]) as m(source, target)
     on conflict (tenant_id, object, kind, source) do update set target = excluded.target`,
    [actor.tenantId, kind, [...unique.keys()], [...unique.values()]],
  )
}

export async function startWriting(tx: Tx, actor: Actor, now: string, id: string): Promise<void> {
  const job = await lockJob(tx, actor, id, ['staged', 'failed'])
  if (!(Number(job.stats.good) > 0)) stop('import.nothing')
  await tx.query(`update import_job set state = 'writing', row_version = row_version + 1 where tenant_id = $1 and id = $2`, [actor.tenantId, id])
  await askForJob(tx, actor.tenantId, 'import.write', { importId: id }, actor.userId)
  await audit(tx, actor, now, { kind: 'import.run', recordKind: 'import', recordId: id, count: Number(job.stats.good) })
}

export async function startUndo(tx: Tx, actor: Actor, now: string, id: string): Promise<void> {
  await lockJob(tx, actor, id, ['done', 'failed'])
  await tx.query(`update import_job set state = 'undoing', row_version = row_version + 1 where tenant_id = $1 and id = $2`, [actor.tenantId, id])
  await askForJob(tx, actor.tenantId, 'import.undo', { importId: id }, actor.userId)
  await audit(tx, actor, now, { kind: 'import.undo', recordKind: 'import', recordId: id })
}

type Reject = { row_no: string; problems: { code: string; field: string; values: Record<string, string | number> }[]; cells: string[] }

export async function findRejects(tx: Tx, actor: Actor, id: string, cursor: string | undefined, limit = 50) {
  await readImport(tx, actor, id)
  const labels = new Map((await loadFields(tx, actor.tenantId)).map(f => [f.key, f.labels[actor.locale]]))
  const found = await tx.query<Reject>(
    'select row_no::text, problems, cells from import_reject where tenant_id = $1 and job_id = $2 and row_no > $3 order by import_reject.row_no limit $4',
    [actor.tenantId, id, /^\d{1,12}$/.test(cursor ?? '') ? cursor : '0', limit + 1],
  )
  const rows = found.rows
    .slice(0, limit)
    .map(r => ({
      row: Number(r.row_no),
      problems: r.problems.map(p => ({
        field: labels.get(p.field) ?? p.field,
        words: wordsOf({ code: p.code, values: { ...p.values, field: labels.get(p.field) ?? p.field } }, actor.locale).text,
      })),
      cells: r.cells,
    }))
  return { rows, next: found.rows.length > limit ? String(rows.at(-1)!.row) : null }
}
