/**
 * People 用户: login, name, title, department path (made as needed), roles. New ones are invited; their one-time links are made when somebody
 * asks for the list (invitations.ts), so that no secret is kept. Nobody gives a role that carries more than he has himself.
 */
import { USER_COLUMNS } from '../../core/import/columns.ts'
import { writeInstant } from '../account/facts.ts'
import type { Actor } from '../kernel/actor.ts'
import { askForJob } from '../kernel/jobs.ts'
import type { Tx } from '../kernel/transaction.ts'
import { NO_DATA, normalWord } from './lookup-data.ts'
import type { ImportObject, RowProblem, Run, Written } from './object.ts'
import { cellOf, LAST_ROW, readStaged, type StagedRow, setTargets } from './staging.ts'
import { targetOf } from './targets.ts'
import { madeDepartments, pathOf, pathsOf, removeDepartments } from './user-departments.ts'
import { undoUsers } from './user-undo.ts'

type Role = { id: string; key: string; labels: Record<'zh-CN' | 'zh-TW' | 'en', string>; permissions: string[]; sees_all: boolean }

/** Roles that the importer may give. */
async function rolesFor(tx: Tx, actor: Actor): Promise<readonly Role[]> {
  const found = await tx.query<Role>(
    'select id::text, key, labels, permissions, sees_all from role where tenant_id = $1 and deleted_at is null order by role.id',
    [actor.tenantId],
  )
  if (actor.permissions.has('role.manage')) return found.rows
  const held = actor.permissions as ReadonlySet<string>
  return found.rows.filter(r => (!r.sees_all || actor.seesAll) && r.permissions.every(p => held.has(p)))
}

const MOST = 20_000

async function check(run: Run): Promise<readonly RowProblem[]> {
  const { tx, tenantId, mapping } = run
  const rows = await readStaged(run, 1, LAST_ROW)
  if (rows.length > MOST) return rows.slice(MOST).map(r => ({ row: r.row, code: 'row.tooManyOf', field: '', values: { limit: MOST } }))
  const known = await tx.query<{ login: string; id: string | null; state: string | null; administrator: boolean }>(
    `select l.name as login, case when l.tenant_id = $1 then l.user_id::text end as id, u.state,
            exists (select 1 from user_role ur join role r on r.tenant_id = $1 and r.id = ur.role_id and r.key = 'administrator' where ur.tenant_id = $1 and ur.user_id = u.id and l.tenant_id = $1) as administrator
       from login l left join app_user u on u.tenant_id = $1 and l.tenant_id = $1 and u.id = l.user_id where l.name = any($2::text[])`,
    [tenantId, rows.map(r => r.values.login)],
  )
  const byLogin = new Map(known.rows.map(k => [k.login, k]))
  const administrator = (await tx.query<{ id: string }>(`select id::text from role where tenant_id = $1 and key = 'administrator'`, [tenantId]))
    .rows[0]?.id
  const problems: RowProblem[] = []
  const targets: { row: number; targetId: string }[] = []
  const say = (row: StagedRow, code: string, field: string, values = {}) => problems.push({ row: row.row, code, field, values })
  for (const row of rows) {
    const hit = byLogin.get(row.values.login!)
    const login = { login: row.values.login! }
    const path = pathOf(row.values.department)
    if (path?.some(name => name.length > 80)) say(row, 'row.tooLong', 'department', { limit: 80 })
    else if (hit && hit.id === null) say(row, 'login.taken', 'login', login)
    else if (hit && mapping.mode === 'create') say(row, 'login.taken', 'login', login)
    else if (!hit && mapping.mode === 'update') say(row, 'row.noUser', 'login', login)
    else if (hit?.state === 'inactive') say(row, 'row.userInactive', 'login', login)
    else if (!hit && !row.values.roles) say(row, 'row.required', 'roles')
    // Taking administrators their role is done by hand, where the last one is guarded.
    else if (hit?.administrator && row.values.roles && !row.values.roles.split('\u0002').includes(administrator ?? ''))
      say(row, 'row.administrator', 'roles')
    else if (hit) targets.push({ row: row.row, targetId: hit.id! })
  }
  await setTargets(run, targets)
  return problems
}

