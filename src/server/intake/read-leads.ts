/** The list of leads: what I may see, page by page; and how many wait for somebody, by reason. */
import type { z } from 'zod'
import type { LeadRow, listLeads } from '../../contract/intake/leads.ts'
import { tokensOf, visibleTo } from '../access/visible-to.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { UTC } from './store.ts'

type Query = z.output<NonNullable<typeof listLeads.query>>
export type FoundLead = LeadRow & { readonly key: string }

/** Leads a person may see, as the list's first step; whoever sees all walks the order itself. */
export const leadsVisibleTo = (actor: Actor, column: string): string =>
  actor.seesAll
    ? 'true'
    : `${column} in (select vp.lead_id from lead_placement vp where vp.tenant_id = ${BigInt(actor.tenantId)} and vp.tokens && ${tokensOf(actor)})`

/** $1 the company, $2 the model in force. */
export const LEAD = (actor: Actor) => {
  const shown = (field: string, column: string) => (actor.fieldAccess.get(field) === 'hidden' ? 'null' : column)
  return `l.id::text, l.company, l.contact, ${shown('division', 'l.division')} as division, ${shown('industry', 'l.industry')} as industry, ${shown('source', 'l.channel')} as channel, l.campaign, l.source,
    l.state, l.close_reason as "closeReason", case when u.id is null then null else json_build_object('id', u.id::text, 'name', u.name) end as owner,
    case when t.id is null then null else json_build_object('id', t.id::text, 'code', t.code, 'name', t.name, 'colour', t.colour) end as territory, p.reason, p.hint,
    case when a.id is null then null else json_build_object('id', a.id::text, 'name', a.name) end as account,
    ${UTC('l.created_at')} as "createdAt", ${UTC('l.due_at')} as "dueAt", ${UTC('l.first_contact_at')} as "firstContactAt", l.row_version as "rowVersion",
    (l.closed_at is null and coalesce(p.edit_tokens, p.tokens) && ${tokensOf(actor)}) as editable`
}
export const LEAD_FROM = (actor: Actor) => `lead l join lead_placement p on p.tenant_id = $1 and p.lead_id = l.id
    left join app_user u on u.tenant_id = $1 and u.id = p.owner_id left join territory t on t.tenant_id = $1 and t.model_id = $2 and t.id = p.territory_id
    left join account a on a.tenant_id = $1 and a.id = l.account_id and a.deleted_at is null and ${visibleTo(actor, 'a.id')}`

export async function findLeads(tx: Tx, actor: Actor, query: Query): Promise<{ rows: LeadRow[]; next: string | null }> {
  const values: unknown[] = [actor.tenantId, actor.modelId]
  const param = (value: unknown) => `$${values.push(value)}`
  const where = ['l.tenant_id = $1', leadsVisibleTo(actor, 'l.id')]
  if (query.state === 'open') where.push('l.closed_at is null')
  else if (query.state) where.push(`l.state = ${param(query.state)}`)
  if (query.queue) where.push('p.open and p.owner_id is null')
  if (query.reason) where.push(`p.reason = ${param(query.reason)}`)
  if (query.ownerId) where.push(`p.owner_id = ${param(query.ownerId)}`)
  if (query.territoryId) where.push(`p.territory_id = ${param(query.territoryId)}`)
  if (query.due) {
    where.push(
      'l.first_contact_at is null',
      'l.closed_at is null',
      query.due === 'over' ? 'l.due_at <= now()' : `l.due_at > now() and l.due_at <= now() + interval '1 day'`,
    )
  }
  if (query.search?.trim()) {
    const pattern = param(`%${query.search.trim().replace(/[%_\\]/g, '\\$&')}%`)
    where.push(`(l.company ilike ${pattern} or l.contact ilike ${pattern})`)
  }
  const due = query.sort === 'due'
  if (due) where.push('l.first_contact_at is null', 'l.closed_at is null', 'l.due_at is not null')
  const key = due ? 'l.due_at' : 'l.created_at'
  if (query.cursor) {
    const [at, id] = readCursor(query.cursor)
    where.push(`(${key}, l.id) ${due ? '>' : '<'} (${param(at)}::timestamptz, ${param(id)}::bigint)`)
  }
  const found = await tx.query<FoundLead>(
    `select ${LEAD(actor)}, to_char(${key} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as key from ${LEAD_FROM(actor)} where ${where.join(' and ')}
      order by ${key} ${due ? 'asc' : 'desc'}, l.id ${due ? 'asc' : 'desc'} limit ${query.limit + 1}`,
    values,
  )
  const rows = found.rows.slice(0, query.limit)
  const last = rows.at(-1)
  return {
    rows: rows.map(({ key: _, ...row }) => row),
    next: found.rows.length > query.limit && last ? Buffer.from(JSON.stringify([last.key, last.id])).toString('base64url') : null,
  }
}

function readCursor(cursor: string): readonly [string, string] {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, string]
    if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(at) && !Number.isNaN(Date.parse(at)) && /^[1-9]\d{0,18}$/.test(id)) return [at, id]
  } catch {}
  return stop('input.invalid', undefined, '/cursor')
}

export async function countWaiting(tx: Tx, actor: Actor): Promise<{ rows: { reason: LeadRow['reason']; count: number }[] }> {
  const found = await tx.query<{ reason: LeadRow['reason']; count: number }>(
    `select reason, count(*)::int as count from (select p.reason, row_number() over (partition by p.reason) as n from lead_placement p
       where p.tenant_id = $1 and p.open and p.owner_id is null and p.tokens && ${tokensOf(actor)}) x where n <= 1001 group by reason order by reason`,
    [actor.tenantId],
  )
  return { rows: found.rows }
}
