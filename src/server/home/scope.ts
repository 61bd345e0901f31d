/** What the first page is about: a person's own customers, or everything in the sight of one who leads. The driver of sight stands in both. */
import { scopeOf, visibleTo } from '../access/visible-to.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'

export type View = 'rep' | 'manager' | 'all'
export const viewOf = (actor: Actor): View => (actor.seesAll ? 'all' : actor.permissions.has('account.assign') ? 'manager' : 'rep')

/** Living accounts in sight with where they stand; `$1` is the tenant. */
export const inSight = (actor: Actor): string =>
  `account_placement p join account a on a.tenant_id = $1 and a.id = p.account_id and a.deleted_at is null
    where p.tenant_id = $1 and p.model_id = ${BigInt(actor.modelId)} and ${visibleTo(actor, 'p.account_id')}`

const SMALL = 5_000
/**
 * What hangs on a few accounts is looked up account by account, what hangs on many is read once: the planner cannot know which, for it does
 * not see how many a person sees. `column` holds an account id; the common table `s` holds the accounts in sight.
 */
export async function ofThese(tx: Tx, actor: Actor, column: string): Promise<string> {
  if (actor.seesAll) return ''
  const size = await tx.query<{ n: number }>(`select count(*)::int as n from (${scopeOf(actor)} limit ${SMALL + 1}) scope`)
  return size.rows[0]!.n <= SMALL ? ` and ${column} in (select account_id from s)` : ''
}
