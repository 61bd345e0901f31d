/**
 * Which encoding and which separator a text file uses. Nobody who exports a customer list knows either: Chinese Excel writes GB18030
 * without a word, other programs UTF-8 with or without a mark, "Unicode text" is UTF-16 with tabs. So we look at the bytes, all of them:
 * the first Chinese character of a file may stand on line 90,000.
 */
import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { scanText } from './scan-text.ts'

export type Encoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be' | 'big5'
export type Delimiter = ',' | ';' | '\t' | '，' | '|'

const DELIMITERS: readonly Delimiter[] = [',', '\t', ';', '，', '|']
const HEAD = 64 * 1024
const COMPARED_ROWS = 60

export async function detectEncoding(path: string): Promise<Encoding> {
  let first = true
  let carried: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    if (first) {
      const wide = wideEncoding(chunk.subarray(0, HEAD))
      if (wide) return wide
      first = false
    }
    const bytes = carried.length > 0 ? Buffer.concat([carried, chunk]) : chunk
    const whole = bytes.length - unfinished(bytes)
    if (!isUtf8(bytes.subarray(0, whole))) return 'gb18030'
    carried = bytes.subarray(whole)
  }
  return carried.length > 0 ? 'gb18030' : 'utf-8'
}

/** UTF-16 by its mark, or by zero bytes that stand on one side of nearly every pair. */
function wideEncoding(head: Buffer): Encoding | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  let even = 0
  let odd = 0
  for (let i = 0; i + 1 < head.length; i += 2) {
    if (head[i] === 0) even++
    if (head[i + 1] === 0) odd++
  }
  // Chinese text has few zero bytes, but separators and line ends always have one each.
  if (odd > head.length / 40 && even * 20 < odd) return 'utf-16le'
  if (even > head.length / 40 && odd * 20 < even) return 'utf-16be'
  return undefined
}

/** How many bytes at the end belong to a UTF-8 character that continues in the next chunk. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0
  }
  return 0
}

/** The separator that cuts the first rows most evenly; among equals the one that gives most columns. One column only: a comma. */
export function detectDelimiter(head: string, whole: boolean): Delimiter {
  let best: { delimiter: Delimiter; score: number } = { delimiter: ',', score: 0 }
  for (const delimiter of DELIMITERS) {
    const widths: number[] = []
    scanText(head, delimiter, whole, cells => {
      if (widths.length < COMPARED_ROWS && cells.some(cell => cell.trim() !== '')) widths.push(cells.length)
    })
    const columns = mostCommon(widths)
    if (columns < 2) continue
    const even = widths.filter(width => width === columns).length / widths.length
    const score = even * even * 100 + Math.min(columns, 50) / 2
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

function mostCommon(numbers: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0
}
