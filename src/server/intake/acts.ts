/**
 * Working leads 处理线索: notes, giving by hand, deciding again, closing. Each lead of many is answered for itself; every change of owner leaves its
 * decision, its audit and a notice. Who may: the owner, managers of its territory and of those above, and who manages lead routing.
 */

import type { Pool } from 'pg'
import type { LeadInput } from '../../contract/intake/leads.ts'
import { ruleFor } from '../../core/intake/rules.ts'
import type { Refusal } from '../../core/kernel/result.ts'
import { whilePlacing } from '../access/while-placing.ts'
import { writeInstant } from '../account/facts.ts'
import { isBelow } from '../assignment/assign.ts'
import { loadCompiled } from '../assignment/compiled.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { wordsOf } from '../kernel/words.ts'
import { awayAt } from './absence.ts'
import { makeLeadCheck } from './check-lead.ts'
import { matchAccounts } from './match-accounts.ts'
import { lockRouting, routeLeads } from './router.ts'
import { type Held, lockLeads, writeAgain } from './stand.ts'
import { countOpen, loadRules } from './store.ts'

/** Managers of a lead's territory or of one above it, and who works the queue of the company. */
export async function managersOf(
  tx: Tx,
  actor: Pick<Actor, 'tenantId' | 'modelId'>,
  at: string,
): Promise<(territoryId: string | null, nearest?: boolean) => ReadonlySet<string>> {
  const { compiled } = await loadCompiled(tx, actor.tenantId, actor.modelId)
  const of = (id: string) =>
    (compiled.membersOf.get(id) ?? [])
      .filter(m => m.role === 'manager' && m.startsAt <= at && (m.endsAt === null || m.endsAt > at))
      .map(m => m.userId)
  return (territoryId, nearest = false) => {
    const above = territoryId === null ? [] : (compiled.hierarchy.byId.get(territoryId)?.ancestorIds ?? [])
    const chain = territoryId === null ? [] : [territoryId, ...above].map(of)
    return new Set(nearest ? chain.find(people => people.length > 0) : chain.flat())
  }
}

/** One lead of mine, or that I manage, locked and open. */
export async function lockMine(tx: Tx, actor: Actor, id: string): Promise<Held> {
  const held = (await lockLeads(tx, actor.tenantId, [id])).get(id)
  if (held === undefined) {
    const seen = await tx.query('select 1 from lead where tenant_id = $1 and id = $2', [actor.tenantId, id])
    return stop(seen.rowCount ? 'lead.notYours' : 'record.notFound')
  }
  if (held.closed) stop('lead.closed')
  if (!(await mayWork(tx, actor, [held]))(held)) stop('lead.notYours')
  return held
}
async function mayWork(tx: Tx, actor: Actor, leads: readonly Held[]): Promise<(lead: Held) => boolean> {
  if (actor.permissions.has('intake.manage') || leads.every(l => l.owner_id === actor.userId)) return () => true
  const managers = await managersOf(tx, actor, await writeInstant(tx))
  return lead => lead.owner_id === actor.userId || managers(lead.territory_id).has(actor.userId)
}

export async function note(tx: Tx, actor: Actor, id: string, input: { text: string; contact: boolean }): Promise<string> {
  const lead = await lockMine(tx, actor, id)
  const at = await writeInstant(tx)
  const made = await tx.query<{ id: string }>(
    'insert into lead_note (tenant_id, lead_id, author_id, kind, text, created_at) values ($1, $2, $3, $4, $5, $6) returning id::text',
    [actor.tenantId, id, actor.userId, input.contact ? 'contact' : 'note', input.text, at],
  )
  if (input.contact)
    await tx.query(
      `update lead set first_contact_at = coalesce(first_contact_at, $3), state = case when state = 'new' then 'working' else state end, step_at = null, updated_at = $3, row_version = row_version + 1
        where tenant_id = $1 and id = $2`,
      [actor.tenantId, id, at],
    )
  await audit(tx, actor, at, {
    kind: input.contact ? 'lead.contact' : 'lead.note',
    recordKind: 'lead',
    recordId: id,
    after: { ownerId: lead.owner_id },
  })
  return made.rows[0]!.id
}

