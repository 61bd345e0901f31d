/**
 * Mending 批量修复: proposals taken one by one or all of a kind, values typed in their place, problems set aside. Written through the journal
 * of bulk edits, so that every fix can be undone; afterwards the customers are looked at again, so that the list is true at once.
 */
import type { FieldValues } from '../../contract/account/accounts.ts'
import type { FixBody, FixPreview, FormWarning } from '../../contract/cleansing/fixes.ts'
import { checkAccount } from '../../core/cleansing/check-account.ts'
import { isAcross, isKind, KIND_NAMES } from '../../core/cleansing/problem.ts'
import { foreseeEach } from '../account/bulk.ts'
import { loadSchema, validate } from '../account/save-account.ts'
import { type RowChange, undoBulkEdit, writeRows } from '../account/write-rows.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { writeFindings } from './check-base.ts'
import { lastRun } from './check-up.ts'
import { assertSlice, type Found, fieldText, findIn, mayWrite, readStanding, type Standing } from './fix-list.ts'
import { type CheckedRow, checkedOf, isFixable, loadLookup, withoutHidden } from './lookup.ts'
import { readSpec } from './settings.ts'
import { valueReader, wordsOf } from './words.ts'

const LIMIT = 20_000
const PIECE = 1_000

type Fix = RowChange & { readonly field: string; readonly before: string | null; readonly after: string | null }
type Chosen = { readonly matched: number; readonly fixes: readonly Fix[] }

/** The proposal for this field as a form writes it; undefined where there is none, null where the field is emptied. */
function proposalOf(now: Standing, field: string, kind: string): string | null | undefined {
  const problem = now.problems.find(p => p.field === field && p.kind === kind)
  if (problem) return problem.proposal
  return kind === 'missing' && fieldText(now.row, field) === null
    ? now.problems.find(p => p.field === field && p.kind === 'division.fromAddress')?.proposal
    : undefined
}

function fixOf(now: Standing, field: string, value: string | null, why: string, rowVersion?: number): Fix {
  return {
    id: now.row.id,
    values: { [field]: value },
    field,
    before: fieldText(now.row, field),
    after: value,
    why,
    ...(rowVersion === undefined ? {} : { rowVersion }),
  }
}

/** Errors: 403 permission.missing, 400 cleansing.notFixable, noProposal, kind, tooMany; 409 cleansing.gone. */
async function choose(tx: Tx, actor: Actor, body: FixBody): Promise<Chosen> {
  if ('rows' in body) {
    const fields = new Set(body.rows.map(r => r.field))
    for (const field of fields) await assertFixable(tx, actor, { field })
    const standing = await readStanding(
      tx,
      actor,
      body.rows.map(r => ({ id: r.accountId, field: r.field, kind: r.kind })),
    )
    const fixes: Fix[] = []
    let matched = 0
    for (const r of body.rows) {
      const now = standing.get(r.accountId)
      if (!now) continue
      matched += 1
      const proposal = r.value === undefined ? proposalOf(now, r.field, r.kind) : r.value === '' ? null : r.value
      if (proposal === undefined)
        stop(now.problems.some(p => p.field === r.field && p.kind === r.kind) ? 'cleansing.noProposal' : 'cleansing.gone', { field: r.field })
      if (mayWrite(now, r.field)) fixes.push(fixOf(now, r.field, proposal as string | null, r.value === undefined ? r.kind : 'typed', r.rowVersion))
    }
    return { matched, fixes }
  }
  const slice = body.all
  if (!actor.permissions.has('account.bulk')) stop('permission.missing', { permission: 'account.bulk' })
  await assertFixable(tx, actor, slice)
  const fixes: Fix[] = []
  let matched = 0
  for (let after: Found | null = null; ; ) {
    const page: readonly Found[] = await findIn(tx, actor, slice, false, after, PIECE)
    const standing = await readStanding(
      tx,
      actor,
      page.map(f => ({ ...f, field: slice.field })),
    )
    for (const f of page) {
      const now = standing.get(f.id)
      const proposal = now && proposalOf(now, slice.field, f.kind)
      if (!now || proposal === undefined) continue
      matched += 1
      if (mayWrite(now, slice.field)) fixes.push(fixOf(now, slice.field, proposal, f.kind))
    }
    if (fixes.length > LIMIT) stop('cleansing.tooMany', { limit: LIMIT })
    after = page.at(-1) ?? null
    if (page.length < PIECE) return { matched, fixes }
  }
}

