/** jiangyu assign: compute a draft, switch it on, go back; the same functions as the page. */
import { activate, startRun, undo } from '../server/assignment/activate.ts'
import { askForJob } from '../server/kernel/jobs.ts'
import { findModels } from '../server/territory/models.ts'
import { asUser, finishJobs, open } from './database.ts'
import { type Command, say } from './options.ts'

export const assignCommand: Command = async options => {
  const opened = await open(options)
  const { db } = opened
  try {
    if (options.undo) {
      const modelId = await asUser(db, options.as, (tx, actor, now) => undo(tx, actor, now, 'command line'))
      await finishJobs(db, () => undefined)
      say(options, `Back to model ${modelId}.`, { modelId })
      return 0
    }
    const models = await asUser(db, options.as, (tx, actor) => findModels(tx, actor))
    if (!options.model) {
      // Without a model: place every account again under the live ones.
      const jobId = await asUser(db, options.as, (tx, actor) => askForJob(tx, actor.tenantId, 'assignment.replace', {}, actor.userId))
      await finishJobs(db, () => undefined)
      const job = await db.bulk.query<{ note: Record<string, unknown> }>('select note from job_run where id = $1', [jobId])
      say(
        options,
        `${models.rows.map(m => `${m.active ? '*' : ' '} ${m.id.padStart(4)} ${m.state.padEnd(13)} ${m.name}`).join('\n')}\nPlaced again; moved: ${job.rows[0]?.note.moved ?? 0}`,
        { models: models.rows, ...job.rows[0]?.note },
      )
      return 0
    }
    const modelId = options.model
    const state = models.rows.find(m => m.id === modelId)?.state
    let note: Record<string, unknown> = {}
    if (state === 'draft') {
      const jobId = await asUser(db, options.as, (tx, actor, now) => startRun(tx, actor, now, modelId))
      await finishJobs(db, () => undefined)
      const job = await db.bulk.query<{ state: string; note: Record<string, unknown> }>('select state, note from job_run where id = $1', [jobId])
      note = job.rows[0]?.note ?? {}
      if (job.rows[0]?.state !== 'done') throw new Error(`The run failed: ${String(note.message ?? note.problem)}`)
    }
    const active = options.activate ? await asUser(db, options.as, (tx, actor, now) => activate(tx, actor, now, modelId, {})) : null
    await finishJobs(db, () => undefined)
    say(
      options,
      `Model ${modelId}: ${note.accounts ?? '-'} accounts, ${note.unassigned ?? '-'} without territory, ${note.milliseconds ?? '-'} ms${active ? `; active since ${active.effectiveAt}` : ''}`,
      { modelId, ...note, active },
    )
    return 0
  } finally {
    await opened.close()
  }
}
