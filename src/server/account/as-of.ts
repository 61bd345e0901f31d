/**
 * As of and as known at 双时态: where accounts stood at an instant, as it is known now or as it was known at another instant. The model in
 * use then chooses whose rows count; the rows of an archived one lie in the model-free history. A row counts when the instant lies inside
 * what it was true for and the knowledge inside what it was believed for; an open row is open in both. Nothing else reads the past.
 */
import type { AsOfAnswer } from '../../contract/account/as-of.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { Params } from './condition-sql.ts'

export type AsOf = {
  readonly at: string
  readonly known: string
  readonly when: 'past' | 'plan'
  readonly model: { readonly id: string; readonly name: string; readonly version: number | null; readonly archived: boolean } | null
  /** Both instants as the company's clock says them. */
  readonly local: { readonly at: string; readonly known: string }
}
type Asker = Pick<Actor, 'tenantId' | 'modelId' | 'seesAll' | 'permissions'>
export type AsOfAsked = { readonly at?: string | undefined; readonly known?: string | undefined }

const LOCAL = (column: string) => `to_char(${column} at time zone q.zone, 'YYYY-MM-DD HH24:MI')`
const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
export const DAY = /^\d{4}-\d\d-\d\d$/
/** Years that a history can be about; PostgreSQL would take others, and no list of customers is about them. */
const YEARS = [1900, 2999] as const

/** A day stays a day, an instant becomes one in UTC: offsets that PostgreSQL does not know are no error of the database. */
export function plainInstant(asked: string, pointer: string): string {
  const text = DAY.test(asked) || /Z$/.test(asked) ? asked : new Date(asked).toISOString()
  const year = Number(text.slice(0, 4))
  return year >= YEARS[0] && year <= YEARS[1] && !Number.isNaN(Date.parse(text))
    ? text
    : stop('asOf.range', { from: YEARS[0], to: YEARS[1] }, pointer)
}

/** null: nothing asked, the answer is about now. */
export const resolveAsOf = async (tx: Tx, actor: Asker, asked: AsOfAsked): Promise<AsOf | null> =>
  asked.at === undefined && asked.known === undefined ? null : instantOf(tx, actor, asked)

/** The same where nothing asked means this moment. */
export async function instantOf(tx: Tx, actor: Asker, asked: AsOfAsked): Promise<AsOf> {
  const [at, known] = [
    asked.at === undefined ? null : plainInstant(asked.at, '/at'),
    asked.known === undefined ? null : plainInstant(asked.known, '/known'),
  ]
  // The end of a day is its last microsecond; of today, which has not ended, this moment.
  const moment = (n: number, text: string | null) =>
    text !== null && DAY.test(text)
      ? `case when $${n}::date = (c.now at time zone c.zone)::date then c.now else (($${n}::date + 1)::timestamp at time zone c.zone) - interval '1 microsecond' end`
      : `coalesce($${n}::timestamptz, c.now)`
  const found = await tx.query<{ at: string; known: string; local: AsOf['local']; plan: boolean; ahead: boolean; model: AsOf['model'] }>(
    `with c as materialized (select clock_timestamp() as now, t.zone from tenant t where t.id = $1),
          asked as materialized (select c.now, c.zone, ${moment(2, at)} as at, ${moment(3, known)} as known from c),
          q as materialized (select now, zone, known, case when known < now then least(at, known) else at end as at from asked)
     select ${UTC('q.at')} as at, ${UTC('q.known')} as known, json_build_object('at', ${LOCAL('q.at')}, 'known', ${LOCAL('q.known')}) as local, q.at > q.now as plan, q.known > q.now as ahead,
            (select json_build_object('id', m.id::text, 'name', m.name, 'version', m.version, 'archived', m.state = 'archived')
               from activation a join territory_model m on m.tenant_id = $1 and m.id = a.model_id
              where a.tenant_id = $1 and a.effective_at <= q.at and a.created_at <= q.known and (a.cancelled_at is null or a.cancelled_at > q.known)
              order by a.effective_at desc, a.seq desc limit 1) as model
       from q`,
    [actor.tenantId, at, known],
  )
  const row = found.rows[0]!
  if (row.ahead) stop('asOf.knownAhead', undefined, '/known')
  // What is planned for others is for planners and those who see all, until it is in force.
  if (row.plan && row.model?.id !== actor.modelId && !actor.seesAll && !actor.permissions.has('territory.plan')) stop('asOf.plan', undefined, '/at')
  return { at: row.at, known: row.known, local: row.local, when: row.plan ? 'plan' : 'past', model: row.model }
}

