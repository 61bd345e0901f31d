/** An absent person stays the owner, the substitute may edit 代管: a share of each customer until the absence ends, and its clock held. */
import { editableBy } from '../../access/visible-to.ts'
import { enterWriters, lockRecords, writeInstant } from '../../account/facts.ts'
import { placer, settle } from '../../account/placer.ts'
import { auditMoves, type Moved, settled } from '../../identity/handover.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { ACCOUNT_HANDOVER } from './accounts.ts'
import { absentClocks } from './clocks.ts'
import { keepBefore, type StoredHandover } from './store.ts'

export async function lend(tx: Tx, actor: Actor, handover: StoredHandover, to: string, ids: readonly string[]): Promise<readonly Moved[]> {
  await enterWriters(tx, actor.tenantId)
  const mine = await tx.query<{ id: string }>(
    `select a.id::text from account a where a.tenant_id = $1 and a.id = any($2::bigint[]) and ${editableBy(actor, 'a.id')}`,
    [actor.tenantId, ids],
  )
  const locked = (
    await lockRecords(
      tx,
      actor.tenantId,
      mine.rows.map(r => r.id),
    )
  ).map(r => r.id)
  await settle(tx, actor.tenantId, locked)
  const owned = await tx.query<{ id: string }>(
    'select account_id::text as id from account_placement where tenant_id = $1 and model_id = $2 and account_id = any($3::bigint[]) and owner_id = $4 order by account_id',
    [actor.tenantId, actor.modelId, locked, handover.from],
  )
  const given = owned.rows.map(r => r.id)
  const clocks = await absentClocks().read(tx, actor.tenantId, given, handover.from)
  const at = await writeInstant(tx)
  const shares = await tx.query<{ id: string; account: string }>(
    `insert into account_share (tenant_id, account_id, user_id, access, until, created_by, created_at) select $1, id, $3, 'edit', $4, $5, $6 from unnest($2::bigint[]) as o(id) returning id::text, account_id::text as account`,
    [actor.tenantId, given, to, handover.endsAt, actor.userId, at],
  )
  const shareOf = new Map(shares.rows.map(s => [s.account, s.id]))
  await keepBefore(
    tx,
    actor,
    handover.id,
    given.map(id => ({ id, before: { share: shareOf.get(id), clock: clocks.get(id) ?? null } })),
  )
  await auditMoves(
    tx,
    actor,
    { from: handover.from, to, at, why: handover.note, handoverId: handover.id },
    'account',
    given.map(id => ({ id, accountId: id })),
  )
  await placer().place(
    tx,
    actor.tenantId,
    at,
    given.map(id => ({ id })),
  )
  await absentClocks().hold(
    tx,
    actor,
    at,
    given.map(id => ({ id, clock: clocks.get(id) ?? null })),
    handover.from,
    false,
    at,
    handover.endsAt!,
  )
  return settled(
    tx,
    actor,
    ACCOUNT_HANDOVER,
    handover.from,
    ids,
    given.map(id => ({ id })),
  )
}

/** The shares end; whose the customer is does not matter. */
export async function takeBack(tx: Tx, actor: Actor, items: readonly { id: string; share: string }[]): Promise<readonly Moved[]> {
  await enterWriters(tx, actor.tenantId)
  const locked = (
    await lockRecords(
      tx,
      actor.tenantId,
      items.map(i => i.id),
    )
  ).map(r => r.id)
  await tx.query('delete from account_share where tenant_id = $1 and id = any($2::bigint[])', [actor.tenantId, items.map(i => i.share)])
  await placer().place(
    tx,
    actor.tenantId,
    await writeInstant(tx),
    locked.map(id => ({ id })),
  )
  return items.map(i => (locked.includes(i.id) ? { id: i.id } : { id: i.id, refused: 'handover.gone' }))
}
