/**
 * What an industry 行业 is called: the classification's own words (GB/T 4754, the same for everybody), or those a company puts in their
 * place. The code stays what it is, so rules, imports and placements never notice. Everything that names an industry asks here.
 */
import type { Labels, Locale } from '../../contract/kernel/shapes.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'

export type IndustryRow = {
  readonly code: string
  readonly parentCode: string | null
  readonly labels: Labels
  /** The words of the classification. */
  readonly standard: Labels
  /** The company has words of its own for it. */
  readonly own: boolean
  readonly rowVersion: number
}

export async function loadIndustryRows(tx: Tx, tenantId: string): Promise<readonly IndustryRow[]> {
  const found = await tx.query<{ code: string; parentCode: string | null; standard: Partial<Labels>; own: Partial<Labels>; rowVersion: number }>(
    `select i.code, i.parent_code as "parentCode", i.labels as standard, coalesce(l.labels, '{}') as own, coalesce(l.row_version, 0) as "rowVersion"
       from industry i left join industry_label l on l.tenant_id = $1 and l.code = i.code order by i.code`,
    [tenantId],
  )
  return found.rows.map(({ own, ...r }) => {
    const standard = wholeOf(r.standard, r.code)
    return { ...r, standard, labels: { ...standard, ...own }, own: Object.keys(own).length > 0 }
  })
}

/** An imported classification may bring one language only. */
const wholeOf = (labels: Partial<Labels>, code: string): Labels => {
  const any = labels['zh-CN'] ?? labels.en ?? labels['zh-TW'] ?? code
  return { 'zh-CN': labels['zh-CN'] ?? any, 'zh-TW': labels['zh-TW'] ?? any, en: labels.en ?? any }
}

/** `C27 医药制造业`, by code. */
export async function loadIndustryNames(tx: Tx, tenantId: string, locale: Locale): Promise<ReadonlyMap<string, string>> {
  return new Map((await loadIndustryRows(tx, tenantId)).map(r => [r.code, `${r.code} ${r.labels[locale]}`]))
}

const normal = (text: string): string => text.normalize('NFKC').trim().toLowerCase()

/** Words in small letters by which a file or a pasted list may name an industry beside the classification's: codes, and the company's words. */
export async function loadIndustryWords(tx: Tx, tenantId: string): Promise<ReadonlyMap<string, string>> {
  const rows = await loadIndustryRows(tx, tenantId)
  const words = rows.filter(r => r.own).flatMap(r => Object.values(r.labels).map(label => [normal(label), r.code] as const))
  // A code is a code, whatever somebody calls another one.
  return new Map([...words, ...rows.map(r => [normal(r.code), r.code] as const)])
}

/** `labels` null: back to the words of the classification. */
export async function renameIndustry(
  tx: Tx,
  actor: Actor,
  now: string,
  code: string,
  ifMatch: number,
  labels: Labels | null,
): Promise<{ rowVersion: number }> {
  const before = (await loadIndustryRows(tx, actor.tenantId)).find(r => r.code === code) ?? stop('record.notFound')
  const changed = await tx.query<{ row_version: number }>(
    ifMatch === 0
      ? 'insert into industry_label (tenant_id, code, labels) values ($1, $2, $3) on conflict do nothing returning row_version'
      : 'update industry_label set labels = $3, row_version = row_version + 1 where tenant_id = $1 and code = $2 and row_version = $4 returning row_version',
    [actor.tenantId, code, JSON.stringify(labels ?? {}), ...(ifMatch === 0 ? [] : [ifMatch])],
  )
  const row = changed.rows[0] ?? stop('record.stale', { current: await versionOf(tx, actor, code) })
  await audit(tx, actor, now, {
    kind: 'industry.rename',
    recordKind: 'industry',
    before: { code, labels: before.own ? before.labels : null },
    after: { code, labels },
  })
  return { rowVersion: row.row_version }
}

async function versionOf(tx: Tx, actor: Actor, code: string): Promise<number> {
  const found = await tx.query<{ row_version: number }>('select row_version from industry_label where tenant_id = $1 and code = $2', [
    actor.tenantId,
    code,
  ])
  return found.rows[0]?.row_version ?? 0
}
