/** What placement needs beside an account's fields: pins, the newest act, shares, the present owner, and the people concerned. */
import type { Act, People, Pin, Share } from '../../core/assignment/place.ts'
import { prepared, type Tx } from '../kernel/transaction.ts'
import type { ModelHead } from '../territory/load-model.ts'

const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

export type Dated = {
  readonly pins: ReadonlyMap<string, readonly Pin[]>
  readonly acts: ReadonlyMap<string, Act>
  readonly shares: ReadonlyMap<string, readonly Share[]>
}

/** `ids` null: of every account of the tenant (full runs). */
export async function loadDated(tx: Tx, tenantId: string, head: Pick<ModelHead, 'lineage'>, ids: readonly string[] | null): Promise<Dated> {
  const of = ids === null ? '' : 'and account_id = any($2::bigint[])'
  const given = ids === null ? [tenantId] : [tenantId, ids]
  const read = <T extends object>(name: string, text: string, values: readonly unknown[] = given) =>
    tx.query<T>(ids === null ? { text, values: [...values] } : prepared(name, text, values))
  const pins = await read<Pin & { accountId: string }>(
    'dated-pins',
    `select account_id::text as "accountId", territory_id::text as "territoryId", ${UTC('starts_at')} as "startsAt", ${UTC('coalesce(cancelled_at, ends_at)')} as "endsAt"
       from territory_pin where tenant_id = $1 ${of} and (model_id is null or model_id = any($${given.length + 1}::bigint[])) and (cancelled_at is null or cancelled_at > starts_at) order by created_at, id`,
    [...given, head.lineage],
  )
  const acts = await read<Act & { accountId: string }>(
    'dated-acts',
    `select distinct on (account_id) account_id::text as "accountId", kind, owner_id::text as "ownerId", territory_id::text as "territoryId", pool_id::text as "poolId", ${UTC('at')} as at
       from ownership_act where tenant_id = $1 ${of} and cancelled_at is null order by account_id, at desc, id desc`,
  )
  const shares = await read<Share & { accountId: string }>(
    'dated-shares',
    `select account_id::text as "accountId", user_id::text as "userId", team_id::text as "teamId", access, ${UTC('until')} as until from account_share where tenant_id = $1 ${of}`,
  )
  return { pins: grouped(pins.rows), acts: new Map(acts.rows.map(a => [a.accountId, a])), shares: grouped(shares.rows) }
}

function grouped<T extends { accountId: string }>(rows: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const map = new Map<string, T[]>()
  for (const row of rows) {
    const list = map.get(row.accountId)
    if (list) list.push(row)
    else map.set(row.accountId, [row])
  }
  return map
}

const PEOPLE = `select id::text, state <> 'inactive' as active, department_id::text as department from app_user where tenant_id = $1`
/** People and their chain of departments; `ids` null: everybody. */
export async function loadPeople(tx: Tx, tenantId: string, ids: readonly string[] | null): Promise<People> {
  const users = await tx.query<{ id: string; active: boolean; department: string | null }>(
    ids === null ? { text: PEOPLE, values: [tenantId] } : prepared('people-placed', `${PEOPLE} and id = any($2::bigint[])`, [tenantId, ids]),
  )
  const departments = await tx.query<{ id: string; parent: string | null }>(
    prepared('departments-placed', 'select id::text, parent_id::text as parent from department where tenant_id = $1 and deleted_at is null', [
      tenantId,
    ]),
  )
  const parentOf = new Map(departments.rows.map(d => [d.id, d.parent]))
  const chainOf = (id: string | null): readonly string[] => {
    const chain: string[] = []
    for (let at = id; at !== null && parentOf.has(at) && !chain.includes(at); at = parentOf.get(at) ?? null) chain.push(at)
    return chain
  }
  const byId = new Map(users.rows.map(u => [u.id, { active: u.active, departments: chainOf(u.department) }]))
  return { isActive: id => byId.get(id)?.active ?? false, departmentsOf: id => byId.get(id)?.departments ?? [] }
}