export async function change(
  tx: Tx,
  actor: Actor,
  id: string,
  ifMatch: number,
  values: Partial<Pick<LeadInput, 'company' | 'contact' | 'title' | 'division' | 'industry' | 'need'>>,
): Promise<number> {
  const held = await lockMine(tx, actor, id)
  if (held.row_version !== ifMatch) stop('record.stale', { current: held.row_version })
  const checked = await (await makeLeadCheck(tx, actor.tenantId))({ company: held.company, ...values })
  if (!checked.ok) return stop(checked.refusal.code, checked.refusal.values, checked.refusal.field)
  const at = await writeInstant(tx)
  const keys = (['company', 'contact', 'title', 'division', 'industry', 'need'] as const).filter(k => k in values)
  const updated = await tx.query<{ row_version: number }>(
    `update lead set updated_at = $3, row_version = row_version + 1${keys.map((k, i) => `, ${k} = $${i + 4}`).join('')} where tenant_id = $1 and id = $2 returning row_version`,
    [actor.tenantId, id, at, ...keys.map(k => checked.lead[k])],
  )
  await audit(tx, actor, at, {
    kind: 'lead.update',
    recordKind: 'lead',
    recordId: id,
    after: Object.fromEntries(keys.filter(k => k !== 'contact').map(k => [k, checked.lead[k]])),
  })
  return updated.rows[0]!.row_version
}

type Outcomes = { changed: number; refused: { id: string; words: string }[] }
/** The leads of a bulk act that may be worked, locked; the others are told. */
async function workable(tx: Tx, actor: Actor, ids: readonly string[]): Promise<{ leads: Held[]; refused: Outcomes['refused'] }> {
  const asked = [...new Set(ids)]
  const held = await lockLeads(tx, actor.tenantId, asked)
  const may = await mayWork(tx, actor, [...held.values()])
  const refused: Outcomes['refused'] = []
  const leads = asked.flatMap(id => {
    const lead = held.get(id)
    const code = lead === undefined ? 'record.notFound' : lead.closed ? 'lead.closed' : may(lead) ? null : 'lead.notYours'
    if (code === null) return [lead!]
    refused.push({ id, words: wordsOf({ code }, actor.locale).text })
    return []
  })
  return { leads, refused }
}

/** By hand, to a person below the giver; over somebody's limit only as far as it has room. */
export async function assignByHand(tx: Tx, actor: Actor, ids: readonly string[], ownerId: string, reason: string): Promise<Outcomes> {
  await lockRouting(tx, actor.tenantId)
  const { leads, refused } = await workable(tx, actor, ids)
  const found = await tx.query<{ name: string; state: string }>('select name, state from app_user where tenant_id = $1 and id = $2', [
    actor.tenantId,
    ownerId,
  ])
  const person = found.rows[0] ?? stop('record.notFound', undefined, '/ownerId')
  if (person.state === 'inactive') stop('lead.ownerAway', { name: person.name }, '/ownerId')
  if (!actor.permissions.has('intake.manage') && !(await isBelow(tx, actor, ownerId))) stop('assign.outsideSight', undefined, '/ownerId')
  const { compiled } = await loadCompiled(tx, actor.tenantId, actor.modelId)
  const { rules } = await loadRules(tx, actor.tenantId)
  let open = (await countOpen(tx, actor.tenantId, [ownerId])).get(ownerId) ?? 0
  const given = leads.filter(lead => {
    const { capacity } = ruleFor(
      rules,
      lead.territory_id,
      lead.territory_id === null ? [] : (compiled.hierarchy.byId.get(lead.territory_id)?.ancestorIds ?? []),
    ).rules
    if (lead.owner_id === ownerId) return true
    if (capacity !== null && open >= capacity) {
      const refusal: Refusal = { code: 'lead.ownerFull', values: { name: person.name, open, most: capacity } }
      refused.push({ id: lead.id, words: wordsOf(refusal, actor.locale).text })
      return false
    }
    open += 1
    return true
  })
  const at = await writeInstant(tx)
  const routed = await routeLeads(
    tx,
    actor,
    at,
    given.map(lead => ({ facts: lead, known: [], hand: { ownerId, reason: 'hand' as const } })),
  )
  await writeAgain(tx, actor, at, 'hand', given, routed, reason)
  return { changed: given.length, refused }
}

