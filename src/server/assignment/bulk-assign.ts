/**
 * Giving many customers to one person 批量指派: an act each, one reason for all, placed again in the same transaction. What the person may
 * not edit, and what belongs to the receiver already, stays; one notice for all of it.
 */
import type { AssignSelection } from '../../contract/assignment/bulk-assign.ts'
import { makeParams } from '../account/condition-sql.ts'
import { enterWriters, lockRecords, writeInstant } from '../account/facts.ts'
import { fromAccounts, whereAccounts } from '../account/find-accounts.ts'
import { placer, settle } from '../account/placer.ts'
import { loadFields } from '../builder/catalogue.ts'
import { notify } from '../identity/notify.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { isBelow } from './assign.ts'
import { beforeGiving } from './placing-parts.ts'

const LIMIT = 10_000
const PIECE = 2_000
type Selected = { id: string; owner_id: string | null; owner_name: string | null; territory_id: string | null; editable: boolean }

async function select(tx: Tx, actor: Actor, selection: AssignSelection): Promise<readonly Selected[]> {
  const params = makeParams(actor.tenantId)
  const { where, prefix } = await whereAccounts(tx, actor, selection.ids ? { scope: 'all' } : selection, params, await loadFields(tx, actor.tenantId))
  const chosen = selection.ids ? `and a.id = any(${params.add(selection.ids)}::bigint[])` : ''
  const tokens = `array[${actor.tokens.map(t => BigInt(t)).join(',')}]::bigint[]`
  const found = await tx.query<Selected>(
    `${prefix}select a.id::text, p.owner_id::text, u.name as owner_name, p.territory_id::text, coalesce(p.edit_tokens, p.tokens) && ${tokens} as editable
       ${fromAccounts(actor.modelId)} where ${where} ${chosen} order by a.id limit ${LIMIT + 1}`,
    params.values,
  )
  if (found.rows.length > LIMIT) stop('bulk.tooMany', { limit: LIMIT })
  return found.rows
}

export async function previewAssignment(tx: Tx, actor: Actor, selection: AssignSelection) {
  const rows = await select(tx, actor, selection)
  const owners = new Map<string | null, { id: string | null; name: string | null; accounts: number }>()
  for (const r of rows) {
    const known = owners.get(r.owner_id)
    if (known) known.accounts += 1
    else owners.set(r.owner_id, { id: r.owner_id, name: r.owner_name, accounts: 1 })
  }
  return {
    matched: rows.length,
    editable: rows.filter(r => r.editable).length,
    owners: [...owners.values()].sort((a, b) => b.accounts - a.accounts).slice(0, 12),
  }
}

export async function assignAll(tx: Tx, actor: Actor, input: AssignSelection & { toId: string; reason: string }) {
  const person = await tx.query(`select 1 from app_user where tenant_id = $1 and id = $2 and state <> 'inactive'`, [actor.tenantId, input.toId])
  if (person.rowCount === 0) stop('record.notFound', undefined, '/toId')
  if (!(await isBelow(tx, actor, input.toId))) stop('assign.outsideSight', undefined, '/toId')
  const rows = await select(tx, actor, input)
  const ownerOf = new Map(rows.map(r => [r.id, r.owner_id]))
  const wanted = rows.filter(r => r.editable && r.owner_id !== input.toId)
  if (wanted.length === 0) stop('bulk.nothing')
  await enterWriters(tx, actor.tenantId)
  const mayHold = await beforeGiving(tx, actor.tenantId, actor.userId, input.toId)
  const locked = await lockRecords(
    tx,
    actor.tenantId,
    wanted.map(r => r.id),
  )
  const ids = locked.map(r => r.id)
  await settle(tx, actor.tenantId, ids)
  await mayHold(ids)
  const at = await writeInstant(tx)
  // Where they stand is read again under the locks: it may have changed since the selection.
  await tx.query(
    `insert into ownership_act (tenant_id, account_id, kind, owner_id, model_id, territory_id, reason, created_by, at, prior_owner_id)
     select $1, p.account_id, case when p.owner_id is null then 'assign' else 'transfer' end, $3, $4, p.territory_id, $5, $6, $7, p.owner_id
       from account_placement p where p.tenant_id = $1 and p.model_id = $4 and p.account_id = any($2::bigint[]) order by p.account_id`,
    [actor.tenantId, ids, input.toId, actor.modelId, input.reason, actor.userId, at],
  )
  await audit(tx, actor, at, { kind: 'account.assign', recordKind: 'account', why: input.reason, after: { ownerId: input.toId }, count: ids.length })
  await tx.query(
    `insert into audit (tenant_id, at, actor_id, kind, record_kind, record_id, account_id, why, before, after)
     select $1, $2, $3, 'account.assign', 'account', id, id, $6, jsonb_build_object('ownerId', owner), $7 from unnest($4::bigint[], $5::text[]) as r(id, owner)`,
    [actor.tenantId, at, actor.userId, ids, ids.map(id => ownerOf.get(id) ?? null), input.reason, JSON.stringify({ ownerId: input.toId })],
  )
  for (let from = 0; from < ids.length; from += PIECE)
    await placer().place(
      tx,
      actor.tenantId,
      at,
      ids.slice(from, from + PIECE).map(id => ({ id })),
    )
  if (input.toId !== actor.userId)
    await notify(tx, actor, at, input.toId, 'account.assignedMany', null, { by: actor.userName, n: ids.length, reason: input.reason })
  return { assigned: ids.length, left: rows.length - ids.length }
}
