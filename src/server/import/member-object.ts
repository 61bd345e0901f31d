/** Members 成员 of territories: in a draft for that model, in the model in use at once, as if each were added by hand. One transaction. */
import { MEMBER_ACCESS, MEMBER_COLUMNS, MEMBER_ROLES } from '../../core/import/columns.ts'
import { writeInstant } from '../account/facts.ts'
import { askForJob } from '../kernel/jobs.ts'
import { stop } from '../kernel/refusal-error.ts'
import { bumpStamp } from '../territory/load-env.ts'
import { loadHead, loadModel, memberUnder } from '../territory/load-model.ts'
import { keepMembers, knownFrom } from '../territory/member-history.ts'
import { assertReadable } from '../territory/models.ts'
import { peopleFor } from './lookup-data.ts'
import type { ImportObject, RowProblem, Run, Written } from './object.ts'
import { cellOf, LAST_ROW, readStaged, type StagedRow, setTargets } from './staging.ts'
import { choicesOf, choiceWords, targetOf } from './targets.ts'
import { modelOf } from './territory-object.ts'

const MOST = 50_000
type Held = {
  readonly id: string | null
  readonly territoryId: string
  readonly userId: string
  readonly role: string
  readonly credit: number
  readonly from: string
  readonly to: string | null
}

/** Members that hold for the model, with their shares; instants as ISO text of one form, so that they compare as text. */
async function membersOf(run: Run, modelId: string): Promise<Held[]> {
  const head = await loadHead(run.tx, run.tenantId, modelId)
  const found = await run.tx.query<Held>(
    `select id::text, territory_id::text as "territoryId", user_id::text as "userId", member_role as role, credit_bp as credit,
            to_char(starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "from", to_char(ends_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "to"
       from territory_member m where tenant_id = $1 and ${memberUnder('m', '$2::bigint[]')} order by m.id`,
    [run.tenantId, head.lineage],
  )
  return found.rows
}

