/**
 * The demo's leads: of the last three weeks, from several sources, given by the company's rules; some wait in the queue for every reason there is, some
 * are overdue, some were worked, converted or closed. Decided by the very engine that takes in real ones, and spread over time afterwards.
 */

import { hardKeys } from '../../core/dedupe/record.ts'
import type { Known } from '../../core/intake/route.ts'
import type { Random } from '../../core/kernel/random.ts'
import { writeInstant } from '../../server/account/facts.ts'
import { lockRouting, routeLeads } from '../../server/intake/router.ts'
import { writeLeads } from '../../server/intake/take-in.ts'
import type { Database } from '../../server/kernel/databases.ts'
import { inBulk } from '../../server/kernel/transaction.ts'
import { BRANDS, GIVEN, SURNAMES, TRADES } from './words.ts'

type Settings = { readonly tenantId: string; readonly modelId: string; readonly opsId: string; readonly random: Random }
const MADE = 320
const SOURCES = ['website', 'expo', 'form', 'import', 'hotline'] as const
const CAMPAIGNS = ['秋季工博会', '新品试用', '行业白皮书', null, null, null]
const NEEDS = ['想了解报价和交期', '需要样品测试', '旧设备要更换', '新产线在选型,请联系', '询问代理政策', '需要上门勘查', null]
const TITLES = ['采购经理', '设备主管', '总经理', '工艺工程师', null]

export async function writeDemoLeads(db: Database, { tenantId, modelId, opsId, random }: Settings): Promise<number> {
  const spots = await db.owner.query<{ id: string; name: string; division: string | null; industry: string | null; owner: string | null }>(
    `select a.id::text, a.name, a.division, a.industry, p.owner_id::text as owner from account a join account_placement p on p.tenant_id = $1 and p.model_id = $2 and p.account_id = a.id
      where a.tenant_id = $1 and a.deleted_at is null order by hashtextextended(a.id::text, 7) limit ${MADE}`,
    [tenantId, modelId],
  )
  const trades = new Map(TRADES.map(([code, words]) => [code.slice(0, 1), words]))
  const leads = spots.rows.map((spot, i) => {
    const theirs = i % 6 === 0 && spot.owner !== null
    const words = trades.get(spot.industry?.slice(0, 1) ?? '') ?? TRADES[0]![1]
    const lost = i % 11 === 0
    const phone = `+86139${String(20_000_000 + i * 7919).slice(-8)}`
    const known: Known[] = theirs ? [{ accountId: spot.id, by: 'name', ownerId: spot.owner, ownerHere: true, inPool: false }] : []
    return {
      known,
      lead: {
        source: random.pick(SOURCES),
        externalKey: `demo-${i}`,
        company: theirs ? spot.name : `${random.pick(BRANDS)}${random.pick(words)}有限公司`,
        contact: `${random.pick([...SURNAMES])}${random.pick([...GIVEN])}`,
        title: random.pick(TITLES),
        phone,
        email: null,
        creditCode: null,
        division: lost ? null : spot.division,
        industry: lost ? null : spot.industry,
        channel: null,
        campaign: random.pick(CAMPAIGNS),
        need: random.pick(NEEDS),
        mine: false,
        phoneKey: hardKeys([phone], [])[0]!,
        emailKey: null,
      },
    }
  })
  return inBulk(db.bulk, async tx => {
    await tx.query("select app_set('app.tenant', $1)", [tenantId])
    await lockRouting(tx, tenantId)
    const at = await writeInstant(tx)
    const routed = await routeLeads(
      tx,
      { tenantId, modelId },
      at,
      leads.map(l => ({ facts: l.lead, known: l.known })),
    )
    const drawn = await tx.query<{ id: string }>(`select nextval(pg_get_serial_sequence('lead', 'id'))::text as id from generate_series(1, $1)`, [
      leads.length,
    ])
    await writeLeads(
      tx,
      { tenantId, userId: opsId, viewerId: null, modelId },
      at,
      leads.map((l, i) => ({ id: drawn.rows[i]!.id, lead: l.lead, routed: routed[i]! })),
      [],
    )
    await spread(tx, tenantId, drawn.rows[0]!.id)
    return leads.length
  })
}

/** Each at its own hour of the last three weeks: the older they are, the more of them were contacted, converted, closed. */
async function spread(tx: { query: (sql: string, values: unknown[]) => Promise<unknown> }, tenantId: string, firstId: string): Promise<void> {
  const ran = async (sql: string) => void (await tx.query(sql, [tenantId, firstId]))
  await ran(
    `update lead l set created_at = now() - d.age, updated_at = now() - d.age, due_at = l.due_at - d.age, step_at = l.step_at - d.age, next_at = l.next_at - d.age
       from (select id, make_interval(mins => (power((id - $2) / 320.0, 2) * 30000)::int) as age from lead where tenant_id = $1 and id >= $2) d where l.tenant_id = $1 and l.id = d.id`,
  )
  await ran(
    `update lead l set first_contact_at = l.created_at + make_interval(mins => 20 + (l.id * 37 % 1300)::int), state = 'working', step_at = null
       from lead_placement p where l.tenant_id = $1 and l.id >= $2 and p.tenant_id = $1 and p.lead_id = l.id and p.owner_id is not null and l.created_at < now() - interval '1 day' and l.id % 9 <> 0`,
  )
  await ran(
    `insert into lead_note (tenant_id, lead_id, author_id, kind, text, created_at) select $1, l.id, p.owner_id, 'contact', (array['电话联系上了,约下周演示。','加了微信,已发资料。','对方在比价,月底再联系。','约好周四上门。'])[1 + l.id % 4], l.first_contact_at
       from lead l join lead_placement p on p.tenant_id = $1 and p.lead_id = l.id where l.tenant_id = $1 and l.id >= $2 and l.first_contact_at is not null`,
  )
  await ran(
    `update lead set state = 'closed', close_reason = (array['noNeed','unreachable','noBudget','competitor','spam'])[1 + id % 5], closed_at = first_contact_at + interval '2 days', step_at = null
      where tenant_id = $1 and id >= $2 and first_contact_at < now() - interval '3 days' and id % 4 = 0`,
  )
  await ran(
    `update lead set state = 'converted', closed_at = first_contact_at + interval '2 days', step_at = null where tenant_id = $1 and id >= $2 and account_id is not null and first_contact_at < now() - interval '3 days' and closed_at is null`,
  )
  await ran(
    'update lead_placement p set open = l.closed_at is null, at = l.created_at from lead l where l.tenant_id = $1 and l.id >= $2 and p.tenant_id = $1 and p.lead_id = l.id',
  )
  await ran('update lead_route r set at = l.created_at from lead l where l.tenant_id = $1 and l.id >= $2 and r.tenant_id = $1 and r.lead_id = l.id')
  await ran(
    `update audit a set at = l.created_at from lead l where l.tenant_id = $1 and l.id >= $2 and a.tenant_id = $1 and a.record_kind = 'lead' and a.record_id = l.id`,
  )
  // What was overdue before today was told before today.
  await ran(`update lead set step = 2, step_at = null where tenant_id = $1 and id >= $2 and step_at is not null and due_at < now()`)
}
