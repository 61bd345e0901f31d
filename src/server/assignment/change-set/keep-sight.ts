/**
 * Who would see which accounts after a draft 生效后的可见, kept when it is computed: a draft has no rows of its own, and nobody waits while all
 * accounts are decided again for one person's list. Only accounts whose tokens differ from those of the base are kept.
 */
import { type Columns, idAt } from '../../../core/condition/columns.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { copyIn } from '../run-model.ts'
import type { Situations } from './situations.ts'

export async function keepSight(tx: Tx, tenantId: string, setId: string, columns: Columns, situations: Situations): Promise<void> {
  const { standOf, tokensOf, count } = situations.resighted()
  if (tokensOf.size === 0) return
  await copyIn(
    tx,
    'copy change_set_stand (tenant_id, change_set_id, stand, tokens) from stdin',
    [...tokensOf].map(([stand, tokens]) => `${tenantId}\t${setId}\t${stand}\t{${tokens.join()}}\n`),
  )
  function* rows() {
    let text = ''
    for (let i = 0; i < count; i += 1) {
      const stand = standOf(i)
      if (stand < 0) continue
      text += `${tenantId}\t${setId}\t${idAt(columns, i)}\t${stand}\n`
      if (text.length > 1 << 16) {
        yield text
        text = ''
      }
    }
    yield text
  }
  await copyIn(tx, 'copy change_set_sight (tenant_id, change_set_id, account_id, stand) from stdin', rows())
}
