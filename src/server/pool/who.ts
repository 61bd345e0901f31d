/**
 * Who asks a pool: member, admin or neither, and the tokens that open its entries to him. A pool that is not his does not exist for him. The
 * tokens are given to the fence for exactly the requests of the pool; no other table knows them.
 */
import type { ClaimantFacts } from '../../core/pool/claim.ts'
import { memberTokens } from '../../core/pool/opening.ts'
import { isMember } from '../../core/pool/pool.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import { prepared, type Tx } from '../kernel/transaction.ts'
import { type Person, peopleOf } from './caps.ts'
import { loadPools, type Pools, type StoredPool } from './store.ts'

export type Who = {
  readonly stored: Pools
  readonly person: Person
  /** Own territories under the active model and all above them. */
  readonly above: readonly string[]
  readonly territories: readonly string[]
}

const TERRITORY = 4n

/** For each of several people, in their order; all of one company. */
export async function whoAskAll(tx: Tx, actors: readonly Actor[]): Promise<readonly Who[]> {
  const { tenantId, modelId } = actors[0]!
  const stored = await loadPools(tx, tenantId)
  const people = await peopleOf(tx, tenantId, [...new Set(actors.map(a => a.userId))])
  const territoriesOf = actors.map(actor =>
    actor.tokens
      .map(t => BigInt(t))
      .filter(t => t % 8n === TERRITORY)
      .map(t => String(t / 8n)),
  )
  const asked = [...new Set(territoriesOf.flat())]
  const chains = new Map<string, string[]>(asked.map(id => [id, []]))
  if (asked.length > 0) {
    const found = await tx.query<{ root: string; id: string }>(
      prepared(
        'territories-above',
        `with recursive up(root, id, depth) as (select t.id, t.id, 0 from unnest($3::bigint[]) t(id)
           union all select up.root, t.parent_id, up.depth + 1 from territory t join up on t.id = up.id where t.tenant_id = $1 and t.model_id = $2 and t.parent_id is not null and up.depth < 60)
         select root::text, id::text from up`,
        [tenantId, modelId, asked],
      ),
    )
    for (const r of found.rows) chains.get(r.root)!.push(r.id)
  }
  return actors.map((actor, i) => ({
    stored,
    person: people.get(actor.userId)!,
    territories: territoriesOf[i]!,
    above: [...new Set(territoriesOf[i]!.flatMap(id => chains.get(id)!))],
  }))
}
export const whoAsks = async (tx: Tx, actor: Actor): Promise<Who> => (await whoAskAll(tx, [actor]))[0]!

export const adminOf = (pool: StoredPool, actor: Actor): boolean => pool.admins.includes(actor.userId) || actor.permissions.has('pool.manage')
export const mine = (who: Who, actor: Actor): readonly StoredPool[] =>
  who.stored.pools.filter(p => adminOf(p, actor) || (isMember(p, who.person) && p.open && !p.deadEnd))

export function poolOf(who: Who, actor: Actor, poolId: string): StoredPool {
  return mine(who, actor).find(p => p.id === poolId) ?? stop('record.notFound')
}

/** Read once per request: from here on the fence opens the entries of the person's pools, and nothing else. */
export async function openPools(tx: Tx, actor: Actor, who: Who): Promise<Actor> {
  const tokens = [...actor.tokens, ...mine(who, actor).flatMap(p => (isMember(p, who.person) ? memberTokens(p.id, who.above) : []))]
  await tx.query("select app_set('app.tokens', $1)", [`{${tokens.join(',')}}`])
  return { ...actor, tokens }
}

export const claimantOf = (who: Who, actor: Actor, pool: StoredPool): ClaimantFacts => ({
  userId: actor.userId,
  member: isMember(pool, who.person),
  admin: adminOf(pool, actor),
  held: new Set(memberTokens(pool.id, who.above)),
  mates: new Set(who.person.mates),
})
