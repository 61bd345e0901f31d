/**
 * What people did with their customers in the demo company: notes, tasks with dates, deals, changes of hands and requests, all around today,
 * by those who own the customers. Written after placement, because only then somebody owns them.
 */
import type { Pool } from 'pg'
import type { Random } from '../../core/kernel/random.ts'
import { replace } from '../../server/assignment/run-model.ts'
import { inBulk, type Tx } from '../../server/kernel/transaction.ts'
import { DEALS, NOTES, STEPS, WHYS } from './words.ts'

type Settings = {
  readonly tenantId: string
  readonly modelId: string
  readonly birthModelId: string
  readonly opsId: string
  readonly random: Random
}
type Stand = { id: string; owner: string | null; territory: string | null; mates: string[] | null; age: number }

export async function writeLife(bulk: Pool, settings: Settings): Promise<{ notes: number; tasks: number; deals: number; moves: number }> {
  const { tenantId, modelId, random } = settings
  const stands = await inBulk(bulk, async tx => (await tx.query<Stand>(STANDS, [tenantId, modelId])).rows)
  const owned = stands.filter(s => s.owner !== null)
  const moves = await inBulk(bulk, tx => changeHands(tx, settings, owned))
  // The acts are facts like any other: the engine places again what they touch, and owners are as it says.
  await replace(bulk, tenantId, [modelId], 'true', async () => undefined)
  return inBulk(bulk, async tx => {
    await datePlacements(tx, settings)
    const now = (await tx.query<Stand>(STANDS, [tenantId, modelId])).rows.filter(s => s.owner !== null)
    const notes = await writeNotes(tx, tenantId, now, random)
    const tasks = await writeTasks(tx, tenantId, now, random)
    const deals = await writeDeals(tx, tenantId, now, random)
    await writeRequests(tx, settings, now)
    return { notes, tasks, deals, moves }
  })
}

/** Accounts with their owner, and who else is a member of the territory. */
const STANDS = `select p.account_id::text as id, p.owner_id::text as owner, p.territory_id::text as territory, m.mates, extract(day from now() - a.created_at)::int as age
  from account_placement p join account a on a.tenant_id = $1 and a.id = p.account_id
  left join (select territory_id, array_agg(user_id::text order by user_id) as mates from territory_member where tenant_id = $1 and member_role in ('owner', 'collaborator') group by territory_id) m on m.territory_id = p.territory_id
 where p.tenant_id = $1 and p.model_id = $2 order by p.account_id`

const some = (random: Random, list: readonly string[]): string => list[random.int(list.length)]!

/** Some customers were given to a colleague in the territory, with a reason, within the last ten months. */
async function changeHands(tx: Tx, { tenantId, modelId, opsId, random }: Settings, owned: readonly Stand[]): Promise<number> {
  const given = owned.flatMap(s => {
    const mates = (s.mates ?? []).filter(m => m !== s.owner)
    return mates.length > 0 && s.age > 20 && random.next() < 0.05
      ? [{ ...s, to: some(random, mates), days: 3 + random.int(Math.min(280, s.age - 10)) }]
      : []
  })
  await tx.query(
    `insert into ownership_act (tenant_id, account_id, kind, owner_id, model_id, territory_id, reason, created_by, at)
     select $1, id, 'transfer', owner, $2, territory, why, $3, now() - make_interval(days => days, mins => (id % 600)::int) from unnest($4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::int[]) as g(id, owner, territory, why, days)`,
    [
      tenantId,
      modelId,
      opsId,
      given.map(g => g.id),
      given.map(g => g.to),
      given.map(g => g.territory),
      given.map(() => some(random, WHYS)),
      given.map(g => g.days),
    ],
  )
  return given.length
}

/**
 * The model has been in force for three hundred days: placements hold since then, or since the customer was made, or since the act; what
 * held before the act is closed history.
 */
