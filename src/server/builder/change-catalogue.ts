/** Custom fields and options: added, renamed, retired, never deleted. A value is keyed by the field's id, so a rename touches no record. */
import type { Labels } from '../../contract/kernel/shapes.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { loadFields } from './catalogue.ts'

export async function addField(
  tx: Tx,
  actor: Actor,
  now: string,
  input: { type: string; labels: Labels; options?: readonly Labels[] | undefined; personal: boolean },
): Promise<string> {
  const drawn = await tx.query<{ id: string }>(`select nextval(pg_get_serial_sequence('field', 'id'))::text as id`)
  const id = drawn.rows[0]!.id
  const list = input.type === 'option' || input.type === 'options' ? `f${id}` : null
  // Personal data and free text about people never steer territories.
  await tx.query(
    `insert into field (tenant_id, id, object, key, type, labels, option_list, personal, in_rules, maskable, position)
     values ($1, $2, 'account', $3, $4, $5, $6, $7, $8, $7, (select coalesce(max(position), 0) + 1 from field where tenant_id = $1 and object = 'account'))`,
    [actor.tenantId, id, `f${id}`, input.type, JSON.stringify(input.labels), list, input.personal, !input.personal],
  )
  for (const labels of list ? (input.options ?? []) : []) await addOption(tx, actor, now, { list: list!, labels })
  await audit(tx, actor, now, { kind: 'field.create', recordKind: 'field', recordId: id, after: { type: input.type, labels: input.labels } })
  return id
}

export async function addOption(
  tx: Tx,
  actor: Actor,
  now: string,
  input: { list: string; key?: string | undefined; labels: Labels },
): Promise<{ id: string; key: string }> {
  const known = await tx.query('select 1 from field where tenant_id = $1 and option_list = $2', [actor.tenantId, input.list])
  if (known.rowCount === 0) stop('record.notFound', undefined, '/list')
  const drawn = await tx.query<{ id: string }>(`select nextval(pg_get_serial_sequence('option_row', 'id'))::text as id`)
  const id = drawn.rows[0]!.id
  const key = input.key ?? `o${id}`
  const made = await tx.query(
    `insert into option_row (tenant_id, id, list, key, labels, position) values ($1, $2, $3, $4, $5, (select coalesce(max(position), 0) + 1 from option_row where tenant_id = $1 and list = $3)) on conflict do nothing`,
    [actor.tenantId, id, input.list, key, JSON.stringify(input.labels)],
  )
  if (made.rowCount === 0) stop('record.duplicate', { name: key }, '/key')
  await audit(tx, actor, now, { kind: 'option.create', recordKind: 'option', recordId: id, after: { list: input.list, key, labels: input.labels } })
  return { id, key }
}

type Change = { labels?: Labels | undefined; position?: number | undefined; retired?: boolean | undefined }

async function change(tx: Tx, actor: Actor, now: string, table: 'field' | 'option_row', id: string, ifMatch: number, input: Change): Promise<number> {
  const found = await tx.query<{ row_version: number; key: string }>(
    `select row_version, key from ${table} where tenant_id = $1 and id = $2 for update`,
    [actor.tenantId, id],
  )
  const row = found.rows[0] ?? stop('record.notFound')
  if (row.row_version !== ifMatch) stop('record.stale', { current: row.row_version })
  if (table === 'field' && input.retired && row.key === 'name') stop('field.required', { field: 'name' })
  await tx.query(
    `update ${table} set labels = coalesce($3, labels), position = coalesce($4, position),
       retired_at = case when $5::bool is null then retired_at when $5 then coalesce(retired_at, $6::timestamptz) end, row_version = row_version + 1 where tenant_id = $1 and id = $2`,
    [actor.tenantId, id, input.labels ? JSON.stringify(input.labels) : null, input.position ?? null, input.retired ?? null, now],
  )
  await audit(tx, actor, now, { kind: `${table === 'field' ? 'field' : 'option'}.update`, recordKind: table, recordId: id, after: { ...input } })
  return row.row_version + 1
}

export const changeField = (tx: Tx, actor: Actor, now: string, id: string, ifMatch: number, input: Change): Promise<number> =>
  change(tx, actor, now, 'field', id, ifMatch, input)
export const changeOption = (tx: Tx, actor: Actor, now: string, id: string, ifMatch: number, input: Change): Promise<number> =>
  change(tx, actor, now, 'option_row', id, ifMatch, input)

/** All that the person sees, or nothing: an order made while somebody added one would drop the new one to a random place. Unseen ones follow. */
async function order(
  tx: Tx,
  actor: Actor,
  now: string,
  table: 'field' | 'option_row',
  where: string,
  scope: string,
  ids: readonly string[],
  hidden: ReadonlySet<string> = new Set(),
): Promise<void> {
  const known = await tx.query<{ id: string }>(
    `select id::text from ${table} where tenant_id = $1 and ${where} = $2 order by ${table}.id for update`,
    [actor.tenantId, scope],
  )
  const asked = new Set(ids)
  const unseen = known.rows.filter(r => !asked.has(r.id) && hidden.has(r.id)).map(r => r.id)
  if (asked.size !== ids.length || known.rows.length !== asked.size + unseen.length || ids.some(id => !known.rows.some(r => r.id === id)))
    stop('catalogue.order')
  await tx.query(
    `update ${table} set position = o.place, row_version = row_version + 1 from unnest($2::bigint[]) with ordinality as o(id, place)
      where ${table}.tenant_id = $1 and ${table}.id = o.id and ${table}.position <> o.place`,
    [actor.tenantId, [...ids, ...unseen]],
  )
  await audit(tx, actor, now, { kind: `${table === 'field' ? 'field' : 'option'}.move`, recordKind: table, after: { scope }, count: ids.length })
}

export const orderOptions = (tx: Tx, actor: Actor, now: string, list: string, ids: readonly string[]): Promise<void> =>
  order(tx, actor, now, 'option_row', 'list', list, ids)
export async function orderFields(tx: Tx, actor: Actor, now: string, ids: readonly string[]): Promise<void> {
  const hidden = new Set((await loadFields(tx, actor.tenantId)).filter(f => actor.fieldAccess.get(f.key) === 'hidden').map(f => f.id))
  await order(tx, actor, now, 'field', 'object', 'account', ids, hidden)
}
