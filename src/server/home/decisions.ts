/**
 * What waits for a person 等你决定: requests first, then what is due, then customers that no rule could give to one owner. What the person put
 * off stands apart until its day.
 */
import type { z } from 'zod'
import { type homeDecisions, type Snooze, subjectOf } from '../../contract/home/home.ts'
import { findTasks } from '../account/attached.ts'
import { listRequests } from '../approval/requests.ts'
import { findCases } from '../engagement/list-cases.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { inSight } from './scope.ts'

type Decisions = z.output<typeof homeDecisions.reply>
type Candidates = Omit<Decisions, 'snoozed'>
type Ref = { id: string; code: string; name: string; colour: number }
const SHOWN = 6
const TASKS = 12
/** Enough to show six when somebody put many off. */
const REQUESTS = 100

export async function readDecisions(
  tx: Tx,
  actor: Actor,
  show: 'waiting' | 'snoozed',
  snoozes: ReadonlyMap<string, Snooze>,
): Promise<z.input<typeof homeDecisions.reply>> {
  const all = await readCandidates(tx, actor)
  const wanted = (subject: string) => snoozes.has(subject) === (show === 'snoozed')
  const most = (n: number) => (show === 'snoozed' ? Number.MAX_SAFE_INTEGER : n)
  const there = new Set(subjectsOf(all))
  return {
    approvals: all.approvals.filter(r => wanted(subjectOf.approval(r.id))).slice(0, most(SHOWN)),
    cases: all.cases.filter(r => wanted(subjectOf.case(r.id))).slice(0, most(SHOWN)),
    tasks: all.tasks.filter(r => wanted(subjectOf.task(r.id))).slice(0, most(TASKS)),
    contested: all.contested.filter(r => wanted(r.subject)).slice(0, most(SHOWN)),
    unowned: all.unowned.filter(r => wanted(r.subject)).slice(0, most(SHOWN)),
    undecidable: wanted(subjectOf.undecidable) ? all.undecidable : 0,
    snoozed: [...snoozes.values()].filter(s => there.has(s.subject)),
  }
}

export const subjectsOf = (all: Candidates): readonly string[] => [
  ...all.approvals.map(r => subjectOf.approval(r.id)),
  ...all.cases.map(r => subjectOf.case(r.id)),
  ...all.tasks.map(r => subjectOf.task(r.id)),
  ...[...all.contested, ...all.unowned].map(r => r.subject),
  ...(all.undecidable > 0 ? [subjectOf.undecidable] : []),
]

/** Everything that could stand in the list, put off or not. */
export async function readCandidates(tx: Tx, actor: Actor): Promise<Candidates> {
  const approvals = await listRequests(tx, actor, { box: 'decide', limit: REQUESTS })
  const cases = actor.permissions.has('case.judge') ? await findCases(tx, actor, { box: 'judge', limit: REQUESTS }) : { rows: [] }
  const tasks = await findTasks(tx, actor, { done: false, dueWithin: 7 })
  // Only who may give customers away has to decide whose they are.
  const decides = actor.permissions.has('account.assign') && actor.viewerId === null
  const found = decides ? await openQuestions(tx, actor) : { contested: [], unowned: [], undecidable: 0 }
  return { approvals: approvals.rows, cases: cases.rows, tasks: tasks.rows, ...found }
}

async function openQuestions(tx: Tx, actor: Actor): Promise<Pick<Candidates, 'contested' | 'unowned' | 'undecidable'>> {
  const groups = await tx.query<{ kind: 'contested' | 'unowned' | 'undecidable'; territories: (string | null)[] | null; n: number }>(
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
  const of = (kind: string) => groups.rows.filter(g => g.kind === kind && g.n > 0).sort((a, b) => b.n - a.n)
  return {
    contested: of('contested').map(g => {
      const territories = (g.territories ?? []).flatMap(id => (id === null ? [] : [id]))
      return { subject: subjectOf.contested(territories), territories: territories.flatMap(id => refs.get(id) ?? []), accounts: g.n }
    }),
    unowned: of('unowned').map(g => {
      const territoryId = g.territories?.[0] ?? null
      return { subject: subjectOf.unowned(territoryId), territory: refs.get(territoryId ?? '') ?? null, accounts: g.n }
    }),
    undecidable: of('undecidable')[0]?.n ?? 0,
  }
}
