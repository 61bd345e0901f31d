/** Pins 点名 of a territory: who is held there against every rule, why and until when; of accounts the reader may see. */

import { visibleTo } from '../access/visible-to.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'

const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`
const PAGE = 50

export async function readPins(tx: Tx, actor: Actor, territoryId: string, cursor?: string) {
  const found = await tx.query<{
    id: string
    accountId: string
    name: string
    from: string
    until: string | null
    reason: string
    by: string | null
  }>(
    `select p.id::text, a.id::text as "accountId", a.name, ${UTC('p.starts_at')} as from, ${UTC('p.ends_at')} as until, p.reason, u.name as by
       from territory_pin p join account a on a.tenant_id = $1 and a.id = p.account_id and a.deleted_at is null
       left join app_user u on u.tenant_id = $1 and u.id = p.created_by
      where p.tenant_id = $1 and p.territory_id = $2 and (p.model_id is null or p.model_id = any((select lineage from territory_model where tenant_id = $1 and id = $4)::bigint[])) and p.cancelled_at is null and (p.ends_at is null or p.ends_at > now())
        and ($3::bigint is null or p.id < $3) and ${visibleTo(actor, 'p.account_id')} order by p.id desc limit ${PAGE + 1}`,
    [actor.tenantId, territoryId, /^\d{1,18}$/.test(cursor ?? '') ? cursor : null, actor.modelId],
  )
  const rows = found.rows.slice(0, PAGE).map(({ accountId, name, ...pin }) => ({ ...pin, account: { id: accountId, name } }))
  return { rows, next: found.rows.length > PAGE ? rows.at(-1)!.id : null }
}
