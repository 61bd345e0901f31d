/**
 * What is wrong with tests that somebody adds 归属测试: a test that names what the model or the company lacks would fail for ever, or hold
 * for the wrong reason. Those that stand already are left alone: the draft may have lost their territory meanwhile, and that is what they tell.
 */
import type { FieldType, FieldValue } from '../../../core/condition/condition.ts'
import type { FileTest } from '../../../core/territory/model-file.ts'
import { visibleTo } from '../../access/visible-to.ts'
import { loadFields } from '../../builder/catalogue.ts'
import type { Actor } from '../../kernel/actor.ts'
import { stop } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { loadModel } from '../../territory/load-model.ts'
import { hidesOf } from '../../territory/vocabulary.ts'

/** `names`: those of the tests that stay. */
export async function checkTests(tx: Tx, actor: Actor, modelId: string, tests: readonly FileTest[], names: ReadonlySet<string>): Promise<void> {
  if (tests.length === 0) return
  const codes = new Set((await loadModel(tx, actor.tenantId, modelId)).territories.map(t => t.code))
  const fields = new Map((await loadFields(tx, actor.tenantId)).filter(f => f.inRules && !f.retired).map(f => [f.key, f]))
  const hides = hidesOf(actor)
  const seen = await tx.query<{ id: string }>(
    `select a.id::text from account a where a.tenant_id = $1 and a.id = any($2::bigint[]) and a.deleted_at is null and ${visibleTo(actor, 'a.id')}`,
    [actor.tenantId, tests.flatMap(t => t.account ?? [])],
  )
  const accounts = new Set(seen.rows.map(a => a.id))
  const taken = new Set(names)
  for (const [i, test] of tests.entries()) {
    const at = `/tests/${i}`
    if (taken.has(test.name)) stop('test.twice', { name: test.name }, `${at}/name`)
    taken.add(test.name)
    if ((test.account === undefined) === (test.values === undefined)) stop('file.test', { name: test.name }, at)
    if (test.owner !== undefined && test.account === undefined) stop('file.testOwner', { name: test.name }, `${at}/owner`)
    if (test.territory !== null && !codes.has(test.territory)) stop('test.territory', { code: test.territory }, `${at}/territory`)
    if (test.account !== undefined && !accounts.has(test.account)) stop('test.account', undefined, `${at}/account`)
    for (const [key, value] of Object.entries(test.values ?? {})) {
      const field = fields.get(key) ?? stop('test.field', { field: key }, `${at}/values`)
      const label = field.labels[actor.locale]
      // A rule that reads the field would answer what the field may not tell.
      if (hides(key)) stop('territory.fieldHidden', { field: label }, `${at}/values`)
      if (!fits(field.type, value)) stop('test.value', { field: label }, `${at}/values`)
    }
  }
}

const fits = (type: FieldType, value: FieldValue): boolean => {
  if (value === null || value === undefined) return true
  if (type === 'number') return typeof value === 'number'
  if (type === 'flag') return typeof value === 'boolean'
  if (type === 'options') return Array.isArray(value) && value.every(v => typeof v === 'string')
  if (type === 'point') return Array.isArray(value) && value.length === 2 && value.every(v => typeof v === 'number')
  return typeof value === 'string'
}
