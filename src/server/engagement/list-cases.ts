/** Lists of cases 案子: those to rule by their end, the others newest first; through the fence, by keyset. */
import type { z } from 'zod'
import type { CaseRow, listCases } from '../../contract/engagement/cases.ts'
import { tokensOf } from '../access/visible-to.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { UTC } from './case-row.ts'

const COUNTED = 1000
const OPEN = `c.state in ('statements', 'ruling')`
const MINE = (actor: Actor) =>
  `exists (select 1 from case_party m where m.tenant_id = $1 and m.case_id = c.id and m.user_id = ${BigInt(actor.userId)})`
const BOX = {
  judge: (actor: Actor) =>
    `${OPEN} and (c.judge_id = ${BigInt(actor.userId)}${actor.seesAll && actor.permissions.has('case.judge') ? ' or c.judge_id is null' : ''})`,
  party: MINE,
  open: () => `c.state <> 'closed'`,
  all: () => 'true',
} as const

/** The driver of sight for cases: their own tokens. */
const SEEN = (actor: Actor): string => (actor.seesAll ? 'true' : `c.tokens && ${tokensOf(actor)}`)

const ROW = `c.id::text, c.number, c.name, c.why, c.state, ${UTC('c.opened_at')} as "openedAt", ${UTC('c.due_at')} as "dueAt", ${UTC('c.closed_at')} as "closedAt",
  (select json_build_object('id', u.id::text, 'name', u.name) from app_user u where u.tenant_id = $1 and u.id = c.judge_id) as judge,
  (select json_agg(json_build_object('user', json_build_object('id', u.id::text, 'name', u.name), 'territory',
       (select json_build_object('id', t.id::text, 'code', t.code, 'name', t.name, 'colour', t.colour) from territory t where t.tenant_id = $1 and t.id = p.territory_id order by t.model_id desc limit 1)) order by p.side)
     from case_party p join app_user u on u.tenant_id = $1 and u.id = p.user_id where p.tenant_id = $1 and p.case_id = c.id) as parties,
  (select json_build_object('winner', r.winner) from case_ruling r where r.tenant_id = $1 and r.case_id = c.id and r.undone_at is null order by r.n desc limit 1) as ruled`

export async function findCases(
  tx: Tx,
  actor: Actor,
  query: z.output<NonNullable<typeof listCases.query>>,
): Promise<z.input<typeof listCases.reply>> {
  const byEnd = query.box === 'judge'
  const after = /^(\d{4}-[\dT:.Z-]{1,30})?\|(\d{1,18})$/.exec(query.cursor ?? '')
  const found = await tx.query<CaseRow & { ruled: { winner: number | null } | null }>(
    `select ${ROW} from conflict_case c where c.tenant_id = $1 and ${SEEN(actor)} and ${BOX[query.box](actor)} and ($2::bigint is null or c.account_id = $2 or c.other_account_id = $2)
       and ($4::bigint is null or ${byEnd ? '(c.due_at, c.id) > ($3::timestamptz, $4::bigint)' : '$3::timestamptz is null and c.id < $4'})
      order by ${byEnd ? 'c.due_at, c.id' : 'c.id desc'} limit $5`,
    [actor.tenantId, query.accountId ?? null, after?.[1] ?? null, byEnd && !after?.[1] ? null : (after?.[2] ?? null), query.limit + 1],
  )
  const rows = found.rows.slice(0, query.limit).map(({ ruled, ...row }) => (ruled ? { ...row, winner: ruled.winner } : row))
  const last = rows.at(-1)
  const count = async (box: keyof typeof BOX) =>
    (
      await tx.query<{ n: number }>(
        `select count(*)::int as n from (select 1 from conflict_case c where c.tenant_id = $1 and ${SEEN(actor)} and ${BOX[box](actor)} limit ${COUNTED}) counted`,
        [actor.tenantId],
      )
    ).rows[0]!.n
  return {
    rows,
    next: found.rows.length > query.limit && last ? `${byEnd ? last.dueAt : ''}|${last.id}` : null,
    counts: { judge: await count('judge'), party: await count('party'), open: await count('open') },
  }
}

/** What waits for my ruling, and what for my word. */
export async function countWaiting(tx: Tx, actor: Actor): Promise<{ n: number }> {
  const found = await tx.query<{ n: number }>(
    `select count(*)::int as n from (select 1 from conflict_case c where c.tenant_id = $1 and ${SEEN(actor)} and ((${BOX.judge(actor)})
        or (${OPEN} and exists (select 1 from case_party p where p.tenant_id = $1 and p.case_id = c.id and p.user_id = ${BigInt(actor.userId)} and (p.stated_at is null or p.question is not null)))) limit ${COUNTED}) w`,
    [actor.tenantId],
  )
  return found.rows[0]!
}
