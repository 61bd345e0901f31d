/** Jobs of assignment: materialise a draft, place live models again, archive what left. */
import type { Pool } from 'pg'
import { registerJob } from '../kernel/jobs.ts'
import { inBulk } from '../kernel/transaction.ts'
import { materialise, replace } from './run-model.ts'

export function registerAssignmentJobs(bulk: Pool): void {
  registerJob('assignment.materialise', async (job, progress) => ({ ...(await materialise(bulk, job.tenantId, String(job.note.modelId), progress)) }))
  registerJob('assignment.replace', async (job, progress) => {
    const models = await liveReady(bulk, job.tenantId)
    const territories = (job.note.territoryIds as string[] | undefined)?.map(id => BigInt(id)) ?? []
    // Accounts below the territories, under any live model: their sight and owner may depend on its members.
    const where =
      territories.length === 0
        ? 'true'
        : `a.id in (with recursive below(model_id, id) as (
             select t.model_id, t.id from territory t where t.tenant_id = ${BigInt(job.tenantId)} and t.id = any(array[${territories.join(',')}]::bigint[])
             union all select c.model_id, c.id from territory c join below b on c.parent_id = b.id and c.model_id = b.model_id where c.tenant_id = ${BigInt(job.tenantId)})
           select p.account_id from account_placement p join below b on b.model_id = p.model_id and b.id = p.territory_id where p.tenant_id = ${BigInt(job.tenantId)}
           union select o.account_id from account_overlay o join below b on b.model_id = o.model_id and b.id = o.territory_id where o.tenant_id = ${BigInt(job.tenantId)})`
    return { moved: await replace(bulk, job.tenantId, models, where, progress) }
  })
  registerJob('assignment.archive', async job => ({ archived: await archiveOld(bulk, job.tenantId) }))
}

export async function liveReady(bulk: Pool, tenantId: string): Promise<readonly string[]> {
  const found = await bulk.query<{ id: string }>(
    `select id::text from territory_model where tenant_id = $1 and state = 'ready' order by territory_model.id`,
    [tenantId],
  )
  return found.rows.map(r => r.id)
}

const LIVE = 4

/**
 * At most four live models. One that leaves keeps its structure; of its rows only what really held while it was active goes into the
 * model-free history, clipped to those intervals.
 */
async function archiveOld(bulk: Pool, tenantId: string): Promise<number> {
  return inBulk(bulk, async tx => {
    await tx.query('select pg_advisory_xact_lock(1, hashtext($1))', [tenantId])
    const ready = await tx.query<{ id: string }>(
      `select m.id::text from territory_model m where m.tenant_id = $1 and m.state = 'ready'
        order by (select max(a.seq) from activation a where a.tenant_id = $1 and a.model_id = m.id and a.cancelled_at is null) desc nulls first, m.id desc offset ${LIVE}`,
      [tenantId],
    )
    for (const { id } of ready.rows) {
      await tx.query(
        `with turns as (select model_id, effective_at as starts, lead(effective_at) over (order by effective_at, seq) as ends from activation where tenant_id = $1 and cancelled_at is null),
              held as (select account_id, owner_id, territory_id, source, rule_id, rule_version, valid_from, valid_to, known_from from placement_history where tenant_id = $1 and model_id = $2
                       union all select account_id, owner_id, territory_id, source, rule_id, rule_version, valid_from, 'infinity', known_from from account_placement where tenant_id = $1 and model_id = $2)
         insert into placement_history (tenant_id, model_id, account_id, owner_id, territory_id, source, rule_id, rule_version, valid_from, valid_to, known_from)
         select $1, null, h.account_id, h.owner_id, h.territory_id, h.source, h.rule_id, h.rule_version, greatest(h.valid_from, t.starts), least(h.valid_to, t.ends), h.known_from
           from held h join turns t on t.model_id = $2 and t.ends is not null and greatest(h.valid_from, t.starts) < least(h.valid_to, t.ends)`,
        [tenantId, id],
      )
      await tx.query('delete from placement_history where tenant_id = $1 and model_id = $2', [tenantId, id])
      await tx.query('delete from account_overlay where tenant_id = $1 and model_id = $2', [tenantId, id])
      await tx.query('delete from account_placement where tenant_id = $1 and model_id = $2', [tenantId, id])
      await tx.query(`update territory_model set state = 'archived', stamp = stamp + 1 where tenant_id = $1 and id = $2`, [tenantId, id])
    }
    return ready.rows.length
  })
}
