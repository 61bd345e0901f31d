/** Leads as they stand: locked, and put where they stand from now on. */
import type { Hint } from '../../core/intake/route.ts'
import { whilePlacing } from '../access/while-placing.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { LeadFacts, Routed } from './router.ts'
import { tellOwners } from './tell.ts'

export type Held = LeadFacts & {
  id: string
  contact: string | null
  title: string | null
  phone: string | null
  email: string | null
  account_id: string | null
  owner_id: string | null
  territory_id: string | null
  reason: Routed['verdict']['reason']
  hint: Hint | null
  row_version: number
  closed: boolean
}
const HELD = `l.id::text, l.company, l.contact, l.title, l.division, l.industry, l.channel, l.campaign, l.need, pr.phone, pr.email, l.account_id::text, p.owner_id::text, p.territory_id::text, p.reason, p.hint,
  l.row_version, l.closed_at is not null as closed`

/** Locks leads in the order of ids; those I may not change are missing, and the lock of the row is the fence's own (for update asks who may edit). */
export async function lockLeads(tx: Tx, tenantId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Held>> {
  const locked = await tx.query<{ id: string }>(
    'select l.id::text from lead l where l.tenant_id = $1 and l.id = any($2::bigint[]) order by l.id for update',
    [tenantId, ids],
  )
  const found = await tx.query<Held>(
    `select ${HELD} from lead l join lead_placement p on p.tenant_id = $1 and p.lead_id = l.id left join lead_private pr on pr.tenant_id = $1 and pr.lead_id = l.id
      where l.tenant_id = $1 and l.id = any($2::bigint[]) order by l.id`,
    [tenantId, locked.rows.map(r => r.id)],
  )
  return new Map(found.rows.map(r => [r.id, r]))
}

/** Stores where leads stand from now on: a new owner's clock begins anew. */
export async function writeAgain(
  tx: Tx,
  actor: Pick<Actor, 'tenantId' | 'userId' | 'viewerId' | 'modelId'>,
  at: string,
  cause: 'again' | 'hand' | 'overdue' | 'handover',
  leads: readonly Held[],
  routed: readonly Routed[],
  note: string | null,
): Promise<void> {
  if (leads.length === 0) return
  const rows = leads.map((lead, i) => {
    const r = routed[i]!
    const reason = cause === 'overdue' && r.verdict.ownerId !== null ? 'overdue' : r.verdict.reason
    return {
      id: lead.id,
      account_id: r.verdict.accountId ?? lead.account_id,
      owner_id: r.verdict.ownerId,
      prior_id: lead.owner_id,
      territory_id: r.verdict.territoryId,
      reason,
      hint: r.verdict.hint,
      ...r.clock,
      moved: r.verdict.ownerId !== lead.owner_id,
      tokens: r.sight.tokens,
      private_tokens: r.sight.privateTokens,
      edit_tokens: r.sight.editTokens,
      detail: note === null ? r.detail : { ...r.detail, note },
    }
  })
  // Before the rows leave one's sight: what is said of the lead itself, and the log.
  await whilePlacing(tx, () =>
    tx.query(
      `with d as materialized (select * from jsonb_to_recordset($7::jsonb) as x(id bigint, account_id bigint, owner_id bigint, prior_id bigint, territory_id bigint, reason text, hint text, due_at timestamptz, step_at timestamptz, next_at timestamptz,
           moved boolean, tokens bigint[], private_tokens bigint[], edit_tokens bigint[], detail jsonb)),
         l as (update lead l set account_id = d.account_id, due_at = case when d.moved and l.first_contact_at is null then d.due_at else l.due_at end, step = case when d.moved then 0 else l.step end,
                 step_at = case when l.first_contact_at is not null then null when d.moved then d.step_at else l.step_at end, next_at = case when d.moved then d.next_at else l.next_at end,
                 updated_at = $2, row_version = l.row_version + 1 from d where l.tenant_id = $1 and l.id = d.id),
         p as (update lead_placement p set model_id = $6, owner_id = d.owner_id, territory_id = d.territory_id, reason = d.reason, hint = d.hint, tokens = d.tokens, private_tokens = d.private_tokens,
                 edit_tokens = d.edit_tokens, at = $2 from d where p.tenant_id = $1 and p.lead_id = d.id),
         r as (insert into lead_route (tenant_id, lead_id, at, by_id, cause, model_id, territory_id, owner_id, reason, detail)
                 select $1, id, $2, case when $8::text = 'overdue' then null else $3::bigint end, $8, $6, territory_id, owner_id, reason, detail from d)
       insert into audit (tenant_id, at, actor_id, for_id, kind, record_kind, record_id, why, before, after)
         select $1, $2, $4, $5, 'lead.route', 'lead', id, $9, jsonb_build_object('ownerId', prior_id), jsonb_build_object('ownerId', owner_id, 'territoryId', territory_id, 'reason', reason) from d`,
      [
        actor.tenantId,
        at,
        actor.userId,
        actor.viewerId ?? actor.userId,
        actor.viewerId ? actor.userId : null,
        actor.modelId,
        JSON.stringify(rows),
        cause,
        note,
      ],
    ),
  )
  await tellOwners(
    tx,
    actor,
    at,
    'lead.assigned',
    rows.flatMap(r => (r.moved ? [{ leadId: r.id, userId: r.owner_id }] : [])),
  )
}

/** The sight of another model, owner and reason as they were. */
export async function placeAgain(tx: Tx, tenantId: string, modelId: string, leads: readonly Held[], routed: readonly Routed[]): Promise<void> {
  const rows = leads.map((lead, i) => ({
    id: lead.id,
    territory_id: routed[i]!.verdict.territoryId,
    tokens: routed[i]!.sight.tokens,
    private_tokens: routed[i]!.sight.privateTokens,
    edit_tokens: routed[i]!.sight.editTokens,
  }))
  await whilePlacing(tx, () =>
    tx.query(
      `update lead_placement p set model_id = $2, territory_id = d.territory_id, tokens = d.tokens, private_tokens = d.private_tokens, edit_tokens = d.edit_tokens
         from jsonb_to_recordset($3::jsonb) as d(id bigint, territory_id bigint, tokens bigint[], private_tokens bigint[], edit_tokens bigint[]) where p.tenant_id = $1 and p.lead_id = d.id`,
      [tenantId, modelId, JSON.stringify(rows)],
    ),
  )
}
