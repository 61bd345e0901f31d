/** Jobs of assignment: materialise a draft, place live models again, archive what left. */
import type { Pool } from 'pg'
import { registerJob } from '../kernel/jobs.ts'
import { archiveOld } from './archive.ts'
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
