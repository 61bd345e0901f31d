/**
 * Leads come in 线索接入: as many as arrived, in one transaction. What was sent before is answered as known; who asked before is noted at the open
 * lead; the rest is matched to customers, given to somebody or queued with the reason. The same for the API, forms, imports and people.
 */
import type { Pool } from 'pg'
import type { IntakeOutcome } from '../../contract/intake/leads.ts'
import type { Locale } from '../../contract/kernel/shapes.ts'
import type { Refusal } from '../../core/kernel/result.ts'
import { whilePlacing } from '../access/while-placing.ts'
import { writeInstant } from '../account/facts.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { wordsOf } from '../kernel/words.ts'
import { awayAt } from './absence.ts'
import { type CheckedLead, makeLeadCheck } from './check-lead.ts'
import { findRepeats, matchAccounts } from './match-accounts.ts'
import { lockRouting, type Routed, routeLeads } from './router.ts'
import { tellOwners } from './tell.ts'

export type TakenIn =
  | { readonly outcome: 'created' | 'known' | 'repeats'; readonly id: string }
  | { readonly outcome: 'refused'; readonly refusal: Refusal & { readonly field: string } }
type By = Pick<Actor, 'tenantId' | 'userId' | 'viewerId' | 'modelId'>

export async function takeIn(tx: Tx, bulk: Pool, actor: By, rows: readonly unknown[], lenient = false): Promise<readonly TakenIn[]> {
  const check = await makeLeadCheck(tx, actor.tenantId, lenient)
  const done = new Map<number, TakenIn>()
  const waiting: { at: number; lead: CheckedLead }[] = []
  for (const [at, row] of rows.entries()) {
    const checked = await check(row)
    if (checked.ok) waiting.push({ at, lead: checked.lead })
    else done.set(at, { outcome: 'refused', refusal: checked.refusal })
  }
  const sent = await knownKeys(
    tx,
    actor.tenantId,
    waiting.map(w => w.lead),
  )
  const fresh = waiting.filter(({ at, lead }) => {
    const id = sent.get(keyOf(lead))
    if (id !== undefined) done.set(at, { outcome: 'known', id })
    return id === undefined
  })
  if (fresh.length > 0) await writeFresh(tx, bulk, actor, fresh, done)
  return rows.map((_, at) => done.get(at)!)
}

const keyOf = (lead: CheckedLead): string => (lead.externalKey === null ? '' : `${lead.source}\u0001${lead.externalKey}`)

async function knownKeys(tx: Tx, tenantId: string, leads: readonly CheckedLead[]): Promise<Map<string, string>> {
  const keyed = leads.filter(l => l.externalKey !== null)
  if (keyed.length === 0) return new Map()
  const found = await tx.query<{ source: string; key: string; id: string }>({
    name: 'lead-keys',
    text: `select k.source, k.external_key as key, k.lead_id::text as id from lead_key k join unnest($2::text[], $3::text[]) as a(source, key) on a.source = k.source and a.key = k.external_key
      where k.tenant_id = $1`,
    values: [tenantId, keyed.map(l => l.source), keyed.map(l => l.externalKey)],
  })
  return new Map(found.rows.map(r => [`${r.source}\u0001${r.key}`, r.id]))
}

async function writeFresh(
  tx: Tx,
  bulk: Pool,
  actor: By,
  asked: readonly { at: number; lead: CheckedLead }[],
  done: Map<number, TakenIn>,
): Promise<void> {
  const { tenantId, modelId } = actor
  const away = await awayAt(tx, tenantId, await writeInstant(tx))
  const known = await matchAccounts(
    tx,
    bulk,
    { tenantId, modelId },
    asked.map(a => a.lead),
    away,
  )
  await lockRouting(tx, tenantId)
  // Whoever was before us has committed: asked again, now for sure.
  const sent = await knownKeys(
    tx,
    tenantId,
    asked.map(a => a.lead),
  )
  const open = new Map(await findRepeats(tx, tenantId, [...new Set(asked.flatMap(a => [a.lead.phoneKey, a.lead.emailKey].filter(k => k !== null)))]))
  const drawn = await tx.query<{ id: string }>(`select nextval(pg_get_serial_sequence('lead', 'id'))::text as id from generate_series(1, $1)`, [
    asked.length,
  ])
  const made: { id: string; lead: CheckedLead; known: (typeof known)[number] }[] = []
  const repeats: { id: string; lead: CheckedLead }[] = []
  for (const [i, { at, lead }] of asked.entries()) {
    const before = sent.get(keyOf(lead))
    if (lead.externalKey !== null && before !== undefined) {
      done.set(at, { outcome: 'known', id: before })
      continue
    }
    const same = [lead.phoneKey, lead.emailKey].flatMap(k => (k === null ? [] : (open.get(k) ?? [])))[0]
    const id = same ?? drawn.rows[i]!.id
    if (lead.externalKey !== null) sent.set(keyOf(lead), id)
    done.set(at, { outcome: same === undefined ? 'created' : 'repeats', id })
    if (same !== undefined) repeats.push({ id, lead })
    else {
      made.push({ id, lead, known: known[i]! })
      for (const k of [lead.phoneKey, lead.emailKey]) if (k !== null) open.set(k, id)
    }
  }
  const at = await writeInstant(tx)
  const routed = await routeLeads(
    tx,
    { tenantId, modelId },
    at,
    made.map(m => ({ facts: m.lead, known: m.known, ...(m.lead.mine ? { hand: { ownerId: actor.userId, reason: 'hand' as const } } : {}) })),
  )
  await writeLeads(
    tx,
    actor,
    at,
    made.map((m, i) => ({ ...m, routed: routed[i]! })),
    repeats,
  )
  await tellOwners(
    tx,
    actor,
    at,
    'lead.assigned',
    made.map((m, i) => ({ leadId: m.id, userId: routed[i]!.verdict.ownerId })),
  )
}

