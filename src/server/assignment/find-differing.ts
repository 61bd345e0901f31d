/**
 * Which accounts would stand otherwise if they were placed now, from one snapshot: accounts and their placements are read as text in the
 * order of their ids and compared as they pass, so that a run writes differences only.
 */
import copyStreams from 'pg-copy-streams'
import type { Placement } from '../../core/assignment/place.ts'
import { compareIds } from '../../core/kernel/id.ts'
import { writeInstant } from '../account/facts.ts'
import type { Tx } from '../kernel/transaction.ts'
import { decidePlacements } from './decide-placements.ts'
import { lines } from './read-columns.ts'
import { standingOf } from './write-placement.ts'

const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
/** What must be equal for a row to stay as it is, as COPY writes it; overlays among them. */
const STANDING = `p.owner_id, p.territory_id, p.pool_id, p.tokens, p.private_tokens, p.edit_tokens, p.source, p.contested, p.undecidable, p.rule_version, ${UTC('p.next_change_at')}`
const cell = (value: string | number | boolean | null): string =>
  value === null ? '\\N' : value === true ? 't' : value === false ? 'f' : String(value)
const lineOf = (p: Placement): string => standingOf(p).map(cell).join('\t')

export async function findDiffering(tx: Tx, tenantId: string, modelId: string, where: string): Promise<readonly string[]> {
  const tenant = BigInt(tenantId)
  const model = BigInt(modelId)
  const at = await writeInstant(tx)
  const { columns, decide } = await decidePlacements(tx, tenantId, modelId, at, lineOf, where)
  const overlays = new Map<string, string>()
  const overlaid = `copy (select account_id, string_agg(territory_id::text, ',' order by territory_id) from account_overlay where tenant_id = ${tenant} and model_id = ${model} group by account_id) to stdout`
  for await (const line of lines(tx.query(copyStreams.to(overlaid)))) {
    const tab = line.indexOf('\t')
    overlays.set(line.slice(0, tab), line.slice(tab + 1))
  }
  const narrowed = where === 'true' ? '' : `and p.account_id in (select a.id from account a where a.tenant_id = ${tenant} and (${where}))`
  const standing = `copy (select p.account_id, p.prior_owner_id, ${STANDING} from account_placement p where p.tenant_id = ${tenant} and p.model_id = ${model} ${narrowed} order by p.account_id) to stdout`

  const differing: string[] = []
  let i = 0
  const { ids, count } = columns
  for await (const line of lines(tx.query(copyStreams.to(standing)))) {
    const tab = line.indexOf('\t')
    const id = line.slice(0, tab)
    // Accounts that have no row yet; rows of accounts in the recycle bin are passed over.
    while (i < count && compareIds(ids[i]!, id) < 0) differing.push(ids[i++]!)
    if (ids[i] !== id) continue
    const second = line.indexOf('\t', tab + 1)
    const prior = line.slice(tab + 1, second)
    const { placement, kept } = decide(i, prior === '\\N' ? null : prior)
    if (!line.endsWith(kept) || line.length - second - 1 !== kept.length || (overlays.get(id) ?? '') !== placement.overlays.join()) differing.push(id)
    i += 1
  }
  while (i < count) differing.push(ids[i++]!)
  return differing
}
