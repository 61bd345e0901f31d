/** Routes of territory models that need no matching: parse, call, reply. */
import {
  changeValueList,
  createValueList,
  getValueList,
  listValueLists,
  readValueList,
  resolveValues,
  updateValueList,
} from '../../contract/territory/lists.ts'
import {
  addMember as addMemberEndpoint,
  checkModel,
  createModel,
  createTerritory,
  deleteTerritory,
  discardModel,
  listModels,
  listTypes,
  removeMember,
  saveTypes,
  updateMember,
  updateTerritory,
} from '../../contract/territory/models.ts'
import type { Api } from '../kernel/http.ts'
import { addMember, changeMember, endMember } from './members.ts'
import { checkWhole, discardDraft, findModels, makeDraft } from './models.ts'
import { resolveForField } from './resolve-values.ts'
import { addTerritory, changeTerritory, removeTerritory } from './territories.ts'
import { findTypes, setTypes } from './types.ts'
import { changeList, findLists, makeList, readList, readUses, updateList } from './value-lists.ts'

const DONE = { done: true } as const

export function registerTerritoryRoutes(api: Api): void {
  api.route(listModels, ({ tx, actor, query }) => findModels(tx, actor, query.cursor))
  api.route(createModel, async ({ tx, actor, now, body }) => ({ id: await makeDraft(tx, actor, now, body.name, body.baseModelId) }))
  api.route(discardModel, async ({ tx, actor, now, params, ifMatch }) => {
    await discardDraft(tx, actor, now, params.id, ifMatch)
    return DONE
  })
  api.route(listTypes, ({ tx, actor, params }) => findTypes(tx, actor, params.id))
  api.route(saveTypes, async ({ tx, actor, now, params, ifMatch, body }) => ({
    rowVersion: await setTypes(tx, actor, now, params.id, ifMatch, body.types),
  }))
  api.route(checkModel, async ({ tx, actor, params }) => ({ problems: [...(await checkWhole(tx, actor, params.id))] }))
  api.route(createTerritory, async ({ tx, actor, now, params, body }) => ({ id: await addTerritory(tx, actor, now, params.id, body) }))
  api.route(updateTerritory, ({ tx, actor, now, params, ifMatch, body }) =>
    changeTerritory(tx, actor, now, params.id, params.territoryId, ifMatch, body),
  )
  api.route(deleteTerritory, async ({ tx, actor, now, params, ifMatch }) => ({
    removed: await removeTerritory(tx, actor, now, params.id, params.territoryId, ifMatch),
  }))
  api.route(addMemberEndpoint, async ({ tx, actor, now, params, body }) => ({
    id: await addMember(tx, actor, now, params.id, params.territoryId, body),
  }))
  api.route(updateMember, async ({ tx, actor, now, params, query, ifMatch, body }) => ({
    rowVersion: await changeMember(
      tx,
      actor,
      now,
      params.id,
      ifMatch,
      Object.fromEntries(Object.entries(body).filter(([, v]) => v !== undefined)),
      query.modelId ?? null,
    ),
  }))
  api.route(removeMember, async ({ tx, actor, now, params, query, ifMatch }) => {
    await endMember(tx, actor, now, params.id, ifMatch, query.modelId ?? null)
    return DONE
  })
  api.route(listValueLists, ({ tx, actor, query }) => findLists(tx, actor, query))
  api.route(getValueList, ({ tx, actor, params }) => readUses(tx, actor, params.id))
  api.route(changeValueList, ({ tx, actor, now, params, ifMatch, body }) => changeList(tx, actor, now, params.id, ifMatch, body))
  api.route(updateValueList, async ({ tx, actor, now, params, ifMatch, body }) => ({
    rowVersion: await updateList(tx, actor, now, params.id, ifMatch, body),
  }))
  api.route(createValueList, ({ tx, actor, now, body }) => makeList(tx, actor, now, body))
  api.route(resolveValues, async ({ tx, actor, body }) => {
    const { values, rejected } = await resolveForField(tx, actor, body.field, body.lines)
    return { values: [...values], rejected: [...rejected] }
  })
  api.route(readValueList, ({ tx, actor, params, query }) => readList(tx, actor, params.id, query))
}
