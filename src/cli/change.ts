/** jiangyu change: the life of a change set from the command line, through the same functions as its page. */
import { decide } from '../server/approval/requests.ts'
import { undo } from '../server/assignment/activate.ts'
import { say as comment } from '../server/assignment/change-set/comments.ts'
import { merge, previewMerge } from '../server/assignment/change-set/merge.ts'
import { readLines } from '../server/assignment/change-set/read-lines.ts'
import { findSets, lockSet, readSet } from '../server/assignment/change-set/read-set.ts'
import { schedule } from '../server/assignment/change-set/schedule.ts'
import { cancel, sendBack, submit, withdraw } from '../server/assignment/change-set/submit.ts'
import type { Actor } from '../server/kernel/actor.ts'
import { askForJob, runNextJob } from '../server/kernel/jobs.ts'
import { stop } from '../server/kernel/refusal-error.ts'
import type { Tx } from '../server/kernel/transaction.ts'
import { asUser, type Opened, open } from './database.ts'
import { type Command, type Options, say } from './options.ts'

const USAGE =
  'change list | show ID | compute ID | submit ID --why W [--at INSTANT] | comment ID --why W | approve ID | send-back ID --why W | withdraw ID | merge ID [--model ONTO] [--mode mine|theirs] | schedule ID [--at INSTANT] | cancel ID | undo  --as LOGIN'

type Act = (tx: Tx, actor: Actor, now: string, id: string, options: Options) => Promise<unknown>
const ACTS: Readonly<Record<string, Act>> = {
  compute: async (tx, actor, _now, id) => {
    if (!actor.permissions.has('territory.plan')) stop('permission.missing', { permission: 'territory.plan' })
    await lockSet(tx, actor, id)
    return askForJob(tx, actor.tenantId, 'changeSet.compute', { changeSetId: id }, actor.userId)
  },
  submit: (tx, actor, now, id, options) => {
    needs(actor, 'territory.plan')
    return submit(tx, actor, now, id, { why: options.why ?? stop('input.invalid', undefined, '--why'), effectiveAt: instantOf(options) })
  },
  comment: (tx, actor, now, id, options) => comment(tx, actor, now, id, { body: options.why ?? stop('input.invalid', undefined, '--why') }),
  approve: async (tx, actor, now, id) => {
    const mine = (await readSet(tx, actor, id)).approvers.find(a => a.mine && a.state === 'asked') ?? stop('changeSet.notYours')
    return decide(tx, actor, now, mine.requestId, mine.rowVersion, { approve: true, answer: null })
  },
  'send-back': (tx, actor, now, id, options) =>
    sendBack(tx, actor, now, id, { refuse: false, answer: options.why ?? stop('input.invalid', undefined, '--why') }),
  withdraw: (tx, actor, now, id) => {
    needs(actor, 'territory.plan')
    return withdraw(tx, actor, now, id)
  },
  merge: async (tx, actor, now, id, options) => {
    needs(actor, 'territory.plan')
    const ontoModelId = options.model ?? actor.modelId
    const { mode } = options
    if (mode !== undefined && mode !== 'mine' && mode !== 'theirs')
      throw new Error('--mode says whose changes hold where both changed the same: mine or theirs')
    const choices: Record<string, 'mine' | 'theirs'> = {}
    // An answer may bring up another question.
    for (let open = 1; mode !== undefined && open > 0; ) {
      const asked = await previewMerge(tx, actor, id, { ontoModelId, choices })
      open = 0
      for (const c of asked.conflicts)
        if (choices[c.key] === undefined) {
          choices[c.key] = mode
          open += 1
        }
    }
    return merge(tx, actor, now, id, { ontoModelId, choices })
  },
  schedule: (tx, actor, now, id, options) => {
    needs(actor, 'territory.activate')
    return schedule(tx, actor, now, id, { effectiveAt: instantOf(options) })
  },
  cancel: (tx, actor, now, id) => {
    needs(actor, 'territory.activate')
    return cancel(tx, actor, now, id)
  },
}

function needs(actor: Actor, permission: 'territory.plan' | 'territory.activate'): void {
  if (!actor.permissions.has(permission)) stop('permission.missing', { permission })
}

function instantOf(options: Options): string | undefined {
  if (options.at === undefined) return undefined
  const at = new Date(options.at)
  if (Number.isNaN(at.getTime())) throw new Error(`--at ${options.at}: write an instant like 2027-01-01T00:00:00+08:00`)
  return at.toISOString()
}

export const changeCommand: Command = async options => {
  const [act = 'list', id] = options.positionals
  const opened = await open(options)
  try {
    if (act === 'list') return await list(opened, options)
    if (act === 'undo') {
      const modelId = await asUser(opened.db, options.as, async (tx, actor, now) => {
        needs(actor, 'territory.activate')
        return undo(tx, actor, now, options.why ?? null)
      })
      say(options, `back to model ${modelId}`, { modelId })
      return 0
    }
    if (!id || !/^[1-9]\d{0,18}$/.test(id) || (act !== 'show' && !Object.hasOwn(ACTS, act))) throw new Error(USAGE)
    if (act !== 'show') {
      await asUser(opened.db, options.as, (tx, actor, now) => ACTS[act]!(tx, actor, now, id, options))
      // A server on the same database may be quicker; then there is nothing left to do here.
      while (await runNextJob(opened.db.bulk));
    }
    return await show(opened, options, id)
  } finally {
    await opened.close()
  }
}

async function list(opened: Opened, options: Options): Promise<number> {
  const { rows } = await asUser(opened.db, options.as, (tx, actor) => findSets(tx, actor, { box: 'all' }))
  say(
    options,
    rows.map(r => `#${r.id} ${r.state} ${r.title}  (${r.owners ?? '–'} customers change owner, ${r.createdBy.name})`).join('\n') || 'none',
    rows,
  )
  return 0
}

async function show(opened: Opened, options: Options, id: string): Promise<number> {
  const { set, lines } = await asUser(opened.db, options.as, async (tx, actor) => ({
    set: await readSet(tx, actor, id),
    lines: (await readLines(tx, actor, id, { by: 'territory' })).rows,
  }))
  const f = set.figures
  const words = [
    `#${set.id} ${set.state} ${set.title}${set.drifted ? '  (changed since it was computed)' : ''}${set.outdated ? '  (another model is active now)' : ''}`,
    ...(f
      ? [
          `${f.owners} of ${f.accounts} customers change owner, ${f.territories} change territory; ${f.seers} people see ${f.sightGained} more and ${f.sightLost} fewer records; ${f.deals} open deals, ${f.tasks} tasks`,
        ]
      : ['not computed yet: change compute ID']),
    ...lines.slice(0, 20).map(l => `  ${l.code ?? '–'} ${l.name ?? ''}  ${l.before} -> ${l.after}  (+${l.gained} -${l.lost})`),
    ...set.approvers.map(a => `  ${a.state} ${a.person.name}: ${a.reasons.map(r => `${r.measure} ${r.value} >= ${r.atLeast}`).join(', ')}`),
    ...set.checks.map(c => `  ${c.ok ? 'ok  ' : 'FAIL'} ${c.words}`),
    ...(set.effectiveAt ? [`effective ${set.effectiveAt}`] : []),
  ]
  say(options, words.join('\n'), { ...set, lines })
  return 0
}
