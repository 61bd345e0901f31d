/** Values put back together 合并取值: what a proof found county by county and bound by bound is said as a person would, with whole cities and ranges. */

import type { Condition } from '../condition/condition.ts'
import { type Bits, hasBit, membersOf } from '../kernel/bits.ts'

/** Says sets of codes; what is above each code is looked up once. */
export function makeCodeDescriber(
  field: string,
  values: readonly (string | null)[],
  full: Bits,
  precise: Bits,
  above: (code: string) => readonly string[],
): (atoms: Bits) => Condition | null {
  let made: ReturnType<typeof makeFolder> | null = null
  const open = values.includes(null)
  return atoms => {
    made ??= makeFolder(values, precise, above)
    const { fold } = made
    const inside = membersOf(atoms)
    const told = inside.filter(i => hasBit(precise, i))
    const shown = told.length > 0 ? told : inside
    const rest = membersOf(told.length > 0 ? precise : full).filter(i => !hasBit(atoms, i))
    if (rest.length === 0) return null
    // The value that no rule names can only be said by naming the rest.
    if (open && inside.some(i => values[i] === null)) return { field, op: 'notIn', values: fold(rest) }
    const positive = fold(shown)
    // What is only a part is said as it is; what is nearly everything, by what is missing.
    if (positive.length <= 4 || open || shown.length * 2 <= rest.length) return { field, op: 'in', values: positive }
    const negative = fold(rest)
    return negative.length < positive.length ? { field, op: 'notIn', values: negative } : { field, op: 'in', values: positive }
  }
}

/** Codes put together to the widest code above of which all precise ones are there: a whole province is not said city by city. */
function makeFolder(values: readonly (string | null)[], precise: Bits, above: (code: string) => readonly string[]) {
  const codes: string[] = []
  const numberOf = new Map<string, number>()
  const numbered = (code: string): number => {
    let n = numberOf.get(code)
    if (n === undefined) {
      n = codes.push(code) - 1
      numberOf.set(code, n)
    }
    return n
  }
  const lines = values.map((value, i) => (value !== null && hasBit(precise, i) ? [...above(value)].reverse().map(numbered) : []))
  const count = (list: readonly number[]): Int32Array => {
    const sums = new Int32Array(codes.length)
    for (const i of list) for (const n of lines[i]!) sums[n]! += 1
    return sums
  }
  const all = count(membersOf(precise))
  return {
    fold: (list: readonly number[]): string[] => {
      const here = count(list)
      const folded = new Set<string>()
      for (const i of list) {
        const whole = lines[i]!.find(n => here[n] === all[n])
        const code = whole === undefined ? values[i] : codes[whole]
        if (code !== null && code !== undefined) folded.add(code)
      }
      return [...folded]
    },
  }
}

type Stretch = { readonly low: number | null; readonly high: number | null; readonly sample: number }

/** Runs of neighbouring stretches as ranges with closed ends; where a real number has no closed end, the bound itself is taken out. */
export function describeNumbers(
  field: string,
  stretches: readonly Stretch[],
  atoms: Bits,
  whole: boolean,
  limits: { readonly min: number | undefined; readonly max: number | undefined },
  show: (n: number) => number | string,
): Condition | null {
  const members = membersOf(atoms)
  if (members.length === stretches.length) return null
  const runs: [number, number][] = []
  for (const i of members) {
    const last = runs.at(-1)
    if (last && last[1] === i - 1) last[1] = i
    else runs.push([i, i])
  }
  const ranges = runs.map(([from, to]): Condition => {
    const [a, b] = [stretches[from]!, stretches[to]!]
    const open: Condition[] = []
    const range: { min?: number | string; max?: number | string } = {}
    if (a.low !== null && from > 0) {
      range.min = show(whole && a.low !== a.high ? Math.floor(a.low) + 1 : a.low)
      if (!whole && a.low !== a.high) open.push({ field, op: 'between', min: show(a.low), max: show(a.low) })
    } else if (a.low !== null && a.low === a.high && limits.min === undefined) range.min = show(a.low)
    if (b.high !== null && to < stretches.length - 1) {
      range.max = show(whole && b.low !== b.high ? Math.ceil(b.high) - 1 : b.high)
      if (!whole && b.low !== b.high) open.push({ field, op: 'between', min: show(b.high), max: show(b.high) })
    }
    const within: Condition = { field, op: 'between', ...range }
    return open.length === 0 ? within : { all: [within, { none: open }] }
  })
  return ranges.length === 1 ? ranges[0]! : { any: ranges }
}
