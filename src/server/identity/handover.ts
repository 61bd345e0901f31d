/**
 * What a person leaves behind 交接. Capabilities that hold things of a person register here (compose.ts); deactivation asks each how
 * much there is and has it moved to the successor, in one transaction, so that nothing stays with somebody who left.
 */
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'

export type Holdings = { readonly accounts: number; readonly territories: number }
export type Handover = {
  readonly count: (tx: Tx, actor: Actor, userId: string) => Promise<Holdings>
  readonly move: (tx: Tx, actor: Actor, now: string, fromUserId: string, toUserId: string) => Promise<void>
}

const handovers: Handover[] = []
export const registerHandover = (handover: Handover): void => void handovers.push(handover)

export async function holdingsOf(tx: Tx, actor: Actor, userId: string): Promise<Holdings> {
  let accounts = 0
  let territories = 0
  for (const handover of handovers) {
    const held = await handover.count(tx, actor, userId)
    accounts += held.accounts
    territories += held.territories
  }
  return { accounts, territories }
}

export async function moveHoldings(tx: Tx, actor: Actor, now: string, fromUserId: string, toUserId: string): Promise<void> {
  for (const handover of handovers) await handover.move(tx, actor, now, fromUserId, toUserId)
}
