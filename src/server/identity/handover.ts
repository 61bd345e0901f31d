/**
 * What a person leaves behind 交接. The only way in which what somebody holds goes to others: deactivation, a handover, a substitute for an
 * absence, and the question what an inactive person still holds. A capability that holds things of a person registers a `Handover` in
 * compose.ts, in the order in which they go (customers first):
 *
 *   registerHandover({ kind: 'lead', held: LEADS, lent: true, move })
 *
 * - `kind`: also the key of its words (`handover:kind.<kind>`).
 * - `held`: SQL of everything that somebody still has to do with, as rows (id, holder, account_id, name); $1 is the tenant, $2 the model in
 *   force; both must stand in it (`$2::bigint is not null` where the model says nothing). `account_id` is the customer it hangs on: it goes to that
 *   customer's receiver, and only who sees the customer sees it; null: it goes to the heir.
 * - `move`: gives those of `ids` that `order.from` still holds, and that the actor may change, to `order.to`, in the caller's transaction; answers
 *   each id: moved (`as`: its id with the receiver, where that is another one) or the code of a refusal. It also runs under the bulk role,
 *   where no fence helps: ask `editableBy`. `settled()` answers for whatever an update did not reach.
 * - `lent`: goes to a substitute and comes back; `move` with the two people exchanged is the way back.
 *
 * Count, preview, the check that nothing is left behind, undo and the way back all follow from these.
 */
import { visibleTo } from '../access/visible-to.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'

export type Order = {
  readonly from: string
  readonly to: string
  readonly at: string
  readonly why: string | null
  readonly handoverId: string | null
}
export type Moved = {
  readonly id: string
  readonly as?: string
  readonly refused?: string
  readonly values?: Readonly<Record<string, string | number>>
}
export type Handover = {
  readonly kind: string
  readonly held: string
  readonly move: (tx: Tx, actor: Actor, order: Order, ids: readonly string[]) => Promise<readonly Moved[]>
  readonly lent?: true
}
export type Held = { readonly id: string; readonly accountId: string | null; readonly name: string }
export type Holdings = { readonly accounts: number; readonly territories: number }

const handovers: Handover[] = []
export const registerHandover = (handover: Handover): void => void handovers.push(handover)
export const handoverKinds = (): readonly Handover[] => handovers

/** What the actor may know of it. */
const seen = (actor: Actor, handover: Handover): string =>
  `select h.id, h.holder, h.account_id, h.name from (${handover.held}) h where (h.account_id is null or ${visibleTo(actor, 'h.account_id')})`

export async function countHeld(tx: Tx, actor: Actor, userId: string): Promise<ReadonlyMap<string, number>> {
  const found = await tx.query<{ kind: string; n: number }>(
    `${handovers
      .map((h, i) => `select ${i} as place, '${h.kind}' as kind, count(*)::int as n from (${seen(actor, h)}) s where s.holder = $3`)
      .join(' union all ')} order by place`,
    [actor.tenantId, actor.modelId, userId],
  )
  return new Map(found.rows.map(r => [r.kind, r.n]))
}

export async function listHeld(tx: Tx, actor: Actor, handover: Handover, userId: string, after: string, limit: number): Promise<readonly Held[]> {
  const found = await tx.query<Held>(
    `select s.id::text, s.account_id::text as "accountId", s.name from (${seen(actor, handover)}) s where s.holder = $3 and s.id > $4 order by s.id limit $5`,
    [actor.tenantId, actor.modelId, userId, after, limit],
  )
  return found.rows
}

const MOST = 1_000
/** Inactive people who still hold something that the actor may see; each kind counted up to 1,000. */
export async function leftBehind(tx: Tx, actor: Actor, after: string, limit: number) {
  const counts = handovers.map(
    (h, i) =>
      `cross join lateral (select count(*)::int as n from (select 1 from (${seen(actor, h)}) s where s.holder = u.id limit ${MOST + 1}) c) k${i}`,
  )
  const found = await tx.query<{ id: string; name: string; leftAt: string | null; counts: number[] }>(
    `select u.id::text, u.name, to_char(u.deactivated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "leftAt", array[${handovers.map((_, i) => `k${i}.n`).join(', ')}] as counts
       from (select * from app_user where tenant_id = $1 and state = 'inactive' and id > $3) u ${counts.join(' ')}
      where ${handovers.map((_, i) => `k${i}.n > 0`).join(' or ')} order by u.id limit $4`,
    [actor.tenantId, actor.modelId, after, limit],
  )
  return found.rows.map(({ counts: list, ...person }) => ({
    ...person,
    held: handovers.flatMap((h, i) => (list[i]! > 0 ? [{ kind: h.kind, n: list[i]! }] : [])),
  }))
}

/** Of the ids asked for, what an update reached is moved; what the person holds no more changed meanwhile, the rest is not the actor's to give. */
export async function settled(
  tx: Tx,
  actor: Actor,
  handover: Pick<Handover, 'held'>,
  from: string,
  ids: readonly string[],
  moved: readonly Moved[],
): Promise<readonly Moved[]> {
  const done = new Set(moved.map(m => m.id))
  const rest = ids.filter(id => !done.has(id))
  if (rest.length === 0) return moved
  const still = await tx.query<{ id: string }>(`select h.id::text from (${handover.held}) h where h.holder = $3 and h.id = any($4::bigint[])`, [
    actor.tenantId,
    actor.modelId,
    from,
    rest,
  ])
  const held = new Set(still.rows.map(r => r.id))
  return [...moved, ...rest.map(id => ({ id, refused: held.has(id) ? 'handover.notYours' : 'handover.changed' }))]
}

/** One row for each record that went. */
export async function auditMoves(
  tx: Tx,
  actor: Actor,
  order: Order,
  record: string,
  rows: readonly { readonly id: string; readonly accountId?: string | null }[],
): Promise<void> {
  if (rows.length === 0) return
  await tx.query(
    `insert into audit (tenant_id, at, actor_id, for_id, kind, record_kind, record_id, account_id, why, before, after)
     select $1, $2, $3, $4, 'handover.move', $5, id, account, $6, $7, $8 from unnest($9::bigint[], $10::bigint[]) as r(id, account)`,
    [
      actor.tenantId,
      order.at,
      actor.viewerId ?? actor.userId,
      actor.viewerId ? actor.userId : null,
      record,
      order.why,
      JSON.stringify({ holderId: order.from }),
      JSON.stringify({ holderId: order.to, handoverId: order.handoverId }),
      rows.map(r => r.id),
      rows.map(r => r.accountId ?? null),
    ],
  )
}

const PIECE = 2_000
/** Everything a person holds to one successor, in one transaction: all of it, or the refusal of the first that cannot go. */
export async function moveHoldings(tx: Tx, actor: Actor, now: string, from: string, to: string): Promise<Holdings> {
  const moved = new Map<string, number>()
  for (const handover of handovers) {
    for (let after = '0'; ; ) {
      const held = await listHeld(tx, actor, handover, from, after, PIECE)
      if (held.length === 0) break
      after = held.at(-1)!.id
      const ids = held.map(h => h.id)
      const outcome = await handover.move(tx, actor, { from, to, at: now, why: null, handoverId: null }, ids)
      const refused = outcome.find(m => m.refused)
      if (refused) stop(refused.refused!, refused.values, '/successorId')
      moved.set(handover.kind, (moved.get(handover.kind) ?? 0) + ids.length)
    }
  }
  return holdingsOf(moved)
}

export const holdingsOf = (counts: ReadonlyMap<string, number>): Holdings => ({
  accounts: counts.get('account') ?? 0,
  territories: counts.get('membership') ?? 0,
})
