/** The small company's start: geography only, "by province among these people". A draft comes out, like any other; dimensions are added later. */
import { visibleTo } from '../access/visible-to.ts'
import { divisionIndex } from '../geography/reference.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { loadDivisions } from '../reference/divisions.ts'
import { loadModel } from '../territory/load-model.ts'
import { makeDraft } from '../territory/models.ts'
import { addTerritory, dropAll } from '../territory/territories.ts'

type Share = { readonly userId: string; readonly divisions: readonly string[] }

export async function buildFromShares(
  tx: Tx,
  actor: Actor,
  now: string,
  name: string,
  shares: readonly Share[],
): Promise<{ modelId: string; territories: number }> {
  const index = divisionIndex()
  const taken = new Map<string, string>()
  for (const share of shares)
    for (const code of share.divisions) {
      const division = index.get(code)
      if (!division) stop('record.notFound', undefined, '/shares')
      if (taken.has(code)) stop('wizard.shared', { division: division!.name })
      taken.set(code, share.userId)
    }
  const modelId = await makeDraft(tx, actor, now, name)
  const before = await loadModel(tx, actor.tenantId, modelId)
  await dropAll(tx, actor, modelId, before.territories)
  const type = before.types.find(t => t.key === 'geography') ?? before.types.find(t => t.layer === 'exclusive') ?? stop('record.notFound')
  const people = await tx.query<{ id: string; name: string }>(
    `select id::text, name from app_user where tenant_id = $1 and id = any($2::bigint[]) and state <> 'inactive'`,
    [actor.tenantId, shares.map(s => s.userId)],
  )
  const names = new Map(people.rows.map(p => [p.id, p.name]))
  const known = { ...before, territories: [] as (typeof before.territories)[number][] }
  let count = 0
  for (const share of shares) {
    if (!names.has(share.userId)) stop('record.notFound', undefined, '/shares')
    count += 1
    const label =
      share.divisions
        .slice(0, 2)
        .map(c => shortName(index.get(c)!.name))
        .join('·') + (share.divisions.length > 2 ? '…' : '')
    const id = await addTerritory(
      tx,
      actor,
      now,
      modelId,
      {
        parentId: null,
        typeId: type.id,
        code: `T${String(count).padStart(2, '0')}`,
        name: label,
        inherit: true,
        priority: 0,
        condition: { field: 'division', op: 'in', values: [...share.divisions] },
      },
      known,
    )
    // Told apart by place alone: codes and colours of the next one look at those made before.
    known.territories.push({
      id,
      parentId: null,
      typeId: type.id,
      code: `T${String(count).padStart(2, '0')}`,
      name: label,
      nameEn: null,
      colour: (count - 1) % 8,
      inherit: true,
      priority: 0,
      position: count,
      condition: null,
      ruleVersion: 1,
      rowVersion: 1,
      changed: 'added',
    })
    await tx.query(
      `insert into territory_member (tenant_id, territory_id, user_id, member_role, access, starts_at, model_id, created_by, known_from) values ($1, $2, $3, 'owner', 'edit', $4, $5, $6, $4)`,
      [actor.tenantId, id, share.userId, now, modelId, actor.userId],
    )
  }
  return { modelId, territories: count }
}

const shortName = (name: string): string => name.replace(/(壮族|回族|维吾尔)?(自治区|特别行政区|省|市)$/, '')

/**
 * Divides the divisions among people by number of accounts, in the order of their codes (neighbours mostly follow each other), passing on
 * when a share is full. A first proposal to be edited; the designer balances properly.
 */
export async function suggest(tx: Tx, actor: Actor, userIds: readonly string[], level: 'province' | 'city') {
  const length = level === 'province' ? 2 : 4
  const found = await tx.query<{ code: string | null; n: number }>(
    `select left(a.division, ${length}) as code, count(*)::int as n from account a where a.tenant_id = $1 and a.deleted_at is null and ${visibleTo(actor, 'a.id')} group by 1`,
    [actor.tenantId],
  )
  const people = [...new Set(userIds)]
  const counts = new Map(found.rows.flatMap(r => (r.code ? [[r.code.padEnd(6, '0'), r.n] as const] : [])))
  const units = loadDivisions()
    .filter(d => d.level === level && d.status === 'current')
    .map(d => ({ code: d.code, name: d.name, accounts: counts.get(d.code) ?? 0 }))
  const total = units.reduce((s, u) => s + u.accounts, 0)
  const shares = people.map(userId => ({ userId, divisions: [] as typeof units, accounts: 0 }))
  let at = 0
  let left = total
  for (const unit of units) {
    const share = shares[at]!
    const target = left / (shares.length - at)
    if (at < shares.length - 1 && share.divisions.length > 0 && share.accounts + unit.accounts / 2 > target) {
      left -= share.accounts
      at += 1
    }
    shares[at]!.divisions.push(unit)
    shares[at]!.accounts += unit.accounts
  }
  return { shares: shares.filter(s => s.divisions.length > 0), unlocated: found.rows.find(r => r.code === null)?.n ?? 0 }
}
