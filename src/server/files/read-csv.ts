/** The records of a text file as they come off the disk: decoded strictly, so that a wrong encoding is a refusal and never 乱码. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { TextDecoder } from 'node:util'
import { stop } from '../kernel/refusal-error.ts'
import { type Delimiter, detectDelimiter, detectEncoding, type Encoding } from './detect-text.ts'
import { scanText } from './scan-text.ts'

export type Records = { readonly cells: string[][]; readonly lines: number[] }
export type CsvForm = { readonly encoding: Encoding; readonly delimiter: Delimiter; readonly skipLine: boolean }

const CHUNK = 256 * 1024
const HEAD = 128 * 1024
const APOSTROPHE = 39
const LONGEST_RECORD = 2_000_000

/** How the file is written; `encoding` overrules what the bytes look like. */
export async function csvForm(path: string, encoding?: Encoding): Promise<CsvForm> {
  const chosen = encoding ?? (await detectEncoding(path))
  const { text, whole } = await headOf(path, chosen)
  if (text.trim() === '') stop('file.empty')
  if (/^\s*<(?:!doctype|html|\?xml|table)/i.test(text) || text.startsWith('%PDF')) stop('file.unknownKind')
  if (looksBinary(text)) stop('file.unknownKind')
  const told = /^sep=(.)\r?\n/i.exec(text)?.[1]
  return { encoding: chosen, delimiter: (told as Delimiter | undefined) ?? detectDelimiter(text, whole), skipLine: told !== undefined }
}

/** Records in batches of one chunk; lines counted from 1. */
export async function* csvRecords(path: string, form: CsvForm): AsyncGenerator<Records> {
  const decoder = new TextDecoder(form.encoding, { fatal: true })
  let rest = ''
  let line = 1
  const scan = (last: boolean): Records => {
    const batch: Records = { cells: [], lines: [] }
    const first = line
    const {
      used,
      lines,
      open: openQuote,
    } = scanText(rest, form.delimiter, last, (cells, at) => {
      batch.cells.push(cells.map(withoutMark))
      batch.lines.push(first + at)
    })
    line += lines
    rest = rest.slice(used)
    if (openQuote && (last || rest.length > LONGEST_RECORD)) stop('file.unclosedQuote', { line })
    if (rest.length > LONGEST_RECORD) stop('file.cellTooLong', { line, limit: LONGEST_RECORD })
    return batch
  }
  let first = true
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
    let text = decode(decoder, form.encoding, line, chunk)
    if (first && text.startsWith('\ufeff')) text = text.slice(1)
    if (text.includes('\0')) stop('file.nul', { line: line + breaksBefore(rest + text, '\0') })
    rest += text
    if (first && form.skipLine) {
      rest = rest.slice(rest.indexOf('\n') + 1)
      line++
    }
    first = false
    const batch = scan(false)
    if (batch.cells.length > 0) yield batch
  }
  rest += decode(decoder, form.encoding, line)
  const batch = scan(true)
  if (batch.cells.length > 0) yield batch
}

/** An apostrophe before a formula sign is the mark of an export that made the text harmless (write-table.ts), not part of the text. */
function withoutMark(cell: string): string {
  return cell.charCodeAt(0) === APOSTROPHE && /^'+(?:[=+\-@＝＋－＠]|\p{Cc})/u.test(cell) ? cell.slice(1) : cell
}

function decode(decoder: TextDecoder, encoding: Encoding, line: number, chunk?: Buffer): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
  } catch {
    return stop('file.brokenText', { line, encoding: encoding.toUpperCase() })
  }
}

function breaksBefore(text: string, mark: string): number {
  return text.slice(0, text.indexOf(mark)).match(/\r\n|\r|\n/g)?.length ?? 0
}

async function headOf(path: string, encoding: Encoding): Promise<{ text: string; whole: boolean }> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0)
    const text = new TextDecoder(encoding).decode(buffer.subarray(0, bytesRead), { stream: true })
    return { text: text.replace(/^\ufeff/, ''), whole: bytesRead < HEAD }
  } finally {
    await file.close()
  }
}

/** Pictures and programs: many control characters that no table has. A lone NUL is reported as such with its line. */
function looksBinary(text: string): boolean {
  const controls = [...text.slice(0, 4096)].filter(char => char < ' ' && !'\t\r\n'.includes(char)).length
  return controls > 8 && controls > Math.min(text.length, 4096) / 50
}
