/** Routes of models as files, and their job. */
import type { Pool } from 'pg'
import { checkModel, compareModels, exportModel, importModel, listTests, saveTests } from '../../../contract/territory/model-file.ts'
import type { ModelFile } from '../../../core/territory/model-file.ts'
import type { Api } from '../../kernel/http.ts'
import { askForJob, registerJob } from '../../kernel/jobs.ts'
import { applyFile } from './apply-file.ts'
import { checkFile } from './check-file.ts'
import { compare } from './compare.ts'
import { runTests, setTests } from './tests.ts'
import { writeFile } from './write-file.ts'

export function registerModelFileRoutes(api: Api): void {
  api.route(exportModel, ({ tx, actor, params }) => writeFile(tx, actor, params.id))
  api.route(importModel, ({ tx, actor, now, body }) => applyFile(tx, actor, now, body.file as ModelFile, body.name))
  api.route(checkModel, async ({ tx, actor, body }) => ({
    jobId: await askForJob(tx, actor.tenantId, 'model.check', { file: body.file, userId: actor.userId }, actor.userId),
  }))
  api.route(listTests, ({ tx, actor, params }) => runTests(tx, actor, params.id))
  api.route(saveTests, ({ tx, actor, now, params, body }) => setTests(tx, actor, now, params.id, body.tests))
  api.route(compareModels, ({ tx, actor, query }) => compare(tx, actor, query.a, query.b, query.cursor))
}

export function registerModelFileJobs(bulk: Pool): void {
  registerJob('model.check', async job => {
    const answer = await checkFile(bulk, job.tenantId, String(job.note.userId), job.note.file as ModelFile)
    // The file has done its service; the answer stays.
    return { ...answer, file: null }
  })
}
