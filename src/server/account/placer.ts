/**
 * What must happen when accounts change: assignment places them again under every live model, in the same transaction. Assignment comes
 * later in the order of capabilities, so it registers here (compose.ts).
 */
import type { Facts } from '../../core/condition/condition.ts'
import type { Tx } from '../kernel/transaction.ts'

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