/** By the rules of this moment, customers included. The lock of routing comes before any lead's own. */
export async function routeAgain(tx: Tx, bulk: Pool, actor: Actor, ids: readonly string[]): Promise<Outcomes> {
  await lockRouting(tx, actor.tenantId)
  const { leads, refused } = await workable(tx, actor, ids)
  if (leads.length === 0) return { changed: 0, refused }
  const asked = leads.map(l => ({ ...l, creditCode: null }))
  const known = await matchAccounts(tx, bulk, actor, asked, await awayAt(tx, actor.tenantId, await writeInstant(tx)))
  const at = await writeInstant(tx)
  const routed = await routeLeads(
    tx,
    actor,
    at,
    leads.map((lead, i) => ({ facts: lead, known: known[i]! })),
  )
  await writeAgain(tx, actor, at, 'again', leads, routed, null)
  return { changed: leads.length, refused }
}

export async function close(tx: Tx, actor: Actor, ids: readonly string[], reason: string, remark: string | null): Promise<Outcomes> {
  const { leads, refused } = await workable(tx, actor, ids)
  const at = await writeInstant(tx)
  const done = leads.map(l => l.id)
  await endLeads(tx, actor, at, done, 'closed', reason, remark)
  return { changed: done.length, refused }
}

/** Closed or converted: it stands where it stood, and no clock runs. */
export async function endLeads(
  tx: Tx,
  actor: Actor,
  at: string,
  ids: readonly string[],
  state: 'closed' | 'converted',
  reason: string | null,
  remark: string | null,
): Promise<void> {
  if (ids.length === 0) return
  await whilePlacing(tx, async () => {
    await tx.query(
      `update lead set state = $4, close_reason = $5, closed_at = $3, step_at = null, updated_at = $3, row_version = row_version + 1 where tenant_id = $1 and id = any($2::bigint[])`,
      [actor.tenantId, ids, at, state, reason],
    )
    await tx.query('update lead_placement set open = false where tenant_id = $1 and lead_id = any($2::bigint[])', [actor.tenantId, ids])
  })
  await tx.query(
    `insert into audit (tenant_id, at, actor_id, for_id, kind, record_kind, record_id, why, after) select $1, $2, $4, $5, $6, 'lead', id, $7, jsonb_build_object('state', $8::text, 'reason', $9::text) from unnest($3::bigint[]) as d(id)`,
    [
      actor.tenantId,
      at,
      ids,
      actor.viewerId ?? actor.userId,
      actor.viewerId ? actor.userId : null,
      `lead.${state === 'closed' ? 'close' : 'convert'}`,
      remark,
      state,
      reason,
    ],
  )
}

export async function findLeadOwners(tx: Tx, actor: Actor, id: string, search?: string) {
  const held = await tx.query<{ territory: string | null }>(
    'select territory_id::text as territory from lead_placement where tenant_id = $1 and lead_id = $2',
    [actor.tenantId, id],
  )
  const at = held.rows[0] ?? stop('record.notFound')
  const pattern = search?.trim()
    ? `%${search
        .trim()
        .normalize('NFKC')
        .toLowerCase()
        .replace(/[%_\\]/g, '\\$&')}%`
    : null
  const found = await tx.query<{ id: string; name: string; title: string | null; member: boolean; open: number }>(
    `select u.id::text, u.name, u.title, mine.user_id is not null as member,
            (select count(*)::int from (select 1 from lead_placement p where p.tenant_id = $1 and p.owner_id = u.id and p.open limit 1000) held) as open
       from app_user u left join (select distinct user_id from territory_member where tenant_id = $1 and territory_id = $2 and cancels_id is null and member_role in ('owner', 'collaborator')
            and starts_at <= now() and (ends_at is null or ends_at > now())) mine on mine.user_id = u.id
      where u.tenant_id = $1 and u.state = 'active' and ($3::text is null or lower(u.name) like $3 or u.login like $3) and (mine.user_id is not null or $3::text is not null)
      order by member desc, u.name, u.id limit 20`,
    [actor.tenantId, at.territory, pattern],
  )
  return { rows: found.rows }
}
