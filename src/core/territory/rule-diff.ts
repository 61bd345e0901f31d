/**
 * What changed in a rule, line by line 规则改动: lines that stay, lines that came and lines that went. A list that lost or gained some of
 * its values shows those values alone, so that "also 相城区" is one added line and not two long lists to compare by eye.
 */
import { canonical } from '../condition/canonical.ts'
import type { Condition } from '../condition/condition.ts'
import { linesOf } from '../condition/explain.ts'

/** `narrows`: without this line the rule would take more; else it takes more by it (one of several values, or the whole rule is new). */
export type RuleLine = {
  readonly change: 'same' | 'added' | 'removed'
  readonly depth: number
  readonly condition: Condition
  readonly narrows: boolean
}

const isValues = (c: Condition): c is Extract<Condition, { op: 'in' | 'notIn'; values: readonly string[] }> =>
  'op' in c && 'values' in c && Array.isArray(c.values)

export function diffRules(before: Condition | null, after: Condition | null): readonly RuleLine[] {
  const old = before === null ? [] : linesOf(before)
  const now = after === null ? [] : linesOf(after)
  const unmatched = old.map(l => ({ line: l, text: canonical(l.condition), taken: false }))
  const lines: RuleLine[] = []
  // Every line of a rule must hold; only a rule that comes or goes as a whole is nothing but what it takes.
  const narrows = before !== null && after !== null
  for (const line of now) {
    const depth = depthOf(line.path)
    const same = unmatched.find(u => !u.taken && u.text === canonical(line.condition))
    if (same) {
      same.taken = true
      lines.push({ change: 'same', depth, condition: line.condition, narrows })
      continue
    }
    const { condition } = line
    const kin = isValues(condition)
      ? unmatched.find(
          u => !u.taken && isValues(u.line.condition) && u.line.condition.field === condition.field && u.line.condition.op === condition.op,
        )
      : undefined
    if (!kin || !isValues(condition) || !isValues(kin.line.condition)) {
      lines.push({ change: 'added', depth, condition, narrows })
      continue
    }
    kin.taken = true
    const [was, is] = [new Set(kin.line.condition.values), new Set(condition.values)]
    const part = (change: RuleLine['change'], values: readonly string[]) => {
      if (values.length > 0) lines.push({ change, depth, condition: { ...condition, values }, narrows: narrows && condition.op === 'notIn' })
    }
    part(
      'same',
      condition.values.filter(v => was.has(v)),
    )
    part(
      'added',
      condition.values.filter(v => !was.has(v)),
    )
    part(
      'removed',
      kin.line.condition.values.filter(v => !is.has(v)),
    )
  }
  for (const { line, taken } of unmatched)
    if (!taken) lines.push({ change: 'removed', depth: depthOf(line.path), condition: line.condition, narrows })
  return lines
}

const depthOf = (path: string): number => Math.max(0, path.split('.').length / 2 - 1) | 0
