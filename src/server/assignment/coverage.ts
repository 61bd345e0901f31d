/** People without territory, territories without people, accounts without either: what is left over under a model. */

import { visibleTo } from '../access/visible-to.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { assertReadable, knowsAll } from '../territory/models.ts'
import { loadCompiled } from './compiled.ts'
import { countMissing } from './missing-fields.ts'
import { countAccounts } from './read-territories.ts'
import { seenTerritories } from './seen-territories.ts'

export async function readCoverage(tx: Tx, actor: Actor, modelId: string) {
  await assertReadable(tx, actor, modelId)
  const model = await loadCompiled(tx, actor.tenantId, modelId)
  const counts = await countAccounts(tx, actor, model)
  const seen = seenTerritories(actor, model.compiled, counts)
  const now = new Date().toISOString()
  const standing = model.loaded.members.filter(m => m.startsAt <= now && (m.endsAt === null || m.endsAt > now))
  const people = await tx.query<{ id: string; name: string; title: string | null }>(
    `select u.id::text, u.name, u.title from app_user u where u.tenant_id = $1 and u.state = 'active' and u.id <> all($2::bigint[])
        and exists (select 1 from user_role ur join role r on r.tenant_id = $1 and r.id = ur.role_id where ur.tenant_id = $1 and ur.user_id = u.id and not r.sees_all) order by u.name, u.id limit 200`,
    [actor.tenantId, [...new Set(standing.map(m => m.userId))]],
  )
  const held = new Set(standing.filter(m => m.role === 'owner').map(m => m.territoryId))
  const unowned = await tx.query<{ n: number }>(
    `select count(*)::int as n from account_placement p join account a on a.tenant_id = $1 and a.id = p.account_id and a.deleted_at is null
      where p.tenant_id = $1 and p.model_id = $2 and p.owner_id is null and ${visibleTo(actor, 'p.account_id')}`,
    [actor.tenantId, modelId],
  )
  const pending = await tx.query<{ n: number }>('select count(*)::int as n from placement_queue where tenant_id = $1 and model_id = $2', [
    actor.tenantId,
    modelId,
  ])
  return {
    // Who has no territory in the whole company is for those who plan it.
    peopleWithout: knowsAll(actor) ? people.rows : [],
    territoriesWithout: model.compiled.takers
      .filter(t => !held.has(t.territoryId) && (seen === null || seen.has(t.territoryId)))
      .slice(0, 200)
      .map(t => ({ id: t.territoryId, code: t.node.territory.code, name: t.node.territory.name })),
    unassigned: counts.unassigned,
    unowned: unowned.rows[0]!.n,
    contested: counts.contested,
    undecidable: counts.undecidable,
    missing: counts.undecidable > 0 ? [...(await countMissing(tx, actor, model))] : [],
    pending: pending.rows[0]!.n,
    accounts: counts.accounts,
  }
}
