/**
 * Members in a three-way merge: a draft's own members and what it takes away from its base move to the new base. Both sides changed who leads
 * a territory: a person says whose leads hold.
 */
import type { Conflict, Side } from '../../../core/territory/merge.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/transaction.ts'
import type { ModelHead } from '../../territory/load-model.ts'

type Row = {
  readonly id: string
  readonly territoryId: string
  readonly userId: string
  readonly role: string
  readonly modelId: string | null
  readonly cancelsId: string | null
}
export type PeopleConflict = Omit<Conflict, 'field'> & {
  readonly field: 'people'
  readonly base: readonly string[]
  readonly mine: readonly string[]
  readonly theirs: readonly string[]
}
export type PeopleMerge = {
  readonly conflicts: readonly PeopleConflict[]
  /** Own rows of the draft that go, members of the new base that do not hold in the draft, members that the draft gets again. */
  readonly drop: readonly string[]
  readonly cancel: readonly Row[]
  readonly again: readonly Row[]
}

const keyOf = (r: Row) => `${r.userId}/${r.role}`
const leadsOf = (rows: readonly Row[]) =>
  rows
    .filter(r => r.role === 'owner')
    .map(r => r.userId)
    .sort()

export async function mergePeople(
  tx: Tx,
  tenantId: string,
  heads: { readonly base: ModelHead; readonly mine: ModelHead; readonly theirs: ModelHead },
  territories: ReadonlySet<string>,
  choices: Readonly<Record<string, Side>>,
): Promise<PeopleMerge> {
  const { base, mine, theirs } = heads
  const found = await tx.query<Row>(
    `select id::text, territory_id::text as "territoryId", user_id::text as "userId", member_role as role, model_id::text as "modelId", cancels_id::text as "cancelsId"
       from territory_member where tenant_id = $1 and (model_id is null or model_id = any($2::bigint[])) and (ends_at is null or ends_at > clock_timestamp()) order by id`,
    [tenantId, [...new Set([...base.lineage, ...mine.lineage, ...theirs.lineage])]],
  )
  const holding = ({ lineage }: ModelHead) => {
    const inside = new Set(lineage)
    const mineOrAll = found.rows.filter(r => r.modelId === null || inside.has(r.modelId))
    const cancelled = new Set(mineOrAll.flatMap(r => r.cancelsId ?? []))
    return group(mineOrAll.filter(r => r.cancelsId === null && !cancelled.has(r.id)))
  }
  const [was, left, right] = [holding(base), holding(mine), holding(theirs)]
  const own = group(found.rows.filter(r => r.modelId === mine.id))
  const result = { conflicts: [] as PeopleConflict[], drop: [] as string[], cancel: [] as Row[], again: [] as Row[] }
  for (const [territoryId, rows] of own) {
    if (!territories.has(territoryId)) {
      result.drop.push(...rows.map(r => r.id))
      continue
    }
    const [o, m, n] = [was.get(territoryId) ?? [], left.get(territoryId) ?? [], right.get(territoryId) ?? []]
    const [before, ours, others] = [leadsOf(o), leadsOf(m), leadsOf(n)]
    const clash = [before, ours, others].every((a, i, all) => a.join() !== all[(i + 1) % 3]!.join())
    const key = `${territoryId}/people`
    if (clash) result.conflicts.push({ key, territoryId, field: 'people', base: before, mine: ours, theirs: others })
    const side = clash ? choices[key] : undefined
    if (side === 'theirs') {
      result.drop.push(...rows.map(r => r.id))
      continue
    }
    const there = new Map(n.map(r => [keyOf(r), r]))
    // What theirs has too, or what theirs no longer has, needs no row of mine.
    result.drop.push(...rows.filter(r => (r.cancelsId === null ? there.has(keyOf(r)) : !n.some(t => t.id === r.cancelsId))).map(r => r.id))
    if (side !== 'mine') continue
    const wanted = new Map(m.map(r => [keyOf(r), r]))
    const cancelled = new Set(rows.map(r => r.cancelsId))
    result.cancel.push(...n.filter(r => !wanted.has(keyOf(r)) && !cancelled.has(r.id)))
    result.again.push(...m.filter(r => r.modelId !== mine.id && !there.has(keyOf(r))))
  }
  return result
}

const group = (rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> => {
  const result = new Map<string, Row[]>()
  for (const r of rows) result.set(r.territoryId, [...(result.get(r.territoryId) ?? []), r])
  return result
}

export async function writePeople(tx: Tx, actor: Actor, now: string, draftId: string, merged: PeopleMerge): Promise<void> {
  await tx.query('delete from territory_member where tenant_id = $1 and model_id = $2 and id = any($3::bigint[])', [
    actor.tenantId,
    draftId,
    merged.drop,
  ])
  await tx.query(
    `insert into territory_member (tenant_id, territory_id, user_id, member_role, starts_at, model_id, cancels_id, created_by, known_from)
     select tenant_id, territory_id, user_id, member_role, $4, $2, id, $5, $4 from territory_member where tenant_id = $1 and id = any($3::bigint[])`,
    [actor.tenantId, draftId, merged.cancel.map(r => r.id), now, actor.userId],
  )
  await tx.query(
    `insert into territory_member (tenant_id, territory_id, user_id, member_role, access, credit_bp, starts_at, ends_at, model_id, created_by, known_from)
     select tenant_id, territory_id, user_id, member_role, access, credit_bp, greatest(starts_at, $4::timestamptz), ends_at, $2, $5, $4 from territory_member where tenant_id = $1 and id = any($3::bigint[])`,
    [actor.tenantId, draftId, merged.again.map(r => r.id), now, actor.userId],
  )
}
