/** The rows of handovers, and who may do what with one: whoever may assign, for himself and people below him; handover.manage: for everybody. */
import type { HANDOVER_KINDS, HANDOVER_STATES, RuleBody } from '../../../contract/assignment/handover.ts'
import type { Actor } from '../../kernel/actor.ts'
import { stop } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { isBelow } from '../assign.ts'

export type HandoverKind = (typeof HANDOVER_KINDS)[number]
export type StoredHandover = {
  readonly id: string
  readonly kind: HandoverKind
  readonly from: string
  readonly state: (typeof HANDOVER_STATES)[number]
  readonly mode: 'own' | 'share'
  readonly startsAt: string | null
  readonly endsAt: string | null
  readonly rule: RuleBody
  readonly note: string | null
  readonly createdBy: string
  readonly startedBy: string | null
  readonly startedAt: string | null
  readonly rowVersion: number
}

export const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
const COLUMNS = `id::text, kind, from_user::text as "from", state, mode, ${UTC('starts_at')} as "startsAt", ${UTC('ends_at')} as "endsAt", rule, note, created_by::text as "createdBy",
  started_by::text as "startedBy", ${UTC('started_at')} as "startedAt", row_version as "rowVersion"`

export async function loadHandover(tx: Tx, tenantId: string, id: string, lock = false): Promise<StoredHandover> {
  const found = await tx.query<StoredHandover>(`select ${COLUMNS} from handover where tenant_id = $1 and id = $2 ${lock ? 'for update' : ''}`, [
    tenantId,
    id,
  ])
  return found.rows[0] ?? stop('record.notFound')
}

export const mayHandOver = async (tx: Tx, actor: Actor, fromId: string): Promise<boolean> =>
  actor.permissions.has('account.assign') && (actor.permissions.has('handover.manage') || (await isBelow(tx, actor, fromId)))

/** For changing it: one that the actor is not responsible for is not there. */
export async function lockMine(tx: Tx, actor: Actor, id: string): Promise<StoredHandover> {
  const handover = await loadHandover(tx, actor.tenantId, id, true)
  if (!(await mayHandOver(tx, actor, handover.from))) stop('record.notFound')
  return handover
}

/** What a customer was before it was lent, so that it comes back as it was. */
export const keepBefore = (tx: Tx, actor: Actor, handoverId: string, rows: readonly { id: string; before: object }[]): Promise<unknown> =>
  tx.query(
    `update handover_item i set before = r.before::jsonb from unnest($3::bigint[], $4::text[]) as r(id, before) where i.tenant_id = $1 and i.handover_id = $2 and i.kind = 'account' and i.record_id = r.id`,
    [actor.tenantId, handoverId, rows.map(r => r.id), rows.map(r => JSON.stringify(r.before))],
  )

/** What he should hold no more: of a leaver everything, else what was to go. */
export const shouldGo = (handover: Pick<StoredHandover, 'kind' | 'rule'>, kind: string): boolean =>
  handover.kind === 'leaver' || handover.rule.kinds.includes(kind)
