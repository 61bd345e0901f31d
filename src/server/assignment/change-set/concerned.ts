/**
 * Which accounts a draft can place otherwise than the model it is based on 可能受影响. Those alone are read and decided; all others keep their
 * place, and are counted by the number that their rows say of themselves.
 */
import { escapeLiteral } from 'pg'
import { touchedTerritories } from '../../../core/assignment/touched.ts'
import { type NearField, nearAny } from '../../../core/condition/near.ts'
import { inSql } from '../../account/condition-sql.ts'
import { COLUMNS } from '../../account/facts.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { type Compiled, loadCompiled } from '../compiled.ts'

/** SQL on `account a` (literals only), or null: all of them have to be decided. */
export async function whereConcerned(tx: Tx, tenantId: string, baseId: string, draftId: string, at: string): Promise<string | null> {
  const [base, draft] = [await loadCompiled(tx, tenantId, baseId), await loadCompiled(tx, tenantId, draftId)]
  const side = ({ loaded, compiled }: Compiled) => ({ ...compiled, types: loaded.types })
  const touched = touchedTerritories(side(base), side(draft))
  const rules = [base, draft].map(({ compiled }) => compiled.takers.filter(t => touched.has(t.territoryId)).map(t => t.node.effective!))
  const usable = (key: string) => key === 'id' || (Object.hasOwn(COLUMNS, key) && ASKED.has(base.compiled.env.fields.get(key)?.type ?? ''))
  const near = [base, draft].map(({ compiled }, i) => nearAny(rules[i]!, compiled.env, usable))
  if (near.some(n => n === null)) return null
  const [tenant, model] = [BigInt(tenantId), BigInt(baseId)]
  // What dates decide is decided again; so is a row that was never compared.
  const dated = `a.id in (select account_id from territory_pin where tenant_id = ${tenant}
    union all select account_id from account_placement where tenant_id = ${tenant} and model_id = ${model} and next_change_at <= ${escapeLiteral(at)}::timestamptz)`
  const sql = [dated, ...near.flatMap(fields => fields!.map(f => nearSql(f, base)))]
  return `(${sql.join(' or ')})`
}
const ASKED: ReadonlySet<string> = new Set(['division', 'industry', 'option'])

function nearSql({ field, values, missing }: NearField, { compiled }: Compiled): string {
  const info = compiled.env.fields.get(field)!
  const column = field === 'id' ? 'a.id' : `a.${COLUMNS[field as keyof typeof COLUMNS]}`
  const ids = () => `a.id = any('{${values.filter(v => /^\d{1,18}$/.test(v)).join()}}'::bigint[])`
  const literal = { add: (list: unknown) => `array[${(list as string[]).map(escapeLiteral).join()}]` }
  const inside = values.length === 0 ? [] : [field === 'id' ? ids() : inSql(values, info, column, literal)]
  return [...inside, ...(missing ? [`coalesce(${column}, '') = ''`] : [])].join(' or ')
}
