/** Random questions about the past, each answered by the product and by the notebook. */
import assert from 'node:assert/strict'
import type { Random } from '../../src/core/kernel/random.ts'
import { resolveAsOf } from '../../src/server/account/as-of.ts'
import { findAccounts } from '../../src/server/account/find-accounts.ts'
import { readStanding } from '../../src/server/assignment/standing.ts'
import type { Actor } from '../../src/server/kernel/actor.ts'
import type { Tx } from '../../src/server/kernel/transaction.ts'
import { membersAt } from '../../src/server/territory/member-history.ts'
import type { Oracle, Row } from './oracle.ts'

export type World = {
  readonly oracle: Oracle
  readonly random: Random
  /** Instants at which no event was under way. */
  readonly quiet: readonly string[]
  readonly seed: number
  readonly people: readonly string[]
  readonly places: readonly string[]
  readonly inside: (territory: string | null, root: string) => boolean
  readonly as: <T>(userId: string, work: (tx: Tx, actor: Actor, now: string) => Promise<T>) => Promise<T>
  readonly rows: <T extends object>(sql: string, values?: unknown[]) => Promise<T[]>
  readonly clock: () => Promise<string>
  readonly later: (instant: string, ms: number) => string
  readonly account: () => Promise<string>
  readonly everybody: readonly string[]
  readonly ops: string
}

export function makeQuestions(world: World) {
  const { oracle, random, quiet, seed, people, places, inside, as, rows, clock, later, account, everybody, ops } = world
  const counts = { asked: 0, lists: 0, members: 0, moving: 0 }
  const askOne = async (now: string) => {
    const all = (await rows<{ id: string }>('select id::text from account')).map(r => r.id)
    // One in three asks about an account that was corrected, at the edges of the correction.
    const fix = oracle.corrected.length > 0 && random.next() < 0.35 ? random.pick(oracle.corrected) : null
    const id = fix?.account ?? random.pick(all)
    const instant = () =>
      fix && random.next() < 0.7 ? random.pick([fix.from, fix.to, fix.made, later(fix.from, 1), later(fix.to, 1)]) : random.pick(quiet)
    const at = instant()
    const believed = random.next() < 0.6 ? instant() : undefined
    const expected = oracle.standingAt(id, at, believed ?? now, now)
    if (expected === 'moving') {
      counts.moving += 1
      return
    }
    const answer = await as(ops, (tx, actor) => readStanding(tx, actor, id, { at, known: believed }))
    const s = answer.standing
    const got: Row | null = s && {
      owner: s.owner?.id ?? null,
      territory: s.territory?.id ?? null,
      source: s.source,
      rule: s.ruleVersion === null ? null : String(s.ruleVersion),
    }
    assert.deepEqual(got, expected, `seed ${seed}: account ${id} at ${at}${believed ? ` as known ${believed}` : ''}`)
    assert.equal(answer.asOf?.model?.id ?? null, oracle.modelAt(believed !== undefined && at > believed ? believed : at, believed ?? now))
    counts.asked += 1
  }
  /** `whole`: every account of the company, so that a gap anywhere shows. */
  const askList = async (now: string, whole = false) => {
    const at = random.pick(quiet)
    const believed = random.next() < 0.6 ? random.pick(quiet) : undefined
    const who = whole ? ops : random.pick(everybody)
    const filter = random.pick(
      whole
        ? [{}]
        : [
            {},
            { ownerId: random.pick(people) },
            { territoryId: random.pick(places) },
            { scope: 'unowned' as const },
            { scope: 'unassigned' as const },
          ],
    )
    const query = { scope: 'all' as const, sort: 'name', descending: false, limit: 200, ...filter }
    // Today's sight decides which accounts one sees.
    const sight = await as(who, (tx, actor) => findAccounts(tx, actor, { scope: 'all', sort: 'name', descending: false, limit: 200 }))
    assert.equal(sight.next, null)
    const expected: string[] = []
    for (const { id } of sight.rows) {
      const s = oracle.standingAt(id, at, believed ?? now, now)
      if (s === 'moving') return
      if (s === null) continue
      if ('ownerId' in filter && s.owner !== filter.ownerId) continue
      if ('territoryId' in filter && !inside(s.territory, filter.territoryId!)) continue
      if ('scope' in filter && (filter.scope === 'unowned' ? s.owner : s.territory) !== null) continue
      expected.push(`${id} ${s.owner} ${s.territory}`)
    }
    const list = await as(who, (tx, actor) => findAccounts(tx, actor, { ...query, at, known: believed }))
    const got = list.rows.map(r => `${r.id} ${r.owner?.id ?? null} ${r.territory?.id ?? null}`)
    assert.deepEqual(got.sort(), expected.sort(), `seed ${seed}: list ${JSON.stringify(filter)} of ${who} at ${at} as known ${believed}`)
    counts.lists += 1
  }
  const askMembers = async (now: string) => {
    const at = random.pick(quiet)
    const believed = random.pick([undefined, random.pick(quiet)])
    const instant = believed !== undefined && at > believed ? believed : at
    const model = oracle.modelAt(instant, believed ?? now)!
    const got = await as(ops, async (tx, actor) => membersAt(tx, '1', model, (await resolveAsOf(tx, actor, { at, known: believed }))!))
    const expected = oracle.membersAt(model, instant, believed ?? now)
    const line = (m: { id: string; role: string; territory?: string; territoryId?: string }) => `${m.id} ${m.territory ?? m.territoryId} ${m.role}`
    assert.deepEqual(got.map(line).sort(), expected.map(line).sort(), `seed ${seed}: members at ${at} as known ${believed}`)
    counts.members += 1
  }
  const askPlan = async () => {
    // What is scheduled stands as its own rows say now.
    const [id, now] = [await account(), await clock()]
    const at = later(now, 200)
    const model = oracle.modelAt(at, now)!
    const row = (
      await rows<{ owner: string | null; territory: string | null }>(
        'select owner_id::text as owner, territory_id::text as territory from account_placement where model_id = $1 and account_id = $2',
        [model, id],
      )
    )[0]
    const { standing } = await as(ops, (tx, actor) => readStanding(tx, actor, id, { at }))
    assert.deepEqual(standing && { owner: standing.owner?.id ?? null, territory: standing.territory?.id ?? null }, row ?? null)
  }
  return { askOne, askList, askMembers, askPlan, counts }
}
