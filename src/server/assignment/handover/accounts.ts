/**
 * Customers 交接: an act of transfer each, by the one writer's path, with the limits of whoever receives. One that changed hands meanwhile, or
 * for which the receiver has no room, stays and is told.
 */
import { editableBy } from '../../access/visible-to.ts'
import { enterWriters, lockRecords, writeInstant } from '../../account/facts.ts'
import { placer, settle } from '../../account/placer.ts'
import { auditMoves, type Handover, type Moved, settled } from '../../identity/handover.ts'
import type { Actor } from '../../kernel/actor.ts'
import { RefusalError } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { beforeGiving } from '../placing-parts.ts'

const OWNED = `select p.account_id as id, p.owner_id as holder, p.account_id, a.name from account_placement p join account a on a.tenant_id = $1 and a.id = p.account_id and a.deleted_at is null
  where p.tenant_id = $1 and p.model_id = $2 and p.owner_id is not null`

export const ACCOUNT_HANDOVER: Handover = {
  kind: 'account',
  held: OWNED,
  lent: true,
  move: async (tx, actor, order, ids) => {
    await enterWriters(tx, actor.tenantId)
    const mayHold = await beforeGiving(tx, actor.tenantId, actor.userId, order.to)
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
    const owned = await tx.query<{ id: string; territory: string | null }>(
      `select account_id::text as id, territory_id::text as territory from account_placement where tenant_id = $1 and model_id = $2 and account_id = any($3::bigint[]) and owner_id = $4 order by account_id`,
      [actor.tenantId, actor.modelId, locked, order.from],
    )
    const { fit, refused } = await thatFit(
      mayHold,
      owned.rows.map(r => r.id),
    )
    const given = owned.rows.slice(0, fit)
    const at = await writeInstant(tx)
    if (given.length > 0) {
      await tx.query(
        `insert into ownership_act (tenant_id, account_id, kind, owner_id, model_id, territory_id, reason, created_by, at, prior_owner_id, detail)
         select $1, id, 'transfer', $4, $5, territory, $6, $7, $8, $9, $10 from unnest($2::bigint[], $3::bigint[]) as o(id, territory)`,
        [
          actor.tenantId,
          given.map(r => r.id),
          given.map(r => r.territory),
          order.to,
          actor.modelId,
          order.why,
          actor.userId,
          at,
          order.from,
          JSON.stringify({ handover: order.handoverId }),
        ],
      )
      // Whoever stands in for an absent person is followed by the next one.
      await tx.query(
        `update handover_item i set to_user = $4 from handover h where i.tenant_id = $1 and i.kind = 'account' and i.record_id = any($2::bigint[]) and i.to_user = $3 and i.moved_at is not null and i.returned_at is null
            and h.tenant_id = $1 and h.id = i.handover_id and h.kind = 'absence' and h.state = 'done' and h.from_user <> $4`,
        [actor.tenantId, given.map(r => r.id), order.from, order.to],
      )
      await auditMoves(
        tx,
        actor,
        { ...order, at },
        'account',
        given.map(r => ({ id: r.id, accountId: r.id })),
      )
      await placer().place(
        tx,
        actor.tenantId,
        at,
        given.map(r => ({ id: r.id })),
      )
    }
    return settled(tx, actor, { held: OWNED }, order.from, ids, [
      ...given.map(r => ({ id: r.id })),
      ...owned.rows.slice(fit).map(r => ({ id: r.id, ...refused! })),
    ])
  },
}

/**
 * Before memberships go: customers that stay with the person are his by an act from now on. By the rules they would follow the membership to the
 * new 主责, although they were chosen to stay, or could not go.
 */
