/** Departments that a list of people names by their path (销售中心/华东大区): found, or made level by level before the people come. */
import { audit } from '../kernel/audit.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { JobOptions, Run } from './object.ts'
import { LAST_ROW, readStaged } from './staging.ts'

export const pathOf = (text: string | null | undefined): readonly string[] | null => {
  const names = (text ?? '')
    .split(/[/／>＞\\]/)
    .map(name => name.trim())
    .filter(Boolean)
  return names.length === 0 ? null : names
}

/** Department ids by path. */
export async function pathsOf(tx: Tx, tenantId: string): Promise<ReadonlyMap<string, string>> {
  const found = await tx.query<{ id: string; path: string }>(
    `with recursive d(id, path, depth) as (select id, name, 1 from department where tenant_id = $1 and parent_id is null and deleted_at is null
       union all select c.id, d.path || '/' || c.name, d.depth + 1 from department c join d on c.parent_id = d.id where c.tenant_id = $1 and c.deleted_at is null and d.depth < 30)
     select id::text, path from d order by d.id desc`,
    [tenantId],
  )
  return new Map(found.rows.map(r => [r.path, r.id]))
}

export async function madeDepartments(run: Run, now: string): Promise<Partial<JobOptions>> {
  const paths = (await readStaged(run, 1, LAST_ROW)).flatMap(r => {
    const names = pathOf(r.values.department)
    return names ? names.map((_, i) => names.slice(0, i + 1)) : []
  })
  const made: string[] = []
  const deepest = Math.max(0, ...paths.map(p => p.length))
  for (let depth = 1; depth <= deepest; depth += 1) {
    const known = await pathsOf(run.tx, run.tenantId)
    const wanted = [...new Map(paths.filter(p => p.length === depth && !known.has(p.join('/'))).map(p => [p.join('/'), p])).values()]
    if (wanted.length === 0) continue
    const added = await run.tx.query<{ id: string }>(
      'insert into department (tenant_id, name, parent_id) select $1, name, parent from unnest($2::text[], $3::bigint[]) as d(name, parent) returning id::text',
      [run.tenantId, wanted.map(p => p.at(-1)), wanted.map(p => known.get(p.slice(0, -1).join('/')) ?? null)],
    )
    made.push(...added.rows.map(r => r.id))
  }
  if (made.length > 0)
    await audit(run.tx, run.actor, now, {
      kind: 'department.import',
      recordKind: 'import',
      recordId: run.importId,
      count: made.length,
      after: { departmentIds: made },
    })
  return { departments: made }
}

/** What the import made and nobody uses goes again, the deepest first. */
export async function removeDepartments(run: Run): Promise<void> {
  for (let gone = 1; gone > 0; ) {
    const deleted = await run.tx.query(
      `delete from department d where d.tenant_id = $1 and d.id = any($2::bigint[]) and d.row_version = 1 and d.leader_id is null
          and not exists (select 1 from app_user u where u.tenant_id = $1 and u.department_id = d.id) and not exists (select 1 from department c where c.tenant_id = $1 and c.parent_id = d.id)`,
      [run.tenantId, run.options.departments ?? []],
    )
    gone = deleted.rowCount ?? 0
  }
}
