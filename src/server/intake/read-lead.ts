/** One lead and why it stands where it stands: every decision, with who could have had it and why not, told from what was written down then. */
import type { z } from 'zod'
import type { LeadRoute, LeadRow, readLead } from '../../contract/intake/leads.ts'
import { rotate } from '../../core/intake/rotate.ts'
import type { TurnLog } from '../../core/intake/route.ts'
import { loadFields } from '../builder/catalogue.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { LEAD, LEAD_FROM } from './read-leads.ts'
import { UTC } from './store.ts'

type Answer = z.input<typeof readLead.reply>
type Stored = LeadRow & { title: string | null; need: string | null; phone: string | null; email: string | null; masked: boolean }

export async function findLead(tx: Tx, actor: Actor, id: string): Promise<Answer> {
  const found = await tx.query<Stored>(
    `select ${LEAD(actor)}, l.title, l.need, pr.phone, pr.email, not (p.private_tokens && $4::bigint[]) as masked
       from ${LEAD_FROM(actor)} left join lead_private pr on pr.tenant_id = $1 and pr.lead_id = l.id where l.tenant_id = $1 and l.id = $3`,
    [actor.tenantId, actor.modelId, id, actor.tokens],
  )
  const lead = found.rows[0] ?? stop('record.notFound')
  const hidden = (field: string) => actor.fieldAccess.get(field) === 'hidden'
  const notes = await tx.query<Answer['notes'][number]>(
    `select n.id::text, ${UTC('n.created_at')} as at, json_build_object('id', u.id::text, 'name', u.name) as author, n.kind, n.text
       from lead_note n join app_user u on u.tenant_id = $1 and u.id = n.author_id where n.tenant_id = $1 and n.lead_id = $2 order by n.id desc limit 200`,
    [actor.tenantId, id],
  )
  return {
    ...lead,
    phone: hidden('phone') ? null : lead.phone,
    email: hidden('email') ? null : lead.email,
    masked: lead.masked || hidden('phone') || hidden('email'),
    notes: notes.rows,
    routes: await findRoutes(tx, actor, id),
  }
}

type Detail = { missing?: string[]; contested?: string[]; known?: { by: string; ids: string[] }; turn?: TurnLog; note?: string }
type Row = Pick<LeadRoute, 'id' | 'at' | 'by' | 'cause' | 'reason' | 'owner' | 'territory'> & { detail: Detail }

async function findRoutes(tx: Tx, actor: Actor, id: string): Promise<LeadRoute[]> {
  const found = await tx.query<Row>(
    `select r.id::text, ${UTC('r.at')} as at, case when b.id is null then null else json_build_object('id', b.id::text, 'name', b.name) end as by, r.cause, r.reason,
            case when u.id is null then null else json_build_object('id', u.id::text, 'name', u.name) end as owner, ${TERRITORY('t')} as territory, r.detail
       from lead_route r left join app_user b on b.tenant_id = $1 and b.id = r.by_id left join app_user u on u.tenant_id = $1 and u.id = r.owner_id
       left join territory t on t.tenant_id = $1 and t.model_id = r.model_id and t.id = r.territory_id
      where r.tenant_id = $1 and r.lead_id = $2 order by r.id desc limit 50`,
    [actor.tenantId, id],
  )
  const people = new Set(found.rows.flatMap(r => r.detail.turn?.candidates.map(c => c.id) ?? []))
  const names = await tx.query<{ id: string; name: string }>('select id::text, name from app_user where tenant_id = $1 and id = any($2::bigint[])', [
    actor.tenantId,
    [...people],
  ])
  const contested = await tx.query<{ id: string; shown: NonNullable<LeadRoute['territory']> }>(
    `select t.id::text, ${TERRITORY('t')} as shown from territory t where t.tenant_id = $1 and t.model_id = $2 and t.id = any($3::bigint[])`,
    [actor.tenantId, actor.modelId, found.rows.flatMap(r => [...(r.detail.contested ?? []), ...(r.territory ? [r.territory.id] : [])])],
  )
  const nameOf = new Map(names.rows.map(r => [r.id, r.name]))
  const shownOf = new Map(contested.rows.map(r => [r.id, r.shown]))
  const fields = new Map((await loadFields(tx, actor.tenantId)).map(f => [f.key, f.labels[actor.locale]]))
  return found.rows.map(({ detail, ...row }) => ({
    ...row,
    way: detail.turn?.way ?? null,
    seq: detail.turn ? detail.turn.seq + 1 : null,
    candidates: detail.turn ? toldOf(detail.turn, nameOf) : [],
    missing: (detail.missing ?? []).map(field => ({ field, label: fields.get(field) ?? field })),
    contested: [...(detail.contested?.length && row.territory ? [row.territory.id] : []), ...(detail.contested ?? [])].flatMap(
      t => shownOf.get(t) ?? [],
    ),
    known: detail.known ? { by: detail.known.by, n: detail.known.ids.length } : null,
    note: detail.note ?? null,
  }))
}
const TERRITORY = (t: string) =>
  `case when ${t}.id is null then null else json_build_object('id', ${t}.id::text, 'code', ${t}.code, 'name', ${t}.name, 'colour', ${t}.colour) end`

/** The turn is taken again from its own log: the words are those of the very function that decided. */
function toldOf(log: TurnLog, nameOf: ReadonlyMap<string, string>): LeadRoute['candidates'] {
  const again = rotate(log.way, log.candidates, log.turn)
  const why = new Map(again.others.map(o => [o.id, o.why as string]))
  return log.candidates
    .map(c => ({
      id: c.id,
      name: nameOf.get(c.id) ?? c.id,
      weight: c.weight,
      open: c.open,
      capacity: c.capacity,
      share: c.share,
      skilled: c.skilled,
      result: c.id === again.chosenId ? 'chosen' : (why.get(c.id) ?? 'turn'),
    }))
    .sort((a, b) => Number(b.result === 'chosen') - Number(a.result === 'chosen'))
}
