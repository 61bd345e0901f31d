/** The moves of a change set as a workbook, for a meeting: those within one's sight. */
import { visibleTo } from '../../access/visible-to.ts'
import { writeXlsx } from '../../files/write-table.ts'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { inLocale } from '../../territory/check-rule.ts'
import { assertKnown } from './read-set.ts'

const BATCH = 5_000

export async function exportMoves(tx: Tx, actor: Actor, now: string, id: string): Promise<{ bytes: Buffer; rows: number; name: string }> {
  await assertKnown(tx, actor, id)
  const say = (zh: string, en: string) => (actor.locale === 'en' ? en : inLocale(zh, actor.locale))
  const headers = [
    say('客户', 'Customer'),
    say('原主责', 'Owner before'),
    say('新主责', 'Owner after'),
    say('原区域', 'Territory before'),
    say('新区域', 'Territory after'),
  ]
  let count = 0
  async function* batches(): AsyncGenerator<(string | null)[][]> {
    for (let after = '0'; ; ) {
      const found = await tx.query<{ id: string; cells: (string | null)[] }>(
        `select m.account_id::text as id, array[a.name, fo.name, too.name, ft.name, tt.name] as cells from change_set_move m join account a on a.tenant_id = $1 and a.id = m.account_id
           join change_set s on s.tenant_id = $1 and s.id = m.change_set_id
           left join app_user fo on fo.tenant_id = $1 and fo.id = m.from_owner left join app_user too on too.tenant_id = $1 and too.id = m.to_owner
           left join lateral (select t.code || ' ' || t.name as name from territory t where t.tenant_id = $1 and t.id = m.from_territory order by t.model_id desc limit 1) ft on true
           left join lateral (select t.code || ' ' || t.name as name from territory t where t.tenant_id = $1 and t.id = m.to_territory order by (t.model_id = s.model_id) desc, t.model_id desc limit 1) tt on true
          where m.tenant_id = $1 and m.change_set_id = $2 and ${visibleTo(actor, 'm.account_id')} and m.account_id > $3 order by m.account_id limit ${BATCH}`,
        [actor.tenantId, id, after],
      )
      if (found.rows.length === 0) return
      count += found.rows.length
      yield found.rows.map(r => r.cells)
      after = found.rows.at(-1)!.id
    }
  }
  const bytes = await writeXlsx(headers, batches())
  await audit(tx, actor, now, { kind: 'changeSet.export', recordKind: 'changeSet', recordId: id, count })
  return { bytes, rows: count, name: `change-set-${id}.xlsx` }
}
