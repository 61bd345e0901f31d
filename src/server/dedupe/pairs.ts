/** The queue of pairs 查重待办: who sees both customers sees the pair; what was called different is remembered. */
import type { z } from 'zod'
import type { ComparedPair, compareDuplicates, DuplicatePair, listDuplicates, Survivorship } from '../../contract/dedupe/duplicates.ts'
import { choose } from '../../core/dedupe/survivorship.ts'
import { tokensOf, visibleTo } from '../access/visible-to.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { readPolicy } from './policy.ts'
import { lastRun } from './run.ts'
import { readFull } from './values.ts'

const PAGE = 30
const COUNTED = 1000
/** Both customers seen and alive; a pair whose customer was recycled or merged elsewhere waits unseen. */
const FROM = (actor: Actor) => `duplicate_pair d
  join account a on a.tenant_id = $1 and a.id = d.account_a and a.deleted_at is null and ${visibleTo(actor, 'a.id')}
  join account b on b.tenant_id = $1 and b.id = d.account_b and b.deleted_at is null and ${visibleTo(actor, 'b.id')}`
const SIDE = (alias: string, model: string) => `json_build_object('id', ${alias}.id::text, 'name', ${alias}.name,
  'updatedAt', to_char(${alias}.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  'owner', (select u.name from account_placement p join app_user u on u.tenant_id = $1 and u.id = p.owner_id where p.tenant_id = $1 and p.model_id = ${model} and p.account_id = ${alias}.id),
  'territory', (select json_build_object('id', t.id::text, 'code', t.code, 'name', t.name, 'colour', t.colour) from account_placement p join territory t on t.tenant_id = $1 and t.model_id = ${model} and t.id = p.territory_id
     where p.tenant_id = $1 and p.model_id = ${model} and p.account_id = ${alias}.id))`
const COLUMNS = (
  actor: Actor,
) => `d.id::text, d.score, d.decision, d.state, d.evidence, to_char(d.found_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "foundAt",
  (select u.name from app_user u where u.tenant_id = $1 and u.id = d.decided_by) as "decidedBy", to_char(d.decided_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "decidedAt", d.reason,
  (select count(*) from account_placement o where o.tenant_id = $1 and o.model_id = ${BigInt(actor.modelId)} and o.account_id in (a.id, b.id) and o.private_tokens && ${tokensOf(actor)}) = 2 as open,
  ${SIDE('a', String(BigInt(actor.modelId)))} as a, ${SIDE('b', String(BigInt(actor.modelId)))} as b`

type Query = z.output<NonNullable<typeof listDuplicates.query>>
export async function listPairs(tx: Tx, actor: Actor, query: Query): Promise<z.input<typeof listDuplicates.reply>> {
  const after = /^([\d.e-]{1,24})\|(\d{1,18})$/.exec(query.cursor ?? '')
  const found = await tx.query<DuplicatePair & { open: boolean }>(
    `select ${COLUMNS(actor)} from ${FROM(actor)}
      where d.tenant_id = $1 and d.state = $2 and ($3::text is null or d.decision = $3) and ($4::bigint is null or d.account_a = $4 or d.account_b = $4)
        and ($5::float8 is null or (d.score, d.id) < ($5, $6)) order by d.score desc, d.id desc limit ${PAGE + 1}`,
    [actor.tenantId, query.state, query.decision ?? null, query.accountId ?? null, after?.[1] ?? null, after?.[2] ?? null],
  )
  const rows = found.rows.slice(0, PAGE).map(pair => withoutHidden(pair, actor))
  const count = async (decision: string) =>
    (
      await tx.query<{ n: number }>(
        `select count(*)::int as n from (select 1 from ${FROM(actor)} where d.tenant_id = $1 and d.state = 'open' and d.decision = $2 limit ${COUNTED}) counted`,
        [actor.tenantId, decision],
      )
    ).rows[0]!.n
  const last = rows.at(-1)
  return {
    rows,
    next: found.rows.length > PAGE && last ? `${last.score}|${last.id}` : null,
    counts: { merge: await count('merge'), review: await count('review') },
    run: await lastRun(tx, actor.tenantId),
  }
}

const FIELD_OF: Readonly<Record<string, string>> = {
  code: 'creditCode',
  phone: 'phone',
  mail: 'email',
  contact: 'phone',
  address: 'address',
  division: 'division',
  industry: 'industry',
}

const PRIVATE: ReadonlySet<string> = new Set(['code', 'phone', 'mail', 'contact'])

