/**
 * The nightly reclaim 夜间回收: what is due is taken back in small pieces on the writer's own path, each decided again under the locks, so that a
 * follow-up written a moment before still counts and nobody waits. Every act keeps its reason as data; each owner is told once for all of it.
 */
import type { Pool as Connections } from 'pg'
import { clockWords } from '../../core/pool/reason.ts'
import { enterWriters, writeInstant } from '../account/facts.ts'
import { placer, settle } from '../account/placer.ts'
import { notify } from '../identity/notify.ts'
import { audit } from '../kernel/audit.ts'
import { inBulk, type Tx } from '../kernel/transaction.ts'
import { endProtections } from './acts.ts'
import { computeClocks, keepClocks } from './clocks.ts'
import { activeModel, loadPools } from './store.ts'

const PIECE = 500
type Progress = (done: number, total: number | null) => Promise<void>

/** `runId`: acts of one night are told together, also after a crash in its middle. */
export async function reclaimDue(
  bulk: Connections,
  tenantId: string,
  runId: string,
  startedBy: string,
  progress: Progress,
  piece = PIECE,
): Promise<number> {
  const total = await bulk.query<{ n: number }>(
    `select count(*)::int as n from pool_clock where tenant_id = $1 and state = 'running' and due_at <= clock_timestamp()`,
    [tenantId],
  )
  let done = 0
  // By id, so that what turned out not to be due is not looked at twice in a night.
  for (let after = '0'; ; ) {
    const step = await inBulk(bulk, tx => reclaimPiece(tx, tenantId, runId, startedBy, after, piece))
    done += step.reclaimed
    await progress(done, total.rows[0]!.n)
    if (step.last === null) break
    after = step.last
  }
  await inBulk(bulk, tx => tellOwners(tx, tenantId, runId))
  return done
}

async function reclaimPiece(tx: Tx, tenantId: string, runId: string, startedBy: string, after: string, piece: number) {
  await tx.query("select app_set('app.tenant', $1)", [tenantId])
  const due = await tx.query<{ id: string }>(
    `select account_id::text as id from pool_clock where tenant_id = $1 and state = 'running' and due_at <= clock_timestamp() and account_id > $2 order by account_id limit $3`,
    [tenantId, after, piece],
  )
  const ids = due.rows.map(r => r.id)
  const last = ids.length < piece ? null : ids.at(-1)!
  if (ids.length === 0) return { reclaimed: 0, last }
  await enterWriters(tx, tenantId)
  await tx.query('select a.id from account a where a.tenant_id = $1 and a.id = any($2::bigint[]) order by a.id for update', [tenantId, ids])
  await settle(tx, tenantId, ids)
  const stored = await loadPools(tx, tenantId)
  const modelId = await activeModel(tx, tenantId)
  const at = await writeInstant(tx)
  const computed = await computeClocks(tx, tenantId, modelId, ids, stored)
  const now = Date.parse(at)
  const taken = computed.flatMap(c => (c.clock.state === 'running' && c.clock.dueAt <= now ? [{ row: c.row, clock: c.clock }] : []))
  const open = new Set(stored.pools.filter(p => p.open).map(p => p.id))
  if (taken.length > 0) {
    const territories = await tx.query<{ id: string; territory: string | null }>(
      'select account_id::text as id, territory_id::text as territory from account_placement where tenant_id = $1 and model_id = $2 and account_id = any($3::bigint[])',
      [tenantId, modelId, taken.map(t => t.row.id)],
    )
    const territoryOf = new Map(territories.rows.map(r => [r.id, r.territory]))
    const target = (id: string | null) => (id !== null && open.has(id) ? id : null)
    await tx.query(
      `insert into ownership_act (tenant_id, account_id, kind, owner_id, model_id, territory_id, created_by, at, pool_id, prior_owner_id, detail)
       select $1, id, 'reclaim', null, $2, territory, $3, $4, pool, prior, detail::jsonb from unnest($5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[]) as t(id, territory, pool, prior, detail)`,
      [
        tenantId,
        modelId,
        startedBy,
        at,
        taken.map(t => t.row.id),
        taken.map(t => territoryOf.get(t.row.id) ?? null),
        taken.map(t => target(t.clock.toPoolId)),
        taken.map(t => t.row.ownerId),
        taken.map(t => JSON.stringify({ run: runId, ...clockWords(t.clock) })),
      ],
    )
    await tx.query(
      `insert into audit (tenant_id, at, actor_id, kind, record_kind, record_id, account_id, before, after)
       select $1, $2, $3, 'account.reclaim', 'account', id, id, jsonb_build_object('ownerId', prior::text), detail::jsonb from unnest($4::bigint[], $5::bigint[], $6::text[]) as t(id, prior, detail)`,
      [
        tenantId,
        at,
        startedBy,
        taken.map(t => t.row.id),
        taken.map(t => t.row.ownerId),
        taken.map(t => JSON.stringify({ run: runId, ...clockWords(t.clock) })),
      ],
    )
    await audit(tx, { tenantId, userId: startedBy, viewerId: null }, at, {
      kind: 'pool.reclaim',
      recordKind: 'account',
      count: taken.length,
      after: { run: runId },
    })
    await endProtections(
      tx,
      tenantId,
      at,
      taken.map(t => t.row.id),
    )
    await placer().place(
      tx,
      tenantId,
      at,
      taken.map(t => ({ id: t.row.id })),
    )
  }
  // The others' clocks say again what holds.
  const spared = ids.filter(id => !taken.some(t => t.row.id === id))
  await keepClocks(tx, tenantId, modelId, spared, stored)
  return { reclaimed: taken.length, last }
}

