/**
 * What policies would do before they are saved 试算: the same clocks over the same facts, nothing written. Who plans a policy sees everybody's counts
 * only as far as he sees the customers.
 */
import type { z } from 'zod'
import type { PolicyBody, PolicyEffect, previewPolicies } from '../../contract/pool/settings.ts'
import { evaluate } from '../../core/condition/evaluate.ts'
import { type Clock, clockOf, type Policy } from '../../core/pool/clock.ts'
import { loadCompiled } from '../assignment/compiled.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { loadEnv } from '../territory/load-env.ts'
import { listsOf } from '../territory/load-model.ts'
import { readClockRows } from './clock-facts.ts'
import { calendarOf } from './clocks.ts'
import { loadPools } from './store.ts'

const DAY = 86_400_000
const PIECE = 2_000
const MOST = 200_000
const SAMPLES = 20

export async function previewEffect(
  tx: Tx,
  actor: Actor,
  now: string,
  bodies: readonly PolicyBody[],
): Promise<z.input<typeof previewPolicies.reply>> {
  const stored = await loadPools(tx, actor.tenantId)
  const { loaded } = await loadCompiled(tx, actor.tenantId, actor.modelId)
  const policies: readonly Policy[] = bodies.map((b, i) => ({ ...b, id: b.id ?? `new${i}`, graceUntil: null }))
  const env = await loadEnv(
    tx,
    actor.tenantId,
    loaded,
    [...policies, ...stored.policies].flatMap(p => listsOf(p.condition)),
  )
  const addDays = calendarOf(stored)
  const at = Date.parse(now)
  const graceUntil = at + stored.company.graceDays * DAY
  const tally = { before: { running: 0, within30: 0 }, after: { running: 0, within30: 0, paused: 0 }, atOnce: 0 }
  const [owners, tiers, names, exempt] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>(), new Map<string, number>()]
  const add = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1)
  const samples: { id: string; name: string; owner: string; due: number }[] = []
  let looked = 0
  for (let after = '0'; looked < MOST; ) {
    const ids = await tx.query<{ id: string }>(
      `select account_id::text as id from account_placement where tenant_id = $1 and model_id = $2 and owner_id is not null and account_id > $3 order by account_id limit ${PIECE}`,
      [actor.tenantId, actor.modelId, after],
    )
    for (const row of await readClockRows(
      tx,
      actor.tenantId,
      actor.modelId,
      ids.rows.map(r => r.id),
      stored.company,
    )) {
      looked += 1
      const holding = (list: readonly Policy[]) => list.filter(p => p.enabled && evaluate(p.condition, row.facts, env) === 'yes')
      const [old, next] = [clockOf(row.clock, holding(stored.policies), addDays), clockOf(row.clock, holding(policies), addDays)]
      if (old.state === 'running') {
        tally.before.running += 1
        if (old.dueAt < at + 30 * DAY) tally.before.within30 += 1
      }
      if (next.state === 'none') continue
      if (next.state === 'paused') {
        tally.after.paused += 1
        add(exempt, next.guard ?? 'lock')
        continue
      }
      tally.after.running += 1
      if (next.dueAt <= at) tally.atOnce += 1
      if (next.dueAt >= at + 30 * DAY) continue
      tally.after.within30 += 1
      add(owners, row.ownerId)
      add(tiers, String(row.facts.tier ?? ''))
      add(names, next.policyId)
      note(samples, row.id, String(row.facts.name), row.ownerId, next)
    }
    if (ids.rows.length < PIECE) break
    after = ids.rows.at(-1)!.id
  }
  const people = await tx.query<{ id: string; name: string }>('select id::text, name from app_user where tenant_id = $1 and id = any($2::bigint[])', [
    actor.tenantId,
    [...owners.keys(), ...samples.map(s => s.owner)],
  ])
  const nameOf = new Map(people.rows.map(p => [p.id, p.name]))
  const lines = (map: Map<string, number>, name: (key: string) => string, most = 12): PolicyEffect['byOwner'] =>
    [...map]
      .map(([key, n]) => ({ key, name: name(key), n }))
      .sort((a, b) => b.n - a.n || (a.key < b.key ? -1 : 1))
      .slice(0, most)
  return {
    ...tally,
    graceUntil: new Date(graceUntil).toISOString(),
    byOwner: lines(owners, key => nameOf.get(key) ?? ''),
    byTier: lines(tiers, key => key),
    byPolicy: lines(names, key => policies.find(p => p.id === key)?.name ?? ''),
    exempt: lines(exempt, key => key),
    samples: samples.map(s => ({
      id: s.id,
      name: s.name,
      owner: nameOf.get(s.owner) ?? '',
      dueAt: new Date(Math.max(s.due, graceUntil)).toISOString(),
    })),
    looked,
  }
}

/** The earliest few. */
function note(
  samples: { id: string; name: string; owner: string; due: number }[],
  id: string,
  name: string,
  owner: string,
  clock: Extract<Clock, { dueAt: number }>,
): void {
  if (samples.length === SAMPLES && samples.at(-1)!.due <= clock.dueAt) return
  samples.push({ id, name, owner, due: clock.dueAt })
  samples.sort((a, b) => a.due - b.due)
  samples.length = Math.min(samples.length, SAMPLES)
}
