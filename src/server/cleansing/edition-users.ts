/** What else names divisions: territory rules and groups come later in the order of capabilities, so that they register here (compose.ts). */
import type { Mapping } from '../../core/cleansing/edition.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'

export type DivisionUser = {
  /** Who names abolished codes, and which: rules in use, and groups of divisions. */
  readonly uses: (
    tx: Tx,
    actor: Actor,
  ) => Promise<{
    readonly rules: readonly { readonly id: string; readonly code: string; readonly name: string; readonly codes: readonly string[] }[]
    readonly lists: readonly { readonly id: string; readonly name: string; readonly codes: readonly string[] }[]
  }>
  /** A draft change set with the codes replaced; null where nothing names any of them. */
  readonly draft: (
    tx: Tx,
    actor: Actor,
    now: string,
    title: string,
    mapping: Mapping,
  ) => Promise<{ readonly changeSetId: string; readonly rules: number; readonly lists: number } | null>
}

let registered: DivisionUser | null = null
export const registerDivisionUser = (user: DivisionUser): void => {
  registered = user
}
export function divisionUser(): DivisionUser {
  if (!registered) throw new Error('no user of divisions registered: see server/compose.ts')
  return registered
}
