/**
 * Reading a check-up 体检报告: who sees every customer reads the figures of the run; anybody else gets figures counted now over the customers
 * in his own sight, because the run's are of the whole company. The trend is of the whole company alone.
 */
import type { CheckUp, Dimension, MatrixRow, PastCheckUp } from '../../contract/cleansing/check-ups.ts'
import type { ProblemKind } from '../../core/cleansing/problem.ts'
import { isKind, kindsWithout, measureOf } from '../../core/cleansing/problem.ts'
import { addCounts, type Counts, NO_COUNTS, shareOf } from '../../core/cleansing/score.ts'
import { scopeOf } from '../access/visible-to.ts'
import { loadOptions } from '../builder/catalogue.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { askForJob } from '../kernel/jobs.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { type LookedAt, readSpec } from './settings.ts'
import { ofSight, readKinds, readTotals, type Score } from './totals.ts'
import { labelOfKind, said } from './words.ts'

const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`
const PAST = 60
const ROWS = 100

type Run = {
  id: string
  endedAt: string
  accounts: number
  detected: { edition: string; mapUsed: boolean; kinds: { field: string; kind: string; n: number }[] }
}

export async function lastRun(tx: Tx, tenantId: string): Promise<Run | null> {
  const found = await tx.query<Run>(
    `select id::text, ${UTC('ended_at')} as "endedAt", accounts::float8, detected from cleansing_run where tenant_id = $1 and state = 'done' order by cleansing_run.id desc limit 1`,
    [tenantId],
  )
  return found.rows[0] ?? null
}

/** One at a time: the unique index of open runs decides when two ask at once. */
export async function startCheckUp(tx: Tx, actor: Actor, now: string): Promise<{ id: string; jobId: string }> {
  if (!actor.seesAll) stop('cleansing.wide')
  const made = await tx.query<{ id: string }>(
    `insert into cleansing_run (tenant_id, started_by, started_at) values ($1, $2, $3) on conflict (tenant_id) where state in ('waiting', 'running') do nothing returning id::text`,
    [actor.tenantId, actor.userId, now],
  )
  const id = made.rows[0]?.id ?? stop('cleansing.running')
  const jobId = await askForJob(tx, actor.tenantId, 'cleansing.check', { runId: id }, actor.userId)
  await tx.query('update cleansing_run set job_id = $3 where tenant_id = $1 and id = $2', [actor.tenantId, id, jobId])
  await audit(tx, actor, now, { kind: 'cleansing.check', recordKind: 'cleansing', recordId: id })
  return { id, jobId }
}

const visibleFields = (actor: Actor, fields: readonly LookedAt[]) => fields.filter(f => actor.fieldAccess.get(f.key) !== 'hidden')
const countsOf = ({ total, missing, wrong, inconsistent, hints }: Counts): Counts => ({ total, missing, wrong, inconsistent, hints })

/** Scores within what the reader may see: of all of them, or of one dimension's values. */
async function scoresFor(
  tx: Tx,
  actor: Actor,
  run: Run,
  fields: readonly LookedAt[],
  dimension: Dimension | '',
  values: readonly string[] | null,
): Promise<readonly Score[]> {
  if (!actor.seesAll) return (await readTotals(tx, ofSight(actor), run.id, fields)).filter(s => s.dimension === dimension)
  const found = await tx.query<Score>(
    `select dimension, field, value, total::float8, missing::float8, wrong::float8, inconsistent::float8, hints::float8 from cleansing_score
      where tenant_id = $1 and run_id = $2 and dimension = $3 and field = any($4::text[]) and ($5::text[] is null or value = any($5))`,
    [actor.tenantId, run.id, dimension, [...fields.map(f => f.key), '*'], values],
  )
  return found.rows
}

/** More customers than this are not counted while somebody waits: behind the fence each costs about a tenth of a millisecond. */
const WIDE = 5_000
async function isWide(tx: Tx, actor: Actor): Promise<boolean> {
  if (actor.seesAll) return false
  const counted = await tx.query<{ n: number }>(`select count(*)::int as n from (${scopeOf(actor)} limit ${WIDE + 1}) seen`)
  return counted.rows[0]!.n > WIDE
}

export async function readCheckUp(tx: Tx, actor: Actor): Promise<CheckUp> {
  const { spec, rowVersion, fields } = await readSpec(tx, actor.tenantId)
  const open = visibleFields(actor, fields)
  const running = await tx.query<{ id: string; jobId: string | null; done: number | null; total: number | null }>(
    `select r.id::text, r.job_id::text as "jobId", j.done::float8 as done, j.total::float8 as total from cleansing_run r
       left join job_run j on j.tenant_id = $1 and j.id = r.job_id where r.tenant_id = $1 and r.state in ('waiting', 'running') limit 1`,
    [actor.tenantId],
  )
  const run = await lastRun(tx, actor.tenantId)
  const wide = run !== null && (await isWide(tx, actor))
  const scores = run && !wide ? await scoresFor(tx, actor, run, open, '', null) : []
  const keys = new Set(open.map(f => f.key))
  const known = new Set<string>(kindsWithout(key => actor.fieldAccess.get(key) === 'hidden'))
  const kinds = !run
    ? []
    : actor.seesAll || wide
      ? run.detected.kinds.filter(k => known.has(k.kind))
      : await readKinds(tx, ofSight(actor), run.id, open)
  const byField = new Map(scores.map(s => [s.field, s]))
  const missing = open.flatMap(f => {
    const n = byField.get(f.key)?.missing ?? 0
    return n > 0 || wide ? [{ field: f.key, kind: 'missing' as ProblemKind, n }] : []
  })
  const found = [...kinds.filter(k => keys.has(k.field) && isKind(k.kind)), ...missing] as { field: string; kind: ProblemKind; n: number }[]
  const now = running.rows[0]
  const newest = await tx.query<{ state: string }>('select state from cleansing_run where tenant_id = $1 order by cleansing_run.id desc limit 1', [
    actor.tenantId,
  ])
  return {
    run: run && { id: run.id, endedAt: run.endedAt, accounts: run.accounts, edition: run.detected.edition, mapUsed: run.detected.mapUsed },
    running: now ? { id: now.id, jobId: now.jobId, done: now.done ?? 0, total: now.total } : null,
    failed: newest.rows[0]?.state === 'failed',
    scope: actor.seesAll ? 'company' : wide ? 'wide' : 'sight',
    accounts: byField.get('*')?.total ?? 0,
    fields: open.map(f => ({ key: f.key, label: f.labels[actor.locale], counts: countsOf(byField.get(f.key) ?? NO_COUNTS) })),
    kinds: found
      .map(k => ({ field: k.field, kind: k.kind, label: labelOfKind(k.kind, actor.locale), measure: measureOf(k.kind), count: wide ? 0 : k.n }))
      .sort((a, b) => b.count - a.count),
    spec: { ...spec, fields: open.map(f => f.key) },
    rowVersion,
    hidden: fields.length - open.length,
  }
}

export async function listCheckUps(tx: Tx, actor: Actor, cursor: string | undefined): Promise<{ rows: PastCheckUp[]; next: string | null }> {
  if (!actor.seesAll) stop('cleansing.wide')
  const { fields } = await readSpec(tx, actor.tenantId)
  const keys = visibleFields(actor, fields).map(f => f.key)
  const found = await tx.query<{ id: string; endedAt: string; accounts: number; by: string | null } & Counts>(
    `select r.id::text, ${UTC('r.ended_at')} as "endedAt", r.accounts::float8 as accounts, u.name as by, sum(s.total)::float8 as total, sum(s.missing)::float8 as missing,
        sum(s.wrong)::float8 as wrong, sum(s.inconsistent)::float8 as inconsistent, sum(s.hints)::float8 as hints
       from (select * from cleansing_run where tenant_id = $1 and state = 'done' and ($2::bigint is null or id < $2) order by id desc limit ${PAST + 1}) r
       join cleansing_score s on s.tenant_id = $1 and s.run_id = r.id and s.dimension = '' and s.field = any($3::text[])
       left join app_user u on u.tenant_id = $1 and u.id = r.started_by group by r.id, r.ended_at, r.accounts, u.name order by r.id desc`,
    [actor.tenantId, /^\d{1,18}$/.test(cursor ?? '') ? cursor : null, keys],
  )
  const rows = found.rows.slice(0, PAST)
  return {
    rows: rows.map(r => ({
      id: r.id,
      endedAt: r.endedAt,
      accounts: r.accounts,
      by: r.by,
      completeness: shareOf('completeness', r) ?? 1,
      accuracy: shareOf('accuracy', r) ?? 1,
      consistency: shareOf('consistency', r) ?? 1,
    })),
    next: found.rows.length > PAST ? rows.at(-1)!.id : null,
  }
}

/** The largest first; the cursor is the size and value of the last row. */
export async function readMatrix(
  tx: Tx,
  actor: Actor,
  dimension: Dimension,
  cursor: string | undefined,
): Promise<{ rows: MatrixRow[]; next: string | null }> {
  const run = (await lastRun(tx, actor.tenantId)) ?? stop('cleansing.none')
  if (await isWide(tx, actor)) stop('cleansing.wideSight', { limit: WIDE })
  const fields = visibleFields(actor, (await readSpec(tx, actor.tenantId)).fields)
  const after = /^(\d{1,15})\|(.*)$/.exec(cursor ?? '')
  const [size, value] = after ? [Number(after[1]), after[2]!] : [null, '']
  let heads: { value: string; total: number }[]
  let live: readonly Score[] | null = null
  if (actor.seesAll) {
    const found = await tx.query<{ value: string; total: number }>(
      `select value, total::float8 from cleansing_score where tenant_id = $1 and run_id = $2 and dimension = $3 and field = '*' and total > 0
         and ($4::bigint is null or total < $4 or (total = $4 and value > $5)) order by total desc, value limit ${ROWS + 1}`,
      [actor.tenantId, run.id, dimension, size, value],
    )
    heads = found.rows
  } else {
    live = await scoresFor(tx, actor, run, fields, dimension, null)
    heads = live
      .filter(s => s.field === '*' && s.total > 0 && (size === null || s.total < size || (s.total === size && s.value > value)))
      .sort((a, b) => b.total - a.total || (a.value < b.value ? -1 : 1))
      .slice(0, ROWS + 1)
  }
  const page = heads.slice(0, ROWS)
  const scores =
    live ??
    (await scoresFor(
      tx,
      actor,
      run,
      fields,
      dimension,
      page.map(h => h.value),
    ))
  const labels = await labelsOf(
    tx,
    actor,
    dimension,
    page.map(h => h.value),
  )
  const byValue = new Map<string, Record<string, Counts>>()
  for (const s of scores) {
    if (s.field === '*') continue
    const of = byValue.get(s.value) ?? {}
    of[s.field] = countsOf(s)
    byValue.set(s.value, of)
  }
  return {
    rows: page.map(h => ({ value: h.value, label: labels(h.value), accounts: h.total, fields: byValue.get(h.value) ?? {} })),
    next: heads.length > ROWS ? `${page.at(-1)!.total}|${page.at(-1)!.value}` : null,
  }
}

const NOBODY = { source: ['没有来源', 'No source'], department: ['没有部门', 'No department'], owner: ['没有负责人', 'No owner'] } as const

async function labelsOf(tx: Tx, actor: Actor, dimension: Dimension, values: readonly string[]): Promise<(value: string) => string> {
  const none = said(NOBODY[dimension], actor.locale)
  if (dimension === 'source') {
    const labels = new Map((await loadOptions(tx, actor.tenantId)).filter(o => o.list === 'source').map(o => [o.key, o.labels[actor.locale]]))
    return value => (value === '' ? none : (labels.get(value) ?? value))
  }
  const table = dimension === 'owner' ? 'app_user' : 'department'
  const found = await tx.query<{ id: string; name: string }>(`select id::text, name from ${table} where tenant_id = $1 and id = any($2::bigint[])`, [
    actor.tenantId,
    values.filter(v => v !== ''),
  ])
  const names = new Map(found.rows.map(r => [r.id, r.name]))
  return value => (value === '' ? none : (names.get(value) ?? `#${value}`))
}

/** Sums over all fields, for the three figures of the whole. */
export const overall = (fields: readonly { counts: Counts }[]): Counts => fields.reduce((sum, f) => addCounts(sum, f.counts), NO_COUNTS)
