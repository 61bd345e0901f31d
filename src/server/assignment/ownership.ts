/**
 * The history of one account: who owned it where and when, as known now, of each model only while it was in force; what was corrected
 * later, by whom and why, with what had been believed 当时我们以为; and the pins that hold it.
 */
import type { z } from 'zod'
import type { ownership } from '../../contract/assignment/endpoints.ts'
import { whilePlacing } from '../access/while-placing.ts'
import { HELD } from '../account/as-of.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'

type Reply = z.infer<typeof ownership.reply>
type Interval = Reply['intervals'][number] & { readonly ownerId: string | null; readonly territoryId: string | null }

const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
const TERRITORY = (id: string) => `(select n.name from territory n where n.tenant_id = $1 and n.id = ${id} order by n.model_id desc limit 1)`
const PERSON = (id: string) => `(select n.name from app_user n where n.tenant_id = $1 and n.id = ${id})`
const LIMIT = 100

export async function readOwnership(tx: Tx, actor: Actor, accountId: string): Promise<Reply> {
  const seen = await tx.query('select 1 from account where tenant_id = $1 and id = $2', [actor.tenantId, accountId])
  if (seen.rowCount === 0) stop('record.notFound')
  // Rows of former models carry the tokens of then; the account itself was just seen.
  const found = await whilePlacing(tx, () =>
    tx.query<Interval>(
      `select ${UTC('k.valid_from')} as from, case when k.valid_to < 'infinity' then ${UTC('k.valid_to')} end as to, k.owner_id::text as "ownerId", k.territory_id::text as "territoryId",
              ${PERSON('k.owner_id')} as "ownerName", ${TERRITORY('k.territory_id')} as territory, k.source, k.correction_id is not null as corrected
         from (${HELD}) k order by k.valid_from desc limit ${LIMIT * 2}`,
      [actor.tenantId, accountId],
    ),
  )
  const corrections = await tx.query<Reply['corrections'][number]>(
    `select c.id::text, ${UTC('c.valid_from')} as from, ${UTC('c.valid_to')} as to, ${PERSON('c.owner_id')} as "ownerName", ${TERRITORY('c.territory_id')} as territory, c.reason,
            ${PERSON('c.created_by')} as by, ${UTC('c.created_at')} as at,
            (select coalesce(json_agg(json_build_object('from', ${UTC('b.valid_from')}, 'to', ${UTC('b.valid_to')}, 'ownerName', ${PERSON('b.owner_id')}, 'territory', ${TERRITORY('b.territory_id')}) order by b.valid_from), '[]')
               from placement_history b where b.tenant_id = $1 and b.account_id = $2 and b.known_to = c.created_at) as believed
       from placement_correction c where c.tenant_id = $1 and c.account_id = $2 order by c.created_at desc, c.id desc limit ${LIMIT}`,
    [actor.tenantId, accountId],
  )
  const pins = await tx.query<Reply['pins'][number]>(
    `select p.id::text, coalesce(${TERRITORY('p.territory_id')}, '') as territory, ${UTC('p.starts_at')} as from, ${UTC('p.ends_at')} as until, p.reason
       from territory_pin p where p.tenant_id = $1 and p.account_id = $2 and p.cancelled_at is null and (p.ends_at is null or p.ends_at > now()) order by p.id desc`,
    [actor.tenantId, accountId],
  )
  return { intervals: joined(found.rows).slice(0, LIMIT), corrections: corrections.rows, pins: pins.rows }
}

/** Neighbours that differ only in how it came about are one stretch for the reader; newest first. */
function joined(rows: readonly Interval[]): Reply['intervals'] {
  const result: Interval[] = []
  for (const row of rows) {
    const later = result.at(-1)
    if (later && later.from === row.to && later.ownerId === row.ownerId && later.territoryId === row.territoryId && later.corrected === row.corrected)
      result[result.length - 1] = { ...later, from: row.from }
    else result.push(row)
  }
  return result.map(({ ownerId: _, territoryId: __, ...row }) => row)
}
