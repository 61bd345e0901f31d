/**
 * Random dated events in a small company, and random questions about the past, answered by the product exactly as the notebook of
 * oracle.ts does: for one account, for lists by owner and territory, for members and models, as known now and as known then.
 */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { seedDemo } from '../../src/cli/demo/seed-demo.ts'
import { seededRandom } from '../../src/core/kernel/random.ts'
import { restore } from '../../src/server/account/recycle.ts'
import { createAccount, recycleAccount, updateAccount } from '../../src/server/account/save-account.ts'
import { activate, startRun, undo } from '../../src/server/assignment/activate.ts'
import { archiveOld } from '../../src/server/assignment/archive.ts'
import { assign, pin, unpin } from '../../src/server/assignment/assign.ts'
import { correct } from '../../src/server/assignment/correct.ts'
import { placeDue } from '../../src/server/assignment/run-model.ts'
import { readStanding } from '../../src/server/assignment/standing.ts'
import { registerJobs } from '../../src/server/compose.ts'
import { actorOfUser } from '../../src/server/identity/load-actor.ts'
import type { Actor } from '../../src/server/kernel/actor.ts'
import { runNextJob } from '../../src/server/kernel/jobs.ts'
import { RefusalError } from '../../src/server/kernel/refusal-error.ts'
import { actAs, inTenant, type Tx } from '../../src/server/kernel/transaction.ts'
import { seedReference } from '../../src/server/reference/seed-reference.ts'
import { loadModel } from '../../src/server/territory/load-model.ts'
import { addMember, changeMember, endMember } from '../../src/server/territory/members.ts'
import { discardDraft, makeDraft } from '../../src/server/territory/models.ts'
import { changeTerritory } from '../../src/server/territory/territories.ts'
import { createTestDatabase } from '../support/database.ts'
import { makeOracle, type Row } from './oracle.ts'
import { makeQuestions } from './questions.ts'

