/**
 * What can be asked for 审批事项. Each capability registers its kinds in compose.ts: who may decide, what must not have changed meanwhile, and
 * what happens on approval. The request itself (store, inbox, decision) knows none of them.
 */
import type { ApprovalPayload } from '../../contract/approval/approvals.ts'
import type { Permission } from '../../core/access/permissions.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'

export type Asked = { readonly recordId: string; readonly payload: ApprovalPayload; readonly askedBy: string }
export type Basis = Readonly<Record<string, string | null>>

export type ApprovalKind = {
  readonly kind: string
  readonly recordKind: string
  /** Who sees everything and holds this may decide in another's place. */
  readonly permission: Permission
  /** Instead of `permission`, for deciding in another's place. */
  readonly standIn?: Permission
  /** Refuses what makes no sense to ask; answers the account whose page shows the request. */
  readonly check: (tx: Tx, actor: Actor, asked: Asked) => Promise<{ readonly accountId: string | null }>
  /** The nearest person who may decide and is not the asker. */
  readonly approver: (tx: Tx, actor: Actor, asked: Asked) => Promise<{ id: string; name: string; title: string | null } | null>
  /** What the request rests on, by record, as it is now. Records out of sight are missing. */
  readonly basis: (tx: Tx, actor: Actor, recordIds: readonly string[]) => Promise<ReadonlyMap<string, Basis>>
  readonly names: (tx: Tx, actor: Actor, recordIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** Does it, as the person who approved, in the transaction of the decision. */
  readonly carryOut: (tx: Tx, actor: Actor, asked: Asked, why: string) => Promise<void>
  /** One of several who must all answer: withdrawn only together with what asked for it, so that nobody is left out. */
  readonly together?: true
  /** After the request was closed. */
  readonly after?: (tx: Tx, actor: Actor, now: string, asked: Asked, approved: boolean) => Promise<void>
}

/** After a request about an account was asked, decided or withdrawn: what waits may stop something else (a clock). */
type Told = (tx: Tx, tenantId: string, at: string, accountId: string) => Promise<void>
let told: Told | null = null
export const registerRequestListener = (listens: Told): void => {
  told = listens
}
export const tellRequest = async (tx: Tx, tenantId: string, at: string, accountId: string | null): Promise<void> => {
  if (accountId !== null) await told?.(tx, tenantId, at, accountId)
}

const kinds = new Map<string, ApprovalKind>()
export const registerApprovalKind = (kind: ApprovalKind): void => void kinds.set(kind.kind, kind)
export function kindOf(kind: string): ApprovalKind {
  const known = kinds.get(kind)
  if (!known) throw new Error(`no approval kind ${kind}: see server/compose.ts`)
  return known
}
