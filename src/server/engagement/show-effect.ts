/** What a ruling changes, with names: for the preview and for what was ruled. */
import type { Effect } from '../../contract/engagement/cases.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { Party } from './lines.ts'
import type { StoredEffect } from './rule.ts'

export type Ref = Effect['accounts'][number]['toTerritory']

export async function namesFor(
  tx: Tx,
  tenantId: string,
  people: readonly (string | null)[],
  territories: readonly (string | null)[],
): Promise<{ person: (id: string | null) => { id: string; name: string } | null; territory: (id: string | null) => Ref }> {
  const users = await tx.query<{ id: string; name: string }>('select id::text, name from app_user where tenant_id = $1 and id = any($2::bigint[])', [
    tenantId,
    [...new Set(people.filter(p => p !== null))],
  ])
  const refs = await tx.query<NonNullable<Ref>>(
    'select distinct on (territory.id) id::text, code, name, colour from territory where tenant_id = $1 and id = any($2::bigint[]) order by territory.id, model_id desc',
    [tenantId, [...new Set(territories.filter(t => t !== null))]],
  )
  const byPerson = new Map(users.rows.map(u => [u.id, u]))
  const byTerritory = new Map(refs.rows.map(r => [r.id, r]))
  return { person: id => byPerson.get(id ?? '') ?? null, territory: id => byTerritory.get(id ?? '') ?? null }
}

export async function showEffect(tx: Tx, actor: { readonly tenantId: string }, effect: StoredEffect, parties: readonly Party[]): Promise<Effect> {
  const names = await namesFor(
    tx,
    actor.tenantId,
    effect.accounts.flatMap(a => [a.from, a.to]),
    effect.accounts.flatMap(a => [a.fromTerritory, a.toTerritory]),
  )
  return {
    accounts: effect.accounts.map(a => ({
      id: a.id,
      name: a.name,
      from: names.person(a.from),
      to: names.person(a.to) ?? { id: a.to, name: '' },
      fromTerritory: names.territory(a.fromTerritory),
      toTerritory: names.territory(a.toTerritory),
    })),
    deals: { n: effect.deals.length, amount: effect.dealAmount },
    tasks: effect.tasks.length,
    sides: parties.map((p, i) => ({
      gained: effect.accounts.filter(a => a.to === p.userId && a.from !== p.userId).length,
      lost: effect.accounts.filter(a => a.from === p.userId && a.to !== p.userId).length,
      bp: effect.bps[i] ?? 0,
    })),
    until: effect.until,
  }
}
