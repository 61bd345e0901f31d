/**
 * Warnings 回收预警: so many days before the end the owner is told, once for each day named, and his manager when it becomes serious. One notice a
 * person for all customers of a run; what was told is kept, so that a second run tells nothing again.
 */
import type { Pool as Connections } from 'pg'
import { writeInstant } from '../account/facts.ts'
import { notify } from '../identity/notify.ts'
import { inBulk } from '../kernel/transaction.ts'

/** Owner and, for `escalate`, the leader of his department who is not himself. */
const DUE = `
  with p as (select id, (terms->'warnDays') as warns, (terms->>'escalateDays')::int as escalate from pool_policy where tenant_id = $1 and enabled),
    near as (
      select k.account_id, k.owner_id, k.due_at, w.days, false as boss from pool_clock k join p on p.id = k.policy_id
        cross join lateral (select min(x.v::int) as days from jsonb_array_elements_text(p.warns) x(v) where k.due_at <= now() + make_interval(days => x.v::int)) w
       where k.tenant_id = $1 and k.state = 'running' and k.due_at > now() and k.due_at <= now() + interval '90 days' and w.days is not null
      union all
      select k.account_id, k.owner_id, k.due_at, p.escalate, true from pool_clock k join p on p.id = k.policy_id
       where k.tenant_id = $1 and k.state = 'running' and k.due_at > now() and p.escalate is not null and k.due_at <= now() + make_interval(days => p.escalate)),
    told as (
      select n.account_id, n.due_at, n.days, case when n.boss then
          (with recursive up(id, depth) as (select u.department_id, 0 from app_user u where u.tenant_id = $1 and u.id = n.owner_id and u.department_id is not null
             union all select d.parent_id, up.depth + 1 from department d join up on d.id = up.id where d.tenant_id = $1 and d.parent_id is not null and up.depth < 30)
           select d.leader_id from up join department d on d.tenant_id = $1 and d.id = up.id where d.leader_id is not null and d.leader_id <> n.owner_id order by up.depth limit 1)
          else n.owner_id end as user_id, n.boss from near n)
  insert into pool_warning (tenant_id, account_id, due_at, days, user_id) select $1, account_id, due_at, days, user_id from told where user_id is not null
  on conflict do nothing returning account_id::text as account, user_id::text as "user", days`

export async function warn(bulk: Connections, tenantId: string): Promise<number> {
  return inBulk(bulk, async tx => {
    await tx.query("select app_set('app.tenant', $1)", [tenantId])
    const made = await tx.query<{ account: string; user: string; days: number }>(DUE, [tenantId])
    const owners = await tx.query<{ id: string; owner: string }>(
      'select account_id::text as id, owner_id::text as owner from pool_clock where tenant_id = $1 and account_id = any($2::bigint[])',
      [tenantId, made.rows.map(r => r.account)],
    )
    const ownerOf = new Map(owners.rows.map(r => [r.id, r.owner]))
    const groups = new Map<string, { user: string; days: number; boss: boolean; accounts: string[] }>()
    for (const r of made.rows) {
      const boss = ownerOf.get(r.account) !== r.user
      const key = `${r.user}/${r.days}/${boss}`
      const group = groups.get(key)
      if (group) group.accounts.push(r.account)
      else groups.set(key, { user: r.user, days: r.days, boss, accounts: [r.account] })
    }
    const at = await writeInstant(tx)
    for (const g of groups.values())
      await notify(tx, { tenantId }, at, g.user, g.boss ? 'pool.warnedTeam' : 'pool.warned', g.accounts.length === 1 ? g.accounts[0]! : null, {
        n: g.accounts.length,
        days: g.days,
      })
    // What ended long ago is asked for no more.
    await tx.query(`delete from pool_warning where tenant_id = $1 and due_at < now() - interval '30 days'`, [tenantId])
    return groups.size
  })
}
