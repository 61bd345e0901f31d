/** Names in three languages: what is left out reads as the first one, so that nothing is ever without a name. */
import type { Labels } from '../../contract/kernel/shapes.ts'

export type Words = { zh: string; tw?: string; en?: string }
export const labelsOf = ({ zh, tw, en }: Words): Labels => ({ 'zh-CN': zh.trim(), 'zh-TW': tw?.trim() || zh.trim(), en: en?.trim() || zh.trim() })

/** The list with one entry a place further up (-1) or down (1). */
export function moved(ids: readonly string[], id: string, by: -1 | 1): readonly string[] {
  const at = ids.indexOf(id)
  const to = at + by
  if (at < 0 || to < 0 || to >= ids.length) return ids
  const next = [...ids]
  next[at] = next[to]!
  next[to] = id
  return next
}