export const asOfAnswer = (asOf: AsOf): AsOfAnswer => ({ ...asOf, fields: 'today' })

/**
 * The rows that count at that instant, at most one for each account, as a SELECT; `of` an account's id in the query around (lateral), or of
 * all. $1 is the tenant. Read inside whilePlacing, joined to `account`.
 */
export const standingsAt = (asOf: AsOf, params: Params, of: string | null = null): string => standingsOf(asOf, params)(of)

/** Both forms of one query, with the instants given once. */
export function standingsOf(asOf: AsOf, params: Params): (of: string | null) => string {
  const [at, known] = [`${params.add(asOf.at)}::timestamptz`, `${params.add(asOf.known)}::timestamptz`]
  return of => select(asOf, at, known, of)
}

function select(asOf: AsOf, at: string, known: string, of: string | null): string {
  const model = BigInt(asOf.model?.id ?? 0)
  const one = (alias: string) => (of === null ? '' : `and ${alias}.account_id = ${of}`)
  return `select o.account_id, o.owner_id, o.territory_id, o.source, o.rule_id, o.rule_version, o.valid_from, null::timestamptz as valid_to, o.known_from, null::timestamptz as known_to, null::bigint as correction_id
      from account_placement o where o.tenant_id = $1 and o.model_id = ${model} and o.valid_from <= ${at} and o.known_from <= ${known} ${one('o')}
    union all
    select h.account_id, h.owner_id, h.territory_id, h.source, h.rule_id, h.rule_version, h.valid_from, h.valid_to, h.known_from, h.known_to, h.correction_id
      from placement_history h where h.tenant_id = $1 and (h.model_id = ${model} or h.model_id is null) and h.valid_from <= ${at} and h.valid_to > ${at}
       and h.known_from <= ${known} and (h.known_to is null or h.known_to > ${known}) ${one('h')}`
}

/** Overlay territories of then, as a SELECT of account_id, territory_id. Nobody corrects them, so they are as they were. */
export function overlaysAt(asOf: AsOf, params: Params): string {
  const at = `${params.add(asOf.at)}::timestamptz`
  const model = BigInt(asOf.model?.id ?? 0)
  return `select o.account_id, o.territory_id from account_overlay o where o.tenant_id = $1 and o.model_id = ${model} and o.valid_from <= ${at}
    union all
    select h.account_id, h.territory_id from overlay_history h where h.tenant_id = $1 and (h.model_id = ${model} or h.model_id is null) and h.valid_from <= ${at} and h.valid_to > ${at}`
}

/**
 * Who was in force when, as a SELECT of model_id, starts, ends: every activation until the next one. The last has no end. What is only
 * scheduled is no history.
 */
export const TURNS = `select a.model_id, a.effective_at as starts, coalesce(lead(a.effective_at) over (order by a.effective_at, a.seq), 'infinity') as ends
    from activation a where a.tenant_id = $1 and a.cancelled_at is null and a.effective_at <= clock_timestamp()`

/** What an account's standing really was, interval by interval, as known now; of each model only while it was in force. $1 tenant, $2 account. */
export const HELD = `select h.key, h.owner_id, h.territory_id, h.source, h.correction_id, greatest(h.valid_from, t.starts) as valid_from, least(h.valid_to, t.ends) as valid_to
    from (${TURNS}) t join (
      select 'p' || o.model_id as key, o.model_id, o.owner_id, o.territory_id, o.source, null::bigint as correction_id, o.valid_from, 'infinity'::timestamptz as valid_to from account_placement o where o.tenant_id = $1 and o.account_id = $2
      union all select 'h' || h.id, h.model_id, h.owner_id, h.territory_id, h.source, h.correction_id, h.valid_from, h.valid_to from placement_history h where h.tenant_id = $1 and h.account_id = $2 and h.known_to is null and h.model_id is not null) h
      on h.model_id = t.model_id and greatest(h.valid_from, t.starts) < least(h.valid_to, t.ends)
   union all
  select 'h' || h.id, h.owner_id, h.territory_id, h.source, h.correction_id, h.valid_from, h.valid_to from placement_history h where h.tenant_id = $1 and h.account_id = $2 and h.known_to is null and h.model_id is null`
