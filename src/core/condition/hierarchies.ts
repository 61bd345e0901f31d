/**
 * Ancestors of hierarchical codes, from the codes themselves: GB/T 2260 divisions (320506 → 320500 → 320000) and GB/T 4754 industries
 * (C3421 → C342 → C34 → C). No table is needed, so that a rule means the same in the browser, the server and a benchmark.
 */
import type { Hierarchies } from './condition.ts'

const cache = new Map<string, readonly string[]>()

export const CODE_HIERARCHIES: Hierarchies = {
  ancestors(type, code) {
    const key = type === 'division' ? code : `i${code}`
    let found = cache.get(key)
    if (!found) {
      found = type === 'division' ? divisionAncestors(code) : industryAncestors(code)
      if (cache.size > 50_000) cache.clear()
      cache.set(key, found)
    }
    return found
  },
}

export function divisionAncestors(code: string): readonly string[] {
  const chain = [`${code.slice(0, 4)}00`, `${code.slice(0, 2)}0000`]
  return code.length === 6 ? chain.filter((c, i) => c !== code && chain.indexOf(c) === i) : []
}

export function industryAncestors(code: string): readonly string[] {
  const chain: string[] = []
  for (let length = code.length - 1; length >= 3; length -= 1) chain.push(code.slice(0, length))
  return code.length > 1 ? [...chain, code.slice(0, 1)] : chain
}
