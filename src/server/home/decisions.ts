/** What waits for a person 等你决定: requests first, then what is due, then customers that no rule could give to one owner. */
import type { z } from 'zod'
import type { homeDecisions } from '../../contract/home/home.ts'
import { findTasks } from '../account/attached.ts'
import { listRequests } from '../approval/requests.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { inSight } from './scope.ts'

type Ref = { id: string; code: string; name: string; colour: number }
const SHOWN = 6

export async function readDecisions(tx: Tx, actor: Actor): Promise<z.input<typeof homeDecisions.reply>> {
  const approvals = await listRequests(tx, actor, { box: 'decide', limit: SHOWN })
  const tasks = await findTasks(tx, actor, { done: false, dueWithin: 7 })
  // Only who may give customers away has to decide whose they are.
  const decides = actor.permissions.has('account.assign') && actor.viewerId === null
  const found = decides ? await openQuestions(tx, actor) : { contested: [], unowned: [], undecidable: 0 }
  return { approvals: approvals.rows, tasks: tasks.rows.slice(0, 12), ...found }
}

async function openQuestions(tx: Tx, actor: Actor) {
  const groups = await tx.query<{ kind: 'contested' | 'unowned' | 'undecidable'; territories: string[] | null; n: number }>(
    `with s as materialized (select p.owner_id, p.territory_id, p.contested, p.undecidable from ${inSight(actor)} and (p.owner_id is null or p.undecidable or cardinality(p.contested) > 0))
     select 'contested' as kind, s.contested::text[] as territories, count(*)::int as n from s where cardinality(s.contested) > 0 group by s.contested
     union all select 'unowned', array[s.territory_id::text], count(*)::int from s where s.owner_id is null and not s.undecidable group by s.territory_id
     union all select 'undecidable', null, count(*)::int from s where s.undecidable`,
    [actor.tenantId],
  )
  const ids = groups.rows.flatMap(g => g.territories ?? []).filter(id => id !== null)
  const names = await tx.query<Ref>(
    'select id::text, code, name, colour from territory where tenant_id = $1 and model_id = $2 and id = any($3::bigint[])',
    [actor.tenantId, actor.modelId, ids],
  )
  const refs = new Map(names.rows.map(t => [t.id, t]))
  const of = (kind: string) =>
    groups.rows
      .filter(g => g.kind === kind && g.n > 0)
      .sort((a, b) => b.n - a.n)
      .slice(0, SHOWN)
  return {
    contested: of('contested').map(g => ({ territories: (g.territories ?? []).flatMap(id => refs.get(id) ?? []), accounts: g.n })),
    unowned: of('unowned').map(g => ({ territory: refs.get(g.territories?.[0] ?? '') ?? null, accounts: g.n })),
    undecidable: of('undecidable')[0]?.n ?? 0,
  }
}
