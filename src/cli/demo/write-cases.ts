/**
 * The demo's conflict cases: precedents of the last months and some that wait, one of them close to its end. Opened by the same function as any
 * case, so that evidence and clauses are real; then dated back and ruled in sets, for the customers are where the rulings say.
 */
import type { Random } from '../../core/kernel/random.ts'
import { openCase } from '../../server/engagement/open.ts'
import { actorOfUser } from '../../server/identity/load-actor.ts'
import type { Database } from '../../server/kernel/databases.ts'
import { inBulk, type Tx } from '../../server/kernel/transaction.ts'
import { CASE_NOTES, CASE_REASONS, CASE_STATEMENTS } from './words.ts'

type Settings = { readonly tenantId: string; readonly modelId: string; readonly opsId: string; readonly random: Random }
type Pick = { id: string; owner: string; territory: string; mate: string; far: string | null; region: string; age: number }

const PRECEDENTS = 32
const WAITING = 6
/** The one between two regions, which headquarters rules. */
const ACROSS = 3
const claimant = (p: Pick, i: number): string => (i === ACROSS ? (p.far ?? p.mate) : p.mate)

export async function writeCases(db: Database, settings: Settings): Promise<{ closed: number; open: number }> {
  const { tenantId, opsId, random } = settings
  return inBulk(db.bulk, async tx => {
    await tx.query("select app_set('app.tenant', $1)", [tenantId])
    const actor = (await actorOfUser(tx, tenantId, opsId))!
    const picks = await choose(tx, settings)
    const east = picks.filter(p => p.region === '华东大区')
    const waiting = east.slice(0, WAITING)
    const closed = [...east.slice(WAITING, WAITING + PRECEDENTS / 2), ...picks.filter(p => p.region !== '华东大区').slice(0, PRECEDENTS / 2)]
    await meet(tx, tenantId, waiting)
    const open = async (p: Pick, across: boolean) =>
      (
        await openCase(tx, actor, p.id, {
          why: across ? 'crossRegion' : random.next() < 0.5 ? 'manual' : 'crossRegion',
          claimantId: across && p.far ? p.far : p.mate,
        })
      ).id
    const ruled: { id: string; winner: number; days: number; bp: number; reason: string }[] = []
    for (const p of closed)
      ruled.push({
        id: await open(p, false),
        winner: random.next() < 0.6 ? 0 : 1,
        days: 12 + random.int(Math.max(1, Math.min(160, p.age - 12))),
        bp: [0, 1000, 2000, 2000, 2500][random.int(5)]!,
        reason: CASE_REASONS[random.int(CASE_REASONS.length)]!,
      })
    await ruleInSets(tx, tenantId, ruled)
    for (const [i, p] of waiting.entries()) await date(tx, tenantId, await open(p, i === ACROSS), i)
    await tx.query(`delete from notification where tenant_id = $1 and kind like 'case.%' and payload->>'caseId' = any($2::text[])`, [
      tenantId,
      ruled.map(r => r.id),
    ])
    return { closed: ruled.length, open: waiting.length }
  })
}

