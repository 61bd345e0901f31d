/** Routes of change sets. */
import { holdDeals, personAfter, setHoldover } from '../../../contract/territory/change-choices.ts'
import { getPolicy, savePolicy } from '../../../contract/territory/change-policy.ts'
import {
  addComment,
  answerComment,
  cancelSchedule,
  changeSetLines,
  changeSetMoves,
  changeSetRules,
  changeSetWork,
  computeChangeSet,
  exportChangeSet,
  getChangeSet,
  listChangeSets,
  listComments,
  scheduleChangeSet,
  sendBackChangeSet,
  submitChangeSet,
  updateChangeSet,
  withdrawChangeSet,
} from '../../../contract/territory/change-sets.ts'
import { applyMerge, copyChangeSet, readMerge } from '../../../contract/territory/merge.ts'
import type { Api } from '../../kernel/http.ts'
import { askForJob } from '../../kernel/jobs.ts'
import { Reply } from '../../kernel/request.ts'
import { answer, readComments, say } from './comments.ts'
import { changeSet } from './edit.ts'
import { exportMoves } from './export.ts'
import { readFeedbackPolicy, writeFeedbackPolicy } from './feedback.ts'
import { chooseDeals, chooseHoldover } from './holdover.ts'
import { copySet, merge, previewMerge } from './merge.ts'
import { readPersonAfter } from './person-after.ts'
import { readPolicy, writePolicy } from './policy.ts'
import { readLines, readMoves, readRules } from './read-lines.ts'
import { assertComputable, assertKnown, findSets, lockSet, readSet } from './read-set.ts'
import { schedule } from './schedule.ts'
import { cancel, sendBack, submit, withdraw } from './submit.ts'
import { findWork } from './work.ts'

const DONE = { done: true } as const

export function registerChangeSetRoutes(api: Api): void {
  api.route(listChangeSets, ({ tx, actor, query }) => findSets(tx, actor, query))
  api.route(getChangeSet, ({ tx, actor, params }) => readSet(tx, actor, params.id))
  api.route(updateChangeSet, ({ tx, actor, now, params, ifMatch, body }) => changeSet(tx, actor, now, params.id, ifMatch!, body))
  api.route(computeChangeSet, async ({ tx, actor, params }) => {
    await assertComputable(tx, actor, await lockSet(tx, actor, params.id))
    return { jobId: await askForJob(tx, actor.tenantId, 'changeSet.compute', { changeSetId: params.id }, actor.userId) }
  })
  api.route(changeSetLines, ({ tx, actor, params, query }) => readLines(tx, actor, params.id, query))
  api.route(changeSetMoves, ({ tx, actor, params, query }) => readMoves(tx, actor, params.id, query))
  api.route(changeSetRules, ({ tx, actor, params, query }) => readRules(tx, actor, params.id, query.cursor))
  api.route(changeSetWork, async ({ tx, actor, params, query }) => {
    await assertKnown(tx, actor, params.id)
    return findWork(tx, actor, params.id, query)
  })
  api.route(exportChangeSet, async ({ tx, actor, now, params }) => {
    const file = await exportMoves(tx, actor, now, params.id)
    return new Reply(file.bytes, {
      headers: {
        'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        'content-disposition': `attachment; filename="${file.name}"`,
        'x-rows': String(file.rows),
      },
    })
  })
  api.route(personAfter, ({ tx, actor, now, params, query }) => readPersonAfter(tx, actor, now, params.id, params.userId, query))
  api.route(setHoldover, async ({ tx, actor, now, params, body }) => {
    await chooseHoldover(tx, actor, now, params.id, body)
    return DONE
  })
  api.route(holdDeals, async ({ tx, actor, now, params, body }) => {
    await chooseDeals(tx, actor, now, params.id, body)
    return DONE
  })
  api.route(listComments, ({ tx, actor, params, query }) => readComments(tx, actor, params.id, query.cursor))
  api.route(addComment, ({ tx, actor, now, params, body }) => say(tx, actor, now, params.id, body))
  api.route(answerComment, async ({ tx, actor, now, params, body }) => {
    await answer(tx, actor, now, params.id, params.commentId, body)
    return DONE
  })
  api.route(submitChangeSet, async ({ tx, actor, now, params, body }) => ({ jobId: await submit(tx, actor, now, params.id, body) }))
  api.route(withdrawChangeSet, async ({ tx, actor, now, params }) => {
    await withdraw(tx, actor, now, params.id)
    return DONE
  })
  api.route(sendBackChangeSet, async ({ tx, actor, now, params, body }) => {
    await sendBack(tx, actor, now, params.id, body)
    return DONE
  })
  api.route(scheduleChangeSet, ({ tx, actor, now, params, body }) => schedule(tx, actor, now, params.id, body))
  api.route(cancelSchedule, async ({ tx, actor, now, params }) => {
    await cancel(tx, actor, now, params.id)
    return DONE
  })
  api.route(readMerge, ({ tx, actor, params, body }) => previewMerge(tx, actor, params.id, body))
  api.route(applyMerge, ({ tx, actor, now, params, body }) => merge(tx, actor, now, params.id, body))
  api.route(copyChangeSet, async ({ tx, actor, now, params, body }) => ({ id: await copySet(tx, actor, now, params.id, body) }))
  api.route(getPolicy, async ({ tx, actor }) => ({
    rows: await readPolicy(tx, actor.tenantId, actor.locale),
    feedback: await readFeedbackPolicy(tx, actor.tenantId),
  }))
  api.route(savePolicy, async ({ tx, actor, now, body }) => {
    if (body.rows) await writePolicy(tx, actor, now, body.rows)
    if (body.feedback) await writeFeedbackPolicy(tx, actor, now, body.feedback)
    return DONE
  })
}
