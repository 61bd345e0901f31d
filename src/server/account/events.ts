/**
 * What happened with a customer that others reckon by 客户动态: a note, a task, a deal, a contact. Later capabilities (the pool's clocks) register a
 * listener in compose.ts and act in the same transaction.
 */
import type { Tx } from '../kernel/transaction.ts'

export type Happened = {
  readonly kind: 'note' | 'task' | 'opportunity' | 'contact' | 'request'
  readonly accountId: string
  readonly noteId?: string
}
type Listener = (tx: Tx, tenantId: string, at: string, happened: Happened) => Promise<void>
let listener: Listener | null = null
export const registerListener = (listens: Listener): void => {
  listener = listens
}
export const happens: Listener = async (tx, tenantId, at, happened) => listener?.(tx, tenantId, at, happened)
