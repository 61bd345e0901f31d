/** What can be imported, for the page and for scripts; and a file to fill in for each kind, with headings that are recognised by themselves. */
import { IMPORT_OBJECTS, type ImportObjectKey, NEEDED } from '../../contract/import/objects.ts'
import { writeCsv, writeXlsx } from '../files/write-table.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { isPrivate } from '../territory/models.ts'
import { assertMay } from './job-row.ts'
import { objectOf } from './objects.ts'

export async function importable(tx: Tx, actor: Actor) {
  const rows = []
  for (const key of IMPORT_OBJECTS) {
    if (!actor.permissions.has(NEEDED[key])) continue
    const object = objectOf(key)
    rows.push({ key, matches: object.matches.map(m => m.way), targets: [...(await object.targets(tx, actor))] })
  }
  const models = actor.permissions.has('territory.plan')
    ? await tx.query<{ id: string; name: string; draft: boolean }>(
        `select id::text, name, state = 'draft' as draft from territory_model m where m.tenant_id = $1 and (m.state = 'draft' or m.id = $2) and not ${isPrivate('$3')} order by (m.id = $2), m.id desc limit 100`,
        [actor.tenantId, actor.modelId, actor.userId],
      )
    : { rows: [] }
  return { rows, models: models.rows }
}

const ACCOUNT_EXAMPLES: Readonly<Record<string, readonly [string, string]>> = {
  name: ['苏州示例精密机械有限公司', '杭州示例软件有限公司'],
  tier: ['A', 'B'],
  industry: ['C34', '软件和信息技术服务业'],
  division: ['江苏省苏州市', '330100'],
  size: ['120', '1.2万'],
  revenue: ['3.2亿', '5600万'],
  phone: ['0512-66668888', '13800138000'],
  address: ['江苏省苏州市工业园区星湖街 1 号', ''],
}

export async function template(tx: Tx, actor: Actor, key: ImportObjectKey, format: 'csv' | 'xlsx'): Promise<Buffer> {
  assertMay(actor, key)
  const object = objectOf(key)
  const targets = await object.targets(tx, actor)
  const examples = new Map(object.columns.map(c => [c.key, c.examples]))
  const headers = targets.map(t => t.labels[actor.locale])
  async function* rows() {
    yield [0, 1].map(i => targets.map(t => examples.get(t.key)?.[i] ?? (key === 'account' ? ACCOUNT_EXAMPLES[t.key]?.[i] : '') ?? ''))
  }
  if (format === 'xlsx') return writeXlsx(headers, rows())
  const pieces: Buffer[] = []
  for await (const piece of writeCsv(headers, rows())) pieces.push(piece)
  return Buffer.concat(pieces)
}
