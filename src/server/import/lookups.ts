/** What a file's words are looked up in: options, divisions, industries, people. */
import { makeIndustryIndex } from '../../core/cleansing/industry.ts'
import { loadFields, loadOptions } from '../builder/catalogue.ts'
import { addressLocator, divisionIndex } from '../geography/reference.ts'
import type { Tx } from '../kernel/transaction.ts'
import { loadIndustries } from '../reference/industries.ts'
import type { Lookups } from './convert-row.ts'

export async function loadLookups(tx: Tx, tenantId: string): Promise<Lookups> {
  const industries = makeIndustryIndex(loadIndustries())
  const known = new Set((await tx.query<{ code: string }>('select code from industry')).rows.map(r => r.code))
  const people = await tx.query<{ id: string; name: string; login: string }>(
    `select id::text, name, login from app_user where tenant_id = $1 and state <> 'inactive'`,
    [tenantId],
  )
  const byName = new Map<string, string | null>()
  for (const p of people.rows) byName.set(p.name.normalize('NFKC').toLowerCase(), byName.has(p.name.normalize('NFKC').toLowerCase()) ? null : p.id)
  const byLogin = new Map(people.rows.map(p => [p.login, p.id]))
  const divisions = divisionIndex()
  const locate = addressLocator()
  const cache = new Map<string, string | null>()
  return {
    catalogue: await loadFields(tx, tenantId),
    options: await loadOptions(tx, tenantId),
    division: text => {
      let code = cache.get(text)
      if (code === undefined) {
        code = divisions.resolve(text) ?? locate(text).code
        if (cache.size < 100_000) cache.set(text, code)
      }
      return code
    },
    industry: text => (known.has(text) ? text : industries.resolve(text)),
    person: text => {
      const key = text.normalize('NFKC').trim().toLowerCase()
      return byLogin.get(key) ?? byName.get(key) ?? null
    },
  }
}
