/** Accounts as columns of just the fields that some rules read: of the accounts this person may see, and no others. */
import type { Columns } from '../../core/condition/columns.ts'
import type { Condition } from '../../core/condition/condition.ts'
import type { Env } from '../../core/condition/evaluate.ts'
import { fieldsOf } from '../../core/condition/explain.ts'
import { visibleTo } from '../access/visible-to.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { Compiled } from './compiled.ts'
import { readColumns } from './read-columns.ts'

/** Accounts that this person may see, in the columns these conditions read. */
export async function readFor(tx: Tx, actor: Actor, env: Env, conditions: readonly Condition[]): Promise<Columns> {
  const used = new Set(conditions.flatMap(c => [...fieldsOf(c)]))
  return readColumns(
    tx,
    actor.tenantId,
    [...env.fields.values()].filter(f => used.has(f.key)),
    visibleTo(actor, 'a.id'),
  )
}

/** What a model's rules read, and these fields besides. */
export function readFields(tx: Tx, actor: Actor, model: Compiled, more: readonly string[]): Promise<Columns> {
  const used = new Set([...model.compiled.takers.flatMap(t => [...fieldsOf(t.node.effective!)]), ...more])
  const known = [...model.compiled.env.fields.values()].filter(f => used.has(f.key))
  // A field that rules may not read any more is still read for its figures.
  const rest = more
    .filter(key => !model.compiled.env.fields.has(key))
    .map(key => ({ key, type: key === 'division' ? 'division' : 'number' }) as const)
  return readColumns(tx, actor.tenantId, [...known, ...rest], visibleTo(actor, 'a.id'))
}
