/**
 * The driver of sight 可见范围: the one SQL condition by which every list, count, search, report and export narrows to what a person
 * may see. The row-level fence behind it gives the same rows when a query forgets this; the driver makes it fast. Tokens and model
 * are literals because the planner then knows how frequent they are (field-notes: with parameters it chose plans 20 to 600 times slower).
 */
import type { Actor } from '../kernel/actor.ts'

const integer = (value: string): string => {
  if (!/^\d{1,19}$/.test(value)) throw new Error(`not an id: ${value}`)
  return value
}

/** A person's tokens as a literal: the planner knows how frequent they are. */
export const tokensOf = (actor: Pick<Actor, 'tokens'>): string => `array[${actor.tokens.map(integer).join(',')}]::bigint[]`

/** `column` holds an account id, e.g. `a.id`. True for a person who sees all: the fence alone decides then, at no cost. */
export function visibleTo(actor: Pick<Actor, 'tenantId' | 'modelId' | 'tokens' | 'seesAll'>, column: string): string {
  if (actor.seesAll) return 'true'
  return `${column} in (select vp.account_id from account_placement vp where vp.tenant_id = ${integer(actor.tenantId)} and vp.model_id = ${integer(actor.modelId)} and vp.tokens && ${tokensOf(actor)})`
}

/** The same for changing it: under the bulk role, where no fence refuses, this is what does. */
export function editableBy(actor: Pick<Actor, 'tenantId' | 'modelId' | 'tokens' | 'seesAll'>, column: string): string {
  if (actor.seesAll) return 'true'
  return `${column} in (select vp.account_id from account_placement vp where vp.tenant_id = ${integer(actor.tenantId)} and vp.model_id = ${integer(actor.modelId)} and coalesce(vp.edit_tokens, vp.tokens) && ${tokensOf(actor)})`
}

/**
 * The same as a scope to read first and whole. The model is compared as a sum, so that the planner takes the index of tokens alone: by model
 * it would read the placement of every account beside it.
 */
export function scopeOf(actor: Pick<Actor, 'tenantId' | 'modelId' | 'tokens'>): string {
  return `select vp.account_id from account_placement vp where vp.tenant_id = ${integer(actor.tenantId)} and vp.model_id + 0 = ${integer(actor.modelId)} and vp.tokens && ${tokensOf(actor)}`
}
