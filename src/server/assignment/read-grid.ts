/** The grid of a type that is not about places: accounts by industry and tier, and which of its territories hold them. It stands where the map would. */
import type { z } from 'zod'
import type { typeGrid } from '../../contract/territory/picture.ts'
import { valueAt } from '../../core/condition/columns.ts'
import { visibleTo } from '../access/visible-to.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { assertReadable } from '../territory/models.ts'
import { loadCompiled } from './compiled.ts'
import { matcher } from './decide-placements.ts'
import { readFields } from './read-for.ts'
import { isComputed } from './read-map.ts'

type Cell = { industry: string | null; tier: string | null; territoryId: string; accounts: number }

/** A division of GB/T 4754 (C34) is the row: sections are too coarse and classes too fine to read at once. */
const ROW = 3

export async function readGrid(tx: Tx, actor: Actor, modelId: string, typeId: string): Promise<z.input<typeof typeGrid.reply>> {
  await assertReadable(tx, actor, modelId)
  const model = await loadCompiled(tx, actor.tenantId, modelId)
  const type = model.loaded.types.find(t => t.id === typeId) ?? stop('record.notFound')
  const ids = model.compiled.takers.filter(t => t.type.id === typeId).map(t => t.territoryId)
  const hidden = (key: string) => actor.fieldAccess.get(key) === 'hidden'
  const industry = hidden('industry') ? 'null' : `left(a.industry, ${ROW})`
  const tier = hidden('tier') ? 'null' : 'a.tier'
  let cells: Cell[]
  if (isComputed(model)) {
    const from = type.layer === 'overlay' ? 'account_overlay' : 'account_placement'
    const found = await tx.query<Cell>(
      `select ${industry} as industry, ${tier} as tier, p.territory_id::text as "territoryId", count(*)::int as accounts
         from ${from} p join account a on a.tenant_id = $1 and a.id = p.account_id and a.deleted_at is null
        where p.tenant_id = $1 and p.model_id = $2 and p.territory_id = any($3::bigint[]) and ${visibleTo(actor, 'p.account_id')} group by 1, 2, 3`,
      [actor.tenantId, modelId, ids],
    )
    cells = found.rows
  } else {
    const columns = await readFields(tx, actor, model, ['industry', 'tier'])
    const match = matcher(model.compiled, columns)
    const wanted = new Set(ids)
    const heaps = new Map<string, Cell>()
    for (let i = 0; i < columns.count; i += 1) {
      const m = match(i)
      for (const id of [...(m.territoryId === null ? [] : [m.territoryId]), ...m.overlays]) {
        if (!wanted.has(id)) continue
        const value = (key: string) => (hidden(key) ? null : ((valueAt(columns.fields.get(key)!, i) ?? null) as string | null))
        const row = value('industry')?.slice(0, ROW) ?? null
        const key = `${row}|${value('tier')}|${id}`
        const cell = heaps.get(key) ?? { industry: row, tier: value('tier'), territoryId: id, accounts: 0 }
        cell.accounts += 1
        heaps.set(key, cell)
      }
    }
    cells = [...heaps.values()]
  }
  return { cells, accounts: cells.reduce((sum, c) => sum + c.accounts, 0) }
}
