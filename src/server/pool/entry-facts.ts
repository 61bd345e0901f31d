/** What decides about claiming an entry, as read from its row: the steps of its opening, who let it go, and whether its group has an owner. */
import { EVERYONE_TOKEN } from '../../core/access/tokens.ts'
import type { EntryFacts } from '../../core/pool/claim.ts'
import { poolToken } from '../../core/pool/opening.ts'

export type EntryRow = {
  readonly id: string
  readonly pool: string
  readonly entered: number
  readonly created: number
  readonly tokens: readonly string[]
  readonly token1: string | null
  readonly opens1: number | null
  readonly token2: string | null
  readonly opens2: number | null
  readonly token3: string | null
  readonly opens3: number | null
  readonly leavers: readonly { userId: string; at: number }[]
  readonly grouped: boolean
}
const MS = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`

/** Of `pool_entry e`, joined to nothing: `grouped` is asked for apart, beyond the reader's sight. $1 tenant. */
export const ENTRY_FACTS = `e.account_id::text as id, e.pool_id::text as pool, ${MS('e.entered_at')} as entered, ${MS('e.created_at')} as created, e.tokens::text[] as tokens,
  e.token1::text, ${MS('e.opens1')} as opens1, e.token2::text, ${MS('e.opens2')} as opens2, e.token3::text, ${MS('e.opens3')} as opens3, e.leavers`

/** Whether somebody owns another company of the group of account `id`: its parent, its parent's others, its own. $1 tenant, $2 model. */
export const GROUPED = (
  id: string,
) => `exists (select 1 from account me join account g on g.tenant_id = $1 and g.deleted_at is null and g.id <> me.id and (g.id = me.parent_id or g.parent_id = me.parent_id or g.parent_id = me.id)
    join account_placement gp on gp.tenant_id = $1 and gp.model_id = $2 and gp.account_id = g.id and gp.owner_id is not null where me.tenant_id = $1 and me.id = ${id})`

const KIND = 5n
const ROOM = 2n ** 31n
const territoryOf = (token: string): string | null => {
  const id = (BigInt(token) / 8n) % ROOM
  return id === 0n ? null : String(id)
}
/** The token of the pool among those that see the row at once. */
export const ownToken = (row: Pick<EntryRow, 'tokens' | 'pool'>): string | null =>
  row.tokens.find(t => t !== EVERYONE_TOKEN && BigInt(t) % 8n === KIND && t.length > 1) ?? poolToken(row.pool, null)

export function entryFacts(row: EntryRow): EntryFacts {
  const first = ownToken(row)
  const later = [
    [row.token1, row.opens1],
    [row.token2, row.opens2],
    [row.token3, row.opens3],
  ] as const
  const openings = [[first, row.entered] as const, ...later].flatMap(([token, at]) =>
    token === null || at === null ? [] : [{ token, territoryId: territoryOf(token), at }],
  )
  return { openings, createdAt: row.created, leavers: row.leavers, groupOwned: row.grouped }
}
