/**
 * Looks at the fence before the server opens: a role that could walk around it, a table without its policies, a view that would see
 * through. A weak fence is worse than none, because everybody trusts it: the server refuses to start.
 */
import type pg from 'pg'

export type BootReport = { readonly problems: readonly string[]; readonly warnings: readonly string[] }

export async function bootCheck(owner: pg.Pool | pg.ClientBase): Promise<BootReport> {
  const problems: string[] = []
  const role = await owner.query<{ rolsuper: boolean; rolbypassrls: boolean; member_of: string[]; owned: string[] }>(
    `select r.rolsuper, r.rolbypassrls,
            array(select g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid) as member_of,
            array(select c.relname::text from pg_class c where c.relowner = r.oid and c.relkind in ('r', 'p', 'v', 'm')) as owned
       from pg_roles r where r.rolname = 'jiangyu_app'`,
  )
  const app = role.rows[0]
  if (!app) return { problems: ['the role jiangyu_app does not exist'], warnings: [] }
  if (app.rolsuper) problems.push('jiangyu_app is a superuser')
  if (app.rolbypassrls) problems.push('jiangyu_app has BYPASSRLS')
  for (const group of app.member_of) problems.push(`jiangyu_app is a member of ${group}`)
  for (const name of app.owned) problems.push(`jiangyu_app owns ${name}`)

  const tables = await owner.query<{
    name: string
    rls: boolean
    partition: boolean
    truncates: boolean
    policies: { cmd: string; permissive: boolean; roles: string[] }[] | null
  }>(
    `select c.relname as name, c.relrowsecurity as rls, c.relispartition as partition, has_table_privilege('jiangyu_app', c.oid, 'truncate') as truncates,
            (select json_agg(json_build_object('cmd', p.polcmd, 'permissive', p.polpermissive)) from pg_policy p where p.polrelid = c.oid) as policies
       from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
      where c.relkind in ('r', 'p') and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) and c.relname <> 'login'
      order by c.relname`,
  )
  for (const table of tables.rows) {
    if (table.truncates) problems.push(`jiangyu_app may TRUNCATE ${table.name}`)
    if (!table.rls) problems.push(`${table.name} has no row-level security`)
    if (table.partition) problems.push(`${table.name} is a partition: read directly it would not be fenced by its parent`)
    const policies = table.policies ?? []
    if (policies.some(p => !p.permissive)) problems.push(`${table.name} has a restrictive policy`)
    for (const [letter, command] of [
      ['r', 'select'],
      ['a', 'insert'],
      ['w', 'update'],
      ['d', 'delete'],
    ] as const) {
      const count = policies.filter(p => p.permissive && (p.cmd === letter || p.cmd === '*')).length
      if (count !== 1) problems.push(`${table.name} has ${count} policies for ${command}, not one`)
    }
  }
  const views = await owner.query<{ name: string; kind: string; invoker: boolean }>(
    `select c.relname as name, c.relkind::text as kind, coalesce('security_invoker=true' = any(c.reloptions) or 'security_invoker=on' = any(c.reloptions), false) as invoker
       from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public' where c.relkind in ('v', 'm')`,
  )
  for (const view of views.rows) {
    if (view.kind === 'm') problems.push(`${view.name} is a materialised view: nothing fences it`)
    else if (!view.invoker) problems.push(`${view.name} is a view without security_invoker`)
  }
  const leak = await owner.query<{ proname: string }>(
    `select distinct proname::text from pg_proc where proname in ('arrayoverlap', 'arraycontains') and not proleakproof order by 1`,
  )
  return {
    problems,
    warnings: leak.rows.map(
      r =>
        `${r.proname} is not marked leakproof: lists and search will be hundreds of times slower; a superuser can run: alter function ${r.proname}(anyarray, anyarray) leakproof`,
    ),
  }
}
