/** Routes of the first page: one a card. */
import { homeDecisions, homeFigures, homeFollowUp, homeTerritories } from '../../contract/home/home.ts'
import type { Api } from '../kernel/http.ts'
import { readDecisions } from './decisions.ts'
import { readFigures } from './figures.ts'
import { readFollowUp } from './follow-up.ts'
import { readTerritoryLines } from './territories.ts'

export function registerHomeRoutes(api: Api): void {
  api.route(homeFigures, ({ tx, actor }) => readFigures(tx, actor))
  api.route(homeTerritories, ({ tx, actor }) => readTerritoryLines(tx, actor))
  api.route(homeDecisions, ({ tx, actor }) => readDecisions(tx, actor))
  api.route(homeFollowUp, ({ tx, actor, query }) => readFollowUp(tx, actor, query))
}
