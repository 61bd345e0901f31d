/**
 * Everything that happened with an account on one line, newest first, by keyset: follow-ups, deals, who it belonged to, what was changed.
 * A change of hands tells from whom to whom and, where a person did it, why.
 */
import type { TimelineEvent, TimelineFilter } from '../../contract/account/attached.ts'
import { reasonWords } from '../../contract/cleansing/words.ts'
import { whilePlacing } from '../access/while-placing.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import { toTraditional } from '../kernel/traditional.ts'
import type { Tx } from '../kernel/transaction.ts'
import { HELD } from './as-of.ts'
import { WHY } from './write-rows.ts'

const PAGE = 30

const NOTES = [
  `select 'n' || id as key, 'note' as kind, created_at as at, author_id as by_id, text, null::jsonb as detail from note where tenant_id = $1 and account_id = $2 and deleted_at is null`,
  `select 't' || id, 'task', created_at, created_by, text, jsonb_build_object('dueOn', due_on, 'done', done_at is not null) from task where tenant_id = $1 and account_id = $2 and deleted_at is null`,
  `select 'd' || id, 'taskDone', done_at, assignee_id, text, null from task where tenant_id = $1 and account_id = $2 and deleted_at is null and done_at is not null`,
]
const DEALS = [
  `select 'o' || id, 'opportunity', created_at, owner_id, name, jsonb_build_object('stage', stage, 'amount', amount, 'currency', currency, 'closeOn', close_on) from opportunity where tenant_id = $1 and account_id = $2 and deleted_at is null`,
  `select 'q' || q.id, 'opportunityChange', q.at, q.actor_id, o.name, jsonb_build_object('before', q.before, 'after', q.after, 'currency', o.currency)
     from audit q join opportunity o on o.tenant_id = $1 and o.id = q.record_id where q.tenant_id = $1 and q.account_id = $2 and q.kind = 'opportunity.update'`,
]
const REF = (id: string) =>
  `(select jsonb_build_object('code', t.code, 'name', t.name, 'colour', t.colour) from territory t where t.tenant_id = $1 and t.id = ${id} order by t.model_id desc limit 1)`
const NAME = (id: string) => `(select u.name from app_user u where u.tenant_id = $1 and u.id = ${id})`
const OWNERSHIP = [
  `select x.key, 'ownership', x.valid_from, coalesce(fix.created_by, act.created_by), coalesce(fix.reason, act.reason),
      jsonb_build_object('fromOwner', ${NAME('x.old_owner')}, 'owner', ${NAME('x.owner_id')}, 'fromTerritory', ${REF('x.old_territory')}, 'territory', ${REF('x.territory_id')}, 'source', x.source, 'first', x.first, 'handover', act.handover)
     from (select i.*, lag(owner_id) over line as old_owner, lag(territory_id) over line as old_territory, lag(key) over line is null as first
             from (${HELD}) i
           window line as (order by valid_from, key)) x
     left join lateral (select a.created_by, a.reason, a.detail->>'handover' as handover from ownership_act a where a.tenant_id = $1 and a.account_id = $2 and a.at = x.valid_from order by a.id desc limit 1) act on true
     left join placement_correction fix on fix.tenant_id = $1 and fix.id = x.correction_id
    where x.first or x.owner_id is distinct from x.old_owner or x.territory_id is distinct from x.old_territory`,
  `select 'r' || r.id, 'approval', r.created_at, r.asked_by, r.why, jsonb_build_object('kind', r.kind, 'state', r.state, 'answer', r.answer, 'approver', ${NAME('r.approver_id')}, 'to', ${NAME(`(r.payload->>'ownerId')::bigint`)})
     from approval_request r where r.tenant_id = $1 and r.account_id = $2`,
]
const CHANGES = [
  // A mass import leaves no audit row for each new account: the account itself says which import made it.
  `select 'i' || j.id, 'created', a.created_at, a.created_by, j.file_name, jsonb_build_object('kind', 'account.import') from account a join import_job j on j.tenant_id = $1 and j.id = a.import_id
    where a.tenant_id = $1 and a.id = $2`,
  `select 'f' || id, 'file', created_at, created_by, name, jsonb_build_object('id', id::text, 'size', size) from file where tenant_id = $1 and account_id = $2 and deleted_at is null`,
  `select 'a' || id, case when kind = 'account.create' then 'created' else 'change' end, at, actor_id, why, jsonb_build_object('before', before, 'after', after, 'kind', kind)
     from audit where tenant_id = $1 and account_id = $2 and kind in ('account.create', 'account.update', 'account.bulk', 'account.import', 'account.restore', 'account.delete', 'account.share',
       'account.unshare', 'account.pin', 'account.unpin', 'account.correct', 'account.merge', 'account.mergedAway', 'account.unmerge', 'duplicate.different', 'address.create', 'address.update', 'address.verify', 'address.delete', 'contact.create', 'contact.update', 'contact.delete', 'file.delete')`,
]
const OF: Readonly<Record<TimelineFilter, readonly string[]>> = {
  all: [...NOTES, ...DEALS, ...OWNERSHIP, ...CHANGES],
  notes: NOTES,
  deals: DEALS,
  ownership: OWNERSHIP,
  changes: CHANGES,
}