/** Customers that somebody works on, with another seller of the region and one from elsewhere. */
async function choose(tx: Tx, { tenantId, modelId }: Settings): Promise<readonly Pick[]> {
  const found = await tx.query<Pick>(
    `with sellers as (select u.id, u.department_id, d.name as region, row_number() over (partition by u.department_id order by u.id) as n, count(*) over (partition by u.department_id) as of
         from app_user u join department d on d.tenant_id = $1 and d.id = u.department_id
        where u.tenant_id = $1 and u.state = 'active' and (u.login like 'rep0%' or u.login = 'rep') and exists (select 1 from territory_member m where m.tenant_id = $1 and m.user_id = u.id and m.member_role = 'owner')),
     busy as (select p.account_id, p.owner_id, p.territory_id, s.department_id, s.region, s.of, extract(day from now() - a.created_at)::int as age,
         row_number() over (partition by p.owner_id order by (select count(*) from note n where n.tenant_id = $1 and n.account_id = p.account_id and n.deleted_at is null) desc, p.account_id) as place
         from account_placement p join sellers s on s.id = p.owner_id join account a on a.tenant_id = $1 and a.id = p.account_id and a.deleted_at is null
        where p.tenant_id = $1 and p.model_id = $2)
     select b.account_id::text as id, b.owner_id::text as owner, b.territory_id::text as territory, b.region, b.age,
       (select m.id::text from sellers m where m.department_id = b.department_id and m.id <> b.owner_id order by (m.n + b.account_id) % b.of, m.id limit 1) as mate,
       (select f.id::text from sellers f where f.department_id <> b.department_id order by (f.n + b.account_id) % 7, f.id limit 1) as far
       from busy b where b.place <= 12 and b.of > 1 and b.age > 30 order by b.place, b.account_id`,
    [tenantId, modelId],
  )
  return found.rows
}

/** Who claims it was there too. */
async function meet(tx: Tx, tenantId: string, waiting: readonly Pick[]): Promise<void> {
  const notes = waiting.flatMap((p, at) =>
    CASE_NOTES.map((text, i) => ({ id: p.id, by: i % 2 === 0 ? claimant(p, at) : p.owner, text, days: 118 - i * 23 })),
  )
  await tx.query(
    `insert into note (tenant_id, account_id, author_id, text, created_at) select $1, id, by, text, now() - make_interval(days => days, mins => (id % 300)::int) from unnest($2::bigint[], $3::bigint[], $4::text[], $5::int[]) as n(id, by, text, days)`,
    [tenantId, notes.map(n => n.id), notes.map(n => n.by), notes.map(n => n.text), notes.map(n => n.days)],
  )
  await tx.query(
    `insert into opportunity (tenant_id, account_id, name, amount, owner_id, close_on, created_at, updated_at) select $1, id, '伺服改造', 64000000, by, current_date + 40, now() - interval '39 days', now() - interval '9 days' from unnest($2::bigint[], $3::bigint[]) as o(id, by)`,
    [tenantId, waiting.map(p => p.id), waiting.map(claimant)],
  )
}

