/**
 * Jobs of the pool: who stands in it after its settings changed, all clocks anew, the warnings and the reclaim of a night. A night begins by
 * itself once a day after the hour the company chose; a model put in force has its clocks computed at once.
 */
import type { Pool as Connections } from 'pg'
import { enterWriters, writeInstant } from '../account/facts.ts'
import { liveReady } from '../assignment/jobs.ts'
import { replace } from '../assignment/run-model.ts'
import { askForJob, registerJob } from '../kernel/jobs.ts'
import { inBulk } from '../kernel/transaction.ts'
import { writeEntries } from './entries.ts'
import { reclaimDue, recomputeClocks } from './reclaim.ts'
import { loadPools } from './store.ts'
import { warn } from './warn.ts'

export function registerPoolJobs(bulk: Connections): void {
  registerJob('pool.place', async (job, progress) => {
    // Nobody owns it, under any live model: only such a customer can enter or leave a pool.
    const where = `a.id in (select p.account_id from account_placement p where p.tenant_id = ${BigInt(job.tenantId)} and p.owner_id is null)`
    const models = await liveReady(bulk, job.tenantId)
    const moved = await replace(bulk, job.tenantId, models, where, progress)
    for (const modelId of models) await showAnew(bulk, job.tenantId, modelId)
    return { moved }
  })
  registerJob('pool.clocks', async (job, progress) => ({ computed: await recomputeClocks(bulk, job.tenantId, progress) }))
  registerJob('pool.night', async (job, progress) => {
    const warned = await warn(bulk, job.tenantId)
    const reclaimed = await reclaimDue(bulk, job.tenantId, job.id, job.startedBy!, progress)
    await bulk.query(
      `delete from pool_entry e where e.tenant_id = $1 and not exists (select 1 from territory_model m where m.tenant_id = $1 and m.id = e.model_id and m.state in ('ready', 'materialising'))`,
      [job.tenantId],
    )
    await bulk.query('delete from pool_view where tenant_id = $1 and day < current_date - 7', [job.tenantId])
    return { warned, reclaimed }
  })
}

const PIECE = 2_000

/** What a pool shows may have changed where nobody's place did. */
async function showAnew(bulk: Connections, tenantId: string, modelId: string): Promise<void> {
  for (let after = '0'; ; ) {
    const ids = await inBulk(bulk, async tx => {
      await tx.query("select app_set('app.tenant', $1)", [tenantId])
      await enterWriters(tx, tenantId)
      const found = await tx.query<{ id: string }>(
        'select a.id::text from account a join pool_entry e on e.tenant_id = $1 and e.model_id = $2 and e.account_id = a.id where a.tenant_id = $1 and a.id > $3 order by a.id limit $4 for update of a',
        [tenantId, modelId, after, PIECE],
      )
      const list = found.rows.map(r => r.id)
      if (list.length > 0) await writeEntries(tx, tenantId, modelId, await writeInstant(tx), list, await loadPools(tx, tenantId))
      return list
    })
    if (ids.length < PIECE) return
    after = ids.at(-1)!
  }
}

/** Once every few seconds: is there a night to begin, or a model whose clocks nobody computed? */
export async function beatPools(bulk: Connections): Promise<void> {
  await inBulk(bulk, async tx => {
    const due = await tx.query<{ tenant: string; by: string }>(
      `update pool_setting s set reclaimed_on = (now() at time zone t.zone)::date from tenant t
        where t.id = s.tenant_id and exists (select 1 from pool_policy p where p.tenant_id = s.tenant_id and p.enabled)
          and coalesce(s.reclaimed_on, '2000-01-01') < (now() at time zone t.zone)::date
          and extract(hour from now() at time zone t.zone) >= coalesce((s.rules->>'reclaimHour')::int, 2)
       returning s.tenant_id::text as tenant, (select min(ur.user_id)::text from user_role ur join role r on r.tenant_id = ur.tenant_id and r.id = ur.role_id
          where ur.tenant_id = s.tenant_id and 'pool.manage' = any(r.permissions)) as by`,
    )
    for (const { tenant, by } of due.rows) if (by !== null) await askForJob(tx, tenant, 'pool.night', {}, by)
    const stale = await tx.query<{ tenant: string }>(
      `update pool_setting s set clock_model_id = a.model_id from (select distinct on (tenant_id) tenant_id, model_id from activation
          where cancelled_at is null and effective_at <= clock_timestamp() order by tenant_id, effective_at desc, seq desc) a
        where a.tenant_id = s.tenant_id and s.clock_model_id is distinct from a.model_id and exists (select 1 from pool_policy p where p.tenant_id = s.tenant_id)
       returning s.tenant_id::text as tenant`,
    )
    for (const { tenant } of stale.rows) await askForJob(tx, tenant, 'pool.clocks', {}, null)
  })
}
