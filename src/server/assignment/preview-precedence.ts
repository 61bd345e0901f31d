/** What another order of types would do before it is saved 定先后: overlaps before and after, and which accounts change their territory. */
import { compileModel } from '../../core/assignment/compile.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { checkTypes, type TypeInput } from '../territory/types.ts'
import { loadCompiled } from './compiled.ts'
import { matcher } from './decide-placements.ts'
import { readFields } from './read-for.ts'

const MOVES = 12
const NEW = 'new'

export async function previewTypes(tx: Tx, actor: Actor, modelId: string, types: readonly TypeInput[]) {
  const started = performance.now()
  const model = await loadCompiled(tx, actor.tenantId, modelId)
  checkTypes(actor, model.loaded, types)
  const after = compileModel(
    { ...model.loaded, types: types.map((t, i) => ({ id: t.id ?? `${NEW}${i}`, key: t.key, layer: t.layer, precedence: t.precedence })) },
    model.compiled.env,
  )
  const columns = await readFields(tx, actor, model, [])
  const was = matcher(model.compiled, columns)
  const is = matcher(after, columns)
  const moves = new Map<string, { from: string | null; to: string | null; accounts: number }>()
  const tally = { before: 0, after: 0, moved: 0 }
  for (let i = 0; i < columns.count; i += 1) {
    const [then, now] = [was(i), is(i)]
    if (then.contested.length > 0) tally.before += 1
    if (now.contested.length > 0) tally.after += 1
    if (then.territoryId === now.territoryId) continue
    tally.moved += 1
    const key = `${then.territoryId}|${now.territoryId}`
    const move = moves.get(key) ?? { from: then.territoryId, to: now.territoryId, accounts: 0 }
    move.accounts += 1
    moves.set(key, move)
  }
  return {
    ...tally,
    moves: [...moves.values()].sort((a, b) => b.accounts - a.accounts).slice(0, MOVES),
    milliseconds: Math.round(performance.now() - started),
  }
}
