/**
 * A condition in words (读作): the same rule that the index runs, as a sentence a rep can read, in three languages. Labels of fields and
 * values come from the caller's catalogue, so that words never invent a name.
 */
import { type Condition, childrenOf, groupKind, isGroup, type Predicate } from './condition.ts'

export type Locale = 'zh-CN' | 'zh-TW' | 'en'
export type Vocabulary = {
  readonly locale: Locale
  readonly field: (key: string) => string
  readonly value: (field: string, value: string) => string
  readonly list: (id: string) => string
  /** Fields whose values this reader may not know: their criteria say the field and nothing more. */
  readonly hides?: (field: string) => boolean
}

type Patterns = Readonly<Record<Predicate['op'] | 'min' | 'max' | 'more' | 'and' | 'or' | 'not' | 'comma' | 'everything' | 'nothing', string>>

const PATTERNS: Readonly<Record<Locale, Patterns>> = {
  'zh-CN': {
    in: '{field}是{values}',
    notIn: '{field}不是{values}',
    inList: '{field}在名单「{list}」中',
    notInList: '{field}不在名单「{list}」中',
    between: '{field}在 {min} 到 {max} 之间',
    min: '{field} ≥ {min}',
    max: '{field} ≤ {max}',
    empty: '{field}为空',
    notEmpty: '{field}不为空',
    contains: '{field}含「{text}」',
    startsWith: '{field}以「{text}」开头',
    within: '距 {lng}, {lat} 不超过 {km} 公里',
    inside: '在地图上画定的范围内',
    more: '{values}等 {count} 项',
    and: ',且',
    or: ',或',
    not: '并非({inner})',
    comma: '、',
    everything: '所有客户',
    nothing: '没有客户',
  },
  'zh-TW': {
    in: '{field}是{values}',
    notIn: '{field}不是{values}',
    inList: '{field}在名單「{list}」中',
    notInList: '{field}不在名單「{list}」中',
    between: '{field}在 {min} 到 {max} 之間',
    min: '{field} ≥ {min}',
    max: '{field} ≤ {max}',
    empty: '{field}為空',
    notEmpty: '{field}不為空',
    contains: '{field}含「{text}」',
    startsWith: '{field}以「{text}」開頭',
    within: '距 {lng}, {lat} 不超過 {km} 公里',
    inside: '在地圖上畫定的範圍內',
    more: '{values}等 {count} 項',
    and: ',且',
    or: ',或',
    not: '並非({inner})',
    comma: '、',
    everything: '所有客戶',
    nothing: '沒有客戶',
  },
  en: {
    in: '{field} is {values}',
    notIn: '{field} is not {values}',
    inList: '{field} is in the list "{list}"',
    notInList: '{field} is not in the list "{list}"',
    between: '{field} is between {min} and {max}',
    min: '{field} ≥ {min}',
    max: '{field} ≤ {max}',
    empty: '{field} is empty',
    notEmpty: '{field} is not empty',
    contains: '{field} contains "{text}"',
    startsWith: '{field} starts with "{text}"',
    within: 'within {km} km of {lng}, {lat}',
    inside: 'inside the area drawn on the map',
    more: '{values} and {count} in all',
    and: ' and ',
    or: ' or ',
    not: 'not ({inner})',
    comma: ', ',
    everything: 'all accounts',
    nothing: 'no account',
  },
}

const SHOWN = 4
const fill = (pattern: string, values: Readonly<Record<string, string>>): string =>
  pattern.replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? '')

/** The whole condition as one sentence without a full stop. */
export function sentence(condition: Condition, vocabulary: Vocabulary, nested = false): string {
  const patterns = PATTERNS[vocabulary.locale]
  if (!isGroup(condition)) return predicateWords(condition, vocabulary)
  const kind = groupKind(condition)
  const children = childrenOf(condition)
  if (children.length === 0) return kind === 'any' ? patterns.nothing : patterns.everything
  const inner = children.map(child => sentence(child, vocabulary, children.length > 1))
  if (kind === 'none') return fill(patterns.not, { inner: inner.join(patterns.or) })
  const joined = inner.join(kind === 'all' ? patterns.and : patterns.or)
  return nested && children.length > 1 ? `(${joined})` : joined
}

export function predicateWords(p: Predicate, vocabulary: Vocabulary): string {
  const patterns = PATTERNS[vocabulary.locale]
  const field = vocabulary.field(p.field)
  if (vocabulary.hides?.(p.field)) return `${field} •••`
  switch (p.op) {
    case 'in':
    case 'notIn': {
      const shown = p.values.slice(0, SHOWN).map(v => vocabulary.value(p.field, v))
      const values =
        p.values.length > SHOWN
          ? fill(patterns.more, { values: shown.join(patterns.comma), count: String(p.values.length) })
          : shown.join(patterns.comma)
      return fill(patterns[p.op], { field, values: vocabulary.locale === 'en' ? values : ` ${values} `.trimEnd() })
    }
    case 'inList':
    case 'notInList':
      return fill(patterns[p.op], { field, list: vocabulary.list(p.list) })
    case 'between': {
      const key = p.min === undefined ? 'max' : p.max === undefined ? 'min' : 'between'
      return fill(patterns[key], { field, min: String(p.min ?? ''), max: String(p.max ?? '') })
    }
    case 'contains':
    case 'startsWith':
      return fill(patterns[p.op], { field, text: p.text })
    case 'within':
      return fill(patterns.within, { lng: p.lng.toFixed(3), lat: p.lat.toFixed(3), km: String(p.km) })
    default:
      return fill(patterns[p.op], { field })
  }
}
