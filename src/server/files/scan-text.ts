/**
 * Cuts delimited text into records (RFC 4180, read forgivingly: a quote inside an unquoted cell is a character, text after a closing
 * quote is kept). Lines end with LF, CR LF or CR alone, as old Mac and some ERP exports write them. Stops before a record that may
 * continue in text not read yet, so that a file of any length is read with little memory.
 */
const QUOTE = 34
const LF = 10
const CR = 13

export type Scan = {
  /** Where the first record not handed out begins. */
  readonly used: number
  /** Line breaks in what was handed out. */
  readonly lines: number
  /** The record left over has an open quote. */
  readonly open: boolean
}

/** `last` tells that no more text follows. `take` gets each record with its line, counted from 0 at the start of `text`. */
export function scanText(text: string, delimiter: string, last: boolean, take: (cells: string[], line: number) => void): Scan {
  const separator = delimiter.charCodeAt(0)
  const end = text.length
  let at = 0
  let used = 0
  let lines = 0
  while (at < end) {
    const cells: string[] = []
    let breaks = 0
    let ended = false
    while (!ended) {
      let cell: string
      if (text.charCodeAt(at) === QUOTE) {
        const quoted = readQuoted(text, at + 1)
        if (quoted === undefined) return { used, lines, open: true }
        if (quoted.next >= end && !last) return { used, lines, open: true }
        const tail = cellEnd(text, quoted.next, separator)
        cell = tail > quoted.next ? quoted.value + text.slice(quoted.next, tail) : quoted.value
        breaks += quoted.breaks
        at = tail
      } else {
        const tail = cellEnd(text, at, separator)
        cell = text.slice(at, tail)
        at = tail
      }
      cells.push(cell)
      if (at >= end) {
        if (!last) return { used, lines, open: false }
        ended = true
      } else if (text.charCodeAt(at) === separator) {
        at++
      } else {
        if (text.charCodeAt(at) === CR) {
          if (at + 1 >= end && !last) return { used, lines, open: false }
          if (text.charCodeAt(at + 1) === LF) at++
        }
        at++
        ended = true
      }
    }
    take(cells, lines)
    lines += 1 + breaks
    used = at
  }
  return { used, lines, open: false }
}

function cellEnd(text: string, from: number, separator: number): number {
  let at = from
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === separator || code === LF || code === CR) break
  }
  return at
}

function readQuoted(text: string, from: number): { value: string; next: number; breaks: number } | undefined {
  let close = text.indexOf('"', from)
  while (close >= 0 && text.charCodeAt(close + 1) === QUOTE) close = text.indexOf('"', close + 2)
  if (close < 0) return undefined
  const raw = text.slice(from, close)
  return { value: raw.includes('""') ? raw.replaceAll('""', '"') : raw, next: close + 1, breaks: raw.match(/\r\n|\r|\n/g)?.length ?? 0 }
}
