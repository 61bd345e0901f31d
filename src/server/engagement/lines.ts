/**
 * Who leads whom, for choosing a judge: managers of one's territory and of those above it, then leaders of one's department and of those above.
 * Read for the company, not for the reader: who judges must not depend on who asks.
 */
import { EVERYONE_TOKEN, token } from '../../core/access/tokens.ts'
import { type Candidate, chooseJudge, conflictOf, type PartyLine } from '../../core/engagement/judge.ts'
import { loadCompiled } from '../assignment/compiled.ts'
import type { Tx } from '../kernel/transaction.ts'

export type Party = { readonly userId: string; readonly territoryId: string | null }
type Model = { readonly tenantId: string; readonly modelId: string }
export type Court = { readonly lines: readonly PartyLine[]; readonly candidates: readonly Candidate[]; readonly departments: readonly string[] }

export async function loadCourt(tx: Tx, { tenantId, modelId }: Model, parties: readonly Party[]): Promise<Court> {
  const { loaded, compiled } = await loadCompiled(tx, tenantId, modelId)
  const people = await tx.query<{ id: string; department: string | null; judges: boolean; all: boolean }>(
    `select u.id::text, u.department_id::text as department, bool_or(r.id is not null) as judges, coalesce(bool_or(r.sees_all), false) as all
       from app_user u left join user_role ur on ur.tenant_id = $1 and ur.user_id = u.id
       left join role r on r.tenant_id = $1 and r.id = ur.role_id and r.deleted_at is null and 'case.judge' = any(r.permissions)
      where u.tenant_id = $1 and u.state = 'active' and (u.id = any($2::bigint[]) or r.id is not null) group by u.id, u.department_id order by u.id`,
    [tenantId, parties.map(p => p.userId)],
  )
  const departments = await tx.query<{ id: string; parent: string | null; leader: string | null }>(
    'select id::text, parent_id::text as parent, leader_id::text as leader from department where tenant_id = $1 and deleted_at is null',
    [tenantId],
  )
  const byId = new Map(departments.rows.map(d => [d.id, d]))
  const chainOf = (id: string | null): string[] => {
    const chain: string[] = []
    for (let at = id; at !== null && byId.has(at) && !chain.includes(at); at = byId.get(at)!.parent) chain.push(at)
    return chain
  }
  const departmentOf = new Map(people.rows.map(p => [p.id, p.department]))
  const now = new Date().toISOString()
  const managersOf = (territoryId: string | null): string[] =>
    territoryId === null
      ? []
      : [territoryId, ...(compiled.hierarchy.byId.get(territoryId)?.ancestorIds ?? [])].flatMap(id =>
          loaded.members
            .filter(m => m.territoryId === id && m.role === 'manager' && m.startsAt <= now && (m.endsAt === null || m.endsAt > now))
            .map(m => m.userId),
        )
  const superiorsOf = (userId: string, territoryId: string | null): readonly string[] => [
    ...new Set(
      [...managersOf(territoryId), ...chainOf(departmentOf.get(userId) ?? null).flatMap(d => byId.get(d)!.leader ?? [])].filter(s => s !== userId),
    ),
  ]
  return {
    lines: parties.map(p => ({ userId: p.userId, superiors: superiorsOf(p.userId, p.territoryId) })),
    candidates: people.rows.filter(p => p.judges).map(p => ({ id: p.id, superiors: superiorsOf(p.id, null), headquarters: p.all })),
    departments: [...new Set(parties.flatMap(p => chainOf(departmentOf.get(p.userId) ?? null)))],
  }
}

export const judgeOf = (court: Court, not: readonly string[], headquartersOnly = false) =>
  chooseJudge(court.lines, court.candidates, new Set(not), headquartersOnly)

/** Why this person may not rule, if so. */
export const conflictFor = (court: Court, userId: string) =>
  conflictOf(userId, court.candidates.find(c => c.id === userId)?.superiors ?? [], court.lines)

/** Parties, whoever leads one of them, the judge, who opened it, and who sees everything. */
export const tokensOfCase = (court: Court, judgeId: string | null, openedBy: string): readonly string[] => [
  ...new Set([
    EVERYONE_TOKEN,
    ...[...court.lines.flatMap(l => [l.userId, ...l.superiors]), openedBy, ...(judgeId === null ? [] : [judgeId])].map(id => token('user', id)),
    ...court.departments.map(id => token('department', id)),
  ]),
]
