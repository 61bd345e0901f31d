/**
 * Which accounts would stand otherwise if they were placed now, from one snapshot: the number that each row says of itself is read beside
 * the account's fields and compared with that of its decision, so that a run writes differences only.
 */
import type { Match } from '../../core/assignment/compile.ts'
import { idAt } from '../../core/condition/columns.ts'
import { writeInstant } from '../account/facts.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { Compiled } from './compiled.ts'
import { numberReader } from './copy-cells.ts'
import { decidePlacements } from './decide-placements.ts'
import { standingOf } from './write-placement.ts'

/** By account id, in rising order: what the rules said, and the version of the account's row that they read. */
export type Differing = {
  readonly model: Compiled | null
  readonly rows: ReadonlyMap<string, { readonly match: Match; readonly rowVersion: number }>
}

export async function findDiffering(tx: Tx, tenantId: string, modelId: string, where: string): Promise<Differing> {
  const at = await writeInstant(tx)
  const standings: number[] = []
  const versions: number[] = []
  const { model, columns, decide } = await decidePlacements(tx, tenantId, modelId, at, standingOf, {
    where,
    prior: { modelId, column: 'prior_owner_id' },
    more: [
      { sql: 'p.standing', read: numberReader(n => standings.push(n)) },
      { sql: 'a.row_version', read: numberReader(n => versions.push(n)) },
    ],
  })
  const rows = new Map<string, { match: Match; rowVersion: number }>()
  for (let i = 0; i < columns.count; i += 1) {
    const { match, kept } = decide(i)
    // An account without a row has no number: it differs.
    if (kept !== standings[i]) rows.set(idAt(columns, i), { match, rowVersion: versions[i]! })
  }
  return { model, rows }
}
