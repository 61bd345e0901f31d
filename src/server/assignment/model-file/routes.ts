/** Routes of models as files, and their job. */
import type { Pool } from 'pg'
import { compareMembers, compareModels, compareNumbers, exportComparison } from '../../../contract/territory/compare.ts'
import { checkModel, exportModel, importModel, listTests, saveTests } from '../../../contract/territory/model-file.ts'
import type { ModelFile } from '../../../core/territory/model-file.ts'
import type { Api } from '../../kernel/http.ts'
import { askForJob, registerJob } from '../../kernel/jobs.ts'
import { Reply } from '../../kernel/request.ts'
import { applyFile } from './apply-file.ts'
import { checkFile } from './check-file.ts'
import { compare, membersPage } from './compare.ts'
import { exportCompared } from './compare-export.ts'
import { numbersPage } from './compare-numbers.ts'
import { runTests, setTests } from './tests.ts'
import { writeFile } from './write-file.ts'

export function registerModelFileRoutes(api: Api): void {
  api.route(exportModel, ({ tx, actor, params }) => writeFile(tx, actor, params.id))
  api.route(importModel, ({ tx, actor, now, body }) => applyFile(tx, actor, now, body.file as ModelFile, body.name))
  api.route(checkModel, async ({ tx, actor, body }) => ({
    jobId: await askForJob(tx, actor.tenantId, 'model.check', { file: body.file, userId: actor.userId }, actor.userId),
  }))
  api.route(listTests, ({ tx, actor, locale, params }) => runTests(tx, { ...actor, locale }, params.id))
  api.route(saveTests, ({ tx, actor, locale, now, params, body }) => setTests(tx, { ...actor, locale }, now, params.id, body))
  // In the language of the question, as far as it names one.
  api.route(compareModels, ({ tx, actor, locale, query }) => compare(tx, { ...actor, locale }, query))
  api.route(compareMembers, ({ tx, actor, query }) => membersPage(tx, actor, query))
  api.route(compareNumbers, ({ tx, actor, query }) => numbersPage(tx, actor, query))
  api.route(exportComparison, async ({ tx, actor, locale, now, query }) => {
    const file = await exportCompared(tx, { ...actor, locale }, now, query)
    return new Reply(file.bytes, {
      headers: {
        'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        'content-disposition': `attachment; filename="${file.name}"`,
        'x-rows': String(file.rows),
      },
    })
  })
}

export function registerModelFileJobs(bulk: Pool): void {
  registerJob('model.check', async job => {
    const answer = await checkFile(bulk, job.tenantId, String(job.note.userId), job.note.file as ModelFile)
    // The file has done its service; the answer stays.
    return { ...answer, file: null }
  })
}
