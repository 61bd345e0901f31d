/**
 * Where a customer is that somebody typed again 下落: whose, in which territory; later capabilities add what they know (compose.ts). The one place where
 * a warning looks beyond the fence, and only for accounts whose name was typed.
 */
import { whilePlacing } from '../access/while-placing.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'

/** `hidden`: its name is kept from those who have not claimed it. */
export type Known = { readonly inPool?: boolean; readonly hidden?: boolean; readonly protectedUntil?: string | null }
export type Whereabouts = (tx: Tx, actor: Actor, ids: readonly string[]) => Promise<ReadonlyMap<string, Known>>
export type There = Required<Known> & { readonly owner: string | null; readonly territory: string | null }

const known: Whereabouts[] = []
export const registerWhereabouts = (whereabouts: Whereabouts): void => void known.push(whereabouts)

export async function whereaboutsOf(tx: Tx, actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, There>> {
  if (ids.length === 0) return new Map()
  return whilePlacing(tx, async () => {
    const found = await tx.query<{ id: string; owner: string | null; territory: string | null }>(
      `select p.account_id::text as id, u.name as owner, t.name as territory from account_placement p
         left join app_user u on u.tenant_id = $1 and u.id = p.owner_id
         left join territory t on t.tenant_id = $1 and t.model_id = $2 and t.id = p.territory_id
        where p.tenant_id = $1 and p.model_id = $2 and p.account_id = any($3::bigint[])`,
      [actor.tenantId, actor.modelId, ids],
    )
    const more = await Promise.all(known.map(k => k(tx, actor, ids)))
    return new Map(
      found.rows.map(({ id, ...row }) => [
        id,
        { inPool: false, hidden: false, protectedUntil: null, ...row, ...Object.assign({}, ...more.map(m => m.get(id))) },
      ]),
    )
  })
}
