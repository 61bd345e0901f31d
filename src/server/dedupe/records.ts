/** Accounts as duplicate matching sees them: every name, number, mail, contact and address of each, as far as the reader's fence lets them through. */
import type { Aliases } from '../../core/dedupe/alias.ts'
import { makeAliases } from '../../core/dedupe/alias.ts'
import { type DedupeRecord, readRecord } from '../../core/dedupe/record.ts'
import type { Tx } from '../kernel/transaction.ts'
import { nameReader } from './name-reader.ts'

type Row = {
  id: string
  name: string
  short_name: string | null
  name_en: string | null
  website: string | null
  division: string | null
  industry: string | null
  credit_code: string | null
  phone: string | null
  email: string | null
  contacts: readonly { name: string; phone: string | null; email: string | null }[] | null
  addresses: readonly string[] | null
}

/** Of one company; `where` names accounts as `a` and may use $2. */
export const RECORDS = (
  where: string,
): string => `select a.id::text, a.name, a.short_name, a.name_en, a.website, a.division, a.industry, pr.credit_code, pr.phone, pr.email,
    (select json_agg(json_build_object('name', c.name, 'phone', c.phone, 'email', c.email)) from (select k.name, k.phone, k.email from contact k
      where k.tenant_id = $1 and k.account_id = a.id and k.deleted_at is null and k.left_at is null order by k.id limit 20) c) as contacts,
    (select array_agg(ad.text) from account_address ad where ad.tenant_id = $1 and ad.account_id = a.id and ad.text is not null) as addresses
  from account a left join account_private pr on pr.tenant_id = $1 and pr.account_id = a.id
 where a.tenant_id = $1 and a.deleted_at is null and a.merged_into is null and ${where}`

export const recordOf = (row: Row, aliases: Aliases): DedupeRecord => {
  const contacts = row.contacts ?? []
  const filled = (values: readonly (string | null)[]): readonly string[] => values.filter((v): v is string => v !== null && v !== '')
  return readRecord(
    {
      id: row.id,
      names: filled([row.name, row.short_name, row.name_en]),
      creditCode: row.credit_code,
      phones: filled([row.phone, ...contacts.map(c => c.phone)]),
      emails: filled([row.email, ...contacts.map(c => c.email)]),
      website: row.website,
      contacts: contacts.map(c => c.name),
      addresses: row.addresses ?? [],
      division: row.division,
      // Finer codes of one section are one line of business.
      industry: row.industry?.slice(0, 1) ?? null,
    },
    nameReader(),
    aliases,
  )
}

export async function loadAliases(tx: Pick<Tx, 'query'>, tenantId: string): Promise<Aliases> {
  const found = await tx.query<{ names: string[] }>('select names from duplicate_alias where tenant_id = $1 order by id', [tenantId])
  return makeAliases(found.rows.map(r => r.names))
}

export async function loadRecords(
  tx: Pick<Tx, 'query'>,
  tenantId: string,
  ids: readonly string[],
  aliases: Aliases,
): Promise<readonly DedupeRecord[]> {
  if (ids.length === 0) return []
  const found = await tx.query<Row>(RECORDS('a.id = any($2::bigint[])'), [tenantId, ids])
  return found.rows.map(row => recordOf(row, aliases))
}
