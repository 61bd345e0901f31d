/**
 * The list of accounts: what I may see, filtered, sorted, page by page. Keyset paging, no total; counts stop at 1,000. A small sight is
 * read first, so that its page does not depend on how many accounts the company has.
 */
import { createHash } from 'node:crypto'
import type { AccountRow, FieldValues, ListQuery } from '../../contract/account/accounts.ts'
import type { AsOfAnswer } from '../../contract/account/as-of.ts'
import type { Condition } from '../../core/condition/condition.ts'
import { scopeUpTo } from '../access/how-wide.ts'
import { tokensOf } from '../access/visible-to.ts'
import { whilePlacing } from '../access/while-placing.ts'
import { type CatalogueField, loadFields } from '../builder/catalogue.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { type AsOf, asOfAnswer, resolveAsOf, standingsOf } from './as-of.ts'
import { filterSql, makeParams, type Params } from './condition-sql.ts'
import { type AccountRecord, factsOf, RECORD } from './facts.ts'
import { ofImport } from './of-import.ts'
import { searchSql } from './search.ts'
import { keyFits, keyText, type Sort, sortSql } from './sort.ts'

export type Found = AccountRecord & {
  credit_code: string | null
  phone: string | null
  email: string | null
  address: string | null
  masked: boolean
  owner_id: string | null
  owner_name: string | null
  territory_id: string | null
  territory_code: string | null
  territory_name: string | null
  territory_colour: number | null
  contested: boolean
  undecidable: boolean
  pending: boolean
  updated: string
  key: string
}

/**
 * Where accounts stood at another instant: an account that stood nowhere yet is no row of that list. `whole`: all standings at once, where
 * owner or territory of then narrow or order the list; else account by account, as far as the page goes.
 */
export type Then = { readonly asOf: AsOf; readonly whole: string; readonly each: string; readonly narrows: boolean }
type Narrowing = Pick<ListQuery, 'scope' | 'territoryId' | 'ownerId'> & { readonly sort?: string }
export function thenOf(asOf: AsOf | null, params: Params, by: Narrowing): Then | null {
  if (!asOf) return null
  const standings = standingsOf(asOf, params)
  return {
    asOf,
    whole: standings(null),
    each: `${standings('a.id')} limit 1`,
    narrows: by.scope !== 'all' || !!by.territoryId || !!by.ownerId || by.sort === 'owner' || by.sort === 'territory',
  }
}

/**
 * The one FROM of every reading of accounts with where they stand. $1 is the tenant. `p` is today's placement, by which one sees; owner and
 * territory are those of `then` where asked for. A territory that the model of then does not know has the name it had last.
 */
export const fromAccounts = (modelId: string, then: Then | null = null): string => `from account a
  left join account_private pr on pr.tenant_id = $1 and pr.account_id = a.id
  left join account_placement p on p.tenant_id = $1 and p.model_id = ${BigInt(modelId)} and p.account_id = a.id
  ${then ? (then.narrows ? `join (${then.whole}) s on s.account_id = a.id` : `join lateral (${then.each}) s on true`) : ''}
  left join app_user u on u.tenant_id = $1 and u.id = ${then ? 's' : 'p'}.owner_id
  ${
    then && !then.narrows
      ? `left join lateral (select n.code, n.name, n.colour from territory n where n.tenant_id = $1 and n.id = s.territory_id order by n.model_id = ${BigInt(then.asOf.model?.id ?? 0)} desc, n.model_id desc limit 1) t on true`
      : `left join territory t on t.tenant_id = $1 and t.model_id = ${BigInt(then ? (then.asOf.model?.id ?? 0) : modelId)} and t.id = ${then ? 's' : 'p'}.territory_id`
  }`

const foundIn = (
  stand: 'p' | 's',
): string => `${RECORD}, pr.credit_code, pr.phone, pr.email, ${stand}.owner_id::text, u.name as owner_name, ${stand}.territory_id::text, t.code as territory_code,
  t.name as territory_name, t.colour as territory_colour, (select ad.text from account_address ad where ad.tenant_id = $1 and ad.account_id = a.id and ad.kind = 'business' limit 1) as address,
  not coalesce(p.private_tokens && (select nullif(current_setting('app.tokens', true), '')::bigint[]), false) as masked,
  ${stand === 's' ? 'false as contested, false as undecidable, false as pending' : 'coalesce(cardinality(p.contested), 0) > 0 as contested, coalesce(p.undecidable, false) as undecidable, not a.placed as pending'},
  to_char(a.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as updated`

export const FOUND = foundIn('p')

export type Selection = Pick<ListQuery, 'scope' | 'search' | 'territoryId' | 'ownerId' | 'importId'> & { readonly filter?: Condition | undefined }

