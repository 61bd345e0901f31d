/** A handover before it begins 交接草稿: what kind, from whom, when, by which rule; and what was chosen by hand. */
import type { ChangedHandover, ChosenItems, NewHandover, RuleBody } from '../../../contract/assignment/handover.ts'
import { handoverKinds } from '../../identity/handover.ts'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import { stop } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { assertLists, assertRule, wholeRule } from '../../territory/check-rule.ts'
import { loadEnv } from '../../territory/load-env.ts'
import { listsOf, loadModel } from '../../territory/load-model.ts'
import { loadVocabulary } from '../../territory/vocabulary.ts'
import { type PlannedItem, planHandover, receiversOf } from './plan.ts'
import { type HandoverKind, lockMine, mayHandOver, type StoredHandover } from './store.ts'

export const kindsFor = (kind: HandoverKind): readonly string[] => handoverKinds().flatMap(h => (kind !== 'absence' || h.lent ? [h.kind] : []))

export async function makeHandover(tx: Tx, actor: Actor, now: string, input: NewHandover): Promise<string> {
  await assertThere(tx, actor, input.kind, input.fromId)
  if (!(await mayHandOver(tx, actor, input.fromId))) stop('handover.notBelow', undefined, '/fromId')
  const rule = input.rule ?? { kinds: [...kindsFor(input.kind)], when: [], rest: null, heirId: null }
  const whole = await checkRule(tx, actor, input.kind, rule, null)
  const { startsAt, endsAt } = await datesOf(
    tx,
    actor,
    input.kind,
    input.startsOn ?? null,
    input.endsOn ?? (input.kind === 'absence' ? inTwoWeeks(now) : null),
  )
  const mode = input.mode ?? 'own'
  if (mode === 'share' && input.kind !== 'absence') stop('handover.noAbsence', undefined, '/mode')
  const made = await tx.query<{ id: string }>(
    `insert into handover (tenant_id, kind, from_user, mode, starts_at, ends_at, rule, note, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id::text`,
    [actor.tenantId, input.kind, input.fromId, mode, startsAt, endsAt, JSON.stringify(whole), input.note || null, actor.userId, now],
  )
  const id = made.rows[0]!.id
  await audit(tx, actor, now, { kind: 'handover.create', recordKind: 'handover', recordId: id, after: { fromId: input.fromId, kind: input.kind } })
  return id
}

/** What a handover of a leaver by this rule would do; nothing is written. */
export async function previewHandover(tx: Tx, actor: Actor, fromId: string, rule: RuleBody): Promise<readonly PlannedItem[]> {
  if (!(await mayHandOver(tx, actor, fromId))) stop('handover.notBelow')
  const dates = { startsAt: null, endsAt: null, startedBy: null, startedAt: null }
  return planHandover(tx, actor, {
    ...{ id: '0', kind: 'leaver', from: fromId, state: 'draft', mode: 'own', note: null, createdBy: actor.userId, rowVersion: 1, ...dates },
    rule: await checkRule(tx, actor, 'leaver', rule, null),
  })
}

/** Who is inactive does not come back from an absence. */
async function assertThere(tx: Tx, actor: Actor, kind: HandoverKind, fromId: string): Promise<void> {
  const known = await tx.query<{ name: string; active: boolean }>(
    `select name, state <> 'inactive' as active from app_user where tenant_id = $1 and id = $2`,
    [actor.tenantId, fromId],
  )
  const person = known.rows[0] ?? stop('record.notFound', undefined, '/fromId')
  if (kind === 'absence' && !person.active) stop('handover.fromInactive', { name: person.name }, '/kind')
}

const inTwoWeeks = (now: string): string => new Date(Date.parse(now) + 14 * 86_400_000).toISOString().slice(0, 10)

export async function changeDraft(tx: Tx, actor: Actor, now: string, id: string, ifMatch: number, change: ChangedHandover): Promise<number> {
  const before = await lockDraft(tx, actor, id)
  if (before.rowVersion !== ifMatch) stop('record.stale', { current: before.rowVersion })
  const kind = change.kind ?? before.kind
  await assertThere(tx, actor, kind, before.from)
  const mode = change.mode ?? (kind === 'absence' ? before.mode : 'own')
  if (mode === 'share' && kind !== 'absence') stop('handover.noAbsence', undefined, '/mode')
  const asked = change.rule ?? { ...before.rule, kinds: kind === before.kind ? before.rule.kinds : [...kindsFor(kind)] }
  const rule = await checkRule(tx, actor, kind, asked, before.rule)
  const days = await daysOf(tx, actor, before)
  const endsOn = change.endsOn === undefined ? (kind === 'absence' ? (days.endsOn ?? inTwoWeeks(now)) : null) : change.endsOn
  const { startsAt, endsAt } = await datesOf(tx, actor, kind, change.startsOn === undefined ? days.startsOn : change.startsOn, endsOn)
  const updated = await tx.query<{ v: number }>(
    `update handover set kind = $3, mode = $4, starts_at = $5, ends_at = $6, rule = $7, note = case when $8 then $9 else note end, row_version = row_version + 1 where tenant_id = $1 and id = $2 returning row_version as v`,
    [actor.tenantId, id, kind, mode, startsAt, endsAt, JSON.stringify(rule), change.note !== undefined, change.note || null],
  )
  await audit(tx, actor, now, { kind: 'handover.update', recordKind: 'handover', recordId: id, after: { kind, mode, startsAt, endsAt } })
  return updated.rows[0]!.v
}

