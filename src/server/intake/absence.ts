/** Who is away 缺勤 at an instant: told by a later capability (compose.ts). Until one does, nobody is. */
import type { Tx } from '../kernel/transaction.ts'

export type Absences = (tx: Tx, tenantId: string, at: string) => Promise<ReadonlySet<string>>
let registered: Absences | null = null
export const registerAbsence = (absences: Absences): void => {
  registered = absences
}
export const awayAt: Absences = async (tx, tenantId, at) => (registered ? registered(tx, tenantId, at) : new Set())
