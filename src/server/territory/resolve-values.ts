/** Pasted lines into values of a field: codes or names in, the ones nobody knows answered by line, none lost silently. */
import { makeIndustryIndex } from '../../core/cleansing/industry.ts'
import type { FieldType } from '../../core/condition/condition.ts'
import { loadFields, loadOptions } from '../builder/catalogue.ts'
import { loadIndustryNames, loadIndustryWords } from '../builder/industries.ts'
import { divisionIndex } from '../geography/reference.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { loadIndustries } from '../reference/industries.ts'
import { inLocale } from './check-rule.ts'

type Rejected = { readonly line: number; readonly value: string; readonly words: string }
export type Resolved = { readonly values: readonly { value: string; label: string }[]; readonly rejected: readonly Rejected[] }

export async function resolveLines(
  tx: Tx,
  actor: Actor,
  type: FieldType | 'text',
  optionList: string | null,
  lines: readonly string[],
): Promise<Resolved> {
  const trimmed = lines.map((text, i) => ({ line: i + 1, text: text.normalize('NFKC').trim() })).filter(l => l.text !== '')
  const find = await resolver(
    tx,
    actor,
    type,
    optionList,
    trimmed.map(l => l.text),
  )
  const values = new Map<string, string>()
  const rejected: Rejected[] = []
  for (const { line, text } of trimmed) {
    const found = find(text)
    if (found) values.set(found.value, found.label)
    else
      rejected.push({
        line,
        value: text,
        words: actor.locale === 'en' ? `Line ${line}: "${text}" is not known.` : inLocale(`第 ${line} 行:没有「${text}」。`, actor.locale),
      })
  }
  return { values: [...values].map(([value, label]) => ({ value, label })), rejected }
}

async function resolver(
  tx: Tx,
  actor: Actor,
  type: FieldType | 'text',
  optionList: string | null,
  texts: readonly string[],
): Promise<(text: string) => { value: string; label: string } | null> {
  if (type === 'division') {
    const index = divisionIndex()
    return text => {
      const code = index.resolve(text)
      return code === null ? null : { value: code, label: index.path(code) }
    }
  }
  if (type === 'industry') {
    const index = makeIndustryIndex(loadIndustries())
    const words = await loadIndustryWords(tx, actor.tenantId)
    const names = await loadIndustryNames(tx, actor.tenantId, actor.locale)
    return text => {
      const code = words.get(text.toLowerCase()) ?? index.resolve(text)
      return code === null ? null : { value: code, label: names.get(code) ?? code }
    }
  }
  if (type === 'option' || type === 'options') {
    const options = (await loadOptions(tx, actor.tenantId)).filter(o => o.list === optionList && !o.retired)
    return text => {
      const option = options.find(o => o.key === text || Object.values(o.labels).includes(text))
      return option ? { value: option.key, label: option.labels[actor.locale] } : null
    }
  }
  if (type === 'account') {
    const found = await tx.query<{ id: string; name: string; asked: string }>(
      `select a.id::text, a.name, a.name as asked from account a where a.tenant_id = $1 and a.deleted_at is null and a.name = any($2::text[])
       union all select a.id::text, a.name, k.external_key from account_key k join account a on a.tenant_id = $1 and a.id = k.account_id where k.tenant_id = $1 and a.deleted_at is null and k.external_key = any($2::text[])
       union all select a.id::text, a.name, a.id::text from account a where a.tenant_id = $1 and a.deleted_at is null and a.id = any($3::bigint[])`,
      [actor.tenantId, texts, texts.filter(t => /^[1-9]\d{0,17}$/.test(t))],
    )
    const byText = new Map(found.rows.map(r => [r.asked, { value: r.id, label: r.name }]))
    return text => byText.get(text) ?? null
  }
  return text => ({ value: text, label: text })
}

export async function resolveForField(tx: Tx, actor: Actor, key: string, lines: readonly string[]): Promise<Resolved> {
  const field = (await loadFields(tx, actor.tenantId)).find(f => f.key === key && !f.retired)
  if (!field) return stop('field.unknown', { field: key }, '/field')
  return resolveLines(tx, actor, field.type, field.optionList, lines)
}
