/**
 * The demo's public pools: one for the East, one for everybody, a dead end; customers given back and taken back lately, clocks that end on different
 * days, and a rep who claimed three today. Made through the same placing and clocks as everything else.
 */
import type { Random } from '../../core/kernel/random.ts'
import { RETURN_REASONS } from '../../core/pool/company.ts'
import { DEFAULT_MASKS, DEFAULT_RULES, EVERYONE_MEMBERS } from '../../core/pool/pool.ts'
import { replace } from '../../server/assignment/run-model.ts'
import type { Database } from '../../server/kernel/databases.ts'
import { recomputeClocks } from '../../server/pool/reclaim.ts'

type Settings = {
  readonly tenantId: string
  readonly modelId: string
  readonly birthModelId: string
  readonly opsId: string
  readonly random: Random
}

const STEPS = [
  { up: 0, afterHours: 0 },
  { up: 1, afterHours: 24 },
  { up: null, afterHours: 96 },
]

export async function writePools(
  db: Database,
  { tenantId, modelId, birthModelId, opsId, random }: Settings,
): Promise<{ pooled: number; clocks: number }> {
  const { owner } = db
  const one = async (sql: string, values: unknown[]) => (await owner.query<{ id: string }>(sql, values)).rows[0]?.id ?? null
  const manager = await one(`select id::text from app_user where tenant_id = $1 and login = 'manager'`, [tenantId])
  const rep = await one(`select id::text from app_user where tenant_id = $1 and login = 'rep'`, [tenantId])
  const east = await one(`select id::text from territory where tenant_id = $1 and model_id = $2 and code = 'E'`, [tenantId, modelId])
  const insert = (name: string, position: number, rest: { territory?: string | null; dead?: boolean; steps?: object; rules?: object }) =>
    owner.query(
      `insert into pool (tenant_id, name, position, dead_end, territory_id, admins, members, masks, steps, rules, created_by, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now() - interval '200 days')`,
      [
        tenantId,
        name,
        position,
        rest.dead ?? false,
        rest.territory ?? null,
        rest.territory && manager ? [manager] : [],
        JSON.stringify(EVERYONE_MEMBERS),
        JSON.stringify(DEFAULT_MASKS),
        JSON.stringify(rest.steps ?? STEPS),
        JSON.stringify({ ...DEFAULT_RULES, ...rest.rules }),
        opsId,
      ],
    )
  if (east) await insert('华东公海', 1, { territory: east })
  await insert('全国公海', 2, { rules: { perDay: 5, draw: 2 } })
  await insert('死海', 3, { dead: true, steps: [] })
  const terms = (days: number, more: object[] = []) =>
    JSON.stringify({
      triggers: [{ kind: 'followUp', days }, ...more],
      all: false,
      workingDays: false,
      guards: ['openDeal', 'pendingApproval', 'contract', 'lock'],
      warnDays: [7, 3, 1],
      escalateDays: 3,
    })
  await owner.query(
    `insert into pool_policy (tenant_id, name, position, condition, terms) values ($1, 'KA、A 级:30 天未跟进', 0, $2, $3), ($1, '其他:60 天未跟进或 90 天无新商机', 1, '{"all":[]}', $4)`,
    [tenantId, JSON.stringify({ field: 'tier', op: 'in', values: ['KA', 'A'] }), terms(30), terms(60, [{ kind: 'opportunity', days: 90 }])],
  )
  const held = await owner.query<{ n: number }>(
    `select count(*)::int as n from account_placement p where p.tenant_id = $1 and p.model_id = $2 and p.owner_id = $3
        and not exists (select 1 from opportunity o where o.tenant_id = $1 and o.account_id = p.account_id and o.stage = 'won')`,
    [tenantId, modelId, rep],
  )
  const most = Math.ceil((held.rows[0]!.n + 13) / 10) * 10
  await owner.query(
    `insert into pool_setting (tenant_id, rules, clock_model_id, reclaimed_on) values ($1, $2, $3, (now() at time zone 'Asia/Shanghai')::date + 1)`,
    [tenantId, JSON.stringify({ caps: [{ scope: 'person', ofId: null, most, exceptWon: true, counts: null }] }), modelId],
  )
  // A team of the rep with the neighbours in Jiangsu: what one of them lets go the others may not take at once.
  const team = await one(`insert into team (tenant_id, name) values ($1, '苏南组') returning id::text`, [tenantId])
  await owner.query(
    `insert into team_member (tenant_id, team_id, user_id) select $1, $2, user_id from (select $3::bigint as user_id union
       select m.user_id from territory_member m join territory t on t.tenant_id = $1 and t.model_id = $4 and t.id = m.territory_id
        where m.tenant_id = $1 and m.member_role <> 'manager' and t.parent_id in (select o.parent_id from territory_member r join territory o on o.tenant_id = $1 and o.model_id = $4 and o.id = r.territory_id where r.tenant_id = $1 and r.user_id = $3)) x where user_id is not null`,
    [tenantId, team, rep, modelId],
  )
  await writeActs(db, tenantId, modelId, opsId, rep, random)
  // Nobody owns them, or somebody claimed them: only these may stand elsewhere now.
  const where = `a.id in (select p.account_id from account_placement p where p.tenant_id = ${BigInt(tenantId)} and p.owner_id is null
    union select o.account_id from ownership_act o where o.tenant_id = ${BigInt(tenantId)} and o.kind in ('return', 'reclaim', 'claim'))`
  await replace(db.bulk, tenantId, [modelId, birthModelId], where, async () => undefined)
  await owner.query(
    `update pool_entry e set entered_at = o.at, opens1 = opens1 - (entered_at - o.at), opens2 = opens2 - (entered_at - o.at), opens3 = opens3 - (entered_at - o.at)
       from (select distinct on (account_id) account_id, at, kind from ownership_act where tenant_id = $1 order by account_id, at desc, id desc) o
      where e.tenant_id = $1 and o.account_id = e.account_id and o.kind in ('return', 'reclaim')`,
    [tenantId],
  )
  await owner.query(
    `update pool_entry e set entered_at = entered_at - shift.by, opens1 = opens1 - shift.by, opens2 = opens2 - shift.by, opens3 = opens3 - shift.by
       from (select account_id, make_interval(hours => (account_id % 130)::int) as by from pool_entry where tenant_id = $1 and model_id = $2) shift
      where e.tenant_id = $1 and e.account_id = shift.account_id and e.reason_kind in ('new', 'unowned')`,
    [tenantId, modelId],
  )
  // Everybody had his customers for some time: the clocks do not all end on one day.
  await owner.query(
    `insert into pool_clock (tenant_id, account_id, owner_id, owner_since, state)
     select $1, p.account_id, p.owner_id, now() - make_interval(days => (p.account_id * 7 % 28)::int, hours => (p.account_id % 23)::int), 'none' from account_placement p where p.tenant_id = $1 and p.model_id = $2 and p.owner_id is not null
     on conflict (tenant_id, account_id) do update set owner_since = excluded.owner_since, owner_id = excluded.owner_id`,
    [tenantId, modelId],
  )
  const clocks = await recomputeClocks(db.bulk, tenantId, async () => undefined)
  const pooled = await owner.query<{ n: number }>('select count(*)::int as n from pool_entry where tenant_id = $1 and model_id = $2', [
    tenantId,
    modelId,
  ])
  return { pooled: pooled.rows[0]!.n, clocks }
}

