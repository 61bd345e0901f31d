/** Routes of the catalogue: fields and options. */
import {
  createField,
  createOption,
  getCatalogue,
  listIndustries,
  orderFields as orderFieldsEndpoint,
  orderOptions as orderOptionsEndpoint,
  renameIndustry as renameIndustryEndpoint,
  updateField,
  updateOption,
} from '../../contract/builder/catalogue.ts'
import type { Api } from '../kernel/http.ts'
import { loadFields, loadOptions } from './catalogue.ts'
import { addField, addOption, changeField, changeOption, orderFields, orderOptions } from './change-catalogue.ts'

import { loadIndustryRows, renameIndustry } from './industries.ts'

const DONE = { done: true } as const

export function registerCatalogueRoutes(api: Api): void {
  api.route(getCatalogue, async ({ tx, actor }) => {
    const all = await loadFields(tx, actor.tenantId)
    const hidden = all.filter(f => actor.fieldAccess.get(f.key) === 'hidden')
    const fields = all.filter(f => !hidden.includes(f))
    return {
      fields: fields.map(({ position: _, ...f }) => ({ ...f, access: actor.fieldAccess.get(f.key) ?? ('edit' as const) })),
      options: (await loadOptions(tx, actor.tenantId)).map(({ position: _, ...o }) => o),
      hiddenInRules: hidden.filter(f => f.inRules && !f.retired).length,
    }
  })
  api.route(listIndustries, async ({ tx, actor }) => ({ rows: [...(await loadIndustryRows(tx, actor.tenantId))] }))
  api.route(renameIndustryEndpoint, ({ tx, actor, now, params, ifMatch, body }) => renameIndustry(tx, actor, now, params.code, ifMatch, body.labels))
  api.route(createField, async ({ tx, actor, now, body }) => ({ id: await addField(tx, actor, now, body) }))
  api.route(updateField, async ({ tx, actor, now, params, ifMatch, body }) => ({
    rowVersion: await changeField(tx, actor, now, params.id, ifMatch, body),
  }))
  api.route(orderFieldsEndpoint, async ({ tx, actor, now, body }) => {
    await orderFields(tx, actor, now, body.ids)
    return DONE
  })
  api.route(orderOptionsEndpoint, async ({ tx, actor, now, body }) => {
    await orderOptions(tx, actor, now, body.list, body.ids)
    return DONE
  })
  api.route(createOption, ({ tx, actor, now, body }) => addOption(tx, actor, now, body))
  api.route(updateOption, async ({ tx, actor, now, params, ifMatch, body }) => ({
    rowVersion: await changeOption(tx, actor, now, params.id, ifMatch, body),
  }))
}
