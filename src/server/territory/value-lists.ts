/** Named lists of values that rules use (named accounts, groups of divisions): pasted lines in, the rejected ones answered by line. */
import { makeIndustryIndex } from '../../core/cleansing/industry.ts'
import type { FieldType } from '../../core/condition/condition.ts'
import { loadFields, loadOptions } from '../builder/catalogue.ts'
import { divisionIndex } from '../geography/reference.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { loadIndustries } from '../reference/industries.ts'
import { inLocale } from './check-rule.ts'

type Rejected = { readonly line: number; readonly value: string; readonly words: string }
type Resolved = { readonly values: readonly { value: string; label: string }[]; readonly rejected: readonly Rejected[] }

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
    const industries = loadIndustries()
    const index = makeIndustryIndex(industries)
    const labels = new Map(industries.map(i => [i.code, i.labels['zh-CN']]))
    return text => {
      const code = index.resolve(text)
      return code === null ? null : { value: code, label: `${code} ${labels.get(code) ?? ''}`.trim() }
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

export async function findLists(tx: Tx, actor: Actor) {
  const found = await tx.query<{ id: string; name: string; type: string; count: number; rowVersion: number }>(
    `select l.id::text, l.name, l.type, (select count(*)::int from value_list_item i where i.tenant_id = $1 and i.list_id = l.id) as count, l.row_version as "rowVersion"
       from value_list l where l.tenant_id = $1 order by l.name, l.id limit 1000`,
    [actor.tenantId],
  )
  return { rows: found.rows }
}

export async function makeList(
  tx: Tx,
  actor: Actor,
  now: string,
  input: { name: string; type: 'division' | 'industry' | 'account' | 'text'; values: readonly string[] },
) {
  const { values, rejected } = await resolveLines(tx, actor, input.type, null, input.values)
  const made = await tx.query<{ id: string }>('insert into value_list (tenant_id, name, type) values ($1, $2, $3) returning id::text', [
    actor.tenantId,
    input.name,
    input.type,
  ])
  const id = made.rows[0]!.id
  await tx.query('insert into value_list_item (tenant_id, list_id, value) select $1, $2, value from unnest($3::text[]) as v(value)', [
    actor.tenantId,
    id,
    values.map(v => v.value),
  ])
  await audit(tx, actor, now, {
    kind: 'valueList.create',
    recordKind: 'valueList',
    recordId: id,
    after: { name: input.name, type: input.type },
    count: values.length,
  })
  return { id, accepted: values.length, rejected: [...rejected] }
}

const PAGE = 500
export async function readList(tx: Tx, actor: Actor, id: string, cursor?: string) {
  const found = await tx.query<{ value: string }>(
    'select value from value_list_item where tenant_id = $1 and list_id = $2 and ($3::text is null or value > $3) order by value limit $4',
    [actor.tenantId, id, cursor ?? null, PAGE + 1],
  )
  const rows = found.rows.slice(0, PAGE).map(r => r.value)
  return { rows, next: found.rows.length > PAGE ? rows.at(-1)! : null }
}
