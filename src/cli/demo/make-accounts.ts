/** Customers of the demo company: spread over real divisions, log-normal in size, with gaps in the data as real lists have them. */

import { checkDigit } from '../../core/cleansing/credit-code.ts'
import { shortName } from '../../core/geography/divisions.ts'
import type { Random } from '../../core/kernel/random.ts'
import { loadDivisions } from '../../server/reference/divisions.ts'
import { BRANDS, PROVINCES, STREETS, STRONG, TRADES } from './words.ts'

export type DemoAccount = {
  readonly name: string
  readonly division: string | null
  readonly industry: string | null
  readonly tier: string | null
  readonly size: number | null
  readonly revenue: number | null
  readonly potential: number | null
  readonly source: string
  readonly status: string
  readonly address: string | null
  readonly lng: number | null
  readonly lat: number | null
  /** Place in the list of the group's head, when it belongs to one. */
  readonly parent: number | null
  readonly registered: { readonly division: string; readonly address: string } | null
  readonly creditCode: string | null
}

/** Answers an index with the weights' probability. */
function weighted(weights: readonly number[]): (random: Random) => number {
  const sums: number[] = []
  let total = 0
  for (const w of weights) {
    total += w
    sums.push(total)
  }
  return random => {
    const at = random.next() * total
    let low = 0
    let high = sums.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (sums[middle]! < at) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Digits in a region that does not exist: nobody's real code. Some are written as people write them, so that a check-up finds what lists have. */
function demoCode(n: number): string {
  const body = `91990000DEM${String(n).padStart(6, '0')}`
  const code = `${body}${checkDigit(body)}`
  if (n % 53 === 0) return code.toLowerCase()
  return n % 61 === 0 ? code.replace('0', 'O') : n % 97 === 0 ? `${code.slice(0, 17)}${code[17] === '0' ? '1' : '0'}` : code
}

const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())

export function makeAccounts(count: number, random: Random, centres: Readonly<Record<string, readonly [number, number]>>): DemoAccount[] {
  const all = loadDivisions().filter(d => d.status === 'current')
  const names = new Map(all.map(d => [d.code, d.name]))
  const counties = all.filter(d => d.level === 'county' && PROVINCES[d.code.slice(0, 2)] !== undefined)
  const perProvince = new Map<string, number>()
  const local = counties.map(d => (STRONG[d.code.slice(0, 4)] ?? 1) * (/区$/.test(d.name) ? 2.2 : /市$/.test(d.name) ? 1.3 : 0.6))
  for (const [i, d] of counties.entries()) perProvince.set(d.code.slice(0, 2), (perProvince.get(d.code.slice(0, 2)) ?? 0) + local[i]!)
  const county = weighted(counties.map((d, i) => (PROVINCES[d.code.slice(0, 2)]! * local[i]!) / perProvince.get(d.code.slice(0, 2))!))
  const trade = weighted(TRADES.map(t => t[2]))
  const sources = ['import', 'exhibition', 'referral', 'web', 'outbound', 'partner', 'other']
  const result: DemoAccount[] = []
  const seats = all.filter(d => d.level === 'county' && /^(1101|3101|4403|4401|3301)/.test(d.code))
  type Group = { readonly head: number; readonly brand: string; readonly left: number }
  let group = null as Group | null
  const used = new Set<string>()
  while (result.length < count) {
    const place = counties[county(random)]!
    const [code, words] = TRADES[trade(random)]!
    const city = names.get(`${place.code.slice(0, 4)}00`) ?? ''
    const province = names.get(`${place.code.slice(0, 2)}0000`)!
    const region = shortName(/直辖|^市辖区|^县$/.test(city) ? province : random.next() < 0.8 ? city || province : province)
    const own: string = BRANDS[random.int(BRANDS.length)]! + (random.next() < 0.45 ? BRANDS[random.int(BRANDS.length)]![random.int(2)] : '')
    const brand: string = group?.brand ?? own
    const form = group ? '有限公司' : random.next() < 0.12 ? '股份有限公司' : random.next() < 0.06 ? '集团有限公司' : '有限公司'
    const name = `${region}${brand}${words[random.int(words.length)]}${form}`
    if (used.has(name)) continue
    used.add(name)
    const parent: number | null = group?.head ?? null
    if (group) group = group.left > 1 ? { ...group, left: group.left - 1 } : null
    else if (form === '集团有限公司' && random.next() < 0.5) group = { head: result.length, brand: own, left: 1 + random.int(6) }
    const seat = random.next() < 0.06 ? seats[random.int(seats.length)]! : null
    const size = Math.max(3, Math.round(Math.exp(4.3 + 1.15 * normal(random))))
    const revenue = Math.round(size * Math.exp(13.2 + 0.5 * normal(random)))
    const potential = Math.round(revenue * 0.002 * Math.exp(0.8 * normal(random)))
    const tier = size >= 1200 ? 'KA' : size >= 400 ? 'A' : size >= 150 ? 'B' : size >= 50 ? 'C' : 'SMB'
    const known = random.next() >= 0.02
    const centre = centres[place.code]
    const street = `${STREETS[random.int(STREETS.length)]}${1 + random.int(880)}号`
    result.push({
      name,
      division: known ? place.code : null,
      industry: random.next() < 0.015 ? null : code,
      tier: random.next() < 0.01 ? null : tier,
      size: random.next() < 0.03 ? null : size,
      revenue: random.next() < 0.1 ? null : revenue,
      potential: random.next() < 0.1 ? null : potential,
      source: sources[random.int(sources.length)]!,
      status: random.next() < 0.35 ? 'active' : random.next() < 0.8 ? 'prospect' : random.next() < 0.6 ? 'paused' : 'lost',
      address: known ? `${province === city || /直辖|^市辖区|^县$/.test(city) ? province : province + city}${place.name}${street}` : null,
      lng: known && centre ? Math.round((centre[0] + normal(random) * 0.04) * 1e5) / 1e5 : null,
      lat: known && centre ? Math.round((centre[1] + normal(random) * 0.03) * 1e5) / 1e5 : null,
      parent,
      registered: seat
        ? {
            division: seat.code,
            address: `${names.get(`${seat.code.slice(0, 2)}0000`)}${seat.name}${STREETS[random.int(STREETS.length)]}${1 + random.int(300)}号`,
          }
        : null,
      creditCode: random.next() < 0.6 ? demoCode(result.length) : null,
    })
  }
  return result
}
