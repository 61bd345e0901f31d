/**
 * The clock of first contact 首次联系时限, by a job: the owner is warned before, the managers are told when it is due, and where the rules say so the
 * next in turn takes over. Each step is taken once and leaves its audit; a lead of a customer stays with the customer's owner.
 */
import type { Pool } from 'pg'
import { whilePlacing } from '../access/while-placing.ts'
import { writeInstant } from '../account/facts.ts'
import { actorOfUser } from '../identity/load-actor.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { inBulk } from '../kernel/transaction.ts'
import { managersOf } from './acts.ts'
import { lockRouting, routeLeads } from './router.ts'
import { type Held, lockLeads, writeAgain } from './stand.ts'
import { tellOwners } from './tell.ts'

const MOST = 500

/** Once every few seconds; answers how many steps were taken. */
export async function stepClocks(bulk: Pool): Promise<number> {
  const due = await bulk.query<{ tenant: string; by: string }>(
    `select t.id::text as tenant, (select min(ur.user_id)::text from user_role ur join role r on r.tenant_id = ur.tenant_id and r.id = ur.role_id join app_user u on u.tenant_id = ur.tenant_id and u.id = ur.user_id
          where ur.tenant_id = t.id and u.state = 'active' and 'intake.manage' = any(r.permissions)) as by
       from tenant t where exists (select 1 from lead l where l.tenant_id = t.id and l.step_at <= now())`,
  )
  let taken = 0
  for (const { tenant, by } of due.rows) if (by !== null) taken += await inBulk(bulk, tx => stepCompany(tx, tenant, by))
  return taken
}

async function stepCompany(tx: Tx, tenantId: string, by: string): Promise<number> {
  await tx.query("select app_set('app.tenant', $1)", [tenantId])
  const actor = await actorOfUser(tx, tenantId, by)
  if (!actor) return 0
  await lockRouting(tx, tenantId)
  const due = await tx.query<{ id: string; step: number; over: boolean }>(
    `select id::text, step, due_at <= now() as over from lead where tenant_id = $1 and step_at <= now() order by step_at, id limit ${MOST}`,
    [tenantId],
  )
  const held = await lockLeads(
    tx,
    tenantId,
    due.rows.map(d => d.id),
  )
  const at = await writeInstant(tx)
  const of = (wanted: (d: (typeof due.rows)[number]) => boolean) => due.rows.filter(wanted).flatMap(d => held.get(d.id) ?? [])
  await warn(
    tx,
    actor,
    at,
    of(d => d.step === 0 && !d.over),
  )
  await tellManagers(
    tx,
    actor,
    at,
    of(d => d.step < 2 && d.over),
  )
  await giveOn(
    tx,
    actor,
    at,
    of(d => d.step === 2),
  )
  return due.rows.length
}

const stepTo = (tx: Tx, tenantId: string, leads: readonly Held[], step: number, next: 'due_at' | 'next_at' | 'null'): Promise<unknown> =>
  tx.query(`update lead set step = $3, step_at = ${next === 'null' ? 'null' : next} where tenant_id = $1 and id = any($2::bigint[])`, [
    tenantId,
    leads.map(l => l.id),
    step,
  ])

async function warn(tx: Tx, actor: Actor, at: string, leads: readonly Held[]): Promise<void> {
  if (leads.length === 0) return
  await stepTo(tx, actor.tenantId, leads, 1, 'due_at')
  await tellOwners(
    tx,
    { ...actor, userId: '0' },
    at,
    'lead.warned',
    leads.map(l => ({ leadId: l.id, userId: l.owner_id })),
  )
}

/** The managers of the territory, or where it has none of the nearest one above. */
async function tellManagers(tx: Tx, actor: Actor, at: string, leads: readonly Held[]): Promise<void> {
  if (leads.length === 0) return
  await stepTo(tx, actor.tenantId, leads, 2, 'next_at')
  const nearest = await managersOf(tx, actor, at)
  await tellOwners(
    tx,
    { ...actor, userId: '0' },
    at,
    'lead.overdue',
    leads.flatMap(l => [...nearest(l.territory_id, true)].map(userId => ({ leadId: l.id, userId }))),
  )
  await log(tx, actor, at, 'lead.overdue', leads)
}

async function giveOn(tx: Tx, actor: Actor, at: string, leads: readonly Held[]): Promise<void> {
  const theirs = leads.filter(l => l.owner_id !== null && l.reason !== 'customer')
  const routed = await routeLeads(
    tx,
    actor,
    at,
    theirs.map(lead => ({ facts: lead, known: [], notTo: lead.owner_id! })),
  )
  const moved = theirs.flatMap((lead, i) => (routed[i]!.verdict.ownerId === null ? [] : [{ lead, to: routed[i]! }]))
  await writeAgain(
    tx,
    actor,
    at,
    'overdue',
    moved.map(m => m.lead),
    moved.map(m => m.to),
    null,
  )
  // Nobody else could have it: it stays, and the managers know.
  const rest = leads.filter(l => !moved.some(m => m.lead === l))
  if (rest.length > 0) await stepTo(tx, actor.tenantId, rest, 3, 'null')
}

const log = (tx: Tx, actor: Actor, at: string, kind: string, leads: readonly Held[]): Promise<unknown> =>
  whilePlacing(tx, () =>
    tx.query(
      `insert into audit (tenant_id, at, actor_id, kind, record_kind, record_id, after) select $1, $2, $3, $4, 'lead', id, jsonb_build_object('ownerId', owner) from unnest($5::bigint[], $6::bigint[]) as d(id, owner)`,
      [actor.tenantId, at, actor.userId, kind, leads.map(l => l.id), leads.map(l => l.owner_id)],
    ),
  )
