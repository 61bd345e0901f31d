/**
 * From an address as people write it to a division: the longest chain of names that fit inside each other, province and city optional,
 * abolished names included. Never guesses between two counties of the same name.
 */
import { divisionAncestors } from '../condition/hierarchies.ts'
import { type Division, type DivisionIndex, shortName } from './divisions.ts'

export type Located =
  | { readonly code: string; readonly level: Division['level']; readonly matched: string }
  | { readonly code: null; readonly why: 'empty' | 'unknown' | 'ambiguous' }

type Form = { readonly text: string; readonly division: Division; readonly full: boolean }
/** How far from its start an address may begin with something else (a country, a postcode, a company). */
const LEAD = 16

export function makeLocator(index: DivisionIndex): (address: string) => Located {
  const forms = { province: new Map<string, Form[]>(), city: new Map<string, Form[]>(), county: new Map<string, Form[]>() }
  for (const division of index.list) {
    if (/直辖县级/.test(division.name)) continue
    const short = shortName(division.name)
    for (const text of new Set([division.name, short])) {
      const map = forms[division.level]
      const list = map.get(text[0]!)
      const form = { text, division, full: text === division.name }
      if (list) list.push(form)
      else map.set(text[0]!, [form])
    }
  }
  for (const map of Object.values(forms)) for (const list of map.values()) list.sort((a, b) => b.text.length - a.text.length)

  const at = (level: Division['level'], text: string, pos: number, inside: string | null): readonly Form[] => {
    const list = forms[level].get(text[pos] ?? '')
    if (!list) return []
    return list.filter(f => text.startsWith(f.text, pos) && (inside === null || divisionAncestors(f.division.code).includes(inside)))
  }

  return address => {
    const text = address.normalize('NFKC').replace(/\s+/g, '')
    if (text === '') return { code: null, why: 'empty' }
    let ambiguous = false
    for (let start = 0; start < Math.min(text.length, LEAD); start += 1) {
      const found = bestAt(text, start)
      if (found === 'ambiguous') ambiguous = true
      else if (found) return found
    }
    return { code: null, why: ambiguous ? 'ambiguous' : 'unknown' }
  }

  function bestAt(text: string, start: number): Located | 'ambiguous' | null {
    let best: { division: Division; depth: number; end: number; sure: boolean } | null = null
    let tie = false
    const offer = (division: Division, depth: number, end: number, sure: boolean) => {
      const better = !best || depth > best.depth || (depth === best.depth && end > best.end)
      if (better) {
        best = { division, depth, end, sure }
        tie = false
      } else if (
        best &&
        depth === best.depth &&
        end === best.end &&
        best.division.code !== division.code &&
        (best.division.status === 'current') === (division.status === 'current')
      )
        tie = true
      else if (best && depth === best.depth && end === best.end && best.division.status === 'retired' && division.status === 'current')
        best = { division, depth, end, sure }
    }
    for (const p of [...at('province', text, start, null), null]) {
      const afterProvince = p ? start + p.text.length : start
      if (p) offer(p.division, 1, afterProvince, p.full)
      for (const c of [...at('city', text, afterProvince, p?.division.code ?? null), null]) {
        const afterCity = c ? afterProvince + c.text.length : afterProvince
        // A short name alone (朝阳, 通化) is no city of its own when more follows that could be a county.
        if (c) offer(c.division, p ? 2 : 1.5, afterCity, c.full)
        const inside = c?.division.code ?? p?.division.code ?? null
        for (const k of at('county', text, afterCity, inside)) {
          if (!k.full && inside === null) continue
          if (!k.full && !c) continue
          offer(k.division, 3, afterCity + k.text.length, true)
        }
      }
    }
    if (best === null) return null
    const found = best as { division: Division; depth: number; end: number; sure: boolean }
    if (tie) return 'ambiguous'
    if (found.depth < 2 && !found.sure && start > 0) return null
    const code =
      found.division.status === 'current' ? found.division.code : found.division.successors.length === 1 ? found.division.successors[0]! : null
    if (code === null) return 'ambiguous'
    return { code, level: found.division.level, matched: text.slice(start, found.end) }
  }
}
