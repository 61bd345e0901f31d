/** Routes of data cleansing: parse, call, reply. */
import {
  exportProblems,
  listCheckUps as listCheckUpsEndpoint,
  listProblems as listProblemsEndpoint,
  readCheckUp as readCheckUpEndpoint,
  readMatrix as readMatrixEndpoint,
  saveSettings,
  startCheckUp as startCheckUpEndpoint,
} from '../../contract/cleansing/check-ups.ts'
import {
  draftRemap as draftRemapEndpoint,
  previewRemap as previewRemapEndpoint,
  readEdition as readEditionEndpoint,
  runRemap as runRemapEndpoint,
} from '../../contract/cleansing/edition.ts'
import {
  checkForm as checkFormEndpoint,
  previewFixes as previewFixesEndpoint,
  runFixes as runFixesEndpoint,
  skipProblems as skipProblemsEndpoint,
  undoFixes as undoFixesEndpoint,
  unskipProblems as unskipProblemsEndpoint,
} from '../../contract/cleansing/fixes.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Api } from '../kernel/http.ts'
import { type Context, Reply } from '../kernel/request.ts'
import { listCheckUps, readCheckUp, readMatrix, startCheckUp } from './check-up.ts'
import { draftRemap, previewRemap, readEdition, runRemap } from './edition.ts'
import { checkForm, previewFixes, runFixes, skipProblems, undoFixes, unskipProblems } from './fix.ts'
import { listProblems } from './fix-list.ts'
import { writeReport } from './report.ts'
import { saveSpec } from './settings.ts'

const DONE = { done: true } as const
/** Words are in the language of the request. */
const reader = ({ actor, locale }: Pick<Context, 'actor' | 'locale'>): Actor => ({ ...actor, locale })

export function registerCleansingRoutes(api: Api): void {
  api.route(readCheckUpEndpoint, c => readCheckUp(c.tx, reader(c)))
  api.route(listCheckUpsEndpoint, ({ tx, actor, query }) => listCheckUps(tx, actor, query.cursor))
  api.route(startCheckUpEndpoint, ({ tx, actor, now }) => startCheckUp(tx, actor, now))
  api.route(readMatrixEndpoint, c => readMatrix(c.tx, reader(c), c.query.dimension, c.query.cursor))
  api.route(saveSettings, async ({ tx, actor, now, body }) => ({ rowVersion: await saveSpec(tx, actor, now, body.spec, body.rowVersion) }))
  api.route(listProblemsEndpoint, c => listProblems(c.tx, reader(c), c.query))
  api.route(exportProblems, async c => {
    const file = await writeReport(c.tx, reader(c), c.now, c.body)
    return new Reply(file.bytes, {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="problems-${c.now.slice(0, 10)}.csv"`,
        'x-rows': String(file.rows),
      },
    })
  })
  api.route(previewFixesEndpoint, c => previewFixes(c.tx, reader(c), c.now, c.body))
  api.route(runFixesEndpoint, ({ tx, actor, body }) => runFixes(tx, actor, body))
  api.route(undoFixesEndpoint, ({ tx, actor, params }) => undoFixes(tx, actor, params.id))
  api.route(skipProblemsEndpoint, async ({ tx, actor, now, body }) => {
    await skipProblems(tx, actor, now, body.rows)
    return DONE
  })
  api.route(unskipProblemsEndpoint, async ({ tx, actor, now, body }) => {
    await unskipProblems(tx, actor, now, body.rows)
    return DONE
  })
  api.route(checkFormEndpoint, c => checkForm(c.tx, reader(c), c.body.values))
  api.route(readEditionEndpoint, c => readEdition(c.tx, reader(c)))
  api.route(previewRemapEndpoint, c => previewRemap(c.tx, reader(c), c.now, c.body.choices))
  api.route(runRemapEndpoint, ({ tx, actor, body }) => runRemap(tx, actor, body.choices))
  api.route(draftRemapEndpoint, ({ tx, actor, now, body }) => draftRemap(tx, actor, now, body.title, body.choices))
}
