/** SQL of pools, policies and the company's rules: read whole (there are few), kept in memory while their stamp stays the same. */
import type { Condition } from '../../core/condition/condition.ts'
import type { Policy, PolicyTerms } from '../../core/pool/clock.ts'
import { type CompanyRules, DEFAULT_COMPANY_RULES } from '../../core/pool/company.ts'
import { DEFAULT_MASKS, DEFAULT_RULES, EVERYONE_MEMBERS, type Pool } from '../../core/pool/pool.ts'
import { prepared, type Tx } from '../kernel/transaction.ts'

export type StoredPool = Pool & { readonly position: number; readonly closedAt: string | null; readonly rowVersion: number }
export type StoredPolicy = Policy & { readonly position: number; readonly rowVersion: number }
export type Pools = {
  readonly stamp: string
  /** In the company's order, closed ones too. */
  readonly pools: readonly StoredPool[]
  readonly policies: readonly StoredPolicy[]
  readonly company: CompanyRules
  readonly rowVersion: number
  /** Milliseconds that the company's clocks are ahead of UTC now. */
  readonly ahead: number
}
const NONE: Pools = { stamp: '0', pools: [], policies: [], company: DEFAULT_COMPANY_RULES, rowVersion: 0, ahead: 0 }
const KEEP = 200
const cache = new Map<string, Pools>()

export async function loadPools(tx: Tx, tenantId: string): Promise<Pools> {
  const head = await tx.query<{ stamp: string; rules: Partial<CompanyRules>; row_version: number; mine: boolean; ahead: number }>(
    prepared(
      'pool-stamp',
      `select s.stamp::text, s.rules, s.row_version, (extract(epoch from (now() at time zone t.zone) - (now() at time zone 'UTC')) * 1000)::float8 as ahead, s.xmin::text = (pg_current_xact_id_if_assigned()::text::numeric % 4294967296)::text as mine from pool_setting s join tenant t on t.id = s.tenant_id where s.tenant_id = $1`,
      [tenantId],
    ),
  )
  const row = head.rows[0]
  if (!row) return NONE
  const key = `${(tx as { database?: string }).database}/${tenantId}`
  const known = cache.get(key)
  if (known?.stamp === row.stamp && known.ahead === row.ahead && !row.mine) return known
  const value: Pools = {
    stamp: row.mine ? `${row.stamp}+` : row.stamp,
    pools: await readPools(tx, tenantId),
    policies: await readPolicies(tx, tenantId),
    company: { ...DEFAULT_COMPANY_RULES, ...row.rules },
    rowVersion: row.row_version,
    ahead: row.ahead,
  }
  // What this transaction changed may still be taken back: another would then bear the same stamp.
  if (row.mine) return value
  cache.delete(key)
  cache.set(key, value)
  if (cache.size > KEEP) cache.delete(cache.keys().next().value!)
  return value
}

async function readPools(tx: Tx, tenantId: string): Promise<readonly StoredPool[]> {
  const found = await tx.query<
    Pick<Pool, 'id' | 'name' | 'territoryId' | 'admins' | 'steps' | 'deadEnd'> & {
      position: number
      closedAt: string | null
      rowVersion: number
      condition: Condition
      members: Partial<Pool['members']>
      masks: Partial<Pool['masks']>
      rules: Partial<Pool['rules']>
    }
  >(
    `select id::text, name, position, to_char(closed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "closedAt", dead_end as "deadEnd", condition, territory_id::text as "territoryId",
            admins::text[] as admins, members, masks, steps, rules, row_version as "rowVersion" from pool where tenant_id = $1 order by position, id`,
    [tenantId],
  )
  return found.rows.map(r => ({
    ...r,
    open: r.closedAt === null,
    members: { ...EVERYONE_MEMBERS, ...r.members },
    masks: { ...DEFAULT_MASKS, ...r.masks },
    rules: { ...DEFAULT_RULES, ...r.rules },
  }))
}

async function readPolicies(tx: Tx, tenantId: string): Promise<readonly StoredPolicy[]> {
  const found = await tx.query<{
    id: string
    name: string
    position: number
    enabled: boolean
    condition: Condition
    terms: PolicyTerms
    to_pool_id: string | null
    grace: number | null
    row_version: number
  }>(
    `select id::text, name, position, enabled, condition, terms, to_pool_id::text, (extract(epoch from grace_until) * 1000)::float8 as grace, row_version
       from pool_policy where tenant_id = $1 order by position, id`,
    [tenantId],
  )
  return found.rows.map(r => ({
    id: r.id,
    name: r.name,
    position: r.position,
    enabled: r.enabled,
    condition: r.condition,
    terms: r.terms,
    toPoolId: r.to_pool_id,
    graceUntil: r.grace,
    rowVersion: r.row_version,
  }))
}

/** Everything kept in memory is read again; the company has rules of its own from now on. */
export async function bumpPools(tx: Tx, tenantId: string): Promise<void> {
  await tx.query(
    'insert into pool_setting (tenant_id, row_version) values ($1, 0) on conflict (tenant_id) do update set stamp = pool_setting.stamp + 1',
    [tenantId],
  )
}

/** The model in force at this moment. */
export async function activeModel(tx: Tx, tenantId: string): Promise<string> {
  const found = await tx.query<{ id: string }>(
    prepared(
      'active-model',
      `select model_id::text as id from activation where tenant_id = $1 and cancelled_at is null and effective_at <= clock_timestamp() order by effective_at desc, seq desc limit 1`,
      [tenantId],
    ),
  )
  return found.rows[0]!.id
}
