/**
 * Which values accounts can hold 取值范围, field by field, for the proof of coverage: options of the catalogue, codes of the tables, whole
 * numbers of built-in fields. An option that was retired counts only while some account still holds it; a code that was abolished is vague.
 */
import type { FieldDomain } from '../../core/territory/coverage-atoms.ts'
import { COLUMNS } from '../account/facts.ts'
import { type CatalogueField, loadFields, loadOptions } from '../builder/catalogue.ts'
import { divisionIndex, knownCodes } from '../geography/reference.ts'
import type { Tx } from '../kernel/transaction.ts'

/** `used`: fields that the model's rules read. */
export async function loadDomains(tx: Tx, tenantId: string, used: ReadonlySet<string>): Promise<ReadonlyMap<string, FieldDomain>> {
  const fields = (await loadFields(tx, tenantId)).filter(f => used.has(f.key))
  const options = await loadOptions(tx, tenantId)
  const domains = new Map<string, FieldDomain>()
  for (const field of fields) {
    const domain = field.optionList === null ? await domainOf(tx, field) : null
    if (domain) domains.set(field.key, domain)
    if (field.optionList === null || (field.type !== 'option' && field.type !== 'options')) continue
    const own = options.filter(o => o.list === field.optionList)
    const retired = own.filter(o => o.retired).map(o => o.key)
    const held = retired.length > 0 ? await stillHeld(tx, tenantId, field, retired) : new Set<string>()
    domains.set(field.key, { kind: 'listed', values: own.filter(o => !o.retired || held.has(o.key)).map(o => o.key) })
  }
  return domains
}

async function domainOf(tx: Tx, field: CatalogueField): Promise<FieldDomain | null> {
  if (field.type === 'division') {
    const { list } = divisionIndex()
    return { kind: 'listed', values: list.map(d => d.code), vague: new Set(list.filter(d => d.status === 'retired').map(d => d.code)) }
  }
  if (field.type === 'industry') return { kind: 'listed', values: [...(await knownCodes(tx)).industries] }
  // Built-in numbers are people and money in whole units, never negative; a custom one may be anything.
  if (field.type === 'number') return field.builtIn ? { kind: 'number', whole: true, min: 0 } : { kind: 'number', whole: false }
  return null
}

async function stillHeld(tx: Tx, tenantId: string, field: CatalogueField, retired: readonly string[]): Promise<ReadonlySet<string>> {
  const column = Object.hasOwn(COLUMNS, field.key) ? COLUMNS[field.key as keyof typeof COLUMNS] : null
  const found =
    column === null
      ? await tx.query<{ value: string }>(
          `select distinct o.value from account_field f cross join lateral unnest(string_to_array(f.t, chr(1))) as o(value)
            where f.tenant_id = $1 and f.field_id = $2 and o.value = any($3::text[])`,
          [tenantId, field.id, retired],
        )
      : await tx.query<{ value: string }>(
          `select distinct a.${column} as value from account a where a.tenant_id = $1 and a.deleted_at is null and a.${column} = any($2::text[])`,
          [tenantId, retired],
        )
  return new Set(found.rows.map(r => r.value))
}

/** Changes when the options, fields or codes do. */
export async function domainStamp(tx: Tx, tenantId: string): Promise<string> {
  const found = await tx.query<{ stamp: string }>(
    `select concat_ws('/', (select count(*) || ':' || coalesce(sum(o.row_version), 0) from option_row o where o.tenant_id = $1), (select count(*) from industry)) as stamp`,
    [tenantId],
  )
  return found.rows[0]!.stamp
}
