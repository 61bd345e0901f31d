/**
 * Clocks during an absence: they come after assignment in the order of capabilities, so the pool registers here (compose.ts). An absence neither
 * begins a clock anew nor lets it run out.
 */
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/transaction.ts'

export type Lent = { readonly id: string /** What `lend` answered. */; readonly clock: unknown }
export type AbsentClocks = {
  /** Before anything is lent: what the clocks of the owner are. */
  readonly read: (tx: Tx, tenantId: string, ids: readonly string[], ownerId: string) => Promise<ReadonlyMap<string, unknown>>
  /** After: held for the owner of the time of absence. `own`: the substitute owns them now. */
  readonly hold: (
    tx: Tx,
    actor: Actor,
    at: string,
    lent: readonly Lent[],
    ownerId: string,
    own: boolean,
    startsAt: string,
    endsAt: string,
  ) => Promise<void>
  /** After the owner has them again: as they were, moved by the length of the absence. */
  readonly resume: (tx: Tx, actor: Actor, at: string, lent: readonly Lent[], ownerId: string, lentAt: string) => Promise<void>
}
const NONE: AbsentClocks = { read: async () => new Map(), hold: async () => undefined, resume: async () => undefined }
let registered: AbsentClocks = NONE
export const registerAbsentClocks = (clocks: AbsentClocks): void => {
  registered = clocks
}
export const absentClocks = (): AbsentClocks => registered