/** Business days are days of the company's zone; the last day counts. */
async function instants(run: Run, rows: readonly StagedRow[], now: string): Promise<ReadonlyMap<number, { from: string; to: string | null }>> {
  const utc = (sql: string) => `to_char((${sql}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
  const found = await run.tx.query<{ row: number; from: string; to: string | null }>(
    `select v.row, coalesce(${utc('v.first::timestamp at time zone t.zone')}, $2) as "from", ${utc('(v.last + 1)::timestamp at time zone t.zone')} as "to"
       from unnest($3::int[], $4::date[], $5::date[]) as v(row, first, last), tenant t where t.id = $1`,
    [run.tenantId, now, rows.map(r => r.row), rows.map(r => r.values.from ?? null), rows.map(r => r.values.to ?? null)],
  )
  return new Map(found.rows.map(r => [r.row, r]))
}

const overlap = (a: { from: string; to: string | null }, b: { from: string; to: string | null }): boolean =>
  (a.to === null || b.from < a.to) && (b.to === null || a.from < b.to)

/** What one may say of the rows before anything is written; the same again when it is. */
async function judge(run: Run, rows: readonly StagedRow[], now: string) {
  const model = await modelOf(run.tx, run)
  const territories = new Map(model.territories.map(t => [t.code, t.id]))
  const held = await membersOf(run, model.id)
  const byTerritory = new Map<string, Held[]>()
  for (const h of held) byTerritory.set(h.territoryId, [...(byTerritory.get(h.territoryId) ?? []), h])
  const dates = await instants(run, rows, now)
  const problems: RowProblem[] = []
  const good: { row: StagedRow; territoryId: string; targetId: string | null; role: string; credit: number; from: string; to: string | null }[] = []
  for (const row of rows) {
    const say = (code: string, field: string, values = {}) => problems.push({ row: row.row, code, field, values })
    const territoryId = territories.get(row.values.territory!)
    const { from, to } = dates.get(row.row)!
    if (territoryId === undefined) {
      say('row.noTerritory', 'territory', { value: row.values.territory! })
      continue
    }
    const role = row.values.role ?? 'owner'
    const beside = byTerritory.get(territoryId) ?? []
    const same = beside.find(h => h.userId === row.values.person && h.role === role && (h.to === null || h.to > now))
    const span = { from: same && !row.values.from ? same.from : from, to: cellOf(run, 'to') ? to : (same?.to ?? null) }
    const credit = row.values.credit ? Number(row.values.credit) : (same?.credit ?? 0)
    const others = beside.filter(h => h !== same && overlap(h, span))
    const sum = others.reduce((s, h) => s + h.credit, credit)
    if (span.to !== null && span.to <= span.from) say('member.dates', 'to')
    else if (same && (same.id === null || run.mapping.mode === 'create')) say('member.twice', 'person')
    else if (!same && run.mapping.mode === 'update') say('row.noMember', 'person')
    else if (others.some(h => h.userId === row.values.person && h.role === role)) say('member.twice', 'person')
    else if (sum > 10_000) say('member.credit', 'credit', { sum: sum / 100 })
    else {
      const taken: Held = { id: same?.id ?? null, territoryId, userId: row.values.person!, role, credit, ...span }
      byTerritory.set(territoryId, [...beside.filter(h => h !== same), taken])
      good.push({ row, territoryId, targetId: same?.id ?? null, role, credit, ...span })
    }
  }
  return { model, problems, good }
}

async function check(run: Run): Promise<readonly RowProblem[]> {
  const rows = await readStaged(run, 1, LAST_ROW)
  if (rows.length > MOST) return rows.slice(MOST).map(r => ({ row: r.row, code: 'row.tooManyOf', field: '', values: { limit: MOST } }))
  const { problems, good } = await judge(run, rows, await writeInstant(run.tx))
  await setTargets(
    run,
    good.flatMap(g => (g.targetId ? [{ row: g.row.row, targetId: g.targetId }] : [])),
  )
  return problems
}

async function write(run: Run, from: number, to: number): Promise<Written> {
  const { tx, tenantId, importId, actor } = run
  const modelId = run.mapping.model!.id!
  await loadHead(tx, tenantId, modelId, true)
  await assertModel(run, modelId)
  const at = await writeInstant(tx)
  const { problems, good } = await judge(run, await readStaged(run, from, to), at)
  const stale = [
    ...problems,
    ...good.filter(g => g.targetId !== g.row.targetId).map(g => ({ row: g.row.row, code: 'row.changedSince', field: 'person' })),
  ]
  const rows = good.filter(g => g.targetId === g.row.targetId)
  const scope = modelId === actor.modelId ? null : modelId
  const fresh = rows.filter(g => g.targetId === null)
  const changed = rows.filter(g => g.targetId !== null)
  await tx.query(
    `insert into import_before (tenant_id, job_id, record_id, before, after_version)
     select $1, $2, i.id, (select to_jsonb(m) from territory_member m where m.tenant_id = $1 and m.id = i.id), coalesce((select m.row_version from territory_member m where m.tenant_id = $1 and m.id = i.id), 0) + 1 from unnest($3::bigint[]) as i(id) on conflict do nothing`,
    [tenantId, importId, rows.map(g => g.row.id)],
  )
  await tx.query(
    `insert into territory_member (tenant_id, id, territory_id, user_id, member_role, access, credit_bp, starts_at, ends_at, model_id, created_by, known_from)
     select $1, id, territory, person, role, access, credit, starts, ends, $2, $3, $12::timestamptz from unnest($4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::int[], $10::timestamptz[], $11::timestamptz[]) as m(id, territory, person, role, access, credit, starts, ends)`,
    [
      tenantId,
      scope,
      actor.userId,
      fresh.map(g => g.row.id),
      fresh.map(g => g.territoryId),
      fresh.map(g => g.row.values.person),
      fresh.map(g => g.role),
      fresh.map(g => g.row.values.access ?? (g.role === 'viewer' ? 'read' : 'edit')),
      fresh.map(g => g.credit),
      fresh.map(g => g.from),
      fresh.map(g => g.to),
      at,
    ],
  )
  await keepMembers(
    tx,
    tenantId,
    at,
    changed.flatMap(g => g.targetId ?? []),
  )
  await tx.query(
    `update territory_member m set access = coalesce(v.access, m.access), credit_bp = v.credit, starts_at = v.starts, ends_at = v.ends, row_version = m.row_version + 1, known_from = ${knownFrom('$7', 'm.known_from')}
       from unnest($2::bigint[], $3::text[], $4::int[], $5::timestamptz[], $6::timestamptz[]) as v(id, access, credit, starts, ends) where m.tenant_id = $1 and m.id = v.id`,
    [
      tenantId,
      changed.map(g => g.targetId),
      changed.map(g => g.row.values.access ?? null),
      changed.map(g => g.credit),
      changed.map(g => g.from),
      changed.map(g => g.to),
      at,
    ],
  )
  await tx.query(
    `insert into audit (tenant_id, at, actor_id, kind, record_kind, record_id, after) select $1, $2::timestamptz, $3, case when fresh then 'member.add' else 'member.update' end, 'territory', territory,
       jsonb_build_object('memberId', id::text, 'userId', person::text, 'role', role, 'modelId', $4::text, 'importId', $5::text) from unnest($6::bigint[], $7::bigint[], $8::bigint[], $9::text[], $10::bool[]) as m(id, territory, person, role, fresh)`,
    [
      tenantId,
      at,
      actor.userId,
      scope,
      importId,
      rows.map(g => g.targetId ?? g.row.id),
      rows.map(g => g.territoryId),
      rows.map(g => g.row.values.person),
      rows.map(g => g.role),
      rows.map(g => g.targetId === null),
    ],
  )
  await followMembers(
    run,
    scope,
    rows.map(g => g.territoryId),
  )
  return { count: rows.length, stale }
}

/** Drafts and the model in use may get members. */
async function assertModel(run: Pick<Run, 'tx' | 'tenantId' | 'actor'>, modelId: string): Promise<void> {
  await assertReadable(run.tx, run.actor, modelId)
  const { state } = await loadHead(run.tx, run.tenantId, modelId)
  if (state === 'materialising') stop('model.running')
  if (modelId !== run.actor.modelId && state !== 'draft') stop('model.notDraft', undefined, '/model/id')
}

/** Compiled models notice; under models in use the accounts below are placed again (a member made in a draft holds on when it is switched on). */
async function followMembers(run: Run, scope: string | null, territoryIds: readonly string[]): Promise<void> {
  await bumpStamp(run.tx, run.tenantId, null)
  const live = scope === null || (await loadHead(run.tx, run.tenantId, scope)).state !== 'draft'
  if (live && territoryIds.length > 0)
    await askForJob(run.tx, run.tenantId, 'assignment.replace', { territoryIds: [...new Set(territoryIds)] }, run.actor.userId)
}

async function undo(run: Run, limit: number): Promise<{ back: number; kept: number }> {
  const { tx, tenantId, importId } = run
  const found = await tx.query<{ id: string; fresh: boolean; territory: string | null; touched: boolean; scope: string | null }>(
    `select b.record_id::text as id, b.before is null as fresh, m.territory_id::text as territory, m.model_id::text as scope, m.row_version is distinct from b.after_version as touched
       from import_before b left join territory_member m on m.tenant_id = $1 and m.id = b.record_id where b.tenant_id = $1 and b.job_id = $2 and b.kept is null order by b.record_id limit $3`,
    [tenantId, importId, limit],
  )
  if (found.rows.length === 0) return { back: 0, kept: 0 }
  const kept = found.rows.filter(r => r.touched).map(r => r.id)
  const back = found.rows.filter(r => !r.touched)
  const at = await writeInstant(tx)
  await keepMembers(
    tx,
    tenantId,
    at,
    back.filter(r => r.territory !== null).map(r => r.id),
  )
  await tx.query('delete from territory_member where tenant_id = $1 and id = any($2::bigint[])', [tenantId, back.filter(r => r.fresh).map(r => r.id)])
  await tx.query(
    `update territory_member m set access = o.access, credit_bp = o.credit_bp, starts_at = o.starts_at, ends_at = o.ends_at, row_version = m.row_version + 1, known_from = ${knownFrom('$4', 'm.known_from')}
       from import_before b, jsonb_populate_record(null::territory_member, b.before) o where b.tenant_id = $1 and b.job_id = $2 and b.record_id = any($3::bigint[]) and m.tenant_id = $1 and m.id = b.record_id`,
    [tenantId, importId, back.filter(r => !r.fresh).map(r => r.id), at],
  )
  await tx.query(
    `update import_before set kept = case when record_id = any($3::bigint[]) then 'undo.memberSince' else '' end where tenant_id = $1 and job_id = $2 and record_id = any($4::bigint[])`,
    [tenantId, importId, kept, found.rows.map(r => r.id)],
  )
  await tx.query(
    `insert into audit (tenant_id, at, actor_id, kind, record_kind, record_id, after) select $1, $2::timestamptz, $3, 'member.importUndone', 'territory', territory, jsonb_build_object('memberId', id::text, 'importId', $4::text) from unnest($5::bigint[], $6::bigint[]) as m(id, territory)`,
    [tenantId, at, run.actor.userId, importId, back.map(r => r.id), back.map(r => r.territory)],
  )
  for (const scope of new Set(back.map(r => r.scope)))
    await followMembers(
      run,
      scope,
      back.filter(r => r.scope === scope).map(r => r.territory!),
    )
  return { back: back.length, kept: kept.length }
}

export const MEMBER_OBJECT: ImportObject = {
  key: 'member',
  matches: [{ way: 'place', needs: ['territory', 'person'], keyOf: ['territory', 'person', 'role'] }],
  columns: MEMBER_COLUMNS,
  targets: async () =>
    MEMBER_COLUMNS.map(c => targetOf(c, c.key === 'role' ? choicesOf(MEMBER_ROLES) : c.key === 'access' ? choicesOf(MEMBER_ACCESS) : null)),
  lookups: async (tx, actor) => ({
    options: new Map([
      ['role', choiceWords(MEMBER_ROLES)],
      ['access', choiceWords(MEMBER_ACCESS)],
    ]),
    industries: new Map(),
    people: await peopleFor(tx, actor, true),
  }),
  checkMapping: async (tx, actor, mapping) => {
    if (!mapping.model?.id) return stop('import.noModel', undefined, '/model')
    await assertModel({ tx, tenantId: actor.tenantId, actor }, mapping.model.id)
    await loadModel(tx, actor.tenantId, mapping.model.id)
  },
  check,
  idTable: 'territory_member',
  piece: null,
  write,
  undo,
}
