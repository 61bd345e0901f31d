/** The fix list as a file: what this person may see, a row for each problem, with the words that say why; recorded in the audit trail. */
import { isKind, measureOf } from '../../core/cleansing/problem.ts'
import { writeCsv } from '../files/write-table.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { readCheckUp } from './check-up.ts'
import { assertSlice, type Found, findIn, problemRows } from './fix-list.ts'
import { labelOfMeasure, said } from './words.ts'

const MOST = 200_000
const PIECE = 1_000
const HEADERS: readonly (readonly [string, string])[] = [
  ['编号', 'Id'],
  ['客户', 'Customer'],
  ['负责人', 'Owner'],
  ['字段', 'Field'],
  ['问题', 'Problem'],
  ['衡量', 'Measure'],
  ['说明', 'Why'],
  ['现在', 'Now'],
  ['建议', 'Proposal'],
]

/** `only`: one field, or one kind of it; else everything that the check-up found and what is missing. */
export async function writeReport(
  tx: Tx,
  actor: Actor,
  now: string,
  only: { readonly field?: string | undefined; readonly kind?: string | undefined },
): Promise<{ bytes: Buffer; rows: number }> {
  if (only.field !== undefined) await assertSlice(tx, actor, { field: only.field, kind: only.kind })
  const { fields, kinds } = await readCheckUp(tx, actor)
  const wanted = kinds.filter(k => (only.field === undefined || k.field === only.field) && (only.kind === undefined || k.kind === only.kind))
  const labels = new Map(fields.map(f => [f.key, f.label]))
  let count = 0
  async function* lines(): AsyncGenerator<readonly (readonly unknown[])[]> {
    for (const { field, kind } of wanted) {
      if (!isKind(kind)) continue
      for (let after: Found | null = null; ; ) {
        const page: readonly Found[] = await findIn(tx, actor, { field, kind }, false, after, PIECE)
        const rows = await problemRows(
          tx,
          actor,
          page.map(f => ({ ...f, field })),
          false,
        )
        count += rows.length
        if (count > MOST) stop('file.tooManyRows', { limit: MOST })
        yield rows.map(r => [
          r.accountId,
          r.name,
          r.owner,
          labels.get(field) ?? field,
          r.label,
          labelOfMeasure(measureOf(kind), actor.locale),
          r.words,
          r.valueWords ?? r.value,
          r.proposalWords ?? r.proposal,
        ])
        after = page.at(-1) ?? null
        if (page.length < PIECE) break
      }
    }
  }
  const pieces: Buffer[] = []
  for await (const piece of writeCsv(
    HEADERS.map(h => said(h, actor.locale)),
    lines(),
  ))
    pieces.push(piece)
  await audit(tx, actor, now, { kind: 'cleansing.export', recordKind: 'cleansing', after: { ...only }, count })
  return { bytes: Buffer.concat(pieces), rows: count }
}
