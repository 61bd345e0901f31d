/** Which of two values survives when two customers become one 存续规则: by field, as the company decided; empty never beats filled. */
export type Rule = 'survivor' | 'newest' | 'longest' | 'filled'
type Value = string | number | boolean | readonly string[] | null | undefined
export type Side = 'survivor' | 'merged'

/** `newer`: the record changed last. `filled` keeps the survivor's value where it has one. */
export function choose(rule: Rule, survivor: Value, merged: Value, newer: Side): Side {
  if (isEmpty(merged)) return 'survivor'
  if (isEmpty(survivor)) return rule === 'survivor' ? 'survivor' : 'merged'
  if (rule === 'newest') return newer
  if (rule === 'longest') return lengthOf(merged) > lengthOf(survivor) ? 'merged' : 'survivor'
  return 'survivor'
}

const isEmpty = (value: Value): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
const lengthOf = (value: Value): number => (Array.isArray(value) ? value.length : String(value).length)
