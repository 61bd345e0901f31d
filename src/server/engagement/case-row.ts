/** A case as it is stored, read through its fence or locked for a change. */

import type { Tested } from '../../core/engagement/clauses.ts'
import type { CaseState, Why } from '../../core/engagement/policy.ts'
import type { Features } from '../../core/engagement/similar.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { Court, Party } from './lines.ts'
import { tokensOfCase } from './lines.ts'

export const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
export type StoredParty = Party & {
  readonly name: string
  readonly active: boolean
  readonly statement: string | null
  readonly statedAt: string | null
  readonly question: string | null
}
export type CaseRecord = {
  readonly id: string
  readonly number: number
  readonly accountId: string
  readonly otherId: string | null
  readonly name: string
  readonly why: Why
  readonly state: CaseState
  readonly openedBy: string
  readonly openedAt: string
  readonly statementsDueAt: string
  readonly statementsAt: string | null
  readonly dueAt: string
  readonly judgeId: string | null
  readonly headquarters: boolean
  readonly notJudges: readonly string[]
  readonly escalatedAt: string | null
  readonly appeals: number
  readonly ruledAt: string | null
  readonly appealUntil: string | null
  readonly closedAt: string | null
  readonly clauseVersion: number
  readonly findings: readonly Tested[]
  readonly features: Features
  readonly rowVersion: number
  readonly parties: readonly StoredParty[]
}
const CASE = `c.id::text, c.number, c.account_id::text as "accountId", c.other_account_id::text as "otherId", c.name, c.why, c.state, c.opened_by::text as "openedBy", ${UTC('c.opened_at')} as "openedAt",
  ${UTC('c.statements_due_at')} as "statementsDueAt", ${UTC('c.statements_at')} as "statementsAt", ${UTC('c.due_at')} as "dueAt", c.judge_id::text as "judgeId", c.headquarters, c.not_judges::text[] as "notJudges",
  ${UTC('c.escalated_at')} as "escalatedAt", c.appeals, ${UTC('c.ruled_at')} as "ruledAt", ${UTC('c.appeal_until')} as "appealUntil", ${UTC('c.closed_at')} as "closedAt", c.clause_version as "clauseVersion",
  c.findings, c.features, c.row_version as "rowVersion"`
const PARTIES = `(select json_agg(json_build_object('userId', p.user_id::text, 'territoryId', p.territory_id::text, 'name', u.name, 'active', u.state <> 'inactive', 'statement', p.statement,
    'statedAt', ${UTC('p.stated_at')}, 'question', p.question) order by p.side) from case_party p join app_user u on u.tenant_id = $1 and u.id = p.user_id where p.tenant_id = $1 and p.case_id = c.id) as parties`

/** Through the fence: whoever may not see it finds none. */
export async function readRecord(tx: Tx, tenantId: string, id: string): Promise<CaseRecord> {
  const found = await tx.query<CaseRecord>(`select ${CASE}, ${PARTIES} from conflict_case c where c.tenant_id = $1 and c.id = $2`, [tenantId, id])
  return found.rows[0] ?? stop('record.notFound')
}

/** Locked; as it stands now, with the version one saw where that matters. */
export async function lockRecord(tx: Tx, tenantId: string, id: string, ifMatch: number | null): Promise<CaseRecord> {
  const locked = await tx.query<{ row_version: number }>('select row_version from conflict_case where tenant_id = $1 and id = $2 for update', [
    tenantId,
    id,
  ])
  if (!locked.rows[0]) return stop('record.notFound')
  if (ifMatch !== null && locked.rows[0].row_version !== ifMatch) stop('record.stale', { current: locked.rows[0].row_version })
  return readRecord(tx, tenantId, id)
}

export const idsOf = (c: Pick<CaseRecord, 'accountId' | 'otherId'>): readonly string[] =>
  [c.accountId, ...(c.otherId === null ? [] : [c.otherId])].sort((a, b) => Number(BigInt(a) - BigInt(b)))

export const mySide = (c: CaseRecord, actor: Pick<Actor, 'userId'>): number | null => {
  const side = c.parties.findIndex(p => p.userId === actor.userId)
  return side < 0 ? null : side
}
export const open = (c: CaseRecord): boolean => c.state === 'statements' || c.state === 'ruling'

/** A new judge, and with him who may see the case; null: whoever sees everything takes it. */
export async function giveTo(
  tx: Tx,
  tenantId: string,
  c: Pick<CaseRecord, 'id' | 'openedBy'>,
  court: Court,
  judge: { readonly id: string | null; readonly headquarters: boolean } | null,
  not: readonly string[],
): Promise<void> {
  await tx.query(
    'update conflict_case set judge_id = $3, headquarters = $4, not_judges = $5, tokens = $6, row_version = row_version + 1 where tenant_id = $1 and id = $2',
    [tenantId, c.id, judge?.id ?? null, judge?.headquarters ?? true, not, tokensOfCase(court, judge?.id ?? null, c.openedBy)],
  )
}
