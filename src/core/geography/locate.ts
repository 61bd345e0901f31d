/**
 * From an address as people write it to a division: the chain of names that fit inside each other and reach furthest down, province and city
 * optional, abolished names included. It never guesses: where two counties fit, the address stands in the city or province it surely names,
 * and where none is sure it says so. A short name is not read where a street or village goes by it (南京路, 中山公园).
 */
import { type Division, type DivisionIndex, everydayName, shortName } from './divisions.ts'

export type Located =
  | { readonly code: string; readonly level: Division['level']; readonly matched: string }
  | { readonly code: null; readonly why: 'empty' | 'unknown' | 'ambiguous' }

type Form = { readonly text: string; readonly division: Division; readonly full: boolean; readonly above: readonly string[] }
/** `end`: where the match ends; `swapped`: 海安县 written for 海安市, trusted only below a parent. */
type Match = { readonly form: Form; readonly end: number; readonly swapped: boolean }
type Best = { depth: number; end: number; worth: number; matches: Match[]; parents: readonly Match[] }

/** How far from its start an address may begin with something else (a country, a postcode, a company). */
const LEAD = 16
/** What may stand before an address without making a lone county doubtful: a country, a postcode, signs. */
const PLAIN_LEAD = /^(中华人民共和国|中国|地址|邮编|[^\p{L}]|china|cn)*$/iu
const STREET = /^[东西南北中]?(路(?!桥|[南北]区)|街|大道|大街)|^(大桥|巷|弄|胡同|广场|公园|花园|大厦|宾馆|酒店)/
/** 镇江 follows 江苏 and 镇海 follows 宁波, but after the short name of a county 镇 makes it a town of another one. */
const TOWN = /^[镇乡村]/
/** Counties whose short name is an everyday word: below a province alone it says nothing. */
const EVERYDAY_WORDS = new Set(
  '新兴 新华 和平 中山 解放 红旗 向阳 前进 东风 建华 民主 文化 开发 高新 江山 安全 平安 新建 大通 通道 互助 大方 宝山 石油 河口'.split(' '),
)

const LEVELS = ['province', 'city', 'county'] as const

