/** The tables that reading company names needs, loaded once: pinyin of characters, traditional characters, divisions. No database. */
import { createRequire } from 'node:module'
import { makeNameReader, type NameReader } from '../../core/dedupe/company-name.ts'
import { pinyinTable } from '../account/pinyin-table.ts'
import { loadDivisions } from '../reference/divisions.ts'

type Opencc = { Converter(options: { from: string; to: string }): (text: string) => string }
const [FIRST, LAST] = [0x4e00, 0x9fff]
let reader: NameReader | undefined

export function nameReader(): NameReader {
  reader ??= makeNameReader({ pinyin: pinyinTable(), simplified: simplifiedCharacters(), divisions: loadDivisions() })
  return reader
}

export const soundOf = (char: string): string => pinyinTable().get(char) ?? char

/** Traditional characters (Taiwan, Hong Kong) and the simplified one of each; characters alone, since names are no prose. */
function simplifiedCharacters(): ReadonlyMap<string, string> {
  const all = Array.from({ length: LAST - FIRST + 1 }, (_, i) => String.fromCharCode(FIRST + i))
  const convert = (createRequire(import.meta.url)('opencc-js') as Opencc).Converter({ from: 't', to: 'cn' })
  const simple = convert(all.join('\n')).split('\n')
  return new Map(all.flatMap((char, i) => (simple[i] !== undefined && simple[i] !== char ? [[char, simple[i]] as const] : [])))
}