export async function readTimeline(
  tx: Tx,
  actor: Actor,
  accountId: string,
  query: { cursor?: string | undefined; of: TimelineFilter },
): Promise<{ rows: TimelineEvent[]; next: string | null }> {
  const seen = await tx.query('select 1 from account where tenant_id = $1 and id = $2', [actor.tenantId, accountId])
  if (seen.rowCount === 0) stop('record.notFound')
  const after = /^(\d{4}-[\dT:.Z-]{1,30})\|([a-z]\d{1,18})$/.exec(query.cursor ?? '')
  // Placements of former models carry the tokens of then; the account itself was just seen.
  const found = await whilePlacing(tx, () =>
    tx.query<TimelineEvent>(
      `select e.key as id, e.kind, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, u.name as by, e.text, e.detail from (
       select null::text as key, null::text as kind, null::timestamptz as at, null::bigint as by_id, null::text as text, null::jsonb as detail where $3::bigint is null
       union all ${OF[query.of].join('\n union all ')}
     ) e left join app_user u on u.tenant_id = $1 and u.id = e.by_id
     where $4::timestamptz is null or (e.at, e.key) < ($4::timestamptz, $5::text)
     order by e.at desc, e.key desc limit ${PAGE + 1}`,
      [actor.tenantId, accountId, actor.modelId, after?.[1] ?? null, after?.[2] ?? null],
    ),
  )
  const rows = found.rows.slice(0, PAGE).map(row => hideFields(sayWhy(row, actor), actor))
  const last = found.rows[PAGE - 1]
  return { rows, next: found.rows.length > PAGE && last ? `${last.at}|${last.id}` : null }
}

/** The reason that a change keeps as a code, in the reader's words. */
function sayWhy(event: TimelineEvent, actor: Actor): TimelineEvent {
  const after = event.detail?.after as Record<string, unknown> | null | undefined
  if (!after || !Object.hasOwn(after, WHY)) return event
  const { [WHY]: code, ...values } = after
  const words = reasonWords(String(code))
  const text = words && (actor.locale === 'en' ? words[1] : actor.locale === 'zh-TW' ? toTraditional(words[0]) : words[0])
  return { ...event, text: text ?? event.text, detail: { ...event.detail, after: values } }
}

/** A change of a field that the reader's role hides is not told; an address is the field "address". */
function hideFields(event: TimelineEvent, actor: Actor): TimelineEvent {
  if (!event.detail || (event.kind !== 'change' && event.kind !== 'created')) return event
  const hides = (key: string) => actor.fieldAccess.get(key) === 'hidden'
  if (String(event.detail.kind).startsWith('address.') && hides('address')) return { ...event, detail: { kind: event.detail.kind } }
  const visible = (values: unknown) => (values ? Object.fromEntries(Object.entries(values as object).filter(([k]) => !hides(k))) : null)
  return { ...event, detail: { ...event.detail, before: visible(event.detail.before), after: visible(event.detail.after) } }
}
