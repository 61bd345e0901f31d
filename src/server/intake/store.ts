/** SQL of rules, turns and the people whose turn it may be. */

import type { Turn } from '../../core/intake/rotate.ts'
import { DEFAULT_RULES, type IntakeRules } from '../../core/intake/rules.ts'
import { whilePlacing } from '../access/while-placing.ts'
import type { Tx } from '../kernel/transaction.ts'

export const UTC = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`

export type Rules = {
  readonly rules: ReadonlyMap<string, IntakeRules> /** Milliseconds that the company's clocks are ahead of UTC. */
  readonly ahead: number
}
export async function loadRules(tx: Tx, tenantId: string): Promise<Rules> {
  const found = await tx.query<{ id: string | null; rules: Partial<IntakeRules> | null; ahead: number }>({
    name: 'lead-rules',
    text: `select r.territory_id::text as id, r.rules, (extract(epoch from (now() at time zone t.zone) - (now() at time zone 'UTC')) * 1000)::float8 as ahead
       from tenant t left join intake_rule r on r.tenant_id = t.id where t.id = $1`,
    values: [tenantId],
  })
  return {
    rules: new Map(found.rows.flatMap(r => (r.id === null ? [] : [[r.id, { ...DEFAULT_RULES, ...r.rules }]]))),
    ahead: found.rows[0]?.ahead ?? 0,
  }
}

export type StoredTurn = { readonly seq: number; readonly turn: Turn }
export async function loadTurns(tx: Tx, tenantId: string, territoryIds: readonly string[]): Promise<Map<string, StoredTurn>> {
  const found = await tx.query<{ id: string; seq: string; last: string | null; credits: Record<string, number> }>(
    'select territory_id::text as id, seq::text, last_id::text as last, credits from lead_turn where tenant_id = $1 and territory_id = any($2::bigint[])',
    [tenantId, territoryIds],
  )
  return new Map(found.rows.map(r => [r.id, { seq: Number(r.seq), turn: { lastId: r.last, credits: r.credits } }]))
}
export async function saveTurns(tx: Tx, tenantId: string, turns: ReadonlyMap<string, StoredTurn>): Promise<void> {
  if (turns.size === 0) return
  await tx.query(
    `insert into lead_turn (tenant_id, territory_id, seq, last_id, credits) select $1, territory, seq, last, credits::jsonb
       from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[]) as t(territory, seq, last, credits)
     on conflict (tenant_id, territory_id) do update set seq = excluded.seq, last_id = excluded.last_id, credits = excluded.credits`,
    [
      tenantId,
      [...turns.keys()],
      [...turns.values()].map(t => t.seq),
      [...turns.values()].map(t => t.turn.lastId),
      [...turns.values()].map(t => JSON.stringify(t.turn.credits)),
    ],
  )
}

export async function countOpen(tx: Tx, tenantId: string, userIds: readonly string[]): Promise<Map<string, number>> {
  const found = await whilePlacing(tx, () =>
    tx.query<{ id: string; n: number }>(
      'select owner_id::text as id, count(*)::int as n from lead_placement where tenant_id = $1 and open and owner_id = any($2::bigint[]) group by owner_id',
      [tenantId, userIds],
    ),
  )
  return new Map(found.rows.map(r => [r.id, r.n]))
}
export async function loadSkills(tx: Tx, tenantId: string, userIds: readonly string[]): Promise<Map<string, string[]>> {
  const found = await tx.query<{ id: string; skills: string[] }>(
    'select user_id::text as id, array_agg(skill order by skill) as skills from user_skill where tenant_id = $1 and user_id = any($2::bigint[]) group by user_id',
    [tenantId, userIds],
  )
  return new Map(found.rows.map(r => [r.id, r.skills]))
}
