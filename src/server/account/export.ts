/** Export 导出 of what one may see: the same selection as the list, the fields one's roles show, streamed, recorded in the audit trail. */
import type { FieldValues, ListQuery } from '../../contract/account/accounts.ts'
import type { Condition } from '../../core/condition/condition.ts'
import { type CatalogueField, loadFields, loadOptions } from '../builder/catalogue.ts'
import { writeCsv, writeXlsx } from '../files/write-table.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { type AsOf, resolveAsOf } from './as-of.ts'
import { assertVisible, makeParams } from './condition-sql.ts'
import { atInstant, type Found, readPage, thenOf, visibleValues, whereAccounts } from './find-accounts.ts'
import { sortSql } from './sort.ts'

export type ExportInput = Omit<ListQuery, 'cursor' | 'limit'> & {
  readonly filter?: Condition | undefined
  readonly format: 'csv' | 'xlsx'
  readonly fields?: readonly string[] | undefined
}

const BATCH = 2_000
const XLSX_ROWS = 200_000

export async function exportTable(
  tx: Tx,
  actor: Actor,
  now: string,
  input: ExportInput,
): Promise<{ bytes: Buffer; name: string; type: string; rows: number }> {
  const asOf = await resolveAsOf(tx, actor, input)
  const catalogue = await loadFields(tx, actor.tenantId)
  const asked = input.fields ?? [
    ...catalogue.filter(f => !f.retired && f.key !== 'id' && f.type !== 'point' && actor.fieldAccess.get(f.key) !== 'hidden').map(f => f.key),
    ...STANDING,
  ]
  for (const key of asked) assertVisible(actor, key)
  const columns = asked.map(key => {
    const field = catalogue.find(f => f.key === key)
    return field || STANDING.includes(key) ? { key, field } : stop('field.unknown', { field: key }, '/fields')
  })
  const labels = new Map((await loadOptions(tx, actor.tenantId)).map(o => [`${o.list}/${o.key}`, o.labels[actor.locale]]))
  // Owner and territory of another instant say so in their heading; everything else is of today.
  const then = asOf ? instantWords(actor, asOf, now) : ''
  const headers = [
    WORDS.id[actor.locale],
    ...columns.map(c => c.field?.labels[actor.locale] ?? `${WORDS[c.key as 'owner'][actor.locale]}${c.key === 'updated' ? '' : then}`),
  ]
  let count = 0
  const cellsOf = (row: Found): unknown[] => {
    count += 1
    const values = visibleValues(row, actor, catalogue)
    return [row.id, ...columns.map(c => (c.field ? cellOf(c.field, values[c.field.key], row.masked, labels) : standingOf(c.key, row)))]
  }
  const bytes = await atInstant(tx, asOf, async () => {
    const rows = readRows(tx, actor, input, catalogue, asOf, cellsOf)
    return input.format === 'xlsx' ? writeXlsx(headers, rows) : gather(writeCsv(headers, rows))
  })
  const instant = asOf ? { at: asOf.at, known: asOf.known } : {}
  await audit(tx, actor, now, { kind: 'account.export', recordKind: 'account', after: { fields: asked, format: input.format, ...instant }, count })
  const type = input.format === 'xlsx' ? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' : 'text/csv; charset=utf-8'
  return { bytes, name: `accounts-${(asOf?.at ?? now).slice(0, 10)}.${input.format}`, type, rows: count }
}

/** " (2026-03-31 23:59; as known 2026-04-05 10:00)", by the company's clock. */
function instantWords({ locale }: Actor, { local, known }: AsOf, now: string): string {
  const words = { 'zh-CN': '当时所知', 'zh-TW': '當時所知', en: 'as known' }[locale]
  return ` (${local.at}${known < now ? `; ${words} ${local.known}` : ''})`
}

/** Where the account stands, beside its fields. */
const STANDING = ['owner', 'territory', 'territoryCode', 'updated']
const WORDS = {
  id: { 'zh-CN': '编号', 'zh-TW': '編號', en: 'Id' },
  owner: { 'zh-CN': '负责人', 'zh-TW': '負責人', en: 'Owner' },
  territory: { 'zh-CN': '区域', 'zh-TW': '區域', en: 'Territory' },
  territoryCode: { 'zh-CN': '区域代码', 'zh-TW': '區域代碼', en: 'Territory code' },
  updated: { 'zh-CN': '更新时间', 'zh-TW': '更新時間', en: 'Updated' },
} as const
const standingOf = (key: string, row: Found): string =>
  (key === 'owner' ? row.owner_name : key === 'territory' ? row.territory_name : key === 'territoryCode' ? row.territory_code : row.updated) ?? ''

/** What this reader may not see on this account is marked, so that it is not taken for empty. */
function cellOf(field: CatalogueField, value: FieldValues[string] | undefined, masked: boolean, labels: ReadonlyMap<string, string>): unknown {
  if (field.maskable && masked) return MASK
  const word = (one: string) => (field.optionList ? (labels.get(`${field.optionList}/${one}`) ?? one) : one)
  return Array.isArray(value) ? value.map(word).join(' ') : typeof value === 'string' ? word(value) : (value ?? '')
}
const MASK = '•••'

/** In the list's own order, in batches, so that a long export never holds all rows as objects. */
async function* readRows(
  tx: Tx,
  actor: Actor,
  input: ExportInput,
  catalogue: readonly CatalogueField[],
  asOf: AsOf | null,
  cells: (row: Found) => unknown[],
): AsyncGenerator<unknown[][]> {
  const params = makeParams(actor.tenantId)
  const then = thenOf(asOf, params, input)
  const { where, prefix } = await whereAccounts(tx, actor, input, params, catalogue, undefined, then)
  const sort = sortSql(input.sort, catalogue, actor, params)
  let after: { key: string; id: string } | null = null
  let left = input.format === 'xlsx' ? XLSX_ROWS : Number.MAX_SAFE_INTEGER
  while (left > 0) {
    const found: readonly Found[] = await readPage(tx, actor, input, { where, prefix, params, sort, then }, after, Math.min(BATCH, left))
    if (found.length === 0) return
    yield found.map(cells)
    const last: Found = found.at(-1)!
    after = { key: last.key, id: last.id }
    left -= found.length
  }
}

async function gather(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}