export async function keepRest(tx: Tx, actor: Actor, from: string, handoverId: string): Promise<void> {
  await enterWriters(tx, actor.tenantId)
  const his = `p.tenant_id = $1 and p.model_id = $2 and p.owner_id = $3 and p.source not like '%:act'`
  const found = await tx.query<{ id: string }>(
    `select p.account_id::text as id from account_placement p where ${his} and ${editableBy(actor, 'p.account_id')}`,
    [actor.tenantId, actor.modelId, from],
  )
  const locked = await lockRecords(
    tx,
    actor.tenantId,
    found.rows.map(r => r.id),
  )
  const at = await writeInstant(tx)
  const kept = await tx.query<{ id: string }>(
    `insert into ownership_act (tenant_id, account_id, kind, owner_id, model_id, territory_id, created_by, at, prior_owner_id, detail)
     select $1, p.account_id, 'assign', p.owner_id, p.model_id, p.territory_id, $4, $5, p.owner_id, $6 from account_placement p where ${his} and p.account_id = any($7::bigint[]) returning account_id::text as id`,
    [actor.tenantId, actor.modelId, from, actor.userId, at, JSON.stringify({ handover: handoverId, stays: true }), locked.map(r => r.id)],
  )
  await placer().place(tx, actor.tenantId, at, kept.rows)
}

/** How many of them, in order, the receiver has room for. */
async function thatFit(
  mayHold: (ids: readonly string[]) => Promise<void>,
  ids: readonly string[],
): Promise<{ fit: number; refused: Pick<Moved, 'refused' | 'values'> | null }> {
  let refused: Pick<Moved, 'refused' | 'values'> | null = null
  const fits = async (n: number): Promise<boolean> => {
    try {
      if (n > 0) await mayHold(ids.slice(0, n))
      return true
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error
      refused = { refused: error.refusal.code, ...(error.refusal.values ? { values: error.refusal.values } : {}) }
      return false
    }
  }
  if (await fits(ids.length)) return { fit: ids.length, refused: null }
  let [low, high] = [0, ids.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (await fits(middle)) low = middle
    else high = middle - 1
  }
  return { fit: low, refused }
}

const SUBSTITUTES = `select h.id, i.holder, null::bigint as account_id, u.name from handover h join app_user u on u.tenant_id = $1 and u.id = h.from_user
  join (select distinct tenant_id, handover_id, to_user as holder from handover_item where tenant_id = $1 and kind = 'account' and moved_at is not null and returned_at is null) i
    on i.tenant_id = $1 and i.handover_id = h.id where h.tenant_id = $1 and h.kind = 'absence' and h.mode = 'share' and h.state = 'done' and $2::bigint is not null`
/** Standing in for somebody by a share: the shares go to the next substitute. */
export const SUBSTITUTE_HANDOVER: Handover = {
  kind: 'substitute',
  held: SUBSTITUTES,
  move: async (tx, actor, order, ids) => {
    await enterWriters(tx, actor.tenantId)
    const items = await tx.query<{ id: string; record: string; share: string }>(
      `select i.handover_id::text as id, i.record_id::text as record, i.before->>'share' as share from handover_item i join handover h on h.tenant_id = $1 and h.id = i.handover_id
        where i.tenant_id = $1 and i.handover_id = any($2::bigint[]) and i.kind = 'account' and i.to_user = $3 and i.moved_at is not null and i.returned_at is null and h.from_user <> $4
          and ${editableBy(actor, 'i.record_id')}`,
      [actor.tenantId, ids, order.from, order.to],
    )
    const accounts = (
      await lockRecords(
        tx,
        actor.tenantId,
        items.rows.map(r => r.record),
      )
    ).map(r => r.id)
    await tx.query('update account_share set user_id = $3 where tenant_id = $1 and id = any($2::bigint[])', [
      actor.tenantId,
      items.rows.map(r => r.share),
      order.to,
    ])
    await tx.query(
      `update handover_item set to_user = $4 where tenant_id = $1 and handover_id = any($2::bigint[]) and kind = 'account' and to_user = $3 and record_id = any($5::bigint[])`,
      [actor.tenantId, ids, order.from, order.to, accounts],
    )
    const moved = [...new Set(items.rows.map(r => r.id))].map(id => ({ id }))
    const at = await writeInstant(tx)
    await auditMoves(tx, actor, { ...order, at }, 'handover', moved)
    await placer().place(
      tx,
      actor.tenantId,
      at,
      accounts.map(id => ({ id })),
    )
    return settled(tx, actor, { held: SUBSTITUTES }, order.from, ids, moved)
  },
}
