/** Any two models side by side: what one would have to change to become the other, and how many customers stand otherwise. */
import type { z } from 'zod'
import type { compareModels } from '../../../contract/territory/model-file.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { loadModel } from '../../territory/load-model.ts'
import { assertReadable } from '../../territory/models.ts'
import { changedTerritories } from '../change-set/changed.ts'
import { describeChanges } from '../change-set/read-lines.ts'

const PAGE = 50

export async function compare(tx: Tx, actor: Actor, a: string, b: string, cursor?: string): Promise<z.infer<typeof compareModels.reply>> {
  await assertReadable(tx, actor, a)
  await assertReadable(tx, actor, b)
  const [left, right] = [await loadModel(tx, actor.tenantId, a), await loadModel(tx, actor.tenantId, b)]
  const all = changedTerritories(left, right)
  const at = Number(/^\d{1,6}$/.test(cursor ?? '') ? cursor : 0)
  const count = (change: string) => all.filter(c => c.change === change).length
  // Only models that stand have rows to compare; a draft is compared by its change set.
  const stands = [left, right].every(m => m.head.state === 'ready')
  const customers = stands
    ? (
        await tx.query<{ both: number; owners: number; territories: number }>(
          `select count(*)::int as both, (count(*) filter (where x.owner_id is distinct from y.owner_id))::int as owners, (count(*) filter (where x.territory_id is distinct from y.territory_id))::int as territories
             from account_placement x join account_placement y on y.tenant_id = $1 and y.model_id = $3 and y.account_id = x.account_id join account a on a.tenant_id = $1 and a.id = x.account_id and a.deleted_at is null
            where x.tenant_id = $1 and x.model_id = $2`,
          [actor.tenantId, a, b],
        )
      ).rows[0]!
    : null
  return {
    rows: await describeChanges(tx, actor, all.slice(at, at + PAGE), new Map()),
    next: at + PAGE < all.length ? String(at + PAGE) : null,
    summary: { added: count('added'), changed: count('changed'), removed: count('removed') },
    customers,
  }
}
