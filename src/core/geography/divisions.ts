/**
 * Administrative divisions 行政区划 (GB/T 2260): codes are never deleted. An abolished one keeps its name and says what followed it, so that
 * old addresses and old codes still find their place.
 */
import { divisionAncestors } from '../condition/hierarchies.ts'

export type Division = {
  readonly code: string
  readonly name: string
  readonly level: 'province' | 'city' | 'county'
  readonly parentCode: string | null
  readonly edition: string
  readonly status: 'current' | 'retired'
  readonly successors: readonly string[]
}
export type DivisionIndex = {
  readonly get: (code: string) => Division | undefined
  /** Nearest first. */
  readonly ancestors: (code: string) => readonly Division[]
  readonly below: (code: string) => readonly Division[]
  /** A code (2, 4 or 6 digits), a name, a short name, or names one after another; an abolished one answers its only successor. */
  readonly resolve: (text: string) => string | null
  readonly path: (code: string) => string
  readonly list: readonly Division[]
}

const SUFFIX = /(特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|自治州|自治县|自治旗|地区|省|市|盟|州|区|县|旗)$/
const PEOPLES =
  /(蒙古族|朝鲜族|哈萨克族|土家族|苗族|侗族|藏族|羌族|彝族|布依族|哈尼族|壮族|傣族|白族|景颇族|傈僳族|回族|哈萨克|柯尔克孜|蒙古|黎族|满族|瑶族|各族|仡佬族|畲族|土族|撒拉族|东乡族|保安族|裕固族|达斡尔族|鄂伦春|鄂温克族|佤族|拉祜族|布朗族|纳西族|普米族|独龙族|怒族|毛南族|仫佬族|水族|塔吉克|锡伯|京族)+$/

/** 江苏省 → 江苏, 延边朝鲜族自治州 → 延边, 浦东新区 → 浦东; never fewer than two characters. */
export function shortName(name: string): string {
  const ward = /^(..+)新区$/.exec(name)
  if (ward) return ward[1]!
  const bare = name.replace(SUFFIX, '')
  if (bare.length < 2) return name
  const shorter = bare.replace(PEOPLES, '')
  return shorter.length >= 2 ? shorter : bare.length > 2 ? bare.replace(/族$/, '') : bare
}

/** How people write the long names: 恩施州 for 恩施土家族苗族自治州, 石柱县 for 石柱土家族自治县, 内蒙 for 内蒙古. */
export function everydayName(d: Division): string | null {
  const end = /自治(州|县|旗)$/.exec(d.name)
  if (end) return `${shortName(d.name)}${end[1]}`
  return d.code === '150000' ? '内蒙' : null
}

export function makeDivisionIndex(list: readonly Division[]): DivisionIndex {
  const byCode = new Map(list.map(d => [d.code, d]))
  const below = new Map<string, Division[]>()
  for (const d of list) if (d.parentCode && d.status === 'current') below.set(d.parentCode, [...(below.get(d.parentCode) ?? []), d])
  const byName = new Map<string, Division[]>()
  const file = (name: string, d: Division) => {
    const known = byName.get(name)
    if (!known) byName.set(name, [d])
    else if (!known.includes(d)) known.push(d)
  }
  for (const d of list) {
    file(d.name, d)
    file(shortName(d.name), d)
    const everyday = everydayName(d)
    if (everyday) file(everyday, d)
  }
  const current = (d: Division): string | null => (d.status === 'current' ? d.code : d.successors.length === 1 ? d.successors[0]! : null)
  const rank = { province: 0, city: 1, county: 2 } as const

  const byText = (text: string): string | null => {
    const found = byName.get(text) ?? []
    const exact = found.filter(d => d.status === 'current' && d.name === text)
    const living = found.filter(d => d.status === 'current')
    // An abolished full name weighs as much as a living short one: 东乡县 was a county of its own before it is short for another.
    const gone = found.filter(d => d.status === 'retired' && (d.name === text || living.length === 0))
    // 北京市 names the province and its one city: the wider one is meant. Two of the same level are ambiguous.
    const candidates = (exact.length > 0 ? exact : [...living, ...gone]).sort((a, b) => rank[a.level] - rank[b.level])
    const targets = new Set(candidates.filter(d => d.level === candidates[0]!.level).map(current))
    return targets.size === 1 ? [...targets][0]! : null
  }

  const index: DivisionIndex = {
    list,
    get: code => byCode.get(code),
    ancestors: code => divisionAncestors(code).flatMap(c => byCode.get(c) ?? []),
    below: code => below.get(code) ?? [],
    resolve(text) {
      const clean = text.normalize('NFKC').replace(/[\s·/,,、-]/g, '')
      if (/^\d{2}$|^\d{4}$|^\d{6}$/.test(clean)) {
        const found = byCode.get(clean.padEnd(6, '0'))
        return found ? current(found) : null
      }
      return byText(clean) ?? chain(clean)
    },
    path(code) {
      const names = [...index.ancestors(code)]
        .reverse()
        .concat(byCode.get(code) ?? [])
        .map(d => d.name)
      return names.filter((n, i) => n !== names[i - 1] && !/直辖县级/.test(n)).join(' · ')
    },
  }

  /** Names one after another: 江苏苏州吴中, each inside the one before. */
  function chain(text: string): string | null {
    for (let cut = Math.min(text.length - 2, 12); cut >= 2; cut -= 1) {
      for (const head of byName.get(text.slice(0, cut)) ?? []) {
        const found = within(head, text.slice(cut))
        if (found) return found
      }
    }
    return null
  }
  function within(head: Division, rest: string): string | null {
    const inside = (d: Division) => d.code !== head.code && divisionAncestors(d.code).includes(head.code)
    const whole = (byName.get(rest) ?? []).filter(inside)
    const living = whole.filter(d => d.status === 'current')
    const ranked = (living.length > 0 ? living : whole).sort((a, b) => rank[a.level] - rank[b.level])
    const last = new Set(ranked.filter(d => d.level === ranked[0]!.level).map(current))
    if (last.size > 0) return last.size === 1 ? [...last][0]! : null
    for (let cut = rest.length - 2; cut >= 2; cut -= 1) {
      for (const next of (byName.get(rest.slice(0, cut)) ?? []).filter(inside)) {
        const found = within(next, rest.slice(cut))
        if (found) return found
      }
    }
    return null
  }
  return index
}
