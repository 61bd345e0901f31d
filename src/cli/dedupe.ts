/** jiangyu dedupe: duplicates in a file, without a database, so that a company can try its own list; with the truth, how good it was. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fieldsOf, guessListColumns, type ListColumns, type ListKind, type ListRow, matchList, measureList } from '../core/dedupe/list.ts'
import { makeDivisionIndex } from '../core/geography/divisions.ts'
import { nameReader, soundOf } from '../server/dedupe/name-reader.ts'
import { openTable } from '../server/files/read-table.ts'
import { loadDivisions } from '../server/reference/divisions.ts'
import { type Command, type Options, say } from './options.ts'

const USAGE = 'dedupe --in records.csv [--in second.csv] --out pairs.csv [--truth truth.csv] [--object company|person] [--mapping columns.json]'
/** Of false merges so many are printed; all of them are in the file. */
const PRINTED = 20

/** Exit 0 also when there are duplicates: finding them is the job. */
export const dedupeCommand: Command = async options => {
  const files = options.in ?? []
  if (files.length === 0 || !options.out) throw new Error(USAGE)
  if (options.object !== undefined && options.object !== 'company' && options.object !== 'person') throw new Error('--object is company or person')
  const started = performance.now()
  const lists = []
  for (const [list, file] of files.entries()) lists.push(await readList(file, list, options))
  const columns = lists[0]!.columns
  const different = lists.find(l => JSON.stringify(l.columns) !== JSON.stringify(columns))
  if (different) throw new Error('The lists have different columns: give each the same headings')
  const rows = lists.flatMap(l => l.rows)
  const index = makeDivisionIndex(loadDivisions())
  const pairs = matchList(rows, columns, { reader: nameReader(), soundOf, divisionOf: index.resolve })
  writeFileSync(
    options.out,
    csv([['a', 'b', 'score', 'decision', 'evidence'], ...pairs.map(p => [p.a, p.b, p.score.toFixed(4), p.decision, p.evidence])]),
  )
  const count = (decision: string) => pairs.filter(p => p.decision === decision).length
  const mapped = lists[0]!.headers.flatMap((header, i) => (columns.fields[i] ? [`${header} → ${columns.fields[i]}`] : []))
  const words = [
    `${rows.length} records (${columns.kind}): ${count('merge')} pairs to merge, ${count('review')} to look at, ${count('no')} compared and left apart → ${options.out}`,
    `columns: ${mapped.join(', ')}`,
  ]
  const measured = options.truth ? measureList(rows, pairs, await readTruth(options.truth)) : null
  if (measured) {
    const { precision, recall, f1, truePairs, merged, inReview, falseMerges } = measured
    words.push(
      `against ${options.truth}: precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}, F1 ${f1.toFixed(4)} (${truePairs} true pairs, ${merged} merged, ${inReview} true ones left to a person)`,
      falseMerges.length === 0 ? 'false merges: none' : `false merges: ${falseMerges.length}`,
      ...falseMerges.slice(0, PRINTED).map(p => `  ${p.a} ${p.b}  ${p.evidence}`),
    )
  }
  words.push(`${((performance.now() - started) / 1000).toFixed(1)} s`)
  say(options, words.join('\n'), {
    records: rows.length,
    kind: columns.kind,
    columns: Object.fromEntries(lists[0]!.headers.map((header, i) => [header, columns.fields[i] ?? null])),
    merge: count('merge'),
    review: count('review'),
    no: count('no'),
    out: options.out,
    ...(measured ? { truth: measured } : {}),
  })
  return 0
}

async function readList(file: string, list: number, options: Options) {
  const table = await openTable({ path: file, name: path.basename(file) })
  const kind = options.object as ListKind | undefined
  const guessed = guessListColumns(table.headers, table.sample, kind)
  const columns = options.mapping ? mappedColumns(options.mapping, table.headers, kind ?? guessed.kind) : guessed
  const needed = columns.kind === 'company' ? ['names'] : ['fullName', 'given', 'surname']
  if (!needed.some(f => columns.fields.includes(f)))
    throw new Error(
      `${file}: no column of names was found among ${table.headers.join(', ')}. Say which it is: --mapping columns.json with {"column": "field"}, fields ${fieldsOf(columns.kind).join(', ')}`,
    )
  const idAt = columns.fields.indexOf('id')
  const rows: ListRow[] = []
  const seen = new Set<string>()
  for await (const batch of table.rows())
    for (const [i, cells] of batch.rows.entries()) {
      const id = (idAt < 0 ? '' : (cells[idAt] ?? '').trim()) || String(batch.from + i)
      if (seen.has(id)) throw new Error(`${file}, line ${batch.lines[i]}: the id ${id} stands twice; each record needs its own`)
      seen.add(id)
      rows.push({ id, cells, list })
    }
  return { headers: table.headers, columns, rows }
}

function mappedColumns(file: string, headers: readonly string[], kind: ListKind): ListColumns {
  let mapping: Record<string, string>
  try {
    mapping = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}. It should read {"column": "field", …}`)
  }
  for (const [header, field] of Object.entries(mapping)) {
    if (!headers.includes(header)) throw new Error(`${file}: there is no column ${header}; the list has ${headers.join(', ')}`)
    if (!fieldsOf(kind).includes(field)) throw new Error(`${file}: ${field} is no field; use ${fieldsOf(kind).join(', ')}`)
  }
  return { kind, fields: headers.map(header => mapping[header] ?? null) }
}

async function readTruth(file: string): Promise<ReadonlyMap<string, string>> {
  const table = await openTable({ path: file, name: path.basename(file) })
  const [record, entity] = [table.headers.indexOf('record_id'), table.headers.indexOf('entity_id')]
  if (record < 0 || entity < 0) throw new Error(`${file}: needs the columns record_id and entity_id, has ${table.headers.join(', ')}`)
  const truth = new Map<string, string>()
  for await (const batch of table.rows()) for (const cells of batch.rows) truth.set(cells[record]!.trim(), cells[entity]!.trim())
  return truth
}

const csv = (rows: readonly (readonly string[])[]): string =>
  `${rows.map(row => row.map(cell => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')).join('\r\n')}\r\n`
