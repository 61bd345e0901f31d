/** Tests of a model in a three-way merge, by name: a draft follows the new base where it had left its copies as they were. */
import type { Tx } from '../../kernel/transaction.ts'

const WHAT = (alias: string) => `(${alias}.account_id, ${alias}.facts, ${alias}.territory, ${alias}.owner_id)`

export async function mergeTests(tx: Tx, tenantId: string, baseId: string, draftId: string, ontoId: string): Promise<void> {
  const values = [tenantId, baseId, draftId, ontoId]
  const untouched = `exists (select 1 from model_test b where b.tenant_id = $1 and b.model_id = $2 and b.name = d.name and ${WHAT('b')} is not distinct from ${WHAT('d')})`
  await tx.query(
    `delete from model_test d where d.tenant_id = $1 and d.model_id = $3 and ${untouched}
       and not exists (select 1 from model_test n where n.tenant_id = $1 and n.model_id = $4 and n.name = d.name)`,
    values,
  )
  await tx.query(
    `update model_test d set account_id = n.account_id, facts = n.facts, territory = n.territory, owner_id = n.owner_id from model_test n
      where d.tenant_id = $1 and d.model_id = $3 and n.tenant_id = $1 and n.model_id = $4 and n.name = d.name and ${untouched}`,
    values,
  )
  await tx.query(
    `insert into model_test (tenant_id, model_id, name, account_id, facts, territory, owner_id)
     select $1, $3, n.name, n.account_id, n.facts, n.territory, n.owner_id from model_test n where n.tenant_id = $1 and n.model_id = $4
        and not exists (select 1 from model_test d where d.tenant_id = $1 and d.model_id = $3 and d.name = n.name)
        and not exists (select 1 from model_test b where b.tenant_id = $1 and b.model_id = $2 and b.name = n.name) order by n.id`,
    values,
  )
}
