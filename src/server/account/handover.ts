/**
 * What hangs on customers and is somebody's 交接: open opportunities (stage, amount and history stay as they are), open tasks (done ones stay
 * his), shares, and views that others use. Contacts, notes and files hang on the customer and come by themselves.
 */
import { editableBy } from '../access/visible-to.ts'
import { auditMoves, type Handover, settled } from '../identity/handover.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { enterWriters, lockRecords, writeInstant } from './facts.ts'
import { placer } from './placer.ts'

type Row = { id: string; accountId: string | null }
type Attached = {
  readonly kind: 'opportunity' | 'task' | 'share'
  readonly table: string
  readonly column: string
  readonly open: string
  readonly name: string
  readonly lent?: true
}

/** A row of a table that hangs on an account: the account is locked first, and only who may edit it gives the row away. */
function attached({ kind, table, column, open, name, lent }: Attached): Handover {
  const held = `select r.id, r.${column} as holder, r.account_id, ${name} as name from ${table} r join account a on a.tenant_id = $1 and a.id = r.account_id and a.deleted_at is null
    where r.tenant_id = $1 and r.${column} is not null and ${open} and $2::bigint is not null`
  return {
    kind,
    held,
    ...(lent ? { lent } : {}),
    move: async (tx, actor, order, ids) => {
      await enterWriters(tx, actor.tenantId)
      const of = await tx.query<{ id: string }>(
        `select distinct r.account_id::text as id from ${table} r where r.tenant_id = $1 and r.id = any($2::bigint[]) and ${editableBy(actor, 'r.account_id')}`,
        [actor.tenantId, ids],
      )
      const accounts = (
        await lockRecords(
          tx,
          actor.tenantId,
          of.rows.map(r => r.id),
        )
      ).map(a => a.id)
      // The instant of the last change stays: that it has another owner is no follow-up.
      const moved = await tx.query<Row>(
        `update ${table} r set ${column} = $4${kind === 'share' ? '' : ', row_version = row_version + 1'} where r.tenant_id = $1 and r.id = any($2::bigint[]) and r.${column} = $3
           and ${open} and r.account_id = any($5::bigint[]) returning r.id::text, r.account_id::text as "accountId"`,
        [actor.tenantId, ids, order.from, order.to, accounts],
      )
      const at = await writeInstant(tx)
      await auditMoves(tx, actor, { ...order, at }, kind, moved.rows)
      if (kind === 'share' && moved.rows.length > 0) await placeAgain(tx, actor, at, moved.rows)
      return settled(tx, actor, { held }, order.from, ids, moved.rows)
    },
  }
}

const placeAgain = (tx: Tx, actor: Actor, at: string, rows: readonly Row[]) =>
  placer().place(
    tx,
    actor.tenantId,
    at,
    [...new Set(rows.map(r => r.accountId!))].map(id => ({ id })),
  )

export const OPPORTUNITY_HANDOVER = attached({
  kind: 'opportunity',
  table: 'opportunity',
  column: 'owner_id',
  open: `r.deleted_at is null and r.stage not in ('won', 'lost')`,
  name: 'r.name',
  lent: true,
})
export const TASK_HANDOVER = attached({
  kind: 'task',
  table: 'task',
  column: 'assignee_id',
  open: 'r.deleted_at is null and r.done_at is null',
  name: 'r.text',
  lent: true,
})
/** What a substitute was lent goes back by itself. */
export const SHARE_HANDOVER = attached({
  kind: 'share',
  table: 'account_share',
  column: 'user_id',
  open: `(r.until is null or r.until > now()) and not exists (select 1 from handover_item lent where lent.tenant_id = $1 and lent.kind = 'account' and lent.record_id = r.account_id
    and lent.before->>'share' = r.id::text and lent.returned_at is null)`,
  name: 'a.name',
})

const VIEWS =
  'select v.id, v.user_id as holder, null::bigint as account_id, v.name from saved_view v where v.tenant_id = $1 and v.shared and $2::bigint is not null'
export const VIEW_HANDOVER: Handover = {
  kind: 'view',
  held: VIEWS,
  move: async (tx, actor, order, ids) => {
    const moved = await tx.query<{ id: string }>(
      'update saved_view set user_id = $4, row_version = row_version + 1 where tenant_id = $1 and id = any($2::bigint[]) and user_id = $3 and shared returning id::text',
      [actor.tenantId, ids, order.from, order.to],
    )
    await auditMoves(tx, actor, order, 'view', moved.rows)
    return settled(tx, actor, { held: VIEWS }, order.from, ids, moved.rows)
  },
}
