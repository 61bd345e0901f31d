/** Routes of assignment, and of territories where matching is needed: counts, previews, why, activation. */
import { assignMany, previewAssign } from '../../contract/assignment/bulk-assign.ts'
import {
  accountStanding,
  assignAccount,
  assignableOwners,
  correctAccount,
  ownership,
  pinAccount,
  territoryPins,
  unpinAccount,
  whyAccount,
} from '../../contract/assignment/endpoints.ts'
import {
  activateModel,
  getJob,
  getTerritory,
  listTerritories,
  previewRule as previewEndpoint,
  runModel,
  undoActivation,
} from '../../contract/territory/models.ts'
import { listActivations, modelInUse, modelMembers } from '../../contract/territory/past.ts'
import { mapFigures, modelWitnesses, previewTypes as previewTypesEndpoint, typeGrid } from '../../contract/territory/picture.ts'
import { getProof, proveRule } from '../../contract/territory/proof.ts'
import { geographyWizard, getCoverage, suggestShares } from '../../contract/territory/wizard.ts'
import { asOfAnswer, instantOf } from '../account/as-of.ts'
import type { Api } from '../kernel/http.ts'
import { stop } from '../kernel/refusal-error.ts'
import { activate, startRun, undo } from './activate.ts'
import { assign, findOwners, pin, unpin } from './assign.ts'
import { assignAll, previewAssignment } from './bulk-assign.ts'
import { correct } from './correct.ts'
import { readCoverage } from './coverage.ts'
import { findActivations, readMembers } from './model-members.ts'
import { readOwnership } from './ownership.ts'
import { readPins } from './pins.ts'
import { previewRule } from './preview.ts'
import { previewTypes } from './preview-precedence.ts'
import { readGrid } from './read-grid.ts'
import { readMap } from './read-map.ts'
import { proveWithRule, readProof } from './read-proof.ts'
import { readTerritories } from './read-territories.ts'
import { readTerritory } from './read-territory.ts'
import { readStanding } from './standing.ts'
import { explainAccount } from './why.ts'
import { readWitnesses } from './witnesses.ts'
import { buildFromShares, suggest } from './wizard.ts'

const DONE = { done: true } as const

export function registerAssignmentRoutes(api: Api): void {
  api.route(listTerritories, ({ tx, actor, params, query }) => readTerritories(tx, actor, params.id, query))
  api.route(getTerritory, ({ tx, actor, params, query }) => readTerritory(tx, actor, params.id, params.territoryId, query))
  api.route(previewEndpoint, ({ tx, actor, params, body }) => previewRule(tx, actor, params.id, body))
  api.route(mapFigures, ({ tx, actor, params, query }) => readMap(tx, actor, params.id, query))
  api.route(modelInUse, async ({ tx, actor, query }) => ({ asOf: asOfAnswer(await instantOf(tx, actor, query)) }))
  api.route(listActivations, ({ tx, actor, query }) => findActivations(tx, actor, query.cursor))
  api.route(modelMembers, ({ tx, actor, params, query }) => readMembers(tx, actor, params.id, query))
  api.route(typeGrid, ({ tx, actor, params }) => readGrid(tx, actor, params.id, params.typeId))
  api.route(modelWitnesses, ({ tx, actor, params, query }) => readWitnesses(tx, actor, params.id, query))
  api.route(previewTypesEndpoint, ({ tx, actor, params, body }) => previewTypes(tx, actor, params.id, body.types))
  api.route(getCoverage, ({ tx, actor, params }) => readCoverage(tx, actor, params.id))
  api.route(getProof, ({ tx, actor, params, query }) => readProof(tx, actor, params.id, query))
  api.route(proveRule, ({ tx, actor, params, body }) => proveWithRule(tx, actor, params.id, body))
  api.route(runModel, async ({ tx, actor, now, params }) => ({ jobId: await startRun(tx, actor, now, params.id) }))
  api.route(activateModel, ({ tx, actor, now, params, body }) => activate(tx, actor, now, params.id, body))
  api.route(undoActivation, async ({ tx, actor, now, body }) => ({ modelId: await undo(tx, actor, now, body.why ?? null) }))
  api.route(geographyWizard, ({ tx, actor, now, body }) => buildFromShares(tx, actor, now, body.name, body.shares))
  api.route(suggestShares, ({ tx, actor, body }) => suggest(tx, actor, body.userIds, body.level))

  // In the language of the question, as far as it names one.
  api.route(whyAccount, ({ tx, actor, locale, params, query }) => explainAccount(tx, { ...actor, locale }, params.id, query))
  api.route(accountStanding, ({ tx, actor, locale, params, query }) => readStanding(tx, { ...actor, locale }, params.id, query))
  api.route(assignAccount, async ({ tx, actor, params, body }) => {
    await assign(tx, actor, params.id, body.ownerId, body.reason)
    return DONE
  })
  api.route(previewAssign, ({ tx, actor, body }) => previewAssignment(tx, actor, body))
  api.route(assignMany, ({ tx, actor, body }) => assignAll(tx, actor, body))
  api.route(assignableOwners, ({ tx, actor, params, query }) => findOwners(tx, actor, params.id, query.search))
  api.route(pinAccount, async ({ tx, actor, params, body }) => ({ id: await pin(tx, actor, params.id, body) }))
  api.route(unpinAccount, async ({ tx, actor, params }) => {
    await unpin(tx, actor, params.id)
    return DONE
  })
  api.route(territoryPins, ({ tx, actor, params, query }) => readPins(tx, actor, params.id, query.cursor))
  api.route(correctAccount, async ({ tx, actor, params, body }) => ({ id: await correct(tx, actor, params.id, body) }))
  api.route(ownership, ({ tx, actor, params }) => readOwnership(tx, actor, params.id))

  api.route(getJob, async ({ tx, actor, params }) => {
    const found = await tx.query<{
      id: string
      kind: string
      state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
      done: number
      total: number | null
      note: Record<string, unknown> | null
    }>(
      'select id::text, kind, state, done::float8 as done, total::float8 as total, note from job_run where tenant_id = $1 and id = $2 and ($3 or started_by = $4)',
      [actor.tenantId, params.id, actor.permissions.has('territory.read'), actor.userId],
    )
    return found.rows[0] ?? stop('record.notFound')
  })
}
