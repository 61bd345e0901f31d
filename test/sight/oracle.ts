/**
 * Who may see what, decided a second time and otherwise: from the raw tables of people, territories, departments and shares, in plain
 * words, without tokens, policies or any code of the product. The product must agree with it on every request.
 */
import type pg from 'pg'

export type Account = {
  readonly id: string
  readonly name: string
  readonly tier: string | null
  readonly size: number | null
  readonly division: string | null
  readonly ownerId: string | null
  readonly deletedBy: string | null
  readonly deleted: boolean
  readonly stands: readonly string[]
  readonly territoryId: string | null
  /** Lies in a pool that hides something. */
  readonly pooled: { readonly admins: readonly string[] } | null
}
export type Oracle = {
  readonly accounts: readonly Account[]
  readonly people: readonly { readonly id: string; readonly login: string }[]
  readonly sees: (userId: string, account: Account) => boolean
  /** Fields that may be masked: a reader by share or membership does not see them. */
  readonly seesPrivate: (userId: string, account: Account) => boolean
  /** Who may change it: its owner and those who lead him, members with the right to edit, shares to edit; never what is in the bin. */
  readonly edits: (userId: string, account: Account) => boolean
}

const ANY = ['read', 'private', 'edit'] as const
const MORE = ['private', 'edit'] as const
const EDIT = ['edit'] as const

export async function readOracle(owner: pg.Pool): Promise<Oracle> {
  const rows = async <T extends pg.QueryResultRow>(sql: string): Promise<T[]> => (await owner.query<T>(sql)).rows
  const active = `(select model_id from activation where tenant_id = 1 and cancelled_at is null and effective_at <= now() order by effective_at desc, seq desc limit 1)`
  const accounts = await rows<{
    id: string
    name: string
    tier: string | null
    size: string | null
    division: string | null
    owner_id: string | null
    deleted_by: string | null
    deleted: boolean
    territory_id: string | null
    overlays: string[]
    admins: string[] | null
  }>(
    `select a.id::text, a.name, a.tier, a.size, a.division, p.owner_id::text, a.deleted_by::text, a.deleted_at is not null as deleted, p.territory_id::text,
            (select k.admins::text[] from pool k where k.tenant_id = 1 and k.id = p.pool_id) as admins,
            array(select o.territory_id::text from account_overlay o where o.account_id = a.id and o.model_id = ${active}) as overlays
       from account a left join account_placement p on p.account_id = a.id and p.model_id = ${active} where a.tenant_id = 1`,
  )
  const people = await rows<{ id: string; login: string; department_id: string | null; all: boolean }>(
    `select u.id::text, u.login, u.department_id::text, exists (select 1 from user_role ur join role r on r.id = ur.role_id where ur.user_id = u.id and r.sees_all) as all from app_user u where u.tenant_id = 1 and u.state = 'active'`,
  )
  const parents = new Map(
    (await rows<{ id: string; parent_id: string | null }>(`select id::text, parent_id::text from territory where model_id = ${active}`)).map(t => [
      t.id,
      t.parent_id,
    ]),
  )
  const departments = new Map(
    (
      await rows<{ id: string; parent_id: string | null; leader_id: string | null }>(
        'select id::text, parent_id::text, leader_id::text from department where deleted_at is null',
      )
    ).map(d => [d.id, d]),
  )
  const memberships = await rows<{ user_id: string; territory_id: string; access: string; role: string }>(
    `select user_id::text, territory_id::text, access, member_role as role from territory_member where cancels_id is null and starts_at <= now() and (ends_at is null or ends_at > now())`,
  )
  const shares = await rows<{ account_id: string; user_id: string | null; team_id: string | null; access: string }>(
    `select account_id::text, user_id::text, team_id::text, access from account_share where until is null or until > now()`,
  )
  const teams = await rows<{ team_id: string; user_id: string }>('select team_id::text, user_id::text from team_member')
  const departmentOf = new Map(people.map(p => [p.id, p.department_id]))
  const all = new Set(people.filter(p => p.all).map(p => p.id))

  const isInTerritory = (userId: string, account: Account, accesses: readonly string[] = ANY): boolean => {
    if (account.pooled?.admins.includes(userId)) return true
    for (const stand of account.stands) {
      for (let at: string | null = stand; at !== null; at = parents.get(at) ?? null) {
        // In a pool the territory's own people claim before they read; its managers and those above read.
        const own = account.pooled !== null && account.stands.includes(at)
        if (memberships.some(m => m.user_id === userId && m.territory_id === at && accesses.includes(m.access) && (!own || m.role === 'manager')))
          return true
      }
    }
    return false
  }
  const leadsOwner = (userId: string, account: Account): boolean => {
    if (account.ownerId === null) return false
    for (let at = departmentOf.get(account.ownerId) ?? null; at !== null; at = departments.get(at)?.parent_id ?? null)
      if (departments.get(at)?.leader_id === userId) return true
    return false
  }
  const isShared = (userId: string, account: Account, accesses: readonly string[] = ANY): boolean =>
    shares.some(
      s =>
        s.account_id === account.id &&
        accesses.includes(s.access) &&
        (s.user_id === userId || (s.team_id !== null && teams.some(t => t.team_id === s.team_id && t.user_id === userId))),
    )

  return {
    people,
    accounts: accounts.map(a => ({
      id: a.id,
      name: a.name,
      tier: a.tier,
      size: a.size === null ? null : Number(a.size),
      division: a.division,
      ownerId: a.owner_id,
      deletedBy: a.deleted_by,
      deleted: a.deleted,
      territoryId: a.territory_id,
      pooled: a.admins === null ? null : { admins: a.admins },
      stands: [...(a.territory_id ? [a.territory_id] : []), ...a.overlays],
    })),
    sees: (userId, account) => {
      if (all.has(userId)) return true
      if (account.deleted) return account.deletedBy === userId
      return account.ownerId === userId || isInTerritory(userId, account) || leadsOwner(userId, account) || isShared(userId, account)
    },
    seesPrivate: (userId, account) => {
      if (all.has(userId)) return true
      if (account.deleted) return account.deletedBy === userId
      return account.ownerId === userId || isInTerritory(userId, account, MORE) || leadsOwner(userId, account) || isShared(userId, account, MORE)
    },
    edits: (userId, account) => {
      if (account.deleted) return false
      if (all.has(userId)) return true
      return account.ownerId === userId || isInTerritory(userId, account, EDIT) || leadsOwner(userId, account) || isShared(userId, account, EDIT)
    },
  }
}