/**
 * What stands in a hidden field is no evidence for its reader: that two numbers are equal would already tell. Hidden by the role, or because
 * the private fields of one of the two are closed to him (`open`).
 */
function withoutHidden({ open, ...pair }: DuplicatePair & { readonly open: boolean }, actor: Actor): DuplicatePair {
  const seen = (feature: string) => actor.fieldAccess.get(FIELD_OF[feature] ?? '') !== 'hidden' && (open || !PRIVATE.has(feature))
  return { ...pair, evidence: pair.evidence.filter(e => seen(e.feature)) }
}

export async function readPair(tx: Tx, actor: Actor, id: string): Promise<DuplicatePair> {
  const found = await tx.query<DuplicatePair & { open: boolean }>(
    `select ${COLUMNS(actor)} from ${FROM(actor)} where d.tenant_id = $1 and d.id = $2`,
    [actor.tenantId, id],
  )
  const pair = found.rows[0]
  return pair ? withoutHidden(pair, actor) : stop('record.notFound')
}

const ATTACHED = ['contact', 'note', 'task', 'file', 'opportunity', 'account_address', 'account_key'] as const

export async function comparePair(tx: Tx, actor: Actor, id: string): Promise<z.input<typeof compareDuplicates.reply>> {
  const pair = await readPair(tx, actor, id)
  const full = await readFull(tx, actor.tenantId, [pair.a.id, pair.b.id])
  const [a, b] = [full.get(pair.a.id)!, full.get(pair.b.id)!]
  const attached: ComparedPair['attached'] = []
  for (const kind of ATTACHED) {
    const counts = await tx.query<{ id: string; n: number }>(
      `select account_id::text as id, count(*)::int as n from ${kind} where tenant_id = $1 and account_id = any($2::bigint[]) group by 1`,
      [actor.tenantId, [a.id, b.id]],
    )
    const of = (account: string) => counts.rows.find(r => r.id === account)?.n ?? 0
    if (of(a.id) + of(b.id) > 0) attached.push({ kind, a: of(a.id), b: of(b.id) })
  }
  const weight = (side: 'a' | 'b') =>
    attached.reduce((sum, row) => sum + row[side], 0) + Object.values((side === 'a' ? a : b).values).filter(v => v !== null && v !== undefined).length
  // Who has more behind it keeps its number; of two alike the older one.
  const survivor = weight('b') > weight('a') ? ('b' as const) : ('a' as const)
  const { survivorship } = await readPolicy(tx, actor)
  const [keeps, goes] = survivor === 'a' ? [a, b] : [b, a]
  const newer = goes.updatedAt > keeps.updatedAt ? ('merged' as const) : ('survivor' as const)
  const fields = [...new Set([...Object.keys(a.values), ...Object.keys(b.values)])].flatMap(key => {
    if (actor.fieldAccess.get(key) === 'hidden') return []
    const [x, y] = [a.values[key] ?? null, b.values[key] ?? null]
    if (x === null && y === null) return []
    const rule: Survivorship = survivorship[key] ?? 'filled'
    const chosen = choose(rule, keeps.values[key] as string, goes.values[key] as string, newer)
    return [
      { key, a: x as string, b: y as string, suggested: (chosen === 'survivor') === (survivor === 'a') ? ('a' as const) : ('b' as const), rule },
    ]
  })
  return {
    pair,
    rowVersions: { a: a.rowVersion, b: b.rowVersion },
    fields,
    attached,
    suggestedSurvivor: survivor,
    mayMerge: actor.permissions.has('account.merge') && actor.viewerId === null && pair.state === 'open',
  }
}

export async function decidePair(
  tx: Tx,
  actor: Actor,
  now: string,
  id: string,
  state: 'different' | 'open',
  reason: string | null,
): Promise<{ done: true }> {
  const pair = await readPair(tx, actor, id)
  if (pair.state !== (state === 'open' ? 'different' : 'open')) stop('duplicate.decided')
  await tx.query(`update duplicate_pair set state = $3, decided_by = $4, decided_at = $5, reason = $6 where tenant_id = $1 and id = $2`, [
    actor.tenantId,
    id,
    state,
    state === 'open' ? null : actor.userId,
    state === 'open' ? null : now,
    reason,
  ])
  for (const [accountId, other] of [
    [pair.a.id, pair.b.id],
    [pair.b.id, pair.a.id],
  ] as const)
    await audit(tx, actor, now, {
      kind: state === 'open' ? 'duplicate.reopen' : 'duplicate.different',
      recordKind: 'account',
      recordId: other,
      accountId,
      why: reason,
    })
  return { done: true }
}
