/** Search by grams: single characters, pairs, pinyin. Two Chinese characters work, trigrams would not (field-notes: LC_CTYPE=C finds none). */
import { makeGrams } from '../../core/account/grams.ts'
import { normaliseText } from '../../core/condition/evaluate.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { Params } from './condition-sql.ts'
import { pinyinTable } from './pinyin-table.ts'

let made: ReturnType<typeof makeGrams> | null = null
export const grams = (): ReturnType<typeof makeGrams> => {
  made ??= makeGrams(pinyinTable())
  return made
}

/**
 * Account ids whose grams hold all of one reading of the text (Chinese, pinyin or Latin). Where a role hides the short or the English name,
 * only the name itself is searched, as it is written: a hit would tell what is hidden.
 */
export function searchSql(text: string, params: Params, actor: Pick<Actor, 'fieldAccess'>): string {
  if (['shortName', 'nameEn'].some(key => actor.fieldAccess.get(key) === 'hidden'))
    return `strpos(lower(normalize(a.name, nfkc)), ${params.add(normaliseText(text.trim()))}) > 0`
  const readings = grams()
    .ofQuery(text)
    .filter(r => r.length > 0)
  if (readings.length === 0) return 'false'
  const any = readings.map(r => `s.grams @> ${params.add(r)}::text[]`).join(' or ')
  return `a.id in (select s.account_id from account_search s where s.tenant_id = $1 and (${any}))`
}

export const gramsOfAccount = (name: string, shortName: string | null, nameEn: string | null): string[] => [
  ...new Set([name, shortName, nameEn].flatMap(part => (part ? grams().ofName(part) : []))),
]

/** `fresh`: accounts not placed yet, which the fence lets nobody read: an upsert would be refused. */
export async function keepGrams(
  tx: Tx,
  tenantId: string,
  rows: readonly { id: string; name: string; shortName: string | null; nameEn: string | null }[],
  fresh = false,
): Promise<void> {
  await tx.query(
    `insert into account_search (tenant_id, account_id, grams)
     select $1, id, string_to_array(grams, chr(1)) from unnest($2::bigint[], $3::text[]) as g(id, grams)
     ${fresh ? '' : 'on conflict (tenant_id, account_id) do update set grams = excluded.grams'}`,
    [tenantId, rows.map(r => r.id), rows.map(r => gramsOfAccount(r.name, r.shortName, r.nameEn).join('\u0001'))],
  )
}
