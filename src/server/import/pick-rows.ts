/** Some rows of a file by their number: what a refused row looked like is read again from the file, so that good rows need not be kept twice. */
import type { Encoding } from '../files/detect-text.ts'
import { openTable } from '../files/read-table.ts'

export async function* pickRows(
  file: { readonly path: string; readonly name: string },
  encoding: Encoding | undefined,
  wanted: ReadonlySet<number>,
): AsyncGenerator<{ readonly row: number; readonly cells: readonly string[] }> {
  let left = wanted.size
  const table = await openTable(file, encoding)
  for await (const { from, rows } of table.rows()) {
    for (const [i, cells] of rows.entries())
      if (wanted.has(from + i)) {
        yield { row: from + i, cells }
        left -= 1
      }
    if (left === 0) return
  }
}
