/**
 * What people say of a change set 异议与回应: of the whole, or of one row, with a reason; who plans answers, and whether it is taken up. What the
 * company's policy accepts by itself is taken up at once, and who plans may still say no.
 */
import type { ChangeSetComment } from '../../../contract/territory/change-sets.ts'
import type { FeedbackReason } from '../../../core/territory/feedback.ts'
import { notify } from '../../identity/notify.ts'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import { stop } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { judge, keepWhereItWas, takePinBack } from './feedback.ts'
import { assertKnown, lockSet, readsWhole } from './read-set.ts'

const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`
const PAGE = 50

export async function readComments(tx: Tx, actor: Actor, id: string, cursor?: string): Promise<{ rows: ChangeSetComment[]; next: string | null }> {
  await assertKnown(tx, actor, id)
  const whole = await readsWhole(tx, actor, id)
  const found = await tx.query<ChangeSetComment>(
    // The name of a customer out of the reader's sight is not told: the fence on account answers null.
    `select c.id::text, case when c.anchor_kind is not null then json_build_object('kind', c.anchor_kind, 'id', c.anchor_id::text, 'name', case c.anchor_kind
              when 'account' then (select a.name from account a where a.tenant_id = $1 and a.id = c.anchor_id) when 'owner' then (select u.name from app_user u where u.tenant_id = $1 and u.id = c.anchor_id)
              else (select t.name from territory t where t.tenant_id = $1 and t.id = c.anchor_id order by t.model_id desc limit 1) end) end as anchor,
            c.reason, c.body, json_build_object('id', w.id::text, 'name', w.name) as author, ${UTC('c.created_at')} as "createdAt", c.answer,
            case when b.id is not null then json_build_object('id', b.id::text, 'name', b.name) end as "answeredBy", c.accepted,
            -- What was seen of a customer is for those who see him.
            case when c.basis is not null and exists (select 1 from account a where a.tenant_id = $1 and a.id = c.anchor_id) then c.basis end as basis,
            case when c.basis is null or c.accepted is not true then null when c.pin_id is null then 'waits' else 'pinned' end as effect
       from change_set_comment c join app_user w on w.tenant_id = $1 and w.id = c.author_id left join app_user b on b.tenant_id = $1 and b.id = c.answered_by
      where c.tenant_id = $1 and c.change_set_id = $2 and ($3::bigint is null or c.id < $3) and ($4 or c.author_id = $5) order by c.id desc limit ${PAGE + 1}`,
    [actor.tenantId, id, /^\d{1,18}$/.test(cursor ?? '') ? cursor : null, whole, actor.userId],
  )
  const rows = found.rows.slice(0, PAGE)
  return { rows, next: found.rows.length > PAGE ? rows.at(-1)!.id : null }
}

type Said = { body: string; anchor?: { kind: 'territory' | 'owner' | 'account'; id: string } | undefined; reason?: FeedbackReason | undefined }

export async function say(tx: Tx, actor: Actor, now: string, id: string, said: Said): Promise<{ id: string; accepted: boolean }> {
  const set = await lockSet(tx, actor, id)
  const accountId = said.anchor?.kind === 'account' ? said.anchor.id : null
  if (accountId !== null) {
    const seen = await tx.query('select 1 from account where tenant_id = $1 and id = $2', [actor.tenantId, accountId])
    if (seen.rowCount === 0) stop('record.notFound', undefined, '/anchor/id')
  }
  const basis = accountId === null ? null : await judge(tx, actor, now, set, accountId, said.reason ?? null)
  const pinId =
    basis && accountId
      ? await keepWhereItWas(tx, actor.tenantId, now, set, accountId, { by: actor.userId, body: said.body, territoryId: basis.territoryId })
      : null
  const made = await tx.query<{ id: string }>(
    `insert into change_set_comment (tenant_id, change_set_id, anchor_kind, anchor_id, reason, body, author_id, created_at, accepted, basis, pin_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id::text`,
    [
      actor.tenantId,
      id,
      said.anchor?.kind ?? null,
      said.anchor?.id ?? null,
      said.reason ?? null,
      said.body,
      actor.userId,
      now,
      basis ? true : null,
      basis ? JSON.stringify(basis) : null,
      pinId,
    ],
  )
  const commentId = made.rows[0]!.id
  await audit(tx, actor, now, { kind: 'changeSet.comment', recordKind: 'changeSet', recordId: id, after: { commentId, anchor: said.anchor ?? null } })
  if (basis && accountId)
    await audit(tx, actor, now, { kind: 'changeSet.accept', recordKind: 'changeSet', recordId: id, accountId, after: { commentId, pinId, ...basis } })
  if (set.createdBy !== actor.userId)
    await notify(tx, actor, now, set.createdBy, basis ? 'changeSet.accepted' : 'changeSet.comment', null, {
      by: actor.userName,
      title: set.title,
      changeSetId: id,
    })
  return { id: commentId, accepted: basis !== null }
}

export async function answer(
  tx: Tx,
  actor: Actor,
  now: string,
  id: string,
  commentId: string,
  input: { answer: string; accepted: boolean },
): Promise<void> {
  const set = await lockSet(tx, actor, id)
  const found = await tx.query<{ author: string; body: string; accountId: string | null; territoryId: string | null; pinId: string | null }>(
    `update change_set_comment set answer = $4, accepted = $5, answered_by = $6, answered_at = $7 where tenant_id = $1 and change_set_id = $2 and id = $3
     returning author_id::text as author, body, case when anchor_kind = 'account' then anchor_id::text end as "accountId", basis->>'territoryId' as "territoryId", pin_id::text as "pinId"`,
    [actor.tenantId, id, commentId, input.answer, input.accepted, actor.userId, now],
  )
  const { author, body, accountId, territoryId, pinId } = found.rows[0] ?? stop('record.notFound')
  if (territoryId && accountId) {
    if (!input.accepted && pinId) await takePinBack(tx, actor, set, accountId, pinId)
    const pin = input.accepted ? (pinId ?? (await keepWhereItWas(tx, actor.tenantId, now, set, accountId, { by: author, body, territoryId }))) : null
    await tx.query('update change_set_comment set pin_id = $3 where tenant_id = $1 and id = $2', [actor.tenantId, commentId, pin])
  }
  await audit(tx, actor, now, {
    kind: 'changeSet.answer',
    recordKind: 'changeSet',
    recordId: id,
    after: { commentId, accepted: input.accepted, ...(territoryId && !input.accepted ? { overruled: true, pinId } : {}) },
  })
  if (author !== actor.userId)
    await notify(tx, actor, now, author, 'changeSet.answered', null, { by: actor.userName, title: set.title, changeSetId: id, answer: input.answer })
}