type Made = { readonly id: string; readonly lead: CheckedLead; readonly routed: Routed }
export async function writeLeads(tx: Tx, actor: By, at: string, made: readonly Made[], repeats: readonly Pick<Made, 'id' | 'lead'>[]): Promise<void> {
  const keys = [...made, ...repeats].filter(m => m.lead.externalKey !== null)
  await whilePlacing(tx, () =>
    tx.query({
      name: 'lead-write',
      text: WRITE,
      values: [
        actor.tenantId,
        at,
        actor.userId,
        actor.viewerId ?? actor.userId,
        actor.viewerId ? actor.userId : null,
        actor.modelId,
        JSON.stringify(made.map(m => rowOf(m.id, m.lead, m.routed))),
        JSON.stringify(keys.map(k => ({ id: k.id, source: k.lead.source, key: k.lead.externalKey }))),
        JSON.stringify(repeats.map(r => ({ id: r.id, text: [r.lead.need, r.lead.campaign, r.lead.source].filter(Boolean).join(' · ') }))),
      ],
    }),
  )
}

const rowOf = (id: string, lead: CheckedLead, r: Routed) => ({
  id,
  source: lead.source,
  external_key: lead.externalKey,
  company: lead.company,
  contact: lead.contact,
  title: lead.title,
  division: lead.division,
  industry: lead.industry,
  channel: lead.channel,
  campaign: lead.campaign,
  need: lead.need,
  phone: lead.phone,
  email: lead.email,
  phone_key: lead.phoneKey,
  email_key: lead.emailKey,
  account_id: r.verdict.accountId,
  ...r.clock,
  owner_id: r.verdict.ownerId,
  territory_id: r.verdict.territoryId,
  reason: r.verdict.reason,
  hint: r.verdict.hint,
  tokens: r.sight.tokens,
  private_tokens: r.sight.privateTokens,
  edit_tokens: r.sight.editTokens,
  detail: r.detail,
})

/** One statement for all of them: lead, numbers, placement, decision, key, note of a repeat, audit, and what follows after the commit. */
const WRITE = `with d as materialized (select * from jsonb_to_recordset($7::jsonb) as x(id bigint, source text, external_key text, company text, contact text, title text, division text, industry text,
    channel text, campaign text, need text, phone text, email text, phone_key text, email_key text, account_id bigint, due_at timestamptz, step_at timestamptz, next_at timestamptz, owner_id bigint, territory_id bigint, reason text, hint text,
    tokens bigint[], private_tokens bigint[], edit_tokens bigint[], detail jsonb)),
  k as (insert into lead_key (tenant_id, source, external_key, lead_id) select $1, source, key, id from jsonb_to_recordset($8::jsonb) as x(id bigint, source text, key text)),
  l as (insert into lead (tenant_id, id, source, external_key, company, contact, title, division, industry, channel, campaign, need, account_id, created_by, created_at, updated_at, due_at, step_at, next_at)
    select $1, id, source, external_key, company, contact, title, division, industry, channel, campaign, need, account_id, $3, $2, $2, due_at, step_at, next_at from d),
  pr as (insert into lead_private (tenant_id, lead_id, phone, email, phone_key, email_key) select $1, id, phone, email, phone_key, email_key from d where phone is not null or email is not null),
  p as (insert into lead_placement (tenant_id, lead_id, model_id, owner_id, territory_id, open, reason, hint, tokens, private_tokens, edit_tokens, at)
    select $1, id, $6, owner_id, territory_id, true, reason, hint, tokens, private_tokens, edit_tokens, $2 from d),
  r as (insert into lead_route (tenant_id, lead_id, at, by_id, cause, model_id, territory_id, owner_id, reason, detail)
    select $1, id, $2, case when reason = 'hand' then $3::bigint end, 'arrival', $6, territory_id, owner_id, reason, detail from d),
  n as (insert into lead_note (tenant_id, lead_id, author_id, kind, text, created_at) select $1, id, $3, 'repeat', text, $2 from jsonb_to_recordset($9::jsonb) as x(id bigint, text text)),
  o as (insert into outbox (tenant_id, kind, payload) select $1, 'lead.created', jsonb_build_object('leadId', id) from d)
  insert into audit (tenant_id, at, actor_id, for_id, kind, record_kind, record_id, after)
    select $1::bigint, $2::timestamptz, $4::bigint, $5::bigint, 'lead.create', 'lead', id, jsonb_build_object('source', source, 'ownerId', owner_id, 'territoryId', territory_id, 'reason', reason) from d
    union all select $1, $2, $4, $5, 'lead.repeat', 'lead', id, null::jsonb from jsonb_to_recordset($9::jsonb) as x(id bigint, text text)`

export function answerOf(taken: TakenIn, locale: Locale): IntakeOutcome {
  if (taken.outcome !== 'refused') return { outcome: taken.outcome, id: taken.id, field: null, words: null }
  return { outcome: 'refused', id: null, field: taken.refusal.field, words: wordsOf(taken.refusal, locale).text }
}