/** Sights up to here, in the planner's figures, are read whole before the newest are picked, or before a filter or another order is applied. */
const NARROW = 8_000
const MIDDLE = 200_000

/**
 * Everything that narrows, as one SQL condition with its common tables. `order` is the list's sort, left out where none is asked for (counts,
 * bulk edits). The driver of sight stands in it where it helps; behind all of it stands the fence (docs/decisions/0007).
 */
export async function whereAccounts(
  tx: Tx,
  actor: Actor,
  selection: Selection,
  params: Params,
  catalogue: readonly CatalogueField[],
  order?: ListQuery['sort'],
  then: Then | null = null,
): Promise<{ where: string; prefix: string }> {
  const walks = order === 'updated' && !selection.filter
  const parts = ['a.tenant_id = $1', 'a.deleted_at is null']
  let prefix = ''
  if (!actor.seesAll) {
    // Where the placement itself is asked about, its tokens narrow in the same look; words to search for narrow more than any sight.
    if (selection.scope !== 'all' || selection.ownerId || selection.territoryId) parts.push(`p.tokens && ${tokensOf(actor)}`)
    else if (!selection.search?.trim()) {
      // Newest first a page fills soon, so that only a narrow sight is read whole before; a filter or another order may have to look far.
      const scope = await scopeUpTo(tx, actor, walks ? NARROW : MIDDLE)
      if (scope) {
        prefix = `with scope as materialized (${scope}) `
        parts.push('a.id in (select account_id from scope)')
      }
    }
  }
  const stand = then ? 's' : 'p'
  if (then && (selection.scope === 'contested' || selection.scope === 'undecidable')) stop('asOf.scope', { scope: selection.scope }, '/scope')
  if (selection.scope === 'mine') parts.push(`${stand}.owner_id = ${params.add(actor.userId)}::bigint`)
  if (selection.scope === 'unowned') parts.push(`${stand}.owner_id is null`)
  if (selection.scope === 'unassigned') parts.push(`${stand}.territory_id is null`)
  if (selection.scope === 'contested') parts.push('cardinality(p.contested) > 0')
  if (selection.scope === 'undecidable') parts.push('p.undecidable')
  if (selection.ownerId) parts.push(`${stand}.owner_id = ${params.add(selection.ownerId)}::bigint`)
  if (selection.territoryId) {
    // A territory means its subtree, as the model had it; one that the model of then never had, as it was last.
    const root = params.add(selection.territoryId)
    const model = then
      ? `(select n.model_id from territory n where n.tenant_id = $1 and n.id = ${root}::bigint order by n.model_id = ${BigInt(then.asOf.model?.id ?? 0)} desc, n.model_id desc limit 1)`
      : BigInt(actor.modelId)
    parts.push(`${stand}.territory_id in (with recursive below(id) as (select ${root}::bigint union all
      select c.id from territory c join below b on c.parent_id = b.id where c.tenant_id = $1 and c.model_id = ${model}) select id from below)`)
  }
  if (selection.importId) parts.push(await ofImport(tx, actor, selection.importId, params))
  if (selection.search?.trim()) parts.push(searchSql(selection.search, params, actor))
  if (selection.filter) parts.push(filterSql(selection.filter, catalogue, actor, params))
  return { where: parts.join(' and '), prefix }
}

type PageQuery = ListQuery & { filter?: Condition | undefined }

export async function findAccounts(
  tx: Tx,
  actor: Actor,
  query: PageQuery & { count?: boolean },
): Promise<{ rows: AccountRow[]; next: string | null; count: number | null; asOf: AsOfAnswer | null }> {
  const asOf = await resolveAsOf(tx, actor, query)
  const catalogue = await loadFields(tx, actor.tenantId)
  const params = makeParams(actor.tenantId)
  const then = thenOf(asOf, params, query)
  const { where, prefix } = await whereAccounts(tx, actor, query, params, catalogue, query.sort, then)
  const sort = sortSql(query.sort, catalogue, actor, params)
  const after = cursorOf(query, sort.type)
  return atInstant(tx, asOf, async () => {
    const counted = query.count ? await countUpTo(tx, actor, query, catalogue, asOf) : null
    const found = await readPage(tx, actor, query, { where, prefix, params, sort, then }, after, query.limit + 1)
    const page = found.slice(0, query.limit)
    const last = page.at(-1)
    return {
      rows: page.map(row => toRow(row, actor, catalogue)),
      next: found.length > query.limit && last ? Buffer.from(JSON.stringify([signOf(query), last.key, last.id])).toString('base64url') : null,
      count: counted,
      asOf: asOf && asOfAnswer(asOf),
    }
  })
}