export async function chooseItems(tx: Tx, actor: Actor, id: string, items: ChosenItems): Promise<void> {
  await lockDraft(tx, actor, id)
  const people = items.flatMap(i => (i.to && i.to !== 'rule' && i.to !== 'stay' ? [i.to] : []))
  await assertPeople(tx, actor, people, '/items')
  const known = new Set(handoverKinds().map(h => h.kind))
  for (const i of items) if (!known.has(i.kind)) stop('handover.kind', { kind: i.kind, lent: '' }, '/items')
  // What an item does not name stays as it was, so those that name the same go together.
  for (const [chosen, noted] of [
    [true, true],
    [true, false],
    [false, true],
  ] as const) {
    const some = items.filter(i => (i.to !== undefined) === chosen && (i.note !== undefined) === noted)
    if (some.length === 0) continue
    await tx.query(
      `insert into handover_item as h (tenant_id, handover_id, kind, record_id, to_user, by_hand, skipped, note)
       select $1, $2, kind, id, case when choice ~ '^\\d+$' then choice::bigint end, true, case when choice = 'stay' then 'handover.stays' end, note
         from unnest($3::text[], $4::bigint[], $5::text[], $6::text[]) as c(kind, id, choice, note)
       on conflict (tenant_id, handover_id, kind, record_id) do update set ${[
         ...(chosen ? ['to_user = excluded.to_user', 'skipped = excluded.skipped'] : []),
         ...(noted ? ['note = excluded.note'] : []),
       ].join(', ')}`,
      [actor.tenantId, id, some.map(i => i.kind), some.map(i => i.id), some.map(i => i.to ?? null), some.map(i => i.note || null)],
    )
  }
  await tx.query('delete from handover_item where tenant_id = $1 and handover_id = $2 and to_user is null and skipped is null and note is null', [
    actor.tenantId,
    id,
  ])
}

export async function cancelDraft(tx: Tx, actor: Actor, now: string, id: string): Promise<void> {
  await lockDraft(tx, actor, id, ['draft', 'scheduled'])
  await tx.query(`update handover set state = 'cancelled', row_version = row_version + 1 where tenant_id = $1 and id = $2`, [actor.tenantId, id])
  for (const table of ['absence', 'handover_item'])
    await tx.query(`delete from ${table} where tenant_id = $1 and handover_id = $2`, [actor.tenantId, id])
  await audit(tx, actor, now, { kind: 'handover.cancel', recordKind: 'handover', recordId: id })
}

export async function lockDraft(tx: Tx, actor: Actor, id: string, states: readonly StoredHandover['state'][] = ['draft']): Promise<StoredHandover> {
  const handover = await lockMine(tx, actor, id)
  return states.includes(handover.state) ? handover : stop('handover.state', { state: handover.state })
}

async function checkRule(tx: Tx, actor: Actor, kind: HandoverKind, rule: RuleBody, before: RuleBody | null): Promise<RuleBody> {
  const known = kindsFor(kind)
  const strange = rule.kinds.find(k => !known.includes(k))
  if (strange !== undefined) stop('handover.kind', { kind: strange, lent: known.join(', ') }, '/rule/kinds')
  await assertPeople(tx, actor, receiversOf(rule), '/rule')
  if (rule.when.length === 0) return rule
  const model = await loadModel(tx, actor.tenantId, actor.modelId)
  const when = []
  for (const [i, w] of rule.when.entries()) {
    const old = before?.when[i]?.condition ?? null
    const condition = wholeRule(actor, w.condition, old)
    const env = await loadEnv(tx, actor.tenantId, model, listsOf(condition))
    await assertRule(tx, actor.tenantId, condition, env, await loadVocabulary(tx, actor, actor.locale, [condition]))
    await assertLists(tx, actor, condition, env, old)
    when.push({ ...w, condition })
  }
  return { ...rule, when }
}

async function assertPeople(tx: Tx, actor: Actor, ids: readonly string[], field: string): Promise<void> {
  const wanted = [...new Set(ids)]
  const known = await tx.query(`select 1 from app_user where tenant_id = $1 and id = any($2::bigint[]) and state = 'active'`, [
    actor.tenantId,
    wanted,
  ])
  if (known.rowCount !== wanted.length) stop('handover.receivers', undefined, field)
}

/** Days of the company's calendar as instants: from the beginning of the first to the end of the last. */
async function datesOf(tx: Tx, actor: Actor, kind: HandoverKind, startsOn: string | null, endsOn: string | null) {
  if (kind === 'absence' && endsOn === null) stop('handover.noEnd', undefined, '/endsOn')
  if (kind !== 'absence' && endsOn !== null) stop('handover.noAbsence', undefined, '/endsOn')
  const found = await tx.query<{ startsAt: string | null; endsAt: string | null; ok: boolean }>(
    `select to_char(($1::date::timestamp at time zone $3) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "startsAt",
            to_char((($2::date + 1)::timestamp at time zone $3) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "endsAt",
            coalesce($2::date >= greatest($1::date, (now() at time zone $3)::date), true) as ok`,
    [startsOn, endsOn, actor.zone],
  )
  const { startsAt, endsAt, ok } = found.rows[0]!
  if (!ok) stop('handover.dates', undefined, '/endsOn')
  return { startsAt, endsAt }
}

export async function daysOf(tx: Tx, actor: Pick<Actor, 'zone'>, handover: Pick<StoredHandover, 'startsAt' | 'endsAt'>) {
  const found = await tx.query<{ startsOn: string | null; endsOn: string | null }>(
    `select to_char($1::timestamptz at time zone $3, 'YYYY-MM-DD') as "startsOn", to_char($2::timestamptz at time zone $3 - interval '1 day', 'YYYY-MM-DD') as "endsOn"`,
    [handover.startsAt, handover.endsAt, actor.zone],
  )
  return found.rows[0]!
}