async function assertFixable(tx: Tx, actor: Actor, slice: { field: string; kind?: string | undefined }): Promise<void> {
  await assertSlice(tx, actor, slice)
  if (!isFixable(slice.field)) stop('cleansing.notFixable', { field: slice.field }, '/field')
  if ((actor.fieldAccess.get(slice.field) ?? 'edit') !== 'edit') stop('field.readOnly', { field: slice.field }, '/field')
}

/** Two fixes of one customer are one change of it. */
function together(fixes: readonly Fix[]): readonly RowChange[] {
  const byId = new Map<string, { id: string; values: FieldValues; why?: string | undefined; rowVersion?: number | undefined }>()
  for (const f of fixes) {
    const known = byId.get(f.id)
    if (known) Object.assign(known.values, f.values)
    else byId.set(f.id, { id: f.id, values: { ...f.values }, why: f.why, rowVersion: f.rowVersion })
  }
  return [...byId.values()]
}

export async function previewFixes(tx: Tx, actor: Actor, now: string, body: FixBody): Promise<FixPreview> {
  const { matched, fixes } = await choose(tx, actor, body)
  const schema = await loadSchema(tx, actor.tenantId)
  const written = new Map<string, Awaited<ReturnType<typeof validate>>>()
  for (const change of together(fixes)) written.set(change.id, await validate(tx, actor, schema, change.values))
  const { moving, examples } = await foreseeEach(tx, actor, now, [...written.keys()], id => written.get(id)!)
  const read = await valueReader(tx, actor)
  const byId = new Map(fixes.map(f => [f.id, f]))
  const say = (field: string, value: string | null) => read(field, value) ?? value
  return {
    matched,
    editable: fixes.length,
    moving,
    examples: examples.map(({ row, territoryBefore, territoryAfter }) => {
      const fix = byId.get(row.id)!
      return { id: row.id, name: row.name, before: say(fix.field, fix.before), after: say(fix.field, fix.after), territoryBefore, territoryAfter }
    }),
  }
}

export async function runFixes(tx: Tx, actor: Actor, body: FixBody): Promise<{ id: string; changed: number; stale: number }> {
  const { fixes } = await choose(tx, actor, body)
  if (fixes.length === 0) stop('bulk.nothing')
  const what =
    'all' in body ? { cleansing: { field: body.all.field, kind: body.all.kind } } : { cleansing: { fields: [...new Set(fixes.map(f => f.field))] } }
  const { id, ids, stale } = await writeRows(tx, actor, together(fixes), what)
  await lookAgain(tx, actor, ids, [...new Set(fixes.map(f => f.field))])
  return { id, changed: ids.length, stale }
}

export async function undoFixes(tx: Tx, actor: Actor, id: string): Promise<{ restored: number; kept: number; unseen: number }> {
  const { ids, ...counted } = await undoBulkEdit(tx, actor, id)
  await lookAgain(tx, actor, ids, [])
  return counted
}

/** Findings of these customers as they are now. What only a run sees stays, except where the field itself was changed. */
export async function lookAgain(tx: Tx, actor: Actor, ids: readonly string[], fields: readonly string[]): Promise<void> {
  const run = await lastRun(tx, actor.tenantId)
  if (!run || ids.length === 0) return
  const wanted = new Set((await readSpec(tx, actor.tenantId)).fields.map(f => f.key))
  const alone = KIND_NAMES.filter(k => !isAcross(k))
  for (let from = 0; from < ids.length; from += PIECE) {
    const part = ids.slice(from, from + PIECE)
    // The whole truth, whatever the mender's role hides: the list is everybody's.
    const standing = await readStanding(
      tx,
      { ...actor, fieldAccess: new Map() },
      part.map(id => ({ id, field: '', kind: '' })),
    )
    const found = [...standing.values()].flatMap(s => s.problems.filter(p => wanted.has(p.field)).map(problem => ({ id: s.row.id, problem })))
    for (const table of ['cleansing_finding', 'cleansing_private_finding'])
      await tx.query(
        `delete from ${table} where tenant_id = $1 and run_id = $2 and account_id = any($3::bigint[]) and (kind = any($4::text[]) or field = any($5::text[]))`,
        [actor.tenantId, run.id, part, alone, fields],
      )
    await writeFindings(tx, actor.tenantId, run.id, found)
  }
}

type Skipped = readonly { readonly accountId: string; readonly rowVersion: number; readonly field: string; readonly kind: string }[]

