/**
 * From session tokens and API keys to actors, as many as are asked for in two statements. A token is `<tenant>.<random>`; only its SHA-256 is stored.
 * Deactivated people, spent sessions and revoked keys are refused at the very next request.
 */
import { createHash } from 'node:crypto'
import type { Locale } from '../../contract/kernel/shapes.ts'
import type { FieldAccess, Permission } from '../../core/access/permissions.ts'
import { QUEUE_TOKEN, tokensOf } from '../../core/access/tokens.ts'
import type { Actor } from '../kernel/actor.ts'
import { prepared, type Tx } from '../kernel/transaction.ts'

export const hashToken = (secret: string): string => createHash('sha256').update(secret).digest('hex')
/** The tenant written in front of a token, or null when the text is no token at all. */
export const tenantOfToken = (secret: string): string | null => /^(?:jy_)?([1-9]\d{0,18})\.[A-Za-z0-9_-]{20,}$/.exec(secret)?.[1] ?? null

/** Shared by sessions, keys and the command line: everything about one person that a request needs. $1 tenant, u the app_user row. */
const PERSON = `
  u.id as user_id, u.name as user_name, u.locale, t.zone, t.currency,
  (select coalesce(json_agg(json_build_object('permissions', r.permissions, 'fields', r.field_access, 'all', r.sees_all)), '[]')
     from user_role ur join role r on r.tenant_id = ur.tenant_id and r.id = ur.role_id where ur.tenant_id = $1 and ur.user_id = u.id and r.deleted_at is null) as roles,
  (select coalesce(array_agg(tm.team_id::text), '{}') from team_member tm where tm.tenant_id = $1 and tm.user_id = u.id) as teams,
  (select coalesce(array_agg(d.id::text), '{}') from department d where d.tenant_id = $1 and d.leader_id = u.id and d.deleted_at is null) as departments,
  (select a.model_id::text from activation a where a.tenant_id = $1 and a.cancelled_at is null and a.effective_at <= clock_timestamp()
     order by a.effective_at desc, a.seq desc limit 1) as model_id`

const TERRITORIES = `with line as (select lineage from territory_model where tenant_id = $1 and id = $3)
  select m.user_id::text as person, array_agg(distinct m.territory_id::text) as ids from territory_member m where m.tenant_id = $1 and m.user_id = any($2::bigint[]) and m.cancels_id is null
     and (m.model_id is null or m.model_id = any((select lineage from line)::bigint[])) and m.starts_at <= clock_timestamp() and (m.ends_at is null or m.ends_at > clock_timestamp())
     and not exists (select 1 from territory_member c where c.tenant_id = $1 and c.cancels_id = m.id and c.model_id = any((select lineage from line)::bigint[]))
   group by m.user_id`

type PersonRow = {
  user_id: string
  user_name: string
  locale: Locale
  zone: string
  currency: string
  roles: { permissions: Permission[]; fields: Record<string, FieldAccess>; all: boolean }[]
  teams: string[]
  departments: string[]
  model_id: string
}

const RANK: Readonly<Record<FieldAccess, number>> = { hidden: 0, read: 1, edit: 2 }

type Rest = Pick<Actor, 'viewerId' | 'via' | 'sessionId'>

/** All under the model in force, which is one for the company. */
async function toActors<R extends PersonRow>(tx: Tx, tenantId: string, rows: readonly R[], rest: (row: R) => Rest): Promise<readonly Actor[]> {
  if (rows.length === 0) return []
  const held = await tx.query<{ person: string; ids: string[] }>(
    prepared('actor-territories', TERRITORIES, [tenantId, [...new Set(rows.map(r => r.user_id))], rows[0]!.model_id]),
  )
  const territories = new Map(held.rows.map(r => [r.person, r.ids]))
  return rows.map(row => toActor(tenantId, row, territories.get(row.user_id) ?? [], rest(row)))
}

