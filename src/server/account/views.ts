/** Saved views of lists: mine, and those others shared. */
import type { z } from 'zod'
import { SORT_KEY } from '../../contract/account/accounts.ts'
import { condition } from '../../contract/condition/shape.ts'
import type { Condition } from '../../core/condition/condition.ts'
import { loadFields } from '../builder/catalogue.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { assertVisible, filterSql, makeParams } from './condition-sql.ts'
import { sortSql } from './sort.ts'

export type ViewInput = { name: string; shared: boolean; definition: Record<string, unknown> }

export async function findViews(tx: Tx, actor: Actor) {
  const found = await tx.query<{ id: string; name: string; shared: boolean; mine: boolean; definition: Record<string, unknown>; rowVersion: number }>(
    `select id::text, name, shared, user_id = $2 as mine, definition, row_version as "rowVersion" from saved_view
      where tenant_id = $1 and object = 'account' and (user_id = $2 or shared) order by name, id limit 200`,
    [actor.tenantId, actor.userId],
  )
  return { rows: found.rows }
}

/** A view that filters or sorts by a field its maker may not see would tell the field's values: it is refused as the list itself would. */
async function checkDefinition(tx: Tx, actor: Actor, definition: Record<string, unknown>): Promise<void> {
  const catalogue = await loadFields(tx, actor.tenantId)
  if (definition.filter !== undefined && definition.filter !== null) {
    const parsed = (condition as z.ZodType<Condition>).safeParse(definition.filter)
    if (!parsed.success) stop('filter.invalid', { problem: parsed.error.issues[0]?.path.join('.') ?? '' }, '/definition/filter')
    filterSql(parsed.data, catalogue, actor, makeParams(actor.tenantId))
  }
  if (definition.sort !== undefined) {
    if (!SORT_KEY.test(String(definition.sort))) stop('input.invalid', undefined, '/definition/sort')
    sortSql(String(definition.sort), catalogue, actor, makeParams(actor.tenantId))
  }
  for (const key of Array.isArray(definition.columns) ? definition.columns : []) assertVisible(actor, String(key))
}

export async function keepView(tx: Tx, actor: Actor, input: ViewInput): Promise<string> {
  await checkDefinition(tx, actor, input.definition)
  const made = await tx.query<{ id: string }>(
    `insert into saved_view (tenant_id, user_id, object, name, shared, definition) values ($1, $2, 'account', $3, $4, $5) returning id::text`,
    [actor.tenantId, actor.userId, input.name, input.shared, JSON.stringify(input.definition)],
  )
  return made.rows[0]!.id
}

export async function changeView(tx: Tx, actor: Actor, id: string, ifMatch: number, change: Partial<ViewInput>): Promise<number> {
  if (change.definition) await checkDefinition(tx, actor, change.definition)
  const updated = await tx.query<{ row_version: number }>(
    `update saved_view set name = coalesce($5, name), shared = coalesce($6, shared), definition = coalesce($7, definition), row_version = row_version + 1
      where tenant_id = $1 and user_id = $2 and id = $3 and row_version = $4 returning row_version`,
    [
      actor.tenantId,
      actor.userId,
      id,
      ifMatch,
      change.name ?? null,
      change.shared ?? null,
      change.definition ? JSON.stringify(change.definition) : null,
    ],
  )
  return updated.rows[0]?.row_version ?? missing(tx, actor, id)
}

export async function dropView(tx: Tx, actor: Actor, id: string, ifMatch: number): Promise<void> {
  const gone = await tx.query('delete from saved_view where tenant_id = $1 and user_id = $2 and id = $3 and row_version = $4', [
    actor.tenantId,
    actor.userId,
    id,
    ifMatch,
  ])
  if (gone.rowCount === 0) await missing(tx, actor, id)
}

async function missing(tx: Tx, actor: Actor, id: string): Promise<never> {
  const now = await tx.query<{ row_version: number }>('select row_version from saved_view where tenant_id = $1 and user_id = $2 and id = $3', [
    actor.tenantId,
    actor.userId,
    id,
  ])
  const current = now.rows[0]?.row_version
  return current === undefined ? stop('record.notFound') : stop('record.stale', { current })
}
