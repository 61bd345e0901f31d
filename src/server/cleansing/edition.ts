/**
 * A new edition of the divisions 区划换版: codes that were abolished and are still in use, customers moved to what took their place (undone like
 * every bulk edit), rules in a draft change set. Where an area was divided the address or the point decides, else a person; nobody guesses.
 */

import type { FieldValues } from '../../contract/account/accounts.ts'
import type { EditionChoices, EditionCode, RemapPreview } from '../../contract/cleansing/edition.ts'
import { changesOf } from '../../core/cleansing/edition.ts'
import { successorBy } from '../../core/cleansing/place-problems.ts'
import { tokensOf, visibleTo } from '../access/visible-to.ts'
import { foreseeEach } from '../account/bulk.ts'
import { loadSchema, validate } from '../account/save-account.ts'
import { type RowChange, writeRows } from '../account/write-rows.ts'
import { ground } from '../geography/ground.ts'
import { divisionIndex, knownCodes } from '../geography/reference.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import { toTraditional } from '../kernel/traditional.ts'
import type { Tx } from '../kernel/transaction.ts'
import { EDITION } from './check-base.ts'
import { divisionUser } from './edition-users.ts'
import { lookAgain } from './fix.ts'
import { CHECKED, CHECKED_JOINS, type CheckedRow, checkedOf, loadLookup, withoutHidden } from './lookup.ts'
import { STANDING } from './totals.ts'

const LIMIT = 20_000

let retired: ReturnType<typeof changesOf> | null = null
const changes = (): ReturnType<typeof changesOf> => {
  retired ??= changesOf(divisionIndex().list)
  return retired
}

function assertSeesPlaces(actor: Actor): void {
  const hidden = ['division', 'registeredDivision'].find(key => actor.fieldAccess.get(key) === 'hidden')
  if (hidden) stop('field.hidden', { field: hidden }, hidden)
}

export async function readEdition(tx: Tx, actor: Actor): Promise<{ edition: string; mapUsed: boolean; codes: EditionCode[] }> {
  assertSeesPlaces(actor)
  const index = divisionIndex()
  const name = (text: string) => (actor.locale === 'zh-TW' ? toTraditional(text) : text)
  const found = await tx.query<{ code: string; what: 'accounts' | 'registered' | 'sites'; n: number }>(
    `select code, what, count(*)::float8 as n from (
       select a.division as code, 'accounts' as what from account a where a.tenant_id = $1 and a.deleted_at is null and a.division = any($2::text[]) and ${visibleTo(actor, 'a.id')}
       union all select a.registered_division, 'registered' from account a where a.tenant_id = $1 and a.deleted_at is null and a.registered_division = any($2::text[]) and ${visibleTo(actor, 'a.id')}
       union all select d.division, 'sites' from account_address d join account a on a.tenant_id = $1 and a.id = d.account_id and a.deleted_at is null
         where d.tenant_id = $1 and d.kind = 'site' and d.division = any($2::text[]) and ${visibleTo(actor, 'a.id')}) used group by code, what`,
    [actor.tenantId, [...changes().keys()]],
  )
  const { rules, lists } = await divisionUser().uses(tx, actor)
  const used = new Set([...found.rows.map(r => r.code), ...[...rules, ...lists].flatMap(u => u.codes)])
  const counted = (code: string, what: string) => found.rows.find(r => r.code === code && r.what === what)?.n ?? 0
  return {
    edition: EDITION,
    mapUsed: ground() !== null,
    codes: [...used].sort().flatMap(code => {
      const division = index.get(code)
      const change = changes().get(code)
      if (!division || !change) return []
      return [
        {
          code,
          name: name(division.name),
          path: name(index.path(code)),
          change,
          successors: division.successors.map(s => ({ code: s, name: name(index.path(s)) })),
          accounts: counted(code, 'accounts'),
          registered: counted(code, 'registered'),
          sites: counted(code, 'sites'),
          rules: rules.filter(r => r.codes.includes(code)).map(({ id, code: c, name: n }) => ({ id, code: c, name: n })),
          lists: lists.filter(l => l.codes.includes(code)).map(l => ({ id: l.id, name: l.name })),
        },
      ]
    }),
  }
}

type By = RemapPreview['examples'][number]['by']
type Move = RowChange & { readonly before: string | null; readonly after: string | null; readonly by: By }
type Remap = { readonly moves: readonly Move[]; readonly matched: number; readonly undecided: number; readonly more: boolean }