/** Given back, taken back, claimed: in the last months, by those who had them. */
async function writeActs(db: Database, tenantId: string, modelId: string, opsId: string, rep: string | null, random: Random): Promise<void> {
  const found = await db.owner.query<{ id: string; owner: string; territory: string | null }>(
    `select account_id::text as id, owner_id::text as owner, territory_id::text as territory from account_placement where tenant_id = $1 and model_id = $2 and owner_id is not null order by account_id`,
    [tenantId, modelId],
  )
  const acts = found.rows.flatMap(r => {
    const mine = r.owner === rep
    if (random.next() > (mine ? 0.05 : 0.028)) return []
    const back = random.next() < 0.5
    return [
      {
        ...r,
        kind: back ? 'return' : 'reclaim',
        hours: 1 + random.int(back && mine ? 200 : 170),
        detail: back
          ? { reason: RETURN_REASONS[random.int(5)]! }
          : {
              run: 'demo',
              policy: '1',
              trigger: random.next() < 0.7 ? 'followUp' : 'opportunity',
              days: random.next() < 0.7 ? 30 : 90,
              base: 0,
              due: 0,
            },
      },
    ]
  })
  await db.owner.query(
    `insert into ownership_act (tenant_id, account_id, kind, owner_id, model_id, territory_id, created_by, at, prior_owner_id, detail)
     select $1, id, kind, null, $2, territory, case when kind = 'return' then prior else $3::bigint end, now() - make_interval(hours => hours), prior, detail::jsonb
       from unnest($4::bigint[], $5::text[], $6::bigint[], $7::bigint[], $8::int[], $9::text[]) as a(id, kind, territory, prior, hours, detail)`,
    [
      tenantId,
      modelId,
      opsId,
      acts.map(a => a.id),
      acts.map(a => a.kind),
      acts.map(a => a.territory),
      acts.map(a => a.owner),
      acts.map(a => a.hours),
      acts.map(a => JSON.stringify(a.detail)),
    ],
  )
  const claimed = found.rows.filter(r => r.owner === rep && !acts.some(a => a.id === r.id)).slice(5, 8)
  await db.owner.query(
    `insert into ownership_act (tenant_id, account_id, kind, owner_id, model_id, territory_id, created_by, at) select $1, id, 'claim', $2, $3, territory, $2, greatest(now() - interval '10 minutes', date_trunc('day', now() at time zone 'Asia/Shanghai') at time zone 'Asia/Shanghai')
       from unnest($4::bigint[], $5::bigint[]) as c(id, territory)`,
    [tenantId, rep, modelId, claimed.map(c => c.id), claimed.map(c => c.territory)],
  )
}