/** One notice for each person and night. */
async function tellOwners(tx: Tx, tenantId: string, runId: string): Promise<void> {
  const owners = await tx.query<{ id: string; n: number }>(
    `select prior_owner_id::text as id, count(*)::int as n from ownership_act o where tenant_id = $1 and kind = 'reclaim' and detail->>'run' = $2 and at > now() - interval '3 days'
        and not exists (select 1 from notification t where t.tenant_id = $1 and t.user_id = o.prior_owner_id and t.kind = 'pool.reclaimed' and t.payload->>'run' = $2)
      group by prior_owner_id order by 1`,
    [tenantId, runId],
  )
  const at = await writeInstant(tx)
  for (const { id, n } of owners.rows) await notify(tx, { tenantId }, at, id, 'pool.reclaimed', null, { n, run: runId })
}

/** All clocks anew: after a change of policies, of what counts, or of the model in force. */
export async function recomputeClocks(bulk: Connections, tenantId: string, progress: Progress, piece = 2_000): Promise<number> {
  const total = await bulk.query<{ id: string; n: number }>(
    `select count(*)::int as n from account_placement p where p.tenant_id = $1 and p.owner_id is not null
        and p.model_id = (select model_id from activation where tenant_id = $1 and cancelled_at is null and effective_at <= clock_timestamp() order by effective_at desc, seq desc limit 1)`,
    [tenantId],
  )
  let done = 0
  for (let after = '0'; ; ) {
    const last: string | null = await inBulk(bulk, async tx => {
      await tx.query("select app_set('app.tenant', $1)", [tenantId])
      const modelId = await activeModel(tx, tenantId)
      await enterWriters(tx, tenantId)
      const found = await tx.query<{ id: string }>(
        'select a.id::text from account a where a.tenant_id = $1 and a.id > $2 and a.deleted_at is null order by a.id limit $3 for update',
        [tenantId, after, piece],
      )
      const ids = found.rows.map(r => r.id)
      const stored = await loadPools(tx, tenantId)
      if (stored.policies.length > 0) await keepClocks(tx, tenantId, modelId, ids, stored)
      else await tx.query('delete from pool_clock where tenant_id = $1 and account_id = any($2::bigint[])', [tenantId, ids])
      if (ids.length < piece) await tx.query('update pool_setting set clock_model_id = $2 where tenant_id = $1', [tenantId, modelId])
      done += ids.length
      return ids.length < piece ? null : ids.at(-1)!
    })
    await progress(done, total.rows[0]!.n)
    if (last === null) return done
    after = last
  }
}