const NOW = `to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
const DIVISIONS = ['320506', '440305', '110105', '540102', '370602', '330106', null]

export async function replayPast(t: TestContext, events: number, say: (line: string) => void): Promise<void> {
  const seed = Number(process.env.SEED ?? (Math.random() * 2 ** 31) | 0)
  say(`seed ${seed}`)
  const random = seededRandom(seed)
  const db = await createTestDatabase()
  t.after(() => db.drop())
  await seedReference(db.owner)
  registerJobs(db.bulk)
  await seedDemo(db, { accounts: 50, people: 40, seed: 1, say: () => undefined })
  while (await runNextJob(db.bulk));
  const oracle = makeOracle()
  const clock = async (): Promise<string> => (await db.owner.query<{ now: string }>(`select ${NOW} as now`)).rows[0]!.now
  const rows = async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> => (await db.owner.query(sql, values)).rows as T[]
  const ids = async (sql: string) => (await rows<{ id: string }>(sql)).map(r => r.id)
  const later = (instant: string, ms: number): string => new Date(Date.parse(instant) + ms).toISOString().replace('Z', '000Z')
  const as = <T>(userId: string, work: (tx: Tx, actor: Actor, now: string) => Promise<T>): Promise<T> =>
    inTenant(db.app, '1', async tx => {
      const actor = (await actorOfUser(tx, '1', userId))!
      await actAs(tx, actor)
      return work(tx, actor, (await tx.query<{ now: string }>(`select ${NOW} as now`)).rows[0]!.now)
    })
  const OPS = (await ids(`select id::text from app_user where login = 'ops'`))[0]!
  const REP = (await ids(`select id::text from app_user where login = 'rep'`))[0]!
  let refused = 0
  const tried = <T>(work: (tx: Tx, actor: Actor, now: string) => Promise<T>): Promise<T | null> =>
    as(OPS, work).catch((error: unknown) => {
      if (!(error instanceof RefusalError)) throw error
      refused += 1
      return null
    })

  const people = await ids(`select id::text from app_user where state = 'active'`)
  const places = await ids('select distinct id::text from territory where rule_version is not null')
  const parents = new Map(
    (await rows<{ id: string; parent: string | null }>('select id::text, parent_id::text as parent from territory')).map(r => [r.id, r.parent]),
  )
  const inside = (territory: string | null, root: string): boolean => {
    for (let at = territory; at !== null && at !== undefined; at = parents.get(at) ?? null) if (at === root) return true
    return false
  }
  const account = async () => random.pick(await ids('select id::text from account where deleted_at is null'))

  const look = async (before: string, after: string) => {
    for (const r of await rows<Row & { model: string; account: string }>(
      `select p.model_id::text as model, p.account_id::text as account, p.owner_id::text as owner, p.territory_id::text as territory, p.source, p.rule_version::text as rule
         from account_placement p join territory_model m on m.id = p.model_id and m.state = 'ready'`,
    ))
      oracle.show(r.model, r.account, before, after, { owner: r.owner, territory: r.territory, source: r.source, rule: r.rule })
  }
  const start = await clock()
  await look(start, start)
  for (const s of await rows<{ seq: number; model: string; effective: string; made: string }>(
    `select seq::int, model_id::text as model, to_char(effective_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as effective, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as made from activation`,
  ))
    oracle.switchOn(s)
  for (const m of await rows<{ id: string; territory: string; user: string; role: string; starts: string; ends: string | null }>(
    `select id::text, territory_id::text as territory, user_id::text as user, member_role as role, to_char(starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as starts, null as ends from territory_member`,
  ))
    oracle.say(m.id, '0', { ...m, lineage: null })

  const active = async () => oracle.modelAt(await clock(), '9')!
  let ready: string | null = null
  const known = new Set<string>()
  const stamp = async (id: string | null, note: Parameters<typeof oracle.say>[2]): Promise<void> => {
    if (id === null) return
    const said = await rows<{ at: string }>(
      `select to_char(max(at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from audit where kind like 'member.%' and (after->>'memberId' = $1 or before->>'memberId' = $1)`,
      [id],
    )
    oracle.say(id, said[0]!.at, note)
    known.add(id)
  }
  const runJobs = async () => {
    while (await runNextJob(db.bulk));
  }
  const noteSwitch = async () => {
    for (const s of await rows<{ seq: number; model: string; effective: string; made: string }>(
      `select (after->>'seq')::int as seq, record_id::text as model, after->>'effectiveAt' as effective, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as made from audit where kind in ('model.activate', 'model.undo') and (after->>'seq')::int > $1 order by id`,
      [Math.max(...oracle.switched.map(s => s.seq))],
    ))
      oracle.switchOn({
        ...s,
        effective: s.effective.length < 27 ? s.effective.replace(/(\.\d{3})?Z$/, (_, ms) => `${ms ?? '.000'}000Z`) : s.effective,
      })
    // What an undo took the ground from does not come into force.
    for (const s of await rows<{ seq: number; at: string }>(
      `select seq::int, to_char(cancelled_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from activation where cancelled_at is not null order by seq`,
    ))
      oracle.cancel(s.seq, s.at)
  }
  const version = async (table: 'account' | 'territory_member', id: string) =>
    (await rows<{ v: number }>(`select row_version as v from ${table} where id = $1`, [id]))[0]!.v
  const quiet: string[] = [start]

  const acts: readonly (readonly [number, () => Promise<unknown>])[] = [
    [
      10,
      // As many as a page of the list holds: each list is compared whole.
      async () =>
        (await ids('select id::text from account')).length < 180 &&
        tried((tx, actor) =>
          createAccount(tx, actor, { name: `新 ${random.int(1e9)}`, division: random.pick(DIVISIONS), tier: random.pick(['KA', 'SMB', null]) }),
        ),
    ],
    [
      24,
      async () => {
        const id = await account()
        const v = await version('account', id)
        return tried((tx, actor) =>
          updateAccount(tx, actor, id, v, { division: random.pick(DIVISIONS), tier: random.pick(['KA', 'B', 'SMB', null]) }),
        )
      },
    ],
    [
      16,
      async () => {
        const id = await account()
        return tried((tx, actor) => assign(tx, actor, id, random.pick([...people, null]), 'because'))
      },
    ],
    [
      10,
      async () => {
        const id = await account()
        const until = random.next() < 0.7 ? later(await clock(), 5 + random.int(400)) : null
        return tried((tx, actor) => pin(tx, actor, id, { territoryId: random.pick(places), until, reason: 'because' }))
      },
    ],
    [
      3,
      async () => {
        const pins = await ids('select id::text from territory_pin where cancelled_at is null')
        return pins.length ? tried((tx, actor) => unpin(tx, actor, random.pick(pins))) : null
      },
    ],
    [8, () => placeDue(db.bulk)],
    [
      6,
      async () => {
        const [model, territory, user, now] = [await active(), random.pick(places), random.pick(people), await clock()]
        const role = random.pick(['owner', 'collaborator', 'manager'] as const)
        // Said today of a time that may have begun before, or begins soon.
        const starts = random.pick([undefined, later(now, -random.int(2000)), later(now, random.int(300))])
        const ends = random.next() < 0.3 ? later(now, 400 + random.int(500)) : null
        const input = { userId: user, role, access: 'edit' as const, creditBp: 0, startsAt: starts, endsAt: ends }
        const id = await tried((tx, actor, at) => addMember(tx, actor, at, model, territory, input))
        const said =
          id === null
            ? null
            : (
                await rows<{ s: string }>(
                  `select to_char(starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as s from territory_member where id = $1`,
                  [id],
                )
              )[0]!.s
        await stamp(id, id === null ? null : { id, territory, user, role, starts: said!, ends, lineage: null })
        await runJobs()
      },
    ],
    [
      4,
      async () => {
        const mine = [...known].filter(m => oracle.note(m))
        if (mine.length === 0) return
        const [id, now] = [random.pick(mine), await clock()]
        const note = oracle.note(id)!
        if (random.next() < 0.5) {
          const v = await version('territory_member', id)
          const ended = await tried((tx, actor, at) => endMember(tx, actor, at, id, v).then(() => at))
          if (ended !== null) await stamp(id, note.starts >= ended.slice(0, 27) ? null : { ...note, ends: ended })
        } else {
          const v = await version('territory_member', id)
          const [role, ends] = [random.pick(['owner', 'collaborator', 'manager'] as const), random.pick([null, later(now, random.int(400) - 100)])]
          const done = await tried((tx, actor, at) => changeMember(tx, actor, at, id, v, { role, endsAt: ends }))
          if (done !== null) await stamp(id, { ...note, role, ends })
        }
        await runJobs()
      },
    ],
    [
      3,
      async () => {
        // A new draft with another rule, computed; the next activation switches it on.
        const made = await tried((tx, actor, now) => makeDraft(tx, actor, now, `m${random.int(1e6)}`))
        if (made === null) return
        await tried(async (tx, actor, now) => {
          const loaded = await loadModel(tx, '1', made)
          const ruled = loaded.territories.filter(x => x.ruleVersion !== null)
          if (ruled.length === 0) return
          const territory = random.pick(ruled)
          await changeTerritory(tx, actor, now, made, territory.id, territory.rowVersion, {
            condition: { field: 'division', op: 'in', values: [random.pick(['320500', '440300', '110000', '330100', '370000'])] },
          })
        })
        const started = await tried((tx, actor, now) => startRun(tx, actor, now, made))
        if (started === null)
          await tried(async (tx, actor, now) => discardDraft(tx, actor, now, made, (await loadModel(tx, '1', made)).head.rowVersion))
        else ready = made
        await runJobs()
      },
    ],
    [
      4,
      async () => {
        const model = ready
        if (model === null) return
        const effectiveAt = random.next() < 0.5 ? undefined : later(await clock(), 2 + random.int(150))
        if ((await tried((tx, actor, now) => activate(tx, actor, now, model, { effectiveAt }))) !== null) ready = null
        // One that is scheduled comes into force after one that was made later.
        if (effectiveAt !== undefined && random.next() < 0.5) await tried((tx, actor, now) => undo(tx, actor, now, null))
        await noteSwitch()
      },
    ],
    [
      2,
      async () => {
        await tried((tx, actor, now) => undo(tx, actor, now, null))
        await noteSwitch()
      },
    ],
    [3, () => archiveOld(db.bulk, '1', 1 + random.int(30))],
    [
      7,
      async () => {
        const id = await account()
        const now = await clock()
        const pick = () => random.pick([random.pick(quiet), quiet.at(-1)!, later(now, -random.int(500))])
        const [a, b] = [pick(), pick()].sort() as [string, string]
        if (a < start) return
        const input = {
          from: a,
          to: b,
          ownerId: random.pick([...people, null]),
          territoryId: random.pick([...places, null]),
          reason: 'as the contract says',
        }
        const made = await tried((tx, actor) => correct(tx, actor, id, input))
        if (made === null) return
        const at = (
          await rows<{ at: string }>(
            `select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from audit where kind = 'account.correct' and after->>'correctionId' = $1`,
            [made],
          )
        )[0]!.at
        oracle.correct({ account: id, from: a, to: b, owner: input.ownerId, territory: input.territoryId, made: at })
      },
    ],
    [
      2,
      async () => {
        const id = await account()
        const v = await version('account', id)
        return tried((tx, actor) => recycleAccount(tx, actor, id, v))
      },
    ],
    [
      3,
      async () => {
        const gone = await ids('select id::text from account where deleted_at is not null')
        return gone.length ? tried((tx, actor) => restore(tx, actor, random.pick(gone))) : null
      },
    ],
  ]
  const bag = acts.flatMap(([weight, act]) => Array.from({ length: weight }, () => act))

  const { askOne, askList, askMembers, askPlan, counts } = makeQuestions({
    oracle,
    random,
    quiet,
    seed,
    people,
    places,
    inside,
    as,
    rows,
    clock,
    later,
    account,
    everybody: [OPS, REP],
    ops: OPS,
  })
  for (let i = 0; i < events; i += 1) {
    const before = await clock()
    await random.pick(bag)()
    const after = await clock()
    await look(before, after)
    const now = await clock()
    quiet.push(now)
    if (i % 2 === 0) await askOne(now)
    if (i % 4 === 0) await askList(now)
    if (i % 6 === 0) await askMembers(now)
    if (i % 25 === 0) await askPlan()
    if (i % 1000 === 999) say(`${i + 1} events done`)
  }
  await runJobs()
  await archiveOld(db.bulk, '1', 5)
  const now = await clock()
  for (let n = 0; n < Math.min(2000, events / 2); n += 1) await askOne(now)
  for (let n = 0; n < Math.min(200, events / 4); n += 1) await askList(now, n % 2 === 0)
  for (let n = 0; n < Math.min(400, events / 2); n += 1) await askMembers(now)

  const failed = await rows(`select kind, state, note from job_run where state <> 'done'`)
  assert.deepEqual(failed, [])
  // Every act of a person is found at the instant the audit trail gives it, and not a microsecond before.
  const given = await rows<{ id: string; owner: string | null; at: string; eve: string }>(
    `select record_id::text as id, after->>'ownerId' as owner, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, to_char((at - interval '1 microsecond') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as eve
       from audit where kind = 'account.assign' order by id desc limit 60`,
  )
  for (const g of given) {
    // Whoever acted just before another model came into force acted under the one before.
    const began = later(g.at, -500)
    if (oracle.switched.some(s => s.effective > began && s.effective <= g.at && s.made < began)) continue
    const then = await as(OPS, (tx, actor) => readStanding(tx, actor, g.id, { at: g.at, known: g.at }))
    assert.equal(then.standing?.owner?.id ?? null, g.owner, `seed ${seed}: ${g.id} was given at ${g.at}`)
    const eve = oracle.standingAt(g.id, g.eve, g.eve, now)
    if (eve === 'moving') continue
    const standing = (await as(OPS, (tx, actor) => readStanding(tx, actor, g.id, { at: g.eve, known: g.eve }))).standing
    assert.equal(standing?.owner?.id ?? null, eve?.owner ?? null)
  }
  const overlapping = await rows(
    `select x.account_id, x.model_id, x.id, y.id as other from placement_history x join placement_history y on y.account_id = x.account_id and y.model_id is not distinct from x.model_id and y.id > x.id
       and x.valid_from < y.valid_to and y.valid_from < x.valid_to and x.known_from < coalesce(y.known_to, 'infinity') and y.known_from < coalesce(x.known_to, 'infinity')
     union all select p.account_id, p.model_id, h.id, null from account_placement p join placement_history h on h.account_id = p.account_id and h.model_id = p.model_id and h.valid_to > p.valid_from and h.known_to is null`,
  )
  assert.deepEqual(overlapping, [], `seed ${seed}: rows overlap`)
  const archived = await rows(
    `select 1 from territory_model m where m.state = 'archived' and (exists (select 1 from account_placement p where p.model_id = m.id) or exists (select 1 from placement_history h where h.model_id = m.id))`,
  )
  assert.equal(archived.length, 0)
  const models = (await rows<{ n: number }>(`select count(*)::int as n from territory_model where state = 'archived'`))[0]!.n
  say(
    `${events} events (${refused} refused), ${oracle.switched.length} activations, ${models} archived models, ${oracle.corrected.length} corrections`,
  )
  say(
    `${counts.asked} accounts, ${counts.lists} lists, ${counts.members} member lists asked of the past; ${counts.moving} instants inside an event left out`,
  )
}
