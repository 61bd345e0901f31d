/**
 * How wide a person's sight is, asked of the planner: it knows how frequent each token is and answers in a fraction of a millisecond, where
 * counting would take as long as the page. What follows from it changes the time of an answer and never its rows.
 */
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { scopeOf } from './visible-to.ts'

type PlanNode = { readonly 'Plan Rows': number; readonly 'Index Name'?: string; readonly Plans?: readonly PlanNode[] }

/**
 * The accounts of a sight as a scope to read first, or null when the planner expects more than `most` rows of placement by these tokens
 * (over all live models: mostly about twice what one sees). Then the rows are found along the order or by the filter, behind the fence.
 */
export async function scopeUpTo(tx: Tx, actor: Actor, most: number): Promise<string | null> {
  const scope = scopeOf(actor)
  const explained = await tx.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(`explain (format json) ${scope}`)
  const find = (node: PlanNode): PlanNode | undefined =>
    node['Index Name'] === 'account_placement_tokens' ? node : (node.Plans ?? []).map(find).find(found => found !== undefined)
  // No look-up by tokens: a small company, or nearly everything is seen.
  const scan = find(explained.rows[0]!['QUERY PLAN'][0]!.Plan)
  return scan && scan['Plan Rows'] <= most ? scope : null
}
