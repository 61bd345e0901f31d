/** Models a draft may be made on 基版: the one in use, and those that are scheduled after it, each in its order. */
import type { Actor } from '../../kernel/actor.ts'
import { stop } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'

const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
export type Turn = {
  readonly id: string
  readonly name: string
  readonly version: number | null
  readonly baseModelId: string | null
  readonly effectiveAt: string
}

/** The model in use and what is scheduled, in the order in which they take effect. */
export async function turnsAhead(tx: Tx, tenantId: string): Promise<readonly Turn[]> {
  const found = await tx.query<Turn>(
    `with turn as (select a.model_id, a.effective_at, a.seq, a.effective_at > clock_timestamp() as ahead,
            row_number() over (partition by a.effective_at > clock_timestamp() order by a.effective_at desc, a.seq desc) as back from activation a where a.tenant_id = $1 and a.cancelled_at is null)
     select m.id::text, m.name, m.version, m.base_model_id::text as "baseModelId", ${UTC('t.effective_at')} as "effectiveAt"
       from turn t join territory_model m on m.tenant_id = $1 and m.id = t.model_id where t.ahead or t.back = 1 order by t.effective_at, t.seq`,
    [tenantId],
  )
  return found.rows
}

/** Whether a model made on this one can take effect some day as it is. */
export const standsOn = async (tx: Tx, tenantId: string, baseModelId: string): Promise<boolean> =>
  (await turnsAhead(tx, tenantId)).some(t => t.id === baseModelId)

/** The model in force just before the instant must be the one this was made on, and what comes after it must be made on this one. */
export async function assertFits(tx: Tx, tenantId: string, model: { id: string; baseModelId: string | null }, at: string): Promise<void> {
  if (model.baseModelId === null) return
  const turns = (await turnsAhead(tx, tenantId)).filter(t => t.id !== model.id)
  const until = (t: Turn) => Date.parse(t.effectiveAt) <= Date.parse(at)
  const before = turns.filter((t, i) => i === 0 || until(t)).at(-1)
  if (before?.id !== model.baseModelId) {
    const base = turns.find(t => t.id === model.baseModelId)
    if (base && !until(base)) stop('changeSet.tooEarly', { name: base.name, at: base.effectiveAt.slice(0, 16).replace('T', ' ') }, '/effectiveAt')
    if (before && before !== turns[0]) stop('changeSet.otherScheduled', { name: before.name })
    stop('model.outdated')
  }
  const after = turns.find((t, i) => i > 0 && !until(t))
  if (after && after.baseModelId !== model.id) stop('changeSet.otherScheduled', { name: after.name })
}

/** Others that were made on this model would lose the ground under them. Of a draft that is another's alone only its author is named. */
export async function assertNothingOn(tx: Tx, actor: Actor, modelId: string): Promise<void> {
  const found = await tx.query<{ title: string; name: string; hidden: boolean }>(
    `select s.title, u.name, s.state = 'draft' and not s.shared and s.created_by <> $3 as hidden
       from territory_model m join change_set s on s.tenant_id = $1 and s.model_id = m.id join app_user u on u.tenant_id = $1 and u.id = s.created_by
      where m.tenant_id = $1 and m.base_model_id = $2 and s.state in ('draft', 'submitted', 'approved') order by m.id limit 1`,
    [actor.tenantId, modelId, actor.userId],
  )
  const on = found.rows[0]
  if (on?.hidden) stop('changeSet.isBaseOfDraft', { name: on.name })
  if (on) stop('changeSet.isBase', { title: on.title })
}