function toActor(tenantId: string, row: PersonRow, territoryIds: readonly string[], rest: Rest): Actor {
  const seesAll = row.roles.some(r => r.all)
  // A field is as open as the most open of the person's roles; a role that does not name it leaves it open.
  const fieldAccess = new Map<string, FieldAccess>()
  for (const key of new Set(row.roles.flatMap(r => Object.keys(r.fields)))) {
    const best = row.roles.map(r => r.fields[key] ?? 'edit').reduce((a, b) => (RANK[a] >= RANK[b] ? a : b))
    fieldAccess.set(key, best)
  }
  const permissions = new Set(row.roles.flatMap(r => r.permissions))
  return {
    tenantId,
    userId: row.user_id,
    userName: row.user_name,
    permissions,
    fieldAccess,
    seesAll,
    tokens: [
      ...tokensOf({ userId: row.user_id, teamIds: row.teams, ledDepartmentIds: row.departments, territoryIds, seesAll }),
      ...(permissions.has('intake.manage') ? [QUEUE_TOKEN] : []),
    ],
    modelId: row.model_id,
    locale: row.locale,
    zone: row.zone,
    currency: row.currency,
    ...rest,
  }
}

/** A session token of a browser, or an API key. */
export type Secret = { readonly kind: 'key' | 'session'; readonly secret: string }

const SESSIONS = `select s.token_hash as hash, s.id::text as session_id, s.user_id::text as signed_in_id, ${PERSON}
       from session s join tenant t on t.id = $1
       join app_user signed on signed.tenant_id = $1 and signed.id = s.user_id and signed.state = 'active'
       join app_user u on u.tenant_id = $1 and u.id = coalesce(s.view_as_id, s.user_id)
      where s.tenant_id = $1 and s.token_hash = any($2::text[]) and s.expires_at > clock_timestamp()`
const KEYS = `select k.token_hash as hash, ${PERSON} from api_key k join tenant t on t.id = $1 join app_user u on u.tenant_id = $1 and u.id = k.user_id and u.state = 'active'
      where k.tenant_id = $1 and k.token_hash = any($2::text[]) and k.revoked_at is null and k.expires_at > clock_timestamp()`

/**
 * The people behind sessions and keys, by secret; missing when it is unknown, spent, revoked, or the person left. Behind a key stands exactly as
 * much as that person, never more.
 */
export async function actorsOf(tx: Tx, tenantId: string, secrets: readonly Secret[]): Promise<ReadonlyMap<string, Actor>> {
  const bySecret = new Map<string, Actor>()
  const find = async <R extends PersonRow & { hash: string }>(kind: Secret['kind'], name: string, text: string, rest: (row: R) => Rest) => {
    const asked = new Map(secrets.filter(s => s.kind === kind).map(s => [hashToken(s.secret), s.secret]))
    if (asked.size === 0) return
    const { rows } = await tx.query<R>(prepared(name, text, [tenantId, [...asked.keys()]]))
    for (const [i, actor] of (await toActors(tx, tenantId, rows, rest)).entries()) bySecret.set(asked.get(rows[i]!.hash)!, actor)
  }
  await find<PersonRow & { hash: string; session_id: string; signed_in_id: string }>('session', 'actors-of-sessions', SESSIONS, row => ({
    viewerId: row.signed_in_id === row.user_id ? null : row.signed_in_id,
    via: 'session',
    sessionId: row.session_id,
  }))
  await find('key', 'actors-of-keys', KEYS, () => ({ viewerId: null, via: 'key', sessionId: null }))
  return bySecret
}

export const actorOf = async (tx: Tx, tenantId: string, secret: Secret): Promise<Actor | null> =>
  (await actorsOf(tx, tenantId, [secret])).get(secret.secret) ?? null

/** A named person on the command line or in a job; the caller has the database's own credentials. */
export async function actorOfUser(tx: Tx, tenantId: string, userId: string): Promise<Actor | null> {
  const found = await tx.query<PersonRow>(
    prepared(
      'actor-user',
      `select ${PERSON} from app_user u join tenant t on t.id = $1 where u.tenant_id = $1 and u.id = $2 and u.state = 'active'`,
      [tenantId, userId],
    ),
  )
  return (await toActors(tx, tenantId, found.rows, () => ({ viewerId: null, via: 'cli', sessionId: null })))[0] ?? null
}
