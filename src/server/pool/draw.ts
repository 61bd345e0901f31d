/** A draw 随机领取: the company's lot decides among what one may claim, as many as the pool gives at once; then the same claim as any other. */
import { randomInt } from 'node:crypto'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { claim, type Outcome } from './claim.ts'
import { claimable } from './read-entries.ts'
import type { StoredPool } from './store.ts'
import type { Who } from './who.ts'

export async function draw(tx: Tx, actor: Actor, who: Who, pool: StoredPool): Promise<readonly Outcome[]> {
  const ids = [...(await claimable(tx, actor, who, pool))]
  if (ids.length === 0) stop('pool.nothingToDraw')
  const drawn: string[] = []
  while (drawn.length < pool.rules.draw && ids.length > 0) drawn.push(...ids.splice(randomInt(ids.length), 1))
  return claim(tx, actor, who, drawn, 'draw')
}