async function ruleInSets(
  tx: Tx,
  tenantId: string,
  ruled: readonly { id: string; winner: number; days: number; bp: number; reason: string }[],
): Promise<void> {
  const given = [tenantId, ruled.map(r => r.id), ruled.map(r => r.winner), ruled.map(r => r.days), ruled.map(r => r.bp), ruled.map(r => r.reason)]
  const R = `unnest($2::bigint[], $3::int[], $4::int[], $5::int[], $6::text[]) as r(id, winner, days, bp, reason)`
  // Who owns it stands first when a case is opened; where the second is to have won, they change places.
  await tx.query(
    `update case_party p set side = p.side + 2 from ${R} where p.tenant_id = $1 and p.case_id = r.id and r.winner = 1 and (r.days, r.bp, r.reason) is not null`,
    given,
  )
  await tx.query(
    `update case_party p set side = 3 - p.side from ${R} where p.tenant_id = $1 and p.case_id = r.id and r.winner = 1 and (r.days, r.bp, r.reason) is not null`,
    given,
  )
  await tx.query(
    `update case_party p set statement = (array[${CASE_STATEMENTS.map((_, i) => `$${i + 7}`).join(', ')}]::text[])[1 + (p.case_id + p.side) % ${CASE_STATEMENTS.length}], stated_at = now() - make_interval(days => r.days, hours => -20)
       from ${R} where p.tenant_id = $1 and p.case_id = r.id and (r.winner, r.bp, r.reason) is not null`,
    [...given, ...CASE_STATEMENTS],
  )
  await tx.query(
    `update conflict_case c set state = 'closed', judge_id = coalesce(c.judge_id, c.opened_by), opened_at = now() - make_interval(days => r.days), statements_due_at = now() - make_interval(days => r.days, hours => -28), due_at = now() - make_interval(days => r.days - 2),
        statements_at = now() - make_interval(days => r.days, hours => -20), ruled_at = now() - make_interval(days => r.days, hours => -30 - (c.id % 14)::int), closed_at = now() - make_interval(days => r.days - 9)
       from ${R} where c.tenant_id = $1 and c.id = r.id and (r.winner, r.bp, r.reason) is not null`,
    given,
  )
  await tx.query(
    `insert into case_ruling (tenant_id, case_id, n, judge_id, winner, credit, until, reason, effect, ruled_at)
     select $1, c.id, 1, c.judge_id, r.winner, (select jsonb_agg(jsonb_build_object('userId', p.user_id::text, 'bps', case when p.side = r.winner then 10000 - r.bp else r.bp end) order by p.side) from case_party p where p.tenant_id = $1 and p.case_id = c.id),
        case when r.bp > 0 then c.ruled_at + interval '6 months' end, r.reason,
        jsonb_build_object('accounts', jsonb_build_array(jsonb_build_object('id', c.account_id::text, 'name', c.name, 'from', w.user_id::text, 'to', w.user_id::text, 'fromTerritory', w.territory_id::text, 'toTerritory', w.territory_id::text)),
          'acts', '[]'::jsonb, 'pins', '[]'::jsonb, 'shares', '[]'::jsonb, 'closedSplits', '[]'::jsonb, 'endedShares', '[]'::jsonb, 'deals', '[]'::jsonb, 'dealAmount', 0, 'tasks', '[]'::jsonb,
          'bps', (select jsonb_agg(case when p.side = r.winner then 10000 - r.bp else r.bp end order by p.side) from case_party p where p.tenant_id = $1 and p.case_id = c.id), 'until', case when r.bp > 0 then to_char((c.ruled_at + interval '6 months') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') end),
        c.ruled_at
       from ${R} join conflict_case c on c.tenant_id = $1 and c.id = r.id join case_party w on w.tenant_id = $1 and w.case_id = c.id and w.side = r.winner where r.days is not null`,
    given,
  )
  await tx.query(
    `insert into credit_split (tenant_id, account_id, user_id, bps, starts_at, ends_at, case_id, ruling_n)
     select $1, c.account_id, p.user_id, case when p.side = r.winner then 10000 - r.bp else r.bp end, c.ruled_at, c.ruled_at + interval '6 months', c.id, 1
       from ${R} join conflict_case c on c.tenant_id = $1 and c.id = r.id join case_party p on p.tenant_id = $1 and p.case_id = c.id where r.bp > 0 and (r.days, r.reason) is not null`,
    given,
  )
}

/** How far each waiting case is: the first has five hours left, the second waits for words, the third is fresh, the fourth lies at headquarters … */
async function date(tx: Tx, tenantId: string, id: string, i: number): Promise<void> {
  const hours = [43, 20, 3, 30, 26, 9][i]!
  const spoken = i !== 1 && i !== 2
  await tx.query(
    `update case_party set statement = ($3::text[])[1 + side], stated_at = now() - make_interval(hours => $4) where tenant_id = $1 and case_id = $2 and ($5 or side = 0) and $6`,
    [
      tenantId,
      id,
      [CASE_STATEMENTS[(i * 2) % CASE_STATEMENTS.length], CASE_STATEMENTS[(i * 2 + 1) % CASE_STATEMENTS.length]],
      Math.max(1, hours - 18),
      spoken,
      i !== 2,
    ],
  )
  await tx.query(
    `update conflict_case set opened_at = now() - make_interval(hours => $3), statements_due_at = now() - make_interval(hours => $3 - 28), due_at = now() - make_interval(hours => $3 - 48) + interval '97 seconds',
       state = case when $4 then 'ruling' else 'statements' end, statements_at = case when $4 then now() - make_interval(hours => greatest(1, $3 - 18)) end where tenant_id = $1 and id = $2`,
    [tenantId, id, hours, spoken],
  )
}
