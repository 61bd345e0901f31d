/** A rule's faults in words: what is wrong, where, and what to write instead. A wrong rule is never stored. */

import type { Locale } from '../../contract/kernel/shapes.ts'
import { checkCondition, type Fault } from '../../core/condition/check.ts'
import type { Condition } from '../../core/condition/condition.ts'
import type { Env } from '../../core/condition/evaluate.ts'
import { predicatesOf, unmasked } from '../../core/condition/mask.ts'
import type { Vocabulary } from '../../core/condition/words.ts'
import { loadFields, loadOptions } from '../builder/catalogue.ts'
import { divisionIndex, knownCodes } from '../geography/reference.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import { toTraditional } from '../kernel/traditional.ts'
import type { Tx } from '../kernel/transaction.ts'
import { hidesOf } from './vocabulary.ts'

const WORDS: Readonly<Record<Fault['code'], readonly [zh: string, en: string]>> = {
  unknownField: ['没有字段「{field}」;它可能已停用,请换一个字段。', 'There is no field "{field}"; it may have been retired: choose another.'],
  unfitOperator: ['字段「{field}」不能用「{value}」这种比较。', 'The field "{field}" does not take the operator "{value}".'],
  noValues: ['「{field}」还没有选值。', 'Choose at least one value for "{field}".'],
  unknownList: ['名单 {value} 不存在。', 'The list {value} does not exist.'],
  emptyRange: ['「{field}」的下限大于上限。', 'The lower end of "{field}" is above the upper end.'],
  noRange: ['「{field}」请填下限或上限。', 'Give "{field}" a lower or an upper end.'],
  wrongNumber: ['「{value}」不是数字。', '"{value}" is not a number.'],
  wrongDate: ['「{value}」不是日期,请写成 2026-01-31。', '"{value}" is not a date; write 2026-01-31.'],
  unknownValue: ['「{field}」没有值「{value}」。', '"{field}" has no value "{value}".'],
  wrongRing: ['画的范围没有闭合。', 'The drawn area is not closed.'],
  tooDeep: ['条件嵌套太深(最多 12 层)。', 'The rule is nested too deep (at most 12 levels).'],
  tooMany: ['一条规则最多 5,000 个条件。', 'A rule has at most 5,000 criteria.'],
}

export type FaultWords = { readonly path: string; readonly code: string; readonly words: string }

export async function faultsOf(tx: Tx, tenantId: string, condition: Condition, env: Env, vocabulary: Vocabulary): Promise<readonly FaultWords[]> {
  return (await ruleChecker(tx, tenantId, env, vocabulary))(condition)
}

/** Reads what rules are judged by once, for one rule or for thousands. */
export async function ruleChecker(
  tx: Tx,
  tenantId: string,
  env: Env,
  vocabulary: Vocabulary,
): Promise<(condition: Condition) => readonly FaultWords[]> {
  const options = await loadOptions(tx, tenantId)
  const fields = new Map((await loadFields(tx, tenantId)).map(f => [f.key, f]))
  const codes = await knownCodes(tx)
  const knows = (key: string, value: string): boolean => {
    const field = fields.get(key)
    if (field?.optionList) return options.some(o => o.list === field.optionList && o.key === value)
    if (field?.type === 'division') return divisionIndex().get(value) !== undefined
    if (field?.type === 'industry') return codes.industries.has(value) || /^[A-Z]\d{2,4}$/.test(value)
    if (field?.type === 'account' || field?.type === 'user') return /^[1-9]\d{0,17}$/.test(value)
    return true
  }
  return condition => checkCondition(condition, env, knows).map(f => ({ path: f.path, code: f.code, words: wordsOfFault(f, vocabulary) }))
}

function wordsOfFault(fault: Fault, vocabulary: Vocabulary): string {
  const [zh, en] = WORDS[fault.code]
  const text = (vocabulary.locale === 'en' ? en : zh)
    .replace('{field}', fault.field ? vocabulary.field(fault.field) : '')
    .replace('{value}', fault.value ?? '')
  return inLocale(text, vocabulary.locale)
}

export const inLocale = (text: string, locale: Locale): string => (locale === 'zh-TW' ? toTraditional(text) : text)

/**
 * The rule as it is kept, from what the person sent. Nobody tries conditions on a field that his roles hide: from counts and witnesses its
 * values could be read one by one (docs/decisions/0009). What others have written on it he sends as the mask he was shown.
 */
export function wholeRule(actor: Actor, condition: Condition, before: Condition | null): Condition {
  const whole = unmasked(condition, before, hidesOf(actor))
  return whole.condition ?? stop('territory.fieldHidden', { field: whole.refused }, '/condition')
}

/** A list fits a field of its own kind; a retired one takes no new rule, and rules that use it go on. */
export async function assertLists(tx: Tx, actor: Actor, condition: Condition, env: Env, before: Condition | null): Promise<void> {
  const asked = predicatesOf(condition).flatMap(p => (p.op === 'inList' || p.op === 'notInList' ? [p] : []))
  if (asked.length === 0) return
  const old = new Set(before ? predicatesOf(before).flatMap(p => ('list' in p ? [p.list] : [])) : [])
  const found = await tx.query<{ id: string; name: string; type: string; retired: boolean }>(
    'select id::text, name, type, retired_at is not null as retired from value_list where tenant_id = $1 and id = any($2::bigint[])',
    [actor.tenantId, asked.map(p => p.list).filter(id => /^\d{1,18}$/.test(id))],
  )
  const lists = new Map(found.rows.map(l => [l.id, l]))
  for (const p of asked) {
    const list = lists.get(p.list)
    if (!list) continue // named as an unknown list by the check of the rule itself
    const type = env.fields.get(p.field)?.type ?? 'text'
    const wanted = type === 'division' || type === 'industry' || type === 'account' ? type : 'text'
    if (list.type !== wanted) stop('list.wrongType', { name: list.name, field: p.field }, '/condition')
    if (list.retired && !old.has(p.list)) stop('list.retired', { name: list.name }, '/condition')
  }
}

export async function assertRule(tx: Tx, tenantId: string, condition: Condition, env: Env, vocabulary: Vocabulary): Promise<void> {
  const [first] = await faultsOf(tx, tenantId, condition, env, vocabulary)
  if (first) stop('territory.rule', { problem: first.words }, first.path ? `/condition/${first.path}` : '/condition')
}
