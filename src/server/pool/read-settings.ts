/** The pools' settings as one page reads them, with the names of everybody and everything they speak of. */
import type { z } from 'zod'
import type { CompanyBody, PolicyBody, PoolBody, readSettings } from '../../contract/pool/settings.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { loadPools } from './store.ts'

export async function readPoolSettings(tx: Tx, actor: Actor): Promise<z.input<typeof readSettings.reply>> {
  const stored = await loadPools(tx, actor.tenantId)
  const counts = await tx.query<{ id: string; n: number }>(
    `select k.id::text, (select count(*)::int from (select 1 from pool_entry e where e.tenant_id = $1 and e.model_id = $2 and e.pool_id = k.id limit 1001) x) as n from unnest($3::bigint[]) k(id)`,
    [actor.tenantId, actor.modelId, stored.pools.map(p => p.id)],
  )
  const entries = new Map(counts.rows.map(r => [r.id, r.n]))
  const { pools, company } = stored
  const of = (kind: 'users' | 'departments' | 'teams' | 'roles', scope: string) => [
    ...pools.flatMap(p => p.members[kind]),
    ...company.caps.flatMap(c => (c.scope === scope && c.ofId ? [c.ofId] : [])),
  ]
  const names = await tx.query<{ key: string; name: string }>(
    `select 'user/' || id as key, name from app_user where tenant_id = $1 and id = any($2::bigint[])
     union all select 'department/' || id, name from department where tenant_id = $1 and id = any($3::bigint[])
     union all select 'team/' || id, name from team where tenant_id = $1 and id = any($4::bigint[])
     union all select 'role/' || id, labels->>$5 from role where tenant_id = $1 and id = any($6::bigint[])
     union all select 'territory/' || id, name from territory where tenant_id = $1 and model_id = $7 and id = any($8::bigint[])`,
    [
      actor.tenantId,
      [...of('users', 'person'), ...pools.flatMap(p => p.admins)],
      of('departments', 'department'),
      of('teams', 'team'),
      actor.locale,
      of('roles', 'role'),
      actor.modelId,
      pools.flatMap(p => p.territoryId ?? []),
    ],
  )
  return {
    pools: pools.map(({ closedAt: _, ...p }) => ({
      ...(p as unknown as PoolBody),
      id: p.id,
      rowVersion: p.rowVersion,
      entries: entries.get(p.id) ?? 0,
    })),
    policies: stored.policies.map(({ position: _, graceUntil, ...p }) => ({
      ...(p as unknown as PolicyBody),
      id: p.id,
      rowVersion: p.rowVersion,
      graceUntil: graceUntil === null ? null : new Date(graceUntil).toISOString(),
    })),
    company: company as unknown as CompanyBody,
    rowVersion: stored.rowVersion,
    names: Object.fromEntries(names.rows.map(r => [r.key, r.name])),
  }
}
