/** Routes of handing over, and its jobs. */
import type { Pool } from 'pg'
import {
  cancelHandover,
  changeHandover,
  chooseByHand,
  createHandover,
  listHandoverItems,
  listHandovers,
  listLeftBehind,
  readHandover,
  returnHandover as returnEndpoint,
  startHandover as startEndpoint,
} from '../../../contract/assignment/handover.ts'
import type { Api } from '../../kernel/http.ts'
import { registerJob } from '../../kernel/jobs.ts'
import { returnHandover, runReturn } from './back.ts'
import { cancelDraft, changeDraft, chooseItems, makeHandover } from './draft.ts'
import { findHandovers, findItems, findLeftBehind, readHandoverDetail } from './read.ts'
import { runHandover, startHandover } from './run.ts'

const DONE = { done: true } as const

export function registerHandoverRoutes(api: Api): void {
  api.route(listHandovers, ({ tx, actor, query }) => findHandovers(tx, actor, query))
  api.route(listLeftBehind, ({ tx, actor, query }) => findLeftBehind(tx, actor, query))
  api.route(createHandover, async ({ tx, actor, now, body }) => ({ id: await makeHandover(tx, actor, now, body) }))
  api.route(readHandover, ({ tx, actor, params }) => readHandoverDetail(tx, actor, params.id))
  api.route(changeHandover, async ({ tx, actor, now, params, ifMatch, body }) => ({
    rowVersion: await changeDraft(tx, actor, now, params.id, ifMatch, body),
  }))
  api.route(listHandoverItems, ({ tx, actor, locale, params, query }) => findItems(tx, actor, locale, params.id, query))
  api.route(chooseByHand, async ({ tx, actor, params, body }) => {
    await chooseItems(tx, actor, params.id, body.items)
    return DONE
  })
  api.route(startEndpoint, async ({ tx, actor, now, params }) => {
    await startHandover(tx, actor, now, params.id)
    return DONE
  })
  api.route(cancelHandover, async ({ tx, actor, now, params }) => {
    await cancelDraft(tx, actor, now, params.id)
    return DONE
  })
  api.route(returnEndpoint, async ({ tx, actor, now, params }) => {
    await returnHandover(tx, actor, now, params.id)
    return DONE
  })
}

export function registerHandoverJobs(bulk: Pool): void {
  registerJob('handover.run', (job, progress) => runHandover(bulk, job, progress))
  registerJob('handover.return', (job, progress) => runReturn(bulk, job, progress))
}
