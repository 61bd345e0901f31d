/** Everything that happened with an account on one line, newest first, by keyset: notes, tasks, files, deals, changes, ownership. */
import type { TimelineEvent } from '../../contract/account/attached.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'

const PAGE = 30

export async function readTimeline(
  tx: Tx,
  actor: Actor,
  accountId: string,
  cursor?: string,
): Promise<{ rows: TimelineEvent[]; next: string | null }> {
  const seen = await tx.query('select 1 from account where tenant_id = $1 and id = $2', [actor.tenantId, accountId])
  if (seen.rowCount === 0) stop('record.notFound')
  const after = /^(\d{4}-[\dT:.Z-]{1,30})\|([a-z]\d{1,18})$/.exec(cursor ?? '')
  const found = await tx.query<TimelineEvent>(
    `select e.key as id, e.kind, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, u.name as by, e.text, e.detail from (
       select 'n' || id as key, 'note' as kind, created_at as at, author_id as by_id, text, null::jsonb as detail from note where tenant_id = $1 and account_id = $2 and deleted_at is null
       union all select 't' || id, 'task', created_at, created_by, text, jsonb_build_object('dueOn', due_on, 'done', done_at is not null) from task where tenant_id = $1 and account_id = $2 and deleted_at is null
       union all select 'f' || id, 'file', created_at, created_by, name, jsonb_build_object('id', id::text, 'size', size) from file where tenant_id = $1 and account_id = $2 and deleted_at is null
       union all select 'o' || id, 'opportunity', created_at, owner_id, name, jsonb_build_object('stage', stage, 'amount', amount, 'currency', currency) from opportunity where tenant_id = $1 and account_id = $2 and deleted_at is null
       union all select 'a' || id, case when kind = 'account.create' then 'created' else 'change' end, at, actor_id, why, jsonb_build_object('before', before, 'after', after, 'kind', kind)
         from audit where tenant_id = $1 and account_id = $2 and record_kind = 'account' and kind in ('account.create', 'account.update', 'account.bulk', 'account.import', 'account.restore')
       union all select 'h' || h.id, 'ownership', h.valid_to, null, null, jsonb_build_object('territory', (select t.name from territory t where t.tenant_id = $1 and t.id = h.territory_id limit 1), 'owner', (select hu.name from app_user hu where hu.tenant_id = $1 and hu.id = h.owner_id), 'source', h.source)
         from placement_history h where h.tenant_id = $1 and h.account_id = $2 and (h.model_id is null or h.model_id = $3)
     ) e left join app_user u on u.tenant_id = $1 and u.id = e.by_id
     where $4::timestamptz is null or (e.at, e.key) < ($4::timestamptz, $5::text)
     order by e.at desc, e.key desc limit ${PAGE + 1}`,
    [actor.tenantId, accountId, actor.modelId, after?.[1] ?? null, after?.[2] ?? null],
  )
  const rows = found.rows.slice(0, PAGE).map(row => hideFields(row, actor))
  const last = found.rows[PAGE - 1]
  return { rows, next: found.rows.length > PAGE && last ? `${last.at}|${last.id}` : null }
}

/** A change of a field that the reader's role hides is not told. */
function hideFields(event: TimelineEvent, actor: Actor): TimelineEvent {
  if (!event.detail || (event.kind !== 'change' && event.kind !== 'created')) return event
  const visible = (values: unknown) =>
    values ? Object.fromEntries(Object.entries(values as object).filter(([k]) => actor.fieldAccess.get(k) !== 'hidden')) : null
  return { ...event, detail: { ...event.detail, before: visible(event.detail.before), after: visible(event.detail.after) } }
}