/** Errors: 400 field.type for a code that is no division of today, edition.nothing. */
async function decide(tx: Tx, actor: Actor, choices: EditionChoices): Promise<Remap> {
  assertSeesPlaces(actor)
  const { divisions } = await knownCodes(tx)
  const chosen = new Map(choices.filter(c => c.to !== 'keep' && changes().has(c.code)).map(c => [c.code, c.to]))
  for (const [code, to] of chosen)
    if (to !== 'evidence' && !divisions.has(to)) stop('field.type', { field: code, expected: '320500', value: to }, '/choices')
  if (chosen.size === 0) stop('edition.nothing')
  const lookup = await loadLookup(tx, actor.tenantId)
  const codes = [...chosen.keys()]
  const found = await tx.query<
    CheckedRow & { editable: boolean; sites: { id: string; text: string | null; division: string; lng: number | null; lat: number | null }[] | null }
  >(
    `select ${CHECKED}, coalesce(coalesce(p.edit_tokens, p.tokens) && ${tokensOf(actor)}, false) as editable, s.sites
       from account a ${CHECKED_JOINS} ${STANDING(actor.modelId)}
       left join lateral (select jsonb_agg(jsonb_build_object('id', d.id::text, 'text', d.text, 'division', d.division, 'lng', d.lng, 'lat', d.lat)) as sites from account_address d
         where d.tenant_id = $1 and d.account_id = a.id and d.kind = 'site' and d.division = any($2::text[])) s on true
      where a.tenant_id = $1 and a.deleted_at is null and ${visibleTo(actor, 'a.id')}
        and (a.division = any($2::text[]) or a.registered_division = any($2::text[]) or a.id in (select d.account_id from account_address d where d.tenant_id = $1 and d.kind = 'site' and d.division = any($2::text[])))
      order by a.id limit ${LIMIT + 1}`,
    [actor.tenantId, codes],
  )
  const follow = (code: string, address: string | null, point: readonly [number, number] | null): { code: string; by: By } | null => {
    const to = chosen.get(code)!
    if (to !== 'evidence') return { code: to, by: divisionIndex().get(code)!.successors.length === 1 ? 'only' : 'chosen' }
    return successorBy(divisionIndex().get(code)!.successors, address, point, lookup)
  }
  const moves: Move[] = []
  let undecided = 0
  for (const row of found.rows.slice(0, LIMIT)) {
    const seen = withoutHidden(checkedOf(row), actor)
    const values: FieldValues = {}
    let told: { before: string; code: string; by: By } | null = null
    let open = false
    for (const [field, address, point] of [
      ['division', seen.address, seen.point],
      ['registeredDivision', seen.registeredAddress, null],
    ] as const) {
      const code = row[field]
      if (code === null || !chosen.has(code)) continue
      const next = follow(code, address, point)
      if (next) {
        values[field] = next.code
        told ??= { before: code, ...next }
      } else open = true
    }
    const sites = (row.sites ?? []).flatMap(s => {
      const next = follow(s.division, s.text, s.lng === null || s.lat === null ? null : [s.lng, s.lat])
      if (!next) open = true
      else told ??= { before: s.division, ...next }
      return next ? [{ id: s.id, division: next.code }] : []
    })
    if (open) undecided += 1
    if (row.editable && told !== null)
      moves.push({
        id: row.id,
        values,
        before: told.before,
        after: told.code,
        by: told.by,
        why: `edition.${told.by}`,
        ...(sites.length > 0 ? { sites } : {}),
      })
  }
  return { moves, matched: Math.min(found.rows.length, LIMIT), undecided, more: found.rows.length > LIMIT }
}

export async function previewRemap(tx: Tx, actor: Actor, now: string, choices: EditionChoices): Promise<RemapPreview> {
  const { moves, matched, undecided, more } = await decide(tx, actor, choices)
  const schema = await loadSchema(tx, actor.tenantId)
  const written = new Map<string, Awaited<ReturnType<typeof validate>>>()
  for (const move of moves) written.set(move.id, await validate(tx, actor, schema, move.values))
  const { moving, examples } = await foreseeEach(tx, actor, now, [...written.keys()], id => written.get(id)!)
  const byId = new Map(moves.map(m => [m.id, m]))
  const path = (code: string | null) =>
    code === null ? null : actor.locale === 'zh-TW' ? toTraditional(divisionIndex().path(code)) : divisionIndex().path(code)
  return {
    matched,
    editable: moves.length,
    undecided,
    moving,
    more,
    examples: examples.map(({ row, ...territories }) => {
      const move = byId.get(row.id)!
      return { id: row.id, name: row.name, before: path(move.before), after: path(move.after), by: move.by, ...territories }
    }),
  }
}

export async function runRemap(
  tx: Tx,
  actor: Actor,
  choices: EditionChoices,
): Promise<{ id: string; changed: number; undecided: number; more: boolean }> {
  const { moves, undecided, more } = await decide(tx, actor, choices)
  if (moves.length === 0) stop('edition.nothing')
  const { id, ids } = await writeRows(tx, actor, moves, { edition: EDITION, codes: choices.filter(c => c.to !== 'keep').length })
  await lookAgain(tx, actor, ids, ['division', 'registeredDivision'])
  return { id, changed: ids.length, undecided, more }
}

/** In rules an area that was divided is all its parts, unless one was chosen. */
export async function draftRemap(
  tx: Tx,
  actor: Actor,
  now: string,
  title: string,
  choices: EditionChoices,
): Promise<{ changeSetId: string; rules: number; lists: number }> {
  assertSeesPlaces(actor)
  const { divisions } = await knownCodes(tx)
  const mapping = new Map<string, readonly string[]>()
  for (const { code, to } of choices) {
    const division = divisionIndex().get(code)
    if (to === 'keep' || division?.status !== 'retired') continue
    if (to !== 'evidence' && !divisions.has(to)) stop('field.type', { field: code, expected: '320500', value: to }, '/choices')
    const codes = to === 'evidence' ? division.successors : [to]
    if (codes.length > 0) mapping.set(code, codes)
  }
  if (mapping.size === 0) stop('edition.nothing')
  return (await divisionUser().draft(tx, actor, now, title, mapping)) ?? stop('edition.nothing')
}
