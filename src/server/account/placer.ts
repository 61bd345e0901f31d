/**
 * What must happen when accounts change: assignment places them again under every live model, in the same transaction. Assignment comes
 * later in the order of capabilities, so it registers here (compose.ts).
 */
import type { Facts } from '../../core/condition/condition.ts'
import { whilePlacing } from '../access/while-placing.ts'
import type { Tx } from '../kernel/transaction.ts'
import { writeInstant } from './facts.ts'

export type Changed = { readonly id: string /** The facts after the change; left out, they are read. */; readonly facts?: Facts }
export type PlacedAs = { readonly accountId: string; readonly territoryId: string | null; readonly ownerId: string | null }
export type Placer = {
  /** Places accounts and answers where they stand under the active model. */
  readonly place: (tx: Tx, tenantId: string, at: string, changed: readonly Changed[]) => Promise<readonly PlacedAs[]>
  /** Closes placements: to the recycle bin. */
  readonly close: (tx: Tx, tenantId: string, at: string, ids: readonly string[]) => Promise<void>
  /** Where accounts would stand with these facts, without writing. */
  readonly foresee: (tx: Tx, tenantId: string, at: string, changed: readonly Required<Changed>[]) => Promise<readonly PlacedAs[]>
}

let registered: Placer | null = null
export const registerPlacer = (placer: Placer): void => {
  registered = placer
}
export function placer(): Placer {
  if (!registered) throw new Error('no placer registered: see server/compose.ts')
  return registered
}

/**
 * Brings accounts up to this moment before somebody acts on where they stand: a pin or a share that ended, a member that began, before the
 * job of dated facts came by. An act made for a territory that holds no more would be made for nothing. The accounts are locked.
 */
export async function settle(tx: Tx, tenantId: string, ids: readonly string[]): Promise<void> {
  const due = await whilePlacing(tx, () =>
    tx.query<{ id: string }>(
      `select distinct p.account_id::text as id from account_placement p join territory_model m on m.tenant_id = $1 and m.id = p.model_id and m.state = 'ready'
      where p.tenant_id = $1 and p.account_id = any($2::bigint[]) and p.next_change_at <= clock_timestamp()`,
      [tenantId, ids],
    ),
  )
  if (due.rows.length === 0) return
  await placer().place(
    tx,
    tenantId,
    await writeInstant(tx),
    due.rows.map(r => ({ id: r.id })),
  )
}
