/** Accounts as columns, read by COPY: four times less work than rows as objects. Under the app role only what the fence shows is read. */
import copyStreams from 'pg-copy-streams'
import { buildColumns, type Columns } from '../../core/condition/columns.ts'
import type { FieldInfo, FieldValue } from '../../core/condition/condition.ts'
import { COLUMNS } from '../account/facts.ts'
import type { Tx } from '../kernel/transaction.ts'

/** Only the fields asked for are read; `where` narrows with literals only. */
export async function readColumns(tx: Tx, tenantId: string, fields: readonly FieldInfo[], where = 'true'): Promise<Columns> {
  const asked = fields.filter(f => f.key !== 'id')
  const custom = asked.filter(f => /^f\d+$/.test(f.key))
  const plain = asked.filter(f => Object.hasOwn(COLUMNS, f.key))
  const wantsPoint = asked.some(f => f.key === 'point')
  const columns = [
    'a.id',
    ...plain.map(f => `a.${COLUMNS[f.key as keyof typeof COLUMNS]}`),
    ...(wantsPoint ? ['a.lng', 'a.lat'] : []),
    ...custom.map(f => `a.custom->>'${BigInt(f.key.slice(1))}'`),
  ]
  const sql = `copy (select ${columns.join(', ')} from account a where a.tenant_id = ${BigInt(tenantId)} and a.deleted_at is null and ${where} order by a.id) to stdout`
  const builder = buildColumns([...fields])
  const position = new Map(plain.map((f, i) => [f.key, i + 1]))
  const pointAt = 1 + plain.length
  const customAt = pointAt + (wantsPoint ? 2 : 0)
  for (const [i, f] of custom.entries()) position.set(f.key, customAt + i)
  const typeOf = new Map(asked.map(f => [f.key, f.type]))

  let cells: string[] = []
  const cellOf = (key: string): FieldValue => {
    if (key === 'point') return cells[pointAt] === '\\N' || cells[pointAt + 1] === '\\N' ? null : [Number(cells[pointAt]), Number(cells[pointAt + 1])]
    const at = position.get(key)
    const cell = at === undefined ? '\\N' : cells[at]!
    if (cell === '\\N') return null
    const text = cell.includes('\\') ? unescapeCopy(cell) : cell
    if (typeOf.get(key) === 'options') return JSON.parse(text) as string[]
    return text
  }
  for await (const line of lines(tx.query(copyStreams.to(sql)))) {
    cells = line.split('\t')
    builder.add(cells[0]!, cellOf)
  }
  return builder.finish()
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', b: '\b', f: '\f', v: '\v' }
export const unescapeCopy = (text: string): string => text.replace(/\\(.)/g, (_, c: string) => ESCAPES[c] ?? c)
export const escapeCopy = (text: string): string =>
  text.replace(/[\\\t\n\r]/g, c => (c === '\\' ? '\\\\' : c === '\t' ? '\\t' : c === '\n' ? '\\n' : '\\r'))

export async function* lines(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of stream) {
    const text = rest + decoder.decode(chunk, { stream: true })
    let from = 0
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      yield text.slice(from, at)
      from = at + 1
    }
    rest = text.slice(from)
  }
}
