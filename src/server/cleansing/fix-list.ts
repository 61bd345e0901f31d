/**
 * The fix list 待修清单: which customers have a problem was found by the check-up, what it is now is decided anew from what they say now,
 * so that nobody is shown a problem that somebody mended meanwhile, and no value is kept in a second place.
 */
import type { Dimension, ProblemRow } from '../../contract/cleansing/check-ups.ts'
import { type Across, checkAccount } from '../../core/cleansing/check-account.ts'
import { isAcross, isKind, kindsWithout, type Problem, type ProblemKind } from '../../core/cleansing/problem.ts'
import { scopeUpTo } from '../access/how-wide.ts'
import { tokensOf, visibleTo } from '../access/visible-to.ts'
import { makeParams, type Params } from '../account/condition-sql.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { lastRun } from './check-up.ts'
import { CHECKED, CHECKED_JOINS, type CheckedRow, checkedOf, isFixable, loadLookup, PRIVATE_FIELDS, withoutHidden } from './lookup.ts'
import { type LookedAt, readSpec } from './settings.ts'
import { dimensionSql, missingJoins, missingSql, STANDING } from './totals.ts'
import { labelOfKind, valueReader, wordsOf } from './words.ts'

export type Slice = {
  readonly field: string
  readonly kind?: string | undefined
  readonly dimension?: Dimension | undefined
  readonly value?: string | undefined
}
export type Found = { readonly id: string; readonly kind: ProblemKind }

const NARROW = 8_000

/** Errors: 400 field.unknown, 403 field.hidden, 400 cleansing.kind. */
export async function assertSlice(tx: Tx, actor: Actor, slice: Slice): Promise<LookedAt> {
  if (actor.fieldAccess.get(slice.field) === 'hidden') stop('field.hidden', { field: slice.field }, '/field')
  if (slice.kind !== undefined && !isKind(slice.kind)) stop('cleansing.kind', { kind: slice.kind }, '/kind')
  const { all } = await readSpec(tx, actor.tenantId)
  return all.find(f => f.key === slice.field) ?? stop('field.unknown', { field: slice.field }, '/field')
}

/** A narrow sight is read whole; in a wide one the list is walked, and each placement says whether it is seen: a page fills soon. */
async function narrow(tx: Tx, actor: Actor, slice: Slice, params: Params): Promise<string> {
  const walks = !actor.seesAll && (await scopeUpTo(tx, actor, NARROW)) === null
  const parts = [walks ? `p.tokens && ${tokensOf(actor)}` : visibleTo(actor, 'a.id')]
  if (slice.dimension !== undefined) parts.push(`${dimensionSql(slice.dimension)} = ${params.add(slice.value ?? '')}`)
  // Who owns what is asked of the placement itself; what it hides is not even counted.
  if (PRIVATE_FIELDS.includes(slice.field)) parts.push(`p.private_tokens && ${tokensOf(actor)}`)
  return parts.join(' and ')
}

const SKIPPED = (field: string, kind: string) =>
  `exists (select 1 from cleansing_skip s where s.tenant_id = $1 and s.account_id = a.id and s.field = ${field} and s.kind = ${kind} and s.row_version = a.row_version)`

/** Customers of the slice in id order; `after` is the last one read. */
export async function findIn(
  tx: Tx,
  actor: Actor,
  slice: Slice,
  skipped: boolean,
  after: { id: string; kind: string } | null,
  limit: number,
): Promise<readonly Found[]> {
  const params = makeParams(actor.tenantId)
  const field = params.add(slice.field)
  const where = await narrow(tx, actor, slice, params)
  const last = params.add(after?.id ?? '0')
  if (slice.kind === 'missing') {
    const found = await tx.query<{ id: string }>(
      `select a.id::text from account a ${STANDING(actor.modelId)} ${missingJoins([slice.field])} where a.tenant_id = $1 and a.deleted_at is null and ${missingSql(slice.field)}
          and ${where} and a.id > ${last}::bigint and ${skipped ? '' : 'not '}${SKIPPED(field, `'missing'`)} order by a.id limit ${limit}`,
      params.values,
    )
    return found.rows.map(r => ({ id: r.id, kind: 'missing' }))
  }
  const run = (await lastRun(tx, actor.tenantId)) ?? stop('cleansing.none')
  const table = PRIVATE_FIELDS.includes(slice.field) ? 'cleansing_private_finding' : 'cleansing_finding'
  const known = kindsWithout(key => actor.fieldAccess.get(key) === 'hidden').filter(k => slice.kind === undefined || k === slice.kind)
  const found = await tx.query<Found>(
    `select f.account_id::text as id, f.kind from ${table} f join account a on a.tenant_id = $1 and a.id = f.account_id and a.deleted_at is null ${STANDING(actor.modelId)}
      where f.tenant_id = $1 and f.run_id = ${params.add(run.id)} and f.field = ${field} and f.kind = any(${params.add(known)}::text[]) and ${where}
        and (f.account_id, f.kind) > (${last}::bigint, ${params.add(after?.kind ?? '')}::text) and ${skipped ? '' : 'not '}${SKIPPED('f.field', 'f.kind')} order by f.account_id, f.kind limit ${limit}`,
    params.values,
  )
  return found.rows.filter(r => isKind(r.kind))
}

