/** The recycle bin 回收站: 30 days, restore with everything attached. A recycled account is seen by who deleted it and by those who see all. */

import { visibleTo } from '../access/visible-to.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { enterWriters, factsOf, keepVersions, lockRecords, writeInstant } from './facts.ts'
import { placer } from './placer.ts'

const PAGE = 50
export async function findRecycled(tx: Tx, actor: Actor, cursor?: string) {
  const found = await tx.query<{ id: string; name: string; deletedAt: string; deletedBy: string | null }>(
    `select a.id::text, a.name, to_char(a.deleted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "deletedAt", u.name as "deletedBy"
       from account a left join app_user u on u.tenant_id = $1 and u.id = a.deleted_by
      where a.tenant_id = $1 and a.deleted_at > now() - interval '30 days' and a.merged_into is null and ${visibleTo(actor, 'a.id')} and ($2::bigint is null or a.id < $2)
      order by a.id desc limit ${PAGE + 1}`,
    [actor.tenantId, /^\d{1,18}$/.test(cursor ?? '') ? cursor : null],
  )
  const rows = found.rows.slice(0, PAGE)
  return { rows, next: found.rows.length > PAGE ? rows.at(-1)!.id : null }
}

export async function restore(tx: Tx, actor: Actor, id: string): Promise<void> {
  await enterWriters(tx, actor.tenantId)
  const [row] = await lockRecords(tx, actor.tenantId, [id], true)
  const merged = await tx.query('select 1 from account where tenant_id = $1 and id = $2 and merged_into is not null', [actor.tenantId, id])
  // A merge is taken back as a whole, not by half.
  if (!row || merged.rowCount) return stop('record.notFound')
  const at = await writeInstant(tx)
  await tx.query(
    'update account set deleted_at = null, deleted_by = null, updated_at = $3, row_version = row_version + 1 where tenant_id = $1 and id = $2',
    [actor.tenantId, id, at],
  )
  const facts = factsOf(row)
  await keepVersions(tx, actor.tenantId, at, [{ id, rowVersion: row.row_version + 1, facts }])
  await audit(tx, actor, at, { kind: 'account.restore', recordKind: 'account', recordId: id, accountId: id })
  await placer().place(tx, actor.tenantId, at, [{ id, facts }])
}
