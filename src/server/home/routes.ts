/** Routes of the first page: one a card. */
import { homeDecisions, homeFigures, homeFollowUp, homeTerritories, snoozeDecision, wakeDecision } from '../../contract/home/home.ts'
import type { Api } from '../kernel/http.ts'
import { readDecisions } from './decisions.ts'
import { readFigures } from './figures.ts'
import { readFollowUp } from './follow-up.ts'
import { readSnoozes, snooze, wake } from './snooze.ts'
import { readTerritoryLines } from './territories.ts'

const DONE = { done: true } as const

export function registerHomeRoutes(api: Api): void {
  api.route(homeFigures, ({ tx, actor }) => readFigures(tx, actor))
  api.route(homeTerritories, ({ tx, actor }) => readTerritoryLines(tx, actor))
  api.route(homeDecisions, async ({ tx, actor, query }) => readDecisions(tx, actor, query.show, await readSnoozes(tx, actor)))
  api.route(snoozeDecision, async ({ tx, actor, now, body }) => {
    await snooze(tx, actor, now, body)
    return DONE
  })
  api.route(wakeDecision, async ({ tx, actor, now, body }) => {
    await wake(tx, actor, now, body.subject)
    return DONE
  })
  api.route(homeFollowUp, ({ tx, actor, query }) => readFollowUp(tx, actor, query))
}