export type Standing = {
  readonly row: CheckedRow & {
    readonly row_version: number
    readonly owner: string | null
    readonly editable: boolean
    /** Its masked fields are open to the reader. */
    readonly open: boolean
    readonly custom: Record<string, unknown>
    readonly parent_id: string | null
  }
  /** What is wrong with it now. */
  readonly problems: readonly Problem[]
}

/** Customers as they are now with their problems; those that only a run can see (`across`) hold as the run found them. */
export async function readStanding(
  tx: Tx,
  actor: Actor,
  found: readonly { id: string; field: string; kind: string }[],
): Promise<ReadonlyMap<string, Standing>> {
  const ids = [...new Set(found.map(f => f.id))]
  const lookup = await loadLookup(tx, actor.tenantId)
  const rows = await tx.query<Standing['row'] & { left: boolean | null }>(
    `select ${CHECKED}, a.row_version, a.custom, a.parent_id::text, u.name as owner, coalesce(coalesce(p.edit_tokens, p.tokens) && ${tokensOf(actor)}, false) as editable, coalesce(p.private_tokens && ${tokensOf(actor)}, false) as open,
        (select bool_and(c.left_at is not null and c.left_at <= current_date) from contact c where c.tenant_id = $1 and c.account_id = a.id and c.deleted_at is null) as left
       from account a ${CHECKED_JOINS} ${STANDING(actor.modelId)} where a.tenant_id = $1 and a.id = any($2::bigint[]) and a.deleted_at is null`,
    [actor.tenantId, ids],
  )
  const across = new Map<string, Set<string>>()
  for (const f of found) if (isKind(f.kind) && isAcross(f.kind)) across.set(f.id, (across.get(f.id) ?? new Set()).add(f.kind))
  return new Map(
    rows.rows.map(row => {
      const was = across.get(row.id)
      const held: Across = {
        sharedPhone: was?.has('phone.shared') ?? false,
        parentMissing: (was?.has('parent.missing') ?? false) && row.parent_id !== null,
        parentLoop: (was?.has('parent.loop') ?? false) && row.parent_id !== null,
        contactsLeft: (was?.has('contact.left') ?? false) && row.left === true,
      }
      return [row.id, { row, problems: checkAccount(withoutHidden(checkedOf(row), actor), lookup, held) }]
    }),
  )
}

/** What is masked on this customer cannot be mended by who does not see it. */
export const mayWrite = ({ row }: Standing, field: string): boolean =>
  row.editable && isFixable(field) && (row.open || !PRIVATE_FIELDS.includes(field))

/** A field's value as text, the way a form writes it. */
export function fieldText(row: Standing['row'], field: string): string | null {
  if (field === 'point') return row.lng === null || row.lat === null ? null : `${row.lng},${row.lat}`
  if (field === 'parentId') return row.parent_id
  if (field === 'contacts') return null
  const own = /^f(\d+)$/.exec(field)
  const value = own ? row.custom[own[1]!] : (row as unknown as Record<string, unknown>)[field]
  return value === null || value === undefined ? null : Array.isArray(value) ? value.join(', ') : String(value)
}

export async function listProblems(
  tx: Tx,
  actor: Actor,
  query: Slice & { readonly skipped: boolean; readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ rows: ProblemRow[]; next: string | null }> {
  await assertSlice(tx, actor, query)
  const at = /^(\d{1,18})\|([\w.]*)$/.exec(query.cursor ?? '')
  const found = await findIn(tx, actor, query, query.skipped, at ? { id: at[1]!, kind: at[2]! } : null, query.limit + 1)
  const page = found.slice(0, query.limit)
  const rows = await problemRows(
    tx,
    actor,
    page.map(f => ({ ...f, field: query.field })),
    query.skipped,
  )
  const last = page.at(-1)
  return { rows, next: found.length > query.limit && last ? `${last.id}|${last.kind}` : null }
}

/** One row for each problem that still is one. */
export async function problemRows(tx: Tx, actor: Actor, found: readonly (Found & { field: string })[], skipped: boolean): Promise<ProblemRow[]> {
  const standing = await readStanding(tx, actor, found)
  const read = await valueReader(tx, actor)
  const mayEdit = actor.permissions.has('account.edit')
  return found.flatMap((f): ProblemRow[] => {
    const now = standing.get(f.id)
    if (!now) return []
    const value = fieldText(now.row, f.field)
    const problem: Problem | undefined =
      f.kind === 'missing'
        ? value === null
          ? { field: f.field, kind: 'missing', ...toldBy(now.problems, f.field) }
          : undefined
        : now.problems.find(p => p.field === f.field && p.kind === f.kind)
    if (!problem) return []
    const proposal = problem.proposal === undefined ? null : (problem.proposal ?? '')
    return [
      {
        accountId: f.id,
        name: now.row.name,
        owner: now.row.owner,
        rowVersion: now.row.row_version,
        field: f.field,
        kind: f.kind,
        label: labelOfKind(f.kind, actor.locale),
        words: wordsOf(problem, actor.locale),
        value,
        proposal,
        valueWords: read(f.field, value),
        proposalWords: read(f.field, proposal),
        editable: mayEdit && mayWrite(now, f.field) && (actor.fieldAccess.get(f.field) ?? 'edit') === 'edit',
        skipped,
      },
    ]
  })
}

/** An empty division whose address tells it has its proposal in the list of what is missing, too. */
function toldBy(problems: readonly Problem[], field: string): Pick<Problem, 'proposal'> {
  const told = problems.find(p => p.field === field && p.kind === 'division.fromAddress')
  return told?.proposal === undefined ? {} : { proposal: told.proposal }
}
