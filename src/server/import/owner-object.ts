/** Owners 负责人: an account goes to a person by an act of kind "import", made under the territory where it stands, and is placed again. */
import { OWNER_COLUMNS } from '../../core/import/columns.ts'
import { writeInstant } from '../account/facts.ts'
import { settle } from '../account/placer.ts'
import { placeAgain } from './account-follow.ts'
import { auditAccounts, dropLostParents, findParents, REF } from './contact-object.ts'
import { peopleFor } from './lookup-data.ts'
import type { ImportObject, Run, Written } from './object.ts'
import { cellOf, staged } from './staging.ts'
import { targetOf } from './targets.ts'

async function write(run: Run, from: number, to: number): Promise<Written> {
  const { tx, tenantId, importId } = run
  const stale = await dropLostParents(run, from, to)
  const parents = await tx.query<{ id: string }>(`select r.parent_id::text as id from ${staged(run, from, to)} where r.parent_id is not null`)
  await settle(
    tx,
    tenantId,
    parents.rows.map(r => r.id),
  )
  const at = await writeInstant(tx)
  const reason = cellOf(run, 'reason') ?? 'null'
  const made = await tx.query<{ id: string }>(
    `insert into ownership_act (tenant_id, account_id, kind, owner_id, model_id, territory_id, reason, created_by, at, import_id)
     select $1, r.parent_id, 'import', ${cellOf(run, 'owner')}::bigint, $2, p.territory_id, ${reason}, $3, $4::timestamptz, $5 from ${staged(run, from, to)}
       join account_placement p on p.tenant_id = $1 and p.model_id = $2 and p.account_id = r.parent_id returning account_id::text as id`,
    [tenantId, run.actor.modelId, run.actor.userId, at, importId],
  )
  await auditAccounts(run, from, to, at, 'account.ownerImport')
  await placeAgain(
    run,
    made.rows.map(r => r.id).sort((a, b) => Number(BigInt(a) - BigInt(b))),
  )
  return { count: made.rowCount ?? 0, stale }
}

/** A later act shows that somebody decided anew: then it stays. */
async function undo(run: Run, limit: number): Promise<{ back: number; kept: number }> {
  const { tx, tenantId, importId } = run
  const found = await tx.query<{ id: string; account: string; newer: boolean }>(
    `select o.id::text, o.account_id::text as account, exists (select 1 from ownership_act n where n.tenant_id = $1 and n.account_id = o.account_id and n.cancelled_at is null and (n.at, n.id) > (o.at, o.id)) as newer
       from ownership_act o where o.tenant_id = $1 and o.import_id = $2 and o.cancelled_at is null
        and not exists (select 1 from import_before b where b.tenant_id = $1 and b.job_id = $2 and b.record_id = o.account_id) order by o.account_id limit $3`,
    [tenantId, importId, limit],
  )
  if (found.rows.length === 0) return { back: 0, kept: 0 }
  const kept = found.rows.filter(r => r.newer)
  const back = found.rows.filter(r => !r.newer)
  await tx.query(
    `insert into import_before (tenant_id, job_id, record_id, kept) select $1, $2, id, 'undo.ownerSince' from unnest($3::bigint[]) as i(id)`,
    [tenantId, importId, kept.map(r => r.account)],
  )
  await tx.query('select 1 from account a where a.tenant_id = $1 and a.id = any($2::bigint[]) order by a.id for update', [
    tenantId,
    back.map(r => r.account),
  ])
  const at = await writeInstant(tx)
  await tx.query('update ownership_act set cancelled_at = $3::timestamptz where tenant_id = $1 and id = any($2::bigint[])', [
    tenantId,
    back.map(r => r.id),
    at,
  ])
  await placeAgain(
    run,
    back.map(r => r.account),
  )
  return { back: back.length, kept: kept.length }
}

export const OWNER_OBJECT: ImportObject = {
  key: 'owner',
  matches: Object.entries(REF).map(([way, column]) => ({ way: way as keyof typeof REF, needs: [column], keyOf: [column] })),
  columns: OWNER_COLUMNS,
  targets: async () => OWNER_COLUMNS.map(c => targetOf(c)),
  lookups: async (tx, actor) => ({ options: new Map(), industries: new Map(), people: await peopleFor(tx, actor) }),
  check: findParents,
  idTable: null,
  piece: 2_000,
  write,
  undo,
}