export function makeLocator(index: DivisionIndex): (address: string) => Located {
  const forms = { province: new Map<string, Form[]>(), city: new Map<string, Form[]>(), county: new Map<string, Form[]>() }
  for (const division of index.list) {
    if (/直辖县级/.test(division.name)) continue
    const above = aboveOf(division)
    for (const text of new Set([division.name, everydayName(division) ?? division.name, shortName(division.name)])) {
      const key = text.slice(0, 2)
      const list = forms[division.level].get(key)
      const form = { text, division, full: text !== shortName(division.name) || text === division.name, above }
      if (list) list.push(form)
      else forms[division.level].set(key, [form])
    }
  }
  for (const level of LEVELS) for (const list of forms[level].values()) list.sort((a, b) => b.text.length - a.text.length)

  function at(level: Division['level'], text: string, pos: number, inside: string | null): readonly Match[] {
    const list = forms[level].get(text.slice(pos, pos + 2))
    if (!list) return NONE
    const found: Match[] = []
    for (const form of list) {
      if (inside !== null && !form.above.includes(inside)) continue
      if (!text.startsWith(form.text, pos)) continue
      const end = pos + form.text.length
      if (form.full) found.push({ form, end, swapped: false })
      else if (level === 'county' && inside !== null && /[县市区旗]/.test(text[end] ?? '')) found.push({ form, end: end + 1, swapped: true })
      else if (!isTown(level, text, end) && !STREET.test(text.slice(end, end + 4))) found.push({ form, end, swapped: false })
    }
    return found
  }

  function bestAt(text: string, start: number): Best | null {
    let best: Best | null = null
    const offer = (match: Match, depth: number, worth: number, parents: readonly Match[]) => {
      const order = best ? depth - best.depth || match.end - best.end || worth - best.worth : 1
      if (order > 0) best = { depth, end: match.end, worth, matches: [match], parents }
      else if (order === 0 && best!.matches.every(m => m.form.division !== match.form.division)) best!.matches.push(match)
    }
    const provinces = at('province', text, start, null)
    for (const p of [...provinces, null]) {
      if (p) offer(p, 1, worthOf(p), NONE)
      const afterProvince = p ? p.end : start
      for (const c of [...at('city', text, afterProvince, p?.form.division.code ?? null), null]) {
        // 海南 alone is the province, and 吉林 may be: only a longer name makes a city of it.
        if (c && (p || provinces.every(q => q.end < c.end || isOnlyCity(c, q)))) offer(c, 2, worthOf(c), p ? [p] : NONE)
        const parent = c ?? p
        for (const k of at('county', text, parent ? parent.end : start, parent?.form.division.code ?? null)) {
          if (!parent && (!k.form.full || isVague(k.form.text))) continue
          if (!c && !k.form.full && !k.swapped && EVERYDAY_WORDS.has(k.form.text)) continue
          offer(k, 3, worthOf(k), c && p ? [c, p] : parent ? [parent] : NONE)
        }
      }
    }
    return best
  }

  /** The one city of 北京, 天津 or 上海: as sure as the province itself. 重庆 has counties outside its city. */
  const isOnlyCity = (city: Match, province: Match): boolean => {
    const code = province.form.division.code
    return city.form.above.includes(code) && index.below(code).length === 1
  }

  return address => {
    const text = address.normalize('NFKC').replace(/\s+/g, '').replaceAll('臺', '台')
    if (text === '') return { code: null, why: 'empty' }
    let doubtful = false
    for (let start = 0; start < Math.min(text.length - 1, LEAD); start += 1) {
      const best = bestAt(text, start)
      if (!best || !isTrusted(best, text.slice(0, start))) continue
      const targets = new Map(best.matches.map(m => [targetOf(m.form.division), m]))
      const [code, match] = [...targets][0]!
      if (targets.size === 1 && code) return { code, level: levelOf(code), matched: text.slice(start, match.end) }
      const parent = best.parents.find(m => targetOf(m.form.division))
      if (parent) {
        const above = targetOf(parent.form.division)!
        return { code: above, level: levelOf(above), matched: text.slice(start, parent.end) }
      }
      doubtful = true
    }
    return { code: null, why: doubtful ? 'ambiguous' : 'unknown' }
  }

  function levelOf(code: string): Division['level'] {
    return index.get(code)?.level ?? 'county'
  }
}

const NONE: readonly Match[] = []

const isTown = (level: Division['level'], text: string, end: number): boolean => level === 'county' && TOWN.test(text[end] ?? '')

/** The table's parent and every code the digits name: 500240 stands in 重庆 whether or not 500200 is a place. */
const aboveOf = (d: Division): readonly string[] =>
  [...new Set([d.parentCode ?? '', `${d.code.slice(0, 4)}00`, `${d.code.slice(0, 2)}0000`])].filter(c => c !== d.code && c !== '')

const targetOf = (d: Division): string | null => (d.status === 'current' ? d.code : d.successors.length === 1 ? d.successors[0]! : null)

/** A full living name before an abolished one, before a short one, before one with another's suffix. */
const worthOf = (m: Match): number => (m.swapped ? 0 : !m.form.full ? 1 : m.form.division.status === 'retired' ? 2 : 3)

/** 郊区, 城区, 东区, 新城区: without a parent any town has one. */
const isVague = (name: string): boolean => /^(.区|新城区|高新区|开发区)$/.test(name)

/** After a company's or a park's name only a chain of two, or one full name of three characters and more, is believed. */
function isTrusted(best: Best, lead: string): boolean {
  if (lead === '' || PLAIN_LEAD.test(lead)) return true
  const [match] = best.matches
  return best.parents.length > 0 || (match!.form.full && match!.form.text.length >= 3)
}