async function write(run: Run, from: number, to: number): Promise<Written> {
  const { tx, tenantId, importId } = run
  const at = await writeInstant(tx)
  const rows = await readStaged(run, from, to)
  const departments = await pathsOf(tx, tenantId)
  const departmentOf = (r: StagedRow) => departments.get((pathOf(r.values.department) ?? []).join('/')) ?? null
  const fresh = rows.filter(r => r.targetId === null)
  // The unique login is the guard: one taken meanwhile leaves its row out.
  const taken = new Set(
    (await tx.query<{ name: string }>('select name from login where name = any($1::text[])', [fresh.map(r => r.values.login)])).rows.map(r => r.name),
  )
  const stale = fresh
    .filter(r => taken.has(r.values.login!))
    .map(r => ({ row: r.row, code: 'login.taken', field: 'login', values: { login: r.values.login! } }))
  const made = fresh.filter(r => !taken.has(r.values.login!))
  const text = (key: string, some: readonly StagedRow[]) => some.map(r => r.values[key] ?? null)
  await tx.query(
    `insert into app_user (tenant_id, id, login, name, name_en, title, department_id, state, created_at)
     select $1, id, login, name, name_en, title, department, 'invited', $2::timestamptz from unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[]) as u(id, login, name, name_en, title, department)`,
    [tenantId, at, made.map(r => r.id), text('login', made), text('name', made), text('nameEn', made), text('title', made), made.map(departmentOf)],
  )
  await tx.query('insert into login (name, tenant_id, user_id) select login, $1, id from unnest($2::bigint[], $3::text[]) as l(id, login)', [
    tenantId,
    made.map(r => r.id),
    text('login', made),
  ])
  await tx.query('insert into import_before (tenant_id, job_id, record_id, after_version) select $1, $2, id, 1 from unnest($3::bigint[]) as i(id)', [
    tenantId,
    importId,
    made.map(r => r.id),
  ])
  const changed = rows.filter(r => r.targetId !== null)
  await changeUsers(run, changed, departmentOf)
  await giveRoles(
    run,
    [...made, ...changed.filter(r => r.values.roles)].map(r => ({
      id: r.targetId ?? r.id!,
      roles: (r.values.roles ?? '').split('\u0002').filter(Boolean),
    })),
  )
  await tx.query(
    `insert into audit (tenant_id, at, actor_id, kind, record_kind, record_id, after) select $1, $2::timestamptz, $3, case when fresh then 'user.invite' else 'user.update' end, 'user', id, $4::jsonb from unnest($5::bigint[], $6::bool[]) as u(id, fresh)`,
    [
      tenantId,
      at,
      run.actor.userId,
      JSON.stringify({ importId }),
      [...made, ...changed].map(r => r.id),
      [...made, ...changed].map(r => r.targetId === null),
    ],
  )
  // Whose department changed is seen by other leaders from now on.
  if (changed.length > 0 && cellOf(run, 'department')) await askForJob(tx, tenantId, 'assignment.replace', {}, run.actor.userId)
  return { count: made.length + changed.length, stale }
}

async function changeUsers(run: Run, rows: readonly StagedRow[], departmentOf: (r: StagedRow) => string | null): Promise<void> {
  if (rows.length === 0) return
  const ids = rows.map(r => r.targetId)
  await run.tx.query(
    `insert into import_before (tenant_id, job_id, record_id, before, after_version)
     select $1, $2, u.id, jsonb_build_object('user', to_jsonb(u), 'roles', (select coalesce(jsonb_agg(ur.role_id), '[]') from user_role ur where ur.tenant_id = $1 and ur.user_id = u.id)), u.row_version + 1
       from app_user u where u.tenant_id = $1 and u.id = any($3::bigint[]) on conflict do nothing`,
    [run.tenantId, run.importId, ids],
  )
  const set = [
    ['name', 'name'],
    ['nameEn', 'name_en'],
    ['title', 'title'],
  ].filter(([key]) => cellOf(run, key!))
  const department = cellOf(run, 'department') !== null
  await run.tx.query(
    `update app_user u set ${set.map(([, c]) => `${c} = v.${c}, `).join('')}${department ? 'department_id = v.department_id, ' : ''}row_version = u.row_version + 1
       from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[]) as v(id, name, name_en, title, department_id) where u.tenant_id = $1 and u.id = v.id`,
    [
      run.tenantId,
      ids,
      rows.map(r => r.values.name),
      rows.map(r => r.values.nameEn ?? null),
      rows.map(r => r.values.title ?? null),
      rows.map(departmentOf),
    ],
  )
}

async function giveRoles(run: Run, given: readonly { id: string; roles: readonly string[] }[]): Promise<void> {
  const pairs = given.flatMap(g => g.roles.map(role => ({ id: g.id, role })))
  await run.tx.query('delete from user_role where tenant_id = $1 and user_id = any($2::bigint[])', [run.tenantId, given.map(g => g.id)])
  await run.tx.query(
    'insert into user_role (tenant_id, user_id, role_id) select $1, id, role from unnest($2::bigint[], $3::bigint[]) as g(id, role)',
    [run.tenantId, pairs.map(p => p.id), pairs.map(p => p.role)],
  )
}

export const USER_OBJECT: ImportObject = {
  key: 'user',
  matches: [{ way: 'login', needs: ['login'], keyOf: ['login'] }],
  columns: USER_COLUMNS,
  targets: async (tx, actor) => {
    const roles = (await rolesFor(tx, actor)).map(r => ({ key: r.id, labels: r.labels }))
    return USER_COLUMNS.map(c => targetOf(c, c.key === 'roles' ? roles : null))
  },
  lookups: async (tx, actor) => ({
    ...NO_DATA,
    options: new Map([
      [
        'roles',
        new Map((await rolesFor(tx, actor)).flatMap(r => [r.key, ...Object.values(r.labels)].map(word => [normalWord(word), r.id] as const))),
      ],
    ]),
  }),
  check,
  idTable: 'app_user',
  piece: 1_000,
  begin: madeDepartments,
  write,
  undo: async (run, limit) => {
    const done = await undoUsers(run, limit)
    if (done.back + done.kept === 0) await removeDepartments(run)
    return done
  },
}
