/** Puts a refusal into words, in three languages, from the one table that the capabilities fill. */

import { IDENTITY_REFUSALS } from '../../contract/identity/refusals.ts'
import { KERNEL_REFUSALS, type RefusalWords } from '../../contract/kernel/refusals.ts'
import type { Locale } from '../../contract/kernel/shapes.ts'
import type { Refusal } from '../../core/kernel/result.ts'
import { toTraditional } from './traditional.ts'

const TABLE = new Map<string, RefusalWords>(Object.entries({ ...KERNEL_REFUSALS, ...IDENTITY_REFUSALS }))

/** Capabilities add their refusals from the composition file. */
export function addRefusals(words: Readonly<Record<string, RefusalWords>>): void {
  for (const [code, row] of Object.entries(words)) {
    // Two capabilities with one code would speak each other's words.
    if (TABLE.has(code) && TABLE.get(code) !== row) throw new Error(`refusal ${code} is named twice`)
    TABLE.set(code, row)
  }
}

export const knownRefusals = (): readonly string[] => [...TABLE.keys()]

const fill = (pattern: string, values: Refusal['values']) => pattern.replace(/\{(\w+)\}/g, (_, key: string) => String(values?.[key] ?? ''))

export function wordsOf(refusal: Refusal, locale: Locale): { status: number; text: string } {
  const row = TABLE.get(refusal.code)
  if (!row) throw new Error(`no words for refusal ${refusal.code}`)
  const text = fill(locale === 'en' ? row.en : row.zh, refusal.values)
  return { status: row.status, text: locale === 'zh-TW' ? toTraditional(text) : text }
}