/** Only what one may edit: who sets a problem aside answers for it. */
export async function skipProblems(tx: Tx, actor: Actor, now: string, rows: Skipped): Promise<void> {
  await assertSkippable(tx, actor, rows)
  await tx.query(
    `insert into cleansing_skip (tenant_id, account_id, field, kind, row_version, skipped_by, skipped_at)
     select $1, id, field, kind, version, $6, $7 from unnest($2::bigint[], $3::text[], $4::text[], $5::int[]) as s(id, field, kind, version)
     on conflict (tenant_id, account_id, field, kind) do update set row_version = excluded.row_version, skipped_by = excluded.skipped_by, skipped_at = excluded.skipped_at`,
    [actor.tenantId, rows.map(r => r.accountId), rows.map(r => r.field), rows.map(r => r.kind), rows.map(r => r.rowVersion), actor.userId, now],
  )
  await auditEach(tx, actor, now, 'cleansing.skip', rows)
}

export async function unskipProblems(tx: Tx, actor: Actor, now: string, rows: Skipped): Promise<void> {
  await assertSkippable(tx, actor, rows)
  await tx.query(
    `delete from cleansing_skip s using unnest($2::bigint[], $3::text[], $4::text[]) as r(id, field, kind) where s.tenant_id = $1 and s.account_id = r.id and s.field = r.field and s.kind = r.kind`,
    [actor.tenantId, rows.map(r => r.accountId), rows.map(r => r.field), rows.map(r => r.kind)],
  )
  await auditEach(tx, actor, now, 'cleansing.unskip', rows)
}

const auditEach = (tx: Tx, actor: Actor, now: string, kind: string, rows: Skipped): Promise<unknown> =>
  tx.query(
    `insert into audit (tenant_id, at, actor_id, kind, record_kind, record_id, account_id, after)
     select $1, $2, $3, $4, 'account', id, id, jsonb_build_object('field', field, 'kind', kind) from unnest($5::bigint[], $6::text[], $7::text[]) as r(id, field, kind)`,
    [actor.tenantId, now, actor.userId, kind, rows.map(r => r.accountId), rows.map(r => r.field), rows.map(r => r.kind)],
  )

async function assertSkippable(tx: Tx, actor: Actor, rows: Skipped): Promise<void> {
  for (const field of new Set(rows.map(r => r.field))) await assertSlice(tx, actor, { field })
  const wrong = rows.find(r => !isKind(r.kind))
  if (wrong) stop('cleansing.kind', { kind: wrong.kind }, '/rows')
  const standing = await readStanding(
    tx,
    actor,
    rows.map(r => ({ id: r.accountId, field: r.field, kind: r.kind })),
  )
  for (const r of rows) {
    const now = standing.get(r.accountId) ?? stop('record.notFound')
    if (!now.row.editable) stop('record.notEditable')
    if (now.row.row_version !== r.rowVersion) stop('record.stale', { current: now.row.row_version })
  }
}

/** Values somebody is typing, looked at before they are saved: warnings with proposals, never a refusal. Fields left out are not looked at. */
export async function checkForm(
  tx: Tx,
  actor: Actor,
  values: Readonly<Record<string, string | number | null>>,
): Promise<{ warnings: FormWarning[] }> {
  const lookup = await loadLookup(tx, actor.tenantId)
  const read = await valueReader(tx, actor)
  const text = (key: string): string | null => (typeof values[key] === 'string' && values[key] !== '' ? values[key] : null)
  const number = (key: string): number | null =>
    values[key] === null || values[key] === undefined || values[key] === '' || Number.isNaN(Number(values[key])) ? null : Number(values[key])
  const point = /^\s*(-?[\d.]+)\s*[,，]\s*(-?[\d.]+)\s*$/.exec(text('point') ?? '')
  const row = {
    ...Object.fromEntries(
      [
        'nameEn',
        'shortName',
        'creditCode',
        'phone',
        'email',
        'website',
        'industry',
        'tier',
        'source',
        'status',
        'division',
        'registeredDivision',
        'address',
      ].map(k => [k, text(k)]),
    ),
    ...Object.fromEntries(['size', 'revenue', 'potential'].map(k => [k, number(k)])),
    name: text('name') ?? '',
    registeredAddress: null,
    lng: point ? Number(point[1]) : null,
    lat: point ? Number(point[2]) : null,
  } as unknown as CheckedRow
  const problems = checkAccount(withoutHidden(checkedOf(row), actor), lookup).filter(
    p => p.field in values && !(p.field === 'name' && row.name === ''),
  )
  return {
    warnings: problems.map(p => {
      const proposal = p.proposal === undefined ? null : (p.proposal ?? '')
      return { field: p.field, kind: p.kind, words: wordsOf(p, actor.locale), proposal, proposalWords: read(p.field, proposal) }
    }),
  }
}
