/**
 * Looks at the fence before the server opens: a role that could walk around it, a table without its policies, a view that would see
 * through. A weak fence is worse than none, because everybody trusts it: the server refuses to start.
 */
import type pg from 'pg'

export type BootReport = { readonly problems: readonly string[]; readonly warnings: readonly string[] }

/** Sign-in looks a name up before a tenant is known; the table holds no business data. */
const BEFORE_THE_TENANT = ['login']
const COMMANDS = [
  ['r', 'select'],
  ['a', 'insert'],
  ['w', 'update'],
  ['d', 'delete'],
] as const

/** Problems forbid the start; warnings are printed. Ask with a connection that may read the catalogue (the owner's). */
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

  const truncatable = await owner.query<{ name: string }>(
    `select c.relname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
      where c.relkind in ('r', 'p') and has_table_privilege('jiangyu_app', c.oid, 'truncate') order by 1`,
  )
  for (const table of truncatable.rows) problems.push(`jiangyu_app may TRUNCATE ${table.name}`)

  const tables = await owner.query<{
    name: string
    rls: boolean
    partition: boolean
    granted: boolean
    policies: { name: string; cmd: string; permissive: boolean; tests: string }[]
  }>(
    `select c.relname::text as name, c.relrowsecurity as rls, c.relispartition as partition,
            has_table_privilege('jiangyu_app', c.oid, 'select') as granted,
            coalesce((select json_agg(json_build_object('name', p.polname, 'cmd', p.polcmd, 'permissive', p.polpermissive,
                'tests', coalesce(pg_get_expr(p.polqual, p.polrelid), '') || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')) order by p.polname)
              from pg_policy p where p.polrelid = c.oid), '[]'::json) as policies
       from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
      where c.relkind in ('r', 'p') and c.relname <> all ($1::text[])
        and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
      order by c.relname`,
    [BEFORE_THE_TENANT],
  )
  for (const table of tables.rows) {
    if (!table.rls) problems.push(`${table.name} has no row-level security`)
    if (table.partition && table.granted)
      problems.push(`${table.name} is a partition that jiangyu_app may read: its parent's policies do not fence it`)
    for (const policy of table.policies) {
      if (!policy.permissive) problems.push(`${table.name} has a restrictive policy ${policy.name}`)
      if (!policy.tests.includes('app.tenant')) problems.push(`the policy ${policy.name} of ${table.name} does not ask for the tenant`)
    }
    for (const [letter, command] of COMMANDS) {
      const count = table.policies.filter(p => p.permissive && (p.cmd === letter || p.cmd === '*')).length
      if (count !== 1) problems.push(`${table.name} has ${count} policies for ${command}, not one`)
    }
  }
  const views = await owner.query<{ name: string; kind: string; invoker: boolean; granted: boolean }>(
    `select c.relname::text as name, c.relkind::text as kind, coalesce('security_invoker=true' = any(c.reloptions) or 'security_invoker=on' = any(c.reloptions), false) as invoker,
            has_table_privilege('jiangyu_app', c.oid, 'select') as granted
       from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public' where c.relkind in ('v', 'm')`,
  )
  for (const view of views.rows) {
    if (view.kind === 'm' && view.granted) problems.push(`${view.name} is a materialised view that jiangyu_app may read: nothing fences it`)
    if (view.kind === 'v' && !view.invoker) problems.push(`${view.name} is a view without security_invoker`)
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
