/**
 * Which accounts would stand otherwise if they were placed now, from one snapshot: accounts and their placements are read as bytes in the
 * order of their ids, and the number each row stands for is compared as it passes, so that a run writes differences only.
 */
import copyStreams from 'pg-copy-streams'
import type { Match } from '../../core/assignment/compile.ts'
import { compareIds } from '../../core/kernel/id.ts'
import { writeInstant } from '../account/facts.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { Compiled } from './compiled.ts'
import { eachLine, endOfCell, isNull, isText, sameBytes, textOf } from './copy-cells.ts'
import { decidePlacements } from './decide-placements.ts'
import { standingOf } from './write-placement.ts'

/** By account id, in rising order: what the rules said, and the version of the account's row that they read. */
export type Differing = {
  readonly model: Compiled | null
  readonly rows: ReadonlyMap<string, { readonly match: Match; readonly rowVersion: number | undefined }>
}

export async function findDiffering(tx: Tx, tenantId: string, modelId: string, where: string): Promise<Differing> {
  const tenant = BigInt(tenantId)
  const id = BigInt(modelId)
  const at = await writeInstant(tx)
  const { model, columns, match, decide } = await decidePlacements(tx, tenantId, modelId, at, p => Buffer.from(standingOf(p), 'latin1'), where)
  const narrowed = where === 'true' ? '' : `and p.account_id in (select a.id from account a where a.tenant_id = ${tenant} and (${where}))`
  const standing = `copy (select p.account_id, p.prior_owner_id, p.standing from account_placement p where p.tenant_id = ${tenant} and p.model_id = ${id} ${narrowed} order by p.account_id) to stdout`

  const differing: { id: string; match: Match }[] = []
  const noRow = (k: number) => differing.push({ id: ids[k]!, match: match(k) })
  let i = 0
  const { ids, count } = columns
  await eachLine(tx.query(copyStreams.to(standing)), (bytes, from, to) => {
    const end = endOfCell(bytes, from, to)
    if (!(i < count && isText(bytes, from, end, ids[i]!))) {
      const accountId = textOf(bytes, from, end)
      // Accounts that have no row yet; rows of accounts in the recycle bin are passed over.
      while (i < count && compareIds(ids[i]!, accountId) < 0) noRow(i++)
      if (ids[i] !== accountId) return
    }
    const second = endOfCell(bytes, end + 1, to)
    const { match: found, kept } = decide(i, isNull(bytes, end + 1, second) ? null : textOf(bytes, end + 1, second))
    if (to - second - 1 !== kept.length || !sameBytes(bytes, second + 1, to, kept)) differing.push({ id: ids[i]!, match: found })
    i += 1
  })
  while (i < count) noRow(i++)

  const versions = await tx.query<{ id: string; version: number }>(
    'select a.id::text, a.row_version as version from account a where a.tenant_id = $1 and a.id = any($2::bigint[])',
    [tenantId, differing.map(d => d.id)],
  )
  const versionOf = new Map(versions.rows.map(r => [r.id, r.version]))
  return { model, rows: new Map(differing.map(d => [d.id, { match: d.match, rowVersion: versionOf.get(d.id) }])) }
}
