/**
 * Rules and groups that name abolished divisions, and the draft in which they name what took their place: proposed, computed and approved
 * like any other change of territories, never written into the model in use.
 */
import { codesIn, mapCodes, mapCondition } from '../../../core/cleansing/edition.ts'
import { loadFields } from '../../builder/catalogue.ts'
import type { DivisionUser } from '../../cleansing/edition-users.ts'
import { divisionIndex } from '../../geography/reference.ts'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { bumpStamp } from '../../territory/load-env.ts'
import { loadModel } from '../../territory/load-model.ts'
import { makeDraft } from '../../territory/models.ts'
import { changeList } from '../../territory/value-lists.ts'
import { writeTerritories } from './write-draft.ts'

async function placeFields(tx: Tx, actor: Actor): Promise<ReadonlySet<string>> {
  return new Set((await loadFields(tx, actor.tenantId)).filter(f => f.type === 'division').map(f => f.key))
}

type List = { id: string; name: string; row_version: number; codes: string[] }
async function listsNaming(tx: Tx, actor: Actor, codes: readonly string[]): Promise<readonly List[]> {
  const found = await tx.query<List>(
    `select l.id::text, l.name, l.row_version, array_agg(i.value order by i.value) as codes from value_list l
       join value_list_item i on i.tenant_id = $1 and i.list_id = l.id and i.version = l.version and i.value = any($2::text[])
      where l.tenant_id = $1 and l.type = 'division' and l.retired_at is null group by l.id, l.name, l.row_version order by l.name`,
    [actor.tenantId, codes],
  )
  return found.rows
}

export const DIVISION_USER: DivisionUser = {
  uses: async (tx, actor) => {
    const isRetired = (code: string) => divisionIndex().get(code)?.status === 'retired'
    const fields = await placeFields(tx, actor)
    const { territories } = await loadModel(tx, actor.tenantId, actor.modelId)
    const rules = territories.flatMap(t => {
      const codes = t.condition ? [...new Set(codesIn(t.condition, fields))].filter(isRetired) : []
      return codes.length > 0 ? [{ id: t.id, code: t.code, name: t.name, codes }] : []
    })
    const retired = divisionIndex()
      .list.filter(d => d.status === 'retired')
      .map(d => d.code)
    return { rules, lists: await listsNaming(tx, actor, retired) }
  },

  draft: async (tx, actor, now, title, mapping) => {
    const fields = await placeFields(tx, actor)
    const base = await loadModel(tx, actor.tenantId, actor.modelId)
    const merged = base.territories.map(territory => {
      const rule = territory.condition ? mapCondition(territory.condition, fields, mapping) : null
      return { territory, rule: rule === territory.condition ? null : rule }
    })
    const rules = merged.filter(m => m.rule !== null).length
    const lists = await listsNaming(tx, actor, [...mapping.keys()])
    if (rules + lists.length === 0) return null
    const modelId = await makeDraft(tx, actor, now, title)
    await writeTerritories(tx, actor, now, modelId, base, merged)
    // The model in use goes on with the version it was computed with; the draft reads the newest.
    for (const list of lists)
      await changeList(tx, actor, now, list.id, list.row_version, { add: mapCodes(list.codes, mapping), remove: list.codes, why: title })
    await bumpStamp(tx, actor.tenantId, modelId)
    const set = await tx.query<{ id: string }>('select id::text from change_set where tenant_id = $1 and model_id = $2', [actor.tenantId, modelId])
    const changeSetId = set.rows[0]!.id
    await audit(tx, actor, now, {
      kind: 'changeSet.edition',
      recordKind: 'changeSet',
      recordId: changeSetId,
      after: { codes: mapping.size, rules, lists: lists.length },
    })
    return { changeSetId, rules, lists: lists.length }
  },
}
