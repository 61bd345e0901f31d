/**
 * What moves a clock 时钟事件: a note, a task done, a deal, a request asked or decided, a protection. Those capabilities come before this one, so they
 * tell it through the listener that compose.ts registers, and the clock is right again when their transaction ends.
 */
import { beyondSight } from '../access/beyond-sight.ts'
import { whilePlacing } from '../access/while-placing.ts'
import type { Happened } from '../account/events.ts'
import type { Tx } from '../kernel/transaction.ts'
import { keepClocks } from './clocks.ts'
import { writeEntries } from './entries.ts'
import { activeModel, loadPools } from './store.ts'

export async function touchClocks(tx: Tx, tenantId: string, ids: readonly string[]): Promise<void> {
  const stored = await loadPools(tx, tenantId)
  if (stored.policies.length === 0) return
  await beyondSight(tx, async () => keepClocks(tx, tenantId, await activeModel(tx, tenantId), ids, stored))
}

export async function onHappened(tx: Tx, tenantId: string, at: string, happened: Happened): Promise<void> {
  const stored = await loadPools(tx, tenantId)
  if (stored.stamp === '0') return
  const ids = [happened.accountId, ...(happened.kind === 'note' ? await sameWords(tx, tenantId, happened, stored.company.followUp.copies) : [])]
  await beyondSight(tx, async () => {
    const modelId = await activeModel(tx, tenantId)
    if (stored.policies.length > 0) await keepClocks(tx, tenantId, modelId, ids, stored)
    // What a pool shows of a customer follows its contacts and notes.
    if (happened.kind === 'note' || happened.kind === 'contact')
      await whilePlacing(tx, async () => {
        const models = await tx.query<{ id: string }>(
          'select distinct model_id::text as id from pool_entry where tenant_id = $1 and account_id = $2',
          [tenantId, happened.accountId],
        )
        for (const m of models.rows) await writeEntries(tx, tenantId, m.id, at, [happened.accountId], stored)
      })
  })
}

/** The note that makes a text a copied one takes the others with it: their clocks fall back at the same moment. */
async function sameWords(tx: Tx, tenantId: string, { noteId }: Happened, copies: number): Promise<readonly string[]> {
  if (copies === 0 || !noteId) return []
  const found = await beyondSight(tx, () =>
    tx.query<{ id: string }>(
      `select distinct m.account_id::text as id from note n join note m on m.tenant_id = $1 and m.author_id = n.author_id and m.deleted_at is null and m.text = n.text
          and m.created_at between n.created_at - interval '1 day' and n.created_at + interval '1 day' where n.tenant_id = $1 and n.id = $2 limit 200`,
      [tenantId, noteId],
    ),
  )
  return found.rows.length >= copies ? found.rows.map(r => r.id) : []
}
