/** Who was a member under a model at an instant, and which model was in use from when until when: as far as the reader may know of it. */
import type { z } from 'zod'
import type { listActivations, modelMembers } from '../../contract/territory/past.ts'
import { type AsOfAsked, asOfAnswer, instantOf } from '../account/as-of.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { membersAt } from '../territory/member-history.ts'
import { assertReadable, knowsAll } from '../territory/models.ts'
import { loadCompiled } from './compiled.ts'
import { countAccounts } from './read-territories.ts'
import { seenTerritories } from './seen-territories.ts'

type MembersQuery = AsOfAsked & { readonly territoryId?: string | undefined; readonly cursor?: string | undefined; readonly limit: number }

export async function readMembers(tx: Tx, actor: Actor, modelId: string, query: MembersQuery): Promise<z.infer<typeof modelMembers.reply>> {
  await assertReadable(tx, actor, modelId)
  // Members may be asked of any model: who is a member under it is known whether it was in use or not.
  const asOf = await instantOf(tx, actor, query)
  const model = await loadCompiled(tx, actor.tenantId, modelId)
  const names = new Map(model.loaded.territories.map(t => [t.id, t.name]))
  const seen = seenTerritories(actor, model.compiled, knowsAll(actor) ? { byTerritory: new Map() } : await countAccounts(tx, actor, model))
  const territoryIds = [...names.keys()].filter(
    id => (seen === null || seen.get(id) === 'whole') && (query.territoryId === undefined || id === query.territoryId),
  )
  if (query.territoryId !== undefined && territoryIds.length === 0) stop('record.notFound', undefined, '/territoryId')
  const after = query.cursor === undefined ? {} : { after: query.cursor }
  const found = await membersAt(tx, actor.tenantId, modelId, asOf, { territoryIds, ...after, limit: query.limit + 1 })
  const rows = found.slice(0, query.limit)
  return {
    asOf: asOfAnswer(asOf),
    rows: rows.map(({ title: _, modelId: __, ...m }) => ({ ...m, territory: names.get(m.territoryId) ?? '' })),
    next: found.length > query.limit ? rows.at(-1)!.id : null,
  }
}

const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
const PAGE = 50

export async function findActivations(tx: Tx, actor: Actor, cursor: string | undefined): Promise<z.infer<typeof listActivations.reply>> {
  const found = await tx.query<z.infer<typeof listActivations.reply>['rows'][number]>(
    `select x.seq::text, x.model_id::text as "modelId", m.name, m.version, ${UTC('x.effective_at')} as from, ${UTC('x.until')} as until, x.why, x.undo_of is not null as undo, x.planned
       from (select a.*, a.effective_at > clock_timestamp() as planned, lead(a.effective_at) over (order by a.effective_at, a.seq) as until, row_number() over (order by a.effective_at desc, a.seq desc) as n
               from activation a where a.tenant_id = $1 and a.cancelled_at is null and ($2 or a.effective_at <= clock_timestamp())) x
       join territory_model m on m.tenant_id = $1 and m.id = x.model_id where x.n > $3 order by x.n limit ${PAGE + 1}`,
    [actor.tenantId, knowsAll(actor), cursor ?? '0'],
  )
  const rows = found.rows.slice(0, PAGE)
  return { rows, next: found.rows.length > PAGE ? String(Number(cursor ?? 0) + PAGE) : null }
}