async function datePlacements(tx: Tx, { tenantId, modelId, birthModelId }: Settings): Promise<void> {
  await tx.query(
    `update activation set effective_at = now() - interval '400 days', created_at = now() - interval '400 days' where tenant_id = $1 and model_id = $2`,
    [tenantId, birthModelId],
  )
  await tx.query(
    `update activation set effective_at = now() - interval '300 days', created_at = now() - interval '301 days' where tenant_id = $1 and model_id = $2`,
    [tenantId, modelId],
  )
  // What the seeding itself closed a moment ago is no part of the story told below.
  await tx.query('delete from placement_history where tenant_id = $1 and model_id = $2', [tenantId, modelId])
  await tx.query('delete from overlay_history where tenant_id = $1 and model_id = $2', [tenantId, modelId])
  await tx.query(
    `update account_placement p set valid_from = coalesce((select max(o.at) from ownership_act o where o.tenant_id = $1 and o.account_id = p.account_id), greatest(a.created_at, now() - interval '300 days')),
            known_from = coalesce((select max(o.at) from ownership_act o where o.tenant_id = $1 and o.account_id = p.account_id), greatest(a.created_at, now() - interval '300 days'))
       from account a where a.tenant_id = $1 and a.id = p.account_id and p.tenant_id = $1 and p.model_id = $2`,
    [tenantId, modelId],
  )
  // Before that the company had no map: its customers were there, and nobody's.
  await tx.query(
    `update account_placement p set valid_from = least(p.valid_from, a.created_at), known_from = least(p.known_from, a.created_at)
       from account a where a.tenant_id = $1 and a.id = p.account_id and p.tenant_id = $1 and p.model_id = $2`,
    [tenantId, birthModelId],
  )
  await tx.query(
    `update account_overlay v set valid_from = greatest(a.created_at, now() - interval '300 days'), known_from = greatest(a.created_at, now() - interval '300 days')
       from account a where a.tenant_id = $1 and a.id = v.account_id and v.tenant_id = $1 and v.model_id = $2`,
    [tenantId, modelId],
  )
  await tx.query(
    `insert into placement_history (tenant_id, model_id, account_id, owner_id, territory_id, source, rule_id, rule_version, valid_from, valid_to, known_from)
     select $1, $2, p.account_id, (select m.user_id from territory_member m where m.tenant_id = $1 and m.territory_id = p.territory_id and m.member_role = 'owner' order by m.user_id limit 1),
            p.territory_id, 'rule:lead', p.rule_id, p.rule_version, greatest(a.created_at, now() - interval '300 days'), p.valid_from, greatest(a.created_at, now() - interval '300 days')
       from account_placement p join account a on a.tenant_id = $1 and a.id = p.account_id
      where p.tenant_id = $1 and p.model_id = $2 and p.valid_from > greatest(a.created_at, now() - interval '300 days')`,
    [tenantId, modelId],
  )
}

/** Some territories are looked after better than others; in each a part is spoken to often, a part now and then, a part never. */
async function writeNotes(tx: Tx, tenantId: string, owned: readonly Stand[], random: Random): Promise<number> {
  const care = new Map<string, number>()
  const careOf = (territory: string | null): number => {
    const key = territory ?? ''
    const known = care.get(key) ?? 0.62 + random.next() * 0.85
    care.set(key, known)
    return known
  }
  const notes = owned.flatMap(s => {
    const kind = random.next() / careOf(s.territory)
    const count = kind < 0.4 ? 1 + random.int(3) : kind < 0.68 ? 1 : 0
    return Array.from({ length: count }, () => ({
      id: s.id,
      by: s.owner!,
      text: some(random, NOTES),
      days: random.int(Math.max(1, Math.min(s.age, kind < 0.4 ? 70 : 200))),
    }))
  })
  await tx.query(
    `insert into note (tenant_id, account_id, author_id, text, created_at) select $1, id, by, text, (current_date - 1 - days + time '09:00') at time zone 'Asia/Shanghai' + make_interval(mins => ((id * 7 + days * 53) % 510)::int) from unnest($2::bigint[], $3::bigint[], $4::text[], $5::int[]) as n(id, by, text, days)`,
    [tenantId, notes.map(n => n.id), notes.map(n => n.by), notes.map(n => n.text), notes.map(n => n.days)],
  )
  return notes.length
}

/** Next steps: some late, most within a month, and those that were done. */
async function writeTasks(tx: Tx, tenantId: string, owned: readonly Stand[], random: Random): Promise<number> {
  const tasks = owned.flatMap(s => {
    if (random.next() > 0.13) return []
    const done = random.next() < 0.4
    return [
      {
        id: s.id,
        by: s.owner!,
        text: some(random, STEPS),
        due: done ? -1 - random.int(40) : random.next() < 0.12 ? -1 - random.int(9) : random.int(28),
        done,
      },
    ]
  })
  await tx.query(
    `insert into task (tenant_id, account_id, assignee_id, text, due_on, done_at, created_by, created_at)
     select $1, id, by, text, current_date + due, case when done then now() + make_interval(days => due, mins => (id % 300)::int) end, by, now() - interval '45 days'
       from unnest($2::bigint[], $3::bigint[], $4::text[], $5::int[], $6::bool[]) as k(id, by, text, due, done)`,
    [tenantId, tasks.map(k => k.id), tasks.map(k => k.by), tasks.map(k => k.text), tasks.map(k => k.due), tasks.map(k => k.done)],
  )
  return tasks.length
}

