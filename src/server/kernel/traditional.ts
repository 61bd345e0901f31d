/** Simplified to Traditional Chinese with Taiwan's words (opencc). Loaded on first use: the tables take a moment. */
import { createRequire } from 'node:module'

type Opencc = { Converter(options: { from: string; to: string }): (text: string) => string }
let convert: ((text: string) => string) | null = null

export function toTraditional(text: string): string {
  convert ??= (createRequire(import.meta.url)('opencc-js') as Opencc).Converter({ from: 'cn', to: 'twp' })
  return convert(text)
}
