/** Names of fields and values in the reader's language, so that a rule reads as a sentence. Accounts are named only where they may be seen. */

import type { Locale } from '../../contract/kernel/shapes.ts'
import type { Condition } from '../../core/condition/condition.ts'
import type { Hides } from '../../core/condition/mask.ts'
import type { Vocabulary } from '../../core/condition/words.ts'
import { loadFields, loadOptions } from '../builder/catalogue.ts'
import { loadIndustryNames } from '../builder/industries.ts'
import { divisionIndex } from '../geography/reference.ts'
import type { Actor } from '../kernel/actor.ts'
import { toTraditional } from '../kernel/traditional.ts'
import type { Tx } from '../kernel/transaction.ts'

type Named = { id: string; name: string }

type Reader = Pick<Actor, 'tenantId' | 'fieldAccess'>
/** Fields that the person's roles hide. */
export const hidesOf =
  (actor: Pick<Actor, 'fieldAccess'>): Hides =>
  field =>
    actor.fieldAccess.get(field) === 'hidden'

export async function loadVocabulary(tx: Tx, actor: Reader, locale: Locale, conditions: readonly Condition[]): Promise<Vocabulary> {
  const { tenantId } = actor
  const fields = new Map((await loadFields(tx, tenantId)).map(f => [f.key, f]))
  const options = new Map((await loadOptions(tx, tenantId)).map(o => [`${o.list}/${o.key}`, o.labels[locale]]))
  const industries = await loadIndustryNames(tx, tenantId, locale)
  const accounts = await names(
    tx,
    tenantId,
    'account',
    valuesOf(conditions, f => fields.get(f)?.type === 'account'),
  )
  const users = await names(
    tx,
    tenantId,
    'app_user',
    valuesOf(conditions, f => fields.get(f)?.type === 'user'),
  )
  const lists = await names(tx, tenantId, 'value_list', conditions.flatMap(listIds))
  const divisions = divisionIndex()
  return {
    locale,
    field: key => fields.get(key)?.labels[locale] ?? key,
    value: (field, value) => {
      const known = fields.get(field)
      if (!known) return value
      if (known.optionList) return options.get(`${known.optionList}/${value}`) ?? value
      if (known.type === 'division') {
        const name = divisions.get(value)?.name ?? value
        return locale === 'zh-TW' ? toTraditional(name) : name
      }
      if (known.type === 'industry') return industries.get(value) ?? value
      if (known.type === 'account') return accounts.get(value) ?? value
      if (known.type === 'user') return users.get(value) ?? value
      return value
    },
    list: id => lists.get(id) ?? id,
    hides: hidesOf(actor),
  }
}

const SHOWN = 6
function valuesOf(conditions: readonly Condition[], wanted: (field: string) => boolean): readonly string[] {
  return conditions.flatMap(c => {
    if ('field' in c) return (c.op === 'in' || c.op === 'notIn') && wanted(c.field) ? c.values.slice(0, SHOWN) : []
    return valuesOf('all' in c ? c.all : 'any' in c ? c.any : c.none, wanted)
  })
}
const listIds = (c: Condition): readonly string[] =>
  'field' in c ? ('list' in c ? [c.list] : []) : ('all' in c ? c.all : 'any' in c ? c.any : c.none).flatMap(listIds)

async function names(
  tx: Tx,
  tenantId: string,
  table: 'account' | 'app_user' | 'value_list',
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(ids)].filter(id => /^\d{1,18}$/.test(id))
  if (wanted.length === 0) return new Map()
  const found = await tx.query<Named>(`select id::text, name from ${table} where tenant_id = $1 and id = any($2::bigint[])`, [tenantId, wanted])
  return new Map(found.rows.map(r => [r.id, r.name]))
}
