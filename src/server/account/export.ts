/** Export 导出 of what one may see: the same selection as the list, the fields one's roles show, streamed, recorded in the audit trail. */
import type { ListQuery } from '../../contract/account/accounts.ts'
import type { Condition } from '../../core/condition/condition.ts'
import { type CatalogueField, loadFields, loadOptions } from '../builder/catalogue.ts'
import { writeCsv, writeXlsx } from '../files/write-table.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import type { Tx } from '../kernel/transaction.ts'
import { assertVisible, makeParams } from './condition-sql.ts'
import { FOUND, type Found, fromAccounts, visibleValues, whereAccounts } from './find-accounts.ts'

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
  const catalogue = await loadFields(tx, actor.tenantId)
  const asked = input.fields ?? catalogue.filter(f => !f.retired && f.key !== 'id' && actor.fieldAccess.get(f.key) !== 'hidden').map(f => f.key)
  for (const key of asked) assertVisible(actor, key)
  const fields = asked.map(key => catalogue.find(f => f.key === key)).filter(f => f !== undefined)
  const labels = new Map((await loadOptions(tx, actor.tenantId)).map(o => [`${o.list}/${o.key}`, o.labels[actor.locale]]))
  const words =
    actor.locale === 'en'
      ? ['Id', 'Owner', 'Territory', 'Territory code']
      : actor.locale === 'zh-TW'
        ? ['編號', '負責人', '區域', '區域代碼']
        : ['编号', '负责人', '区域', '区域代码']
  const headers = [words[0]!, ...fields.map(f => f.labels[actor.locale]), ...words.slice(1)]
  let count = 0
  const rows = readRows(tx, actor, input, catalogue, row => {
    count += 1
    const values = visibleValues(row, actor, catalogue)
    const cells = fields.map(f => {
      const value = values[f.key]
      return f.optionList && typeof value === 'string'
        ? (labels.get(`${f.optionList}/${value}`) ?? value)
        : Array.isArray(value)
          ? value.join(' ')
          : (value ?? '')
    })
    return [row.id, ...cells, row.owner_name ?? '', row.territory_name ?? '', row.territory_code ?? '']
  })
  const bytes = input.format === 'xlsx' ? await writeXlsx(headers, rows) : await gather(writeCsv(headers, rows))
  await audit(tx, actor, now, { kind: 'account.export', recordKind: 'account', after: { fields: asked, format: input.format }, count })
  const type = input.format === 'xlsx' ? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' : 'text/csv; charset=utf-8'
  return { bytes, name: `accounts-${now.slice(0, 10)}.${input.format}`, type, rows: count }
}

/** By id, in batches, so that a long export never holds all rows as objects. */
async function* readRows(
  tx: Tx,
  actor: Actor,
  input: ExportInput,
  catalogue: readonly CatalogueField[],
  cells: (row: Found) => unknown[],
): AsyncGenerator<unknown[][]> {
  const params = makeParams(actor.tenantId)
  const { where, prefix } = await whereAccounts(tx, actor, input, params, catalogue)
  let after = '0'
  let left = input.format === 'xlsx' ? XLSX_ROWS : Number.MAX_SAFE_INTEGER
  while (left > 0) {
    const found = await tx.query<Found>(
      `${prefix}select ${FOUND} ${fromAccounts(actor.modelId)} where ${where} and a.id > $${params.values.length + 1}::bigint order by a.id limit ${Math.min(BATCH, left)}`,
      [...params.values, after],
    )
    if (found.rows.length === 0) return
    yield found.rows.map(cells)
    after = found.rows.at(-1)!.id
    left -= found.rows.length
  }
}

async function gather(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}
