/** Rows that were refused, in words and as a file to mend; records that an undo left, by name where the reader sees them. */
import type { ImportObjectKey } from '../../contract/import/objects.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { wordsOf } from '../kernel/words.ts'
import { readImport } from './jobs-of-import.ts'

type Reject = { row_no: string; problems: { code: string; field: string; values: Record<string, string | number> }[]; cells: string[] }

export async function findRejects(tx: Tx, actor: Actor, id: string, cursor: string | undefined, limit = 50) {
  const { targets } = await readImport(tx, actor, id)
  return rejectsOf(tx, actor, id, new Map(targets.map(t => [t.key, t.labels[actor.locale]])), cursor, limit)
}

async function rejectsOf(tx: Tx, actor: Actor, id: string, labels: ReadonlyMap<string, string>, cursor: string | undefined, limit: number) {
  const found = await tx.query<Reject>(
    'select row_no::text, problems, cells from import_reject where tenant_id = $1 and job_id = $2 and row_no > $3 order by import_reject.row_no limit $4',
    [actor.tenantId, id, /^\d{1,12}$/.test(cursor ?? '') ? cursor : '0', limit + 1],
  )
  const rows = found.rows.slice(0, limit).map(r => ({
    row: Number(r.row_no),
    problems: r.problems.map(p => {
      const field = labels.get(p.field) ?? p.field
      return { field, words: wordsOf({ code: p.code, values: { ...p.values, field } }, actor.locale).text }
    }),
    cells: r.cells,
  }))
  return { rows, next: found.rows.length > limit ? String(rows.at(-1)!.row) : null }
}

const PAGE = 1000
const HEADINGS = { 'zh-CN': ['行', '问题与改法'], 'zh-TW': ['行', '問題與改法'], en: ['Row', 'Problem and remedy'] } as const

/** The refused rows as they came, with two columns behind that the next import leaves out. */
export async function rejectsTable(tx: Tx, actor: Actor, id: string): Promise<{ headers: string[]; rows: AsyncGenerator<unknown[][]> }> {
  const { headers, targets } = await readImport(tx, actor, id)
  const labels = new Map(targets.map(t => [t.key, t.labels[actor.locale]]))
  async function* rows(): AsyncGenerator<unknown[][]> {
    for (let cursor: string | undefined; ; ) {
      const page = await rejectsOf(tx, actor, id, labels, cursor, PAGE)
      yield page.rows.map(r => [
        ...headers.map((_, i) => r.cells[i] ?? ''),
        r.row,
        r.problems.map(p => (p.field ? `${p.field}: ${p.words}` : p.words)).join('; '),
      ])
      if (!page.next) return
      cursor = page.next
    }
  }
  return { headers: [...headers, ...HEADINGS[actor.locale]], rows: rows() }
}

const NAMED: Readonly<Record<ImportObjectKey, string>> = {
  account: '(select a.name from account a where a.tenant_id = $1 and a.id = b.record_id)',
  owner: '(select a.name from account a where a.tenant_id = $1 and a.id = b.record_id)',
  contact: '(select c.name from contact c where c.tenant_id = $1 and c.id = b.record_id)',
  user: '(select u.name from app_user u where u.tenant_id = $1 and u.id = b.record_id)',
  territory: '(select t.name from territory t where t.tenant_id = $1 and t.id = b.record_id order by t.model_id desc limit 1)',
  member:
    '(select u.name from territory_member m join app_user u on u.tenant_id = $1 and u.id = m.user_id where m.tenant_id = $1 and m.id = b.record_id)',
}

export async function findKept(tx: Tx, actor: Actor, id: string, cursor: string | undefined) {
  const { object } = await readImport(tx, actor, id)
  const found = await tx.query<{ id: string; name: string | null; kept: string }>(
    `select b.record_id::text as id, ${NAMED[object]} as name, b.kept from import_before b where b.tenant_id = $1 and b.job_id = $2 and b.kept <> '' and b.record_id > $3 order by b.record_id limit 51`,
    [actor.tenantId, id, /^\d{1,18}$/.test(cursor ?? '') ? cursor : '0'],
  )
  const rows = found.rows.slice(0, 50).map(r => ({ id: r.id, name: r.name ?? `#${r.id}`, words: wordsOf({ code: r.kept }, actor.locale).text }))
  return { rows, next: found.rows.length > 50 ? rows.at(-1)!.id : null }
}
