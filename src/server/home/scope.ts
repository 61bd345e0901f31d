/** What the first page is about: a person's own customers, or everything in the sight of one who leads. The driver of sight stands in both. */
import { visibleTo } from '../access/visible-to.ts'
import type { Actor } from '../kernel/actor.ts'

export type View = 'rep' | 'manager' | 'all'
export const viewOf = (actor: Actor): View => (actor.seesAll ? 'all' : actor.permissions.has('account.assign') ? 'manager' : 'rep')

/** Living accounts in sight with where they stand; `$1` is the tenant. */
export const inSight = (actor: Actor): string =>
  `account_placement p join account a on a.tenant_id = $1 and a.id = p.account_id and a.deleted_at is null
    where p.tenant_id = $1 and p.model_id = ${BigInt(actor.modelId)} and ${visibleTo(actor, 'p.account_id')}`
