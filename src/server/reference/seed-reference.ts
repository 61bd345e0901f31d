/** Reference tables every tenant reads: divisions and industries, brought up to date at start. Two statements, nothing when equal. */
import type pg from 'pg'
import { toTraditional } from '../kernel/traditional.ts'
import { loadDivisions } from './divisions.ts'
import { loadIndustries } from './industries.ts'

export async function seedReference(client: pg.ClientBase | pg.Pool): Promise<void> {
  const divisions = loadDivisions()
  const industries = loadIndustries()
  const counts = await client.query<{ d: number; i: number }>(
    `select (select count(*)::int from division where edition in ('2024', '2020-12')) as d, (select count(*)::int from industry where edition = '2017') as i`,
  )
  if (counts.rows[0]!.d === divisions.length && counts.rows[0]!.i === industries.length) return
  await client.query(
    `insert into division (code, edition, name, level, parent_code, status, successors)
     select code, edition, name, level, parent, status, string_to_array(successors, ',') from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) as d(code, edition, name, level, parent, status, successors)
     on conflict (code) do update set edition = excluded.edition, name = excluded.name, level = excluded.level, parent_code = excluded.parent_code, status = excluded.status, successors = excluded.successors`,
    [
      divisions.map(d => d.code),
      divisions.map(d => d.edition),
      divisions.map(d => d.name),
      divisions.map(d => d.level),
      divisions.map(d => d.parentCode),
      divisions.map(d => d.status),
      divisions.map(d => d.successors.join(',')),
    ],
  )
  await client.query(
    `insert into industry (code, edition, parent_code, labels) select code, '2017', parent, labels::jsonb from unnest($1::text[], $2::text[], $3::text[]) as i(code, parent, labels)
     on conflict (code) do update set edition = excluded.edition, parent_code = excluded.parent_code, labels = excluded.labels`,
    [
      industries.map(i => i.code),
      industries.map(i => i.parentCode),
      industries.map(i => JSON.stringify({ ...i.labels, 'zh-TW': toTraditional(i.labels['zh-CN']) })),
    ],
  )
}
