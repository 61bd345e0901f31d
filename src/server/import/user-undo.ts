/** Taking people back: those nobody has met yet (never signed in, no territory, nothing in their name) go; changed ones get their old values. */
import { writeInstant } from '../account/facts.ts'
import { askForJob } from '../kernel/jobs.ts'
import type { Run } from './object.ts'
import { cellOf } from './staging.ts'

const MET = `(u.state <> 'invited' or u.row_version > 1
  or exists (select 1 from territory_member m where m.tenant_id = $1 and m.user_id = u.id) or exists (select 1 from team_member m where m.tenant_id = $1 and m.user_id = u.id)
  or exists (select 1 from ownership_act o where o.tenant_id = $1 and o.owner_id = u.id) or exists (select 1 from department d where d.tenant_id = $1 and d.leader_id = u.id)
  or exists (select 1 from account_share s where s.tenant_id = $1 and s.user_id = u.id) or exists (select 1 from task t where t.tenant_id = $1 and t.assignee_id = u.id))`

export async function undoUsers(run: Run, limit: number): Promise<{ back: number; kept: number }> {
  const { tx, tenantId, importId } = run
  const found = await tx.query<{ id: string; fresh: boolean; touched: boolean }>(
    `select u.id::text, b.before is null as fresh, case when b.before is null then ${MET} else u.row_version <> b.after_version end as touched
       from import_before b join app_user u on u.tenant_id = $1 and u.id = b.record_id where b.tenant_id = $1 and b.job_id = $2 and b.kept is null order by u.id limit $3 for update of u`,
    [tenantId, importId, limit],
  )
  if (found.rows.length === 0) return { back: 0, kept: 0 }
  const of = (fresh: boolean, touched: boolean) => found.rows.filter(r => r.fresh === fresh && r.touched === touched).map(r => r.id)
  const gone = of(true, false)
  const restored = of(false, false)
  const kept = found.rows.filter(r => r.touched).map(r => r.id)
  for (const table of ['user_role', 'ticket', 'session', 'notification', 'login'])
    await tx.query(`delete from ${table} where tenant_id = $1 and user_id = any($2::bigint[])`, [tenantId, gone])
  await tx.query('delete from app_user where tenant_id = $1 and id = any($2::bigint[])', [tenantId, gone])
  await tx.query(
    `update app_user u set name = o.name, name_en = o.name_en, title = o.title, department_id = o.department_id, row_version = u.row_version + 1
       from import_before b, jsonb_populate_record(null::app_user, b.before->'user') o where b.tenant_id = $1 and b.job_id = $2 and b.record_id = any($3::bigint[]) and u.tenant_id = $1 and u.id = b.record_id`,
    [tenantId, importId, restored],
  )
  await tx.query('delete from user_role where tenant_id = $1 and user_id = any($2::bigint[])', [tenantId, restored])
  await tx.query(
    `insert into user_role (tenant_id, user_id, role_id) select $1, b.record_id, r.id::bigint from import_before b, jsonb_array_elements_text(b.before->'roles') r(id)
      where b.tenant_id = $1 and b.job_id = $2 and b.record_id = any($3::bigint[])`,
    [tenantId, importId, restored],
  )
  await tx.query(
    `insert into audit (tenant_id, at, actor_id, kind, record_kind, record_id, after) select $1, $2::timestamptz, $3, 'user.importUndone', 'user', id, $4::jsonb from unnest($5::bigint[]) as i(id)`,
    [tenantId, await writeInstant(tx), run.actor.userId, JSON.stringify({ importId }), [...gone, ...restored]],
  )
  await tx.query(
    `update import_before set kept = case when record_id = any($3::bigint[]) then 'undo.userSince' else '' end where tenant_id = $1 and job_id = $2 and record_id = any($4::bigint[])`,
    [tenantId, importId, kept, found.rows.map(r => r.id)],
  )
  // Whose department is the old one again is seen by other leaders.
  if (restored.length > 0 && cellOf(run, 'department')) await askForJob(tx, tenantId, 'assignment.replace', {}, run.actor.userId)
  return { back: gone.length + restored.length, kept: kept.length }
}
