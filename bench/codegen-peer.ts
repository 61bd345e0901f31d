/** The best hand-rolled peer: one generated function over typed arrays, a child tested only where its parent held. In the bench only. */
import { type Condition, childrenOf, groupKind, isGroup } from '../src/core/condition/condition.ts'
import type { Hierarchy } from '../src/core/territory/hierarchy.ts'
import type { Record_ } from './world.ts'

type Codes = {
  readonly division: Int32Array
  readonly industry: Int32Array
  readonly tier: Int32Array
  readonly source: Int32Array
  readonly size: Float64Array
  readonly revenue: Float64Array
}

/** C3910 → 33910: the letter's place in the alphabet, then four digits. */
const industryNumber = (code: string): number => (code.charCodeAt(0) - 64) * 10_000 + Number(code.slice(1).padEnd(4, '0'))

const TIERS = ['KA', 'A', 'B', 'C', 'SMB']
const SOURCES = ['import', 'exhibition', 'referral', 'web', 'outbound', 'partner', 'other', 'call']

export function encode(records: readonly Record_[]): Codes {
  return {
    division: Int32Array.from(records, r => (r.division ? Number(r.division) : 0)),
    industry: Int32Array.from(records, r => (r.industry ? industryNumber(r.industry) : 0)),
    tier: Int32Array.from(records, r => (r.tier ? TIERS.indexOf(r.tier) + 1 : 0)),
    source: Int32Array.from(records, r => SOURCES.indexOf(r.source) + 1),
    size: Float64Array.from(records, r => r.size ?? Number.NaN),
    revenue: Float64Array.from(records, r => r.revenue),
  }
}

/** JavaScript of a condition over codes; missing (0 or NaN) never holds, negated or not. */
function compile(c: Condition, sets: ReadonlySet<number>[], negated = false): string {
  if (isGroup(c)) {
    const kind = groupKind(c)
    const child = kind === 'none' ? !negated : negated
    const and = kind === 'any' ? negated : !negated
    const parts = childrenOf(c).map(x => compile(x, sets, child))
    return parts.length === 0 ? String(and) : `(${parts.join(and ? '&&' : '||')})`
  }
  if (c.op === 'between') {
    const inside = [c.min === undefined ? '' : `${c.field}[i]>=${c.min}`, c.max === undefined ? '' : `${c.field}[i]<=${c.max}`]
      .filter(Boolean)
      .join('&&')
    return negated ? `(${c.field}[i]===${c.field}[i]&&!(${inside}))` : `(${inside})`
  }
  if (c.op !== 'in') throw new Error(`not in this bench: ${c.op}`)
  if (c.field === 'id') {
    sets.push(new Set(c.values.map(v => Number(v) - 1)))
    return `${negated ? '!' : ''}S[${sets.length - 1}].has(i)`
  }
  const tests = c.values.map(v => {
    if (c.field === 'division')
      return v.endsWith('0000')
        ? `((division[i]/10000|0)===${Number(v.slice(0, 2))})`
        : v.endsWith('00')
          ? `((division[i]/100|0)===${Number(v.slice(0, 4))})`
          : `(division[i]===${Number(v)})`
    if (c.field === 'industry') {
      // A code of any level stands for all below it: C, C39, C391, C3910.
      const digits = v.length - 1
      return digits === 4
        ? `(industry[i]===${industryNumber(v)})`
        : `((industry[i]/${10 ** (4 - digits)}|0)===${industryNumber(v) / 10 ** (4 - digits)})`
    }
    if (c.field === 'tier') return `(tier[i]===${TIERS.indexOf(v) + 1})`
    return `(source[i]===${SOURCES.indexOf(v) + 1})`
  })
  return negated ? `(${c.field}[i]!==0&&!(${tests.join('||')}))` : `(${tests.join('||')})`
}

/** Answers a function that writes every pair; takers by position in `positions`. */
export function generate(
  hierarchy: Hierarchy,
  positions: ReadonlyMap<string, number>,
): (codes: Codes, from: number, to: number, pairs: { readonly account: Int32Array; readonly taker: Int32Array; count: number }) => void {
  const sets: ReadonlySet<number>[] = []
  const emit = (id: string): string => {
    const node = hierarchy.byId.get(id)!
    const own = node.territory.condition
    const inner = `${positions.has(id) ? `A[n]=i;T[n]=${positions.get(id)};n++;` : ''}${node.childIds.map(emit).join('')}`
    return own === null ? inner : `if(${compile(own, sets)}){${inner}}`
  }
  // One function per top node: an engine refuses to optimise a function of a megabyte.
  const tops = hierarchy.order
    .filter(n => n.depth === 0)
    .flatMap(n => (n.territory.condition === null ? n.childIds : [n.territory.id]))
    .flatMap(id => {
      const node = hierarchy.byId.get(id)!
      return node.territory.condition === null ? node.childIds : [id]
    })
  const functions = tops.map(
    id =>
      new Function(
        'codes',
        'S',
        'A',
        'T',
        'from',
        'to',
        'n',
        `const {division,industry,tier,source,size,revenue}=codes;for(let i=from;i<to;i++){${emit(id)}}return n`,
      ) as (codes: Codes, s: unknown, a: Int32Array, t: Int32Array, from: number, to: number, n: number) => number,
  )
  return (codes, from, to, pairs) => {
    let n = 0
    for (const f of functions) n = f(codes, sets, pairs.account, pairs.taker, from, to, n)
    pairs.count = n
  }
}