/** Rows of another instant carry the tokens of that instant: they are read with today's fence on the account itself. */
export const atInstant = <T>(tx: Tx, asOf: AsOf | null, read: () => Promise<T>): Promise<T> => (asOf ? whilePlacing(tx, read) : read())

/** One page after a sort value and id: lists and exports read the same rows in the same order. */
export async function readPage(
  tx: Tx,
  actor: Actor,
  query: Pick<ListQuery, 'descending'>,
  sql: { readonly where: string; readonly prefix: string; readonly params: Params; readonly sort: Sort; readonly then?: Then | null },
  after: { readonly key: string; readonly id: string } | null,
  limit: number,
): Promise<readonly Found[]> {
  const { where, prefix, sort, then = null } = sql
  const values = [...sql.params.values]
  const direction = query.descending ? 'desc' : 'asc'
  const seek = after
    ? `and (${sort.sql}, a.id) ${query.descending ? '<' : '>'} ($${values.length + 1}::${sort.type}, $${values.length + 2}::bigint)`
    : ''
  // Which accounts, first; what they say, then, for these alone: the rest of the sight is sorted as two numbers, not as whole rows.
  const found = await tx.query<Found>(
    `${prefix ? `${prefix.trimEnd()}, ` : 'with '}page as materialized (select a.id, ${sort.sql} as sorted ${fromAccounts(actor.modelId, then)} where ${where} ${seek}
       order by ${sort.sql} ${direction}, a.id ${direction} limit ${limit})
     select ${foundIn(then ? 's' : 'p')}, ${keyText({ ...sort, sql: 'page.sorted' })} as key ${fromAccounts(actor.modelId, then && { ...then, narrows: false })} join page on page.id = a.id where a.tenant_id = $1
      order by page.sorted ${direction}, page.id ${direction}`,
    after ? [...values, after.key, after.id] : values,
  )
  return found.rows
}

/** A count looks at no order, so that any but the widest sight is read as a scope. */
async function countUpTo(tx: Tx, actor: Actor, query: PageQuery, catalogue: readonly CatalogueField[], asOf: AsOf | null): Promise<number> {
  const params = makeParams(actor.tenantId)
  const then = thenOf(asOf, params, { ...query, sort: 'updated' })
  const { where, prefix } = await whereAccounts(tx, actor, query, params, catalogue, undefined, then)
  const counted = await tx.query<{ n: number }>(
    `${prefix}select count(*)::int as n from (select 1 ${fromAccounts(actor.modelId, then)} where ${where} limit 1001) found`,
    params.values,
  )
  return counted.rows[0]!.n
}

/** A cursor belongs to its sort order and instant: used with another it would skip rows silently. */
const signOf = (query: ListQuery): string =>
  createHash('sha256')
    .update(`${query.sort}${query.descending}${query.at ?? ''}${query.known ?? ''}`)
    .digest('base64url')
    .slice(0, 6)

function cursorOf(query: ListQuery, type: Sort['type']): { key: string; id: string } | null {
  if (!query.cursor) return null
  try {
    const [sign, key, id] = JSON.parse(Buffer.from(query.cursor, 'base64url').toString()) as [string, string, string]
    const wellFormed = sign === signOf(query) && typeof key === 'string' && /^\d{1,18}$/.test(id) && keyFits(type, key)
    if (wellFormed) return { key, id }
  } catch {
    // falls through to the refusal
  }
  return stop('input.invalid', undefined, '/cursor')
}

export function toRow(row: Found, actor: Actor, catalogue: readonly CatalogueField[]): AccountRow {
  return {
    id: row.id,
    values: visibleValues(row, actor, catalogue),
    owner: row.owner_id ? { id: row.owner_id, name: row.owner_name ?? '' } : null,
    territory: row.territory_id
      ? { id: row.territory_id, code: row.territory_code ?? '', name: row.territory_name ?? '', colour: row.territory_colour ?? 0 }
      : null,
    contested: row.contested,
    undecidable: row.undecidable,
    pending: row.pending,
    masked: row.masked,
    updatedAt: row.updated,
    rowVersion: row.row_version,
  }
}

/** Values by field key without those the person's roles hide; a coordinate is `lng,lat`. */
export function visibleValues(row: Found, actor: Pick<Actor, 'fieldAccess'>, catalogue: readonly CatalogueField[]): FieldValues {
  const facts = { ...factsOf(row), creditCode: row.credit_code, phone: row.phone, email: row.email, address: row.address }
  const values: FieldValues = {}
  for (const field of catalogue) {
    if (field.key === 'id' || field.retired || actor.fieldAccess.get(field.key) === 'hidden') continue
    const value = (facts as Record<string, unknown>)[field.key]
    if (value === undefined || value === null) continue
    values[field.key] = field.type === 'point' ? (value as number[]).join(',') : (value as FieldValues[string])
  }
  return values
}