async function writeDeals(tx: Tx, tenantId: string, owned: readonly Stand[], random: Random): Promise<number> {
  const deals = owned.flatMap(s => {
    if (random.next() > 0.18) return []
    const open = random.next() < 0.6
    return Array.from({ length: random.next() < 0.2 ? 2 : 1 }, () => ({
      id: s.id,
      by: s.owner!,
      name: some(random, DEALS),
      amount: (5 + random.int(600)) * 1_000_000,
      stage: open ? 'open' : random.next() < 0.55 ? 'won' : 'lost',
      days: open ? random.int(120) - 10 : -random.int(150),
      made: 10 + random.int(160),
    }))
  })
  await tx.query(
    `insert into opportunity (tenant_id, account_id, name, stage, amount, close_on, owner_id, created_at, updated_at)
     select $1, id, name, stage, amount, current_date + days, by, now() - make_interval(days => made + case when days < 0 then -days else 0 end), now() - make_interval(days => least(made, 9))
       from unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::int[], $8::int[]) as o(id, by, name, stage, amount, days, made)`,
    [
      tenantId,
      deals.map(d => d.id),
      deals.map(d => d.by),
      deals.map(d => d.name),
      deals.map(d => d.stage),
      deals.map(d => d.amount),
      deals.map(d => d.days),
      deals.map(d => d.made),
    ],
  )
  return deals.length
}

const ASKED = [
  '我一直在跟这家的设备主管,客户希望由我对接。',
  '客户厂区就在我负责的园区里,拜访更方便。',
  '这家的母公司在我名下,合在一起谈年框。',
  '前任已离开,三个月没有人联系过。',
]

/** Collaborators ask the region's manager to be given a customer; one request was decided already. */
async function writeRequests(tx: Tx, { tenantId, modelId }: Settings, owned: readonly Stand[]): Promise<void> {
  const manager = (await tx.query<{ id: string }>(`select id::text from app_user where tenant_id = $1 and login = 'manager'`, [tenantId])).rows[0]
  if (!manager) return
  const found = await tx.query<{ territory: string; user_id: string; name: string }>(
    `select distinct on (m.territory_id) m.territory_id::text as territory, m.user_id::text, u.name from territory_member m join app_user u on u.tenant_id = $1 and u.id = m.user_id
       join territory t on t.tenant_id = $1 and t.model_id = $3 and t.id = m.territory_id
      where m.tenant_id = $1 and m.member_role = 'collaborator' and u.department_id = (select department_id from app_user where tenant_id = $1 and id = $2) and t.code like 'E-%' order by m.territory_id limit 5`,
    [tenantId, manager.id, modelId],
  )
  for (const [i, asker] of found.rows.entries()) {
    const account = owned.find(s => s.territory === asker.territory && s.owner !== asker.user_id && s.owner !== null)
    if (!account) continue
    const decided = i === 4
    const made = await tx.query<{ id: string }>(
      `insert into approval_request (tenant_id, kind, record_kind, record_id, account_id, payload, basis, asked_by, approver_id, state, why, answer, created_at, decided_at, decided_by)
       values ($1, 'account.transfer', 'account', $2, $2, jsonb_build_object('ownerId', ($3::bigint)::text), jsonb_build_object('ownerId', $4::text, 'territoryId', $5::text), $3, $6, $7, $8, $9, now() - make_interval(hours => $10), $11, $12) returning id::text`,
      [
        tenantId,
        account.id,
        asker.user_id,
        account.owner,
        account.territory,
        manager.id,
        decided ? 'refused' : 'asked',
        ASKED[i % ASKED.length],
        decided ? '下季度调整版图时一起考虑。' : null,
        5 + i * 19,
        decided ? new Date().toISOString() : null,
        decided ? manager.id : null,
      ],
    )
    if (!decided)
      await tx.query(
        `insert into notification (tenant_id, user_id, kind, payload, account_id, created_at) values ($1, $2, 'approval.asked', $3, $4, now() - make_interval(hours => $5))`,
        [tenantId, manager.id, JSON.stringify({ by: asker.name, requestId: made.rows[0]!.id, what: 'account.transfer' }), account.id, 5 + i * 19],
      )
  }
}
