/**
 * Territory trees 区域树 into a draft, new or chosen: code, name, parent by code, type, colour, and a rule as division, industry and tier columns
 * or as a condition. One transaction: a tree is whole or not there.
 */

import { condition as conditionShape } from '../../contract/condition/shape.ts'
import type { Condition } from '../../core/condition/condition.ts'
import { predicatesOf } from '../../core/condition/mask.ts'
import { TERRITORY_COLUMNS } from '../../core/import/columns.ts'
import { loadOptions } from '../builder/catalogue.ts'
import { loadIndustryWords } from '../builder/industries.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { wordsOf } from '../kernel/words.ts'
import { ruleChecker } from '../territory/check-rule.ts'
import { loadEnv } from '../territory/load-env.ts'
import { type LoadedModel, listsOf, loadHead, loadModel } from '../territory/load-model.ts'
import { assertReadable, makeDraft } from '../territory/models.ts'
import { hidesOf, loadVocabulary } from '../territory/vocabulary.ts'
import { normalWord, optionWords } from './lookup-data.ts'
import type { ImportObject, RowProblem, Run } from './object.ts'
import { LAST_ROW, readStaged, type StagedRow, setTargets } from './staging.ts'
import { optionsOf, targetOf } from './targets.ts'
import { undoTerritories } from './territory-undo.ts'
import { writeTerritories } from './territory-write.ts'

const MOST = 20_000

/** The draft as it stands, or the model that a new draft will begin from. */
export async function modelOf(tx: Tx, run: Pick<Run, 'tenantId' | 'actor' | 'mapping' | 'options'>): Promise<LoadedModel> {
  return loadModel(tx, run.tenantId, run.options.modelId ?? run.mapping.model?.id ?? run.actor.modelId)
}

/** Columns of divisions, industries and tiers together narrow the rule; a condition stands alone. */
export function conditionOf(row: StagedRow): { readonly condition: Condition | null; readonly problem: string | null } {
  const parts = (['divisions', 'industries', 'tiers'] as const).flatMap((key): Condition[] => {
    const value = row.values[key]
    return value ? [{ field: { divisions: 'division', industries: 'industry', tiers: 'tier' }[key], op: 'in', values: value.split('\u0002') }] : []
  })
  if (!row.values.condition) return { condition: parts.length === 0 ? null : parts.length === 1 ? parts[0]! : { all: parts }, problem: null }
  if (parts.length > 0) return { condition: null, problem: 'row.twoRules' }
  const read = conditionShape.safeParse(JSON.parse(row.values.condition))
  return read.success ? { condition: read.data, problem: null } : { condition: null, problem: 'row.condition' }
}

async function check(run: Run): Promise<readonly RowProblem[]> {
  const rows = await readStaged(run, 1, LAST_ROW)
  if (rows.length > MOST) return rows.slice(MOST).map(r => ({ row: r.row, code: 'row.tooManyOf', field: '', values: { limit: MOST } }))
  const model = await modelOf(run.tx, run)
  const known = new Map(model.territories.map(t => [t.code, t]))
  const codeOf = new Map(model.territories.map(t => [t.id, t.code]))
  const inFile = new Map<string, StagedRow>()
  for (const row of rows) if (!inFile.has(row.values.code!)) inFile.set(row.values.code!, row)
  const conditions = new Map(rows.map(r => [r.row, conditionOf(r)]))
  const all = [...conditions.values()].flatMap(c => (c.condition ? [c.condition] : []))
  const env = await loadEnv(run.tx, run.tenantId, model, all.flatMap(listsOf))
  const vocabulary = await loadVocabulary(run.tx, run.actor, run.actor.locale, [])
  const judge = await ruleChecker(run.tx, run.tenantId, env, vocabulary)
  const parentOf = (code: string): string | null => {
    const row = inFile.get(code)
    if (row && (row.values.parent || !known.has(code))) return row.values.parent ?? null
    const parent = known.get(code)?.parentId
    return parent ? (codeOf.get(parent) ?? null) : null
  }
  const hides = hidesOf(run.actor)
  const problems: RowProblem[] = []
  for (const row of rows) {
    const say = (code: string, field: string, values = {}) => problems.push({ row: row.row, code, field, values })
    const code = row.values.code!
    const rule = conditions.get(row.row)!
    const colour = row.values.colour ? Number(row.values.colour) : null
    const hidden = rule.condition ? predicatesOf(rule.condition).find(p => hides(p.field)) : undefined
    const problem = hidden
      ? wordsOf({ code: 'territory.fieldHidden', values: { field: vocabulary.field(hidden.field) } }, run.actor.locale).text
      : rule.condition
        ? judge(rule.condition)[0]?.words
        : undefined
    if (row.values.parent && !inFile.has(row.values.parent) && !known.has(row.values.parent))
      say('row.noParent', 'parent', { value: row.values.parent })
    else if (goesRound(code, parentOf)) say('territory.cycle', 'parent')
    else if (rule.problem) say(rule.problem, 'condition')
    else if (problem) say('row.rule', 'condition', { problem })
    else if (colour !== null && (colour < 1 || colour > 8)) say('row.colour', 'colour')
    else if (known.has(code) && run.mapping.mode === 'create') say('territory.codeTaken', 'code', { code })
    else if (!known.has(code) && run.mapping.mode === 'update') say('row.noTerritory', 'code', { value: code })
  }
  await setTargets(
    run,
    rows.flatMap(r => (known.has(r.values.code!) ? [{ row: r.row, targetId: known.get(r.values.code!)!.id }] : [])),
  )
  return withOrphans(rows, problems, known)
}

function goesRound(code: string, parentOf: (code: string) => string | null): boolean {
  const seen = new Set<string>([code])
  for (let at = parentOf(code); at !== null; at = parentOf(at)) {
    if (seen.has(at)) return true
    seen.add(at)
  }
  return false
}

/** A territory whose parent is refused has no place to go. */
function withOrphans(rows: readonly StagedRow[], problems: readonly RowProblem[], known: ReadonlyMap<string, unknown>): readonly RowProblem[] {
  const all = [...problems]
  const refused = new Set(problems.map(p => p.row))
  const gone = new Set(rows.filter(r => refused.has(r.row) && !known.has(r.values.code!)).map(r => r.values.code!))
  for (let more = true; more; ) {
    more = false
    for (const row of rows)
      if (!refused.has(row.row) && row.values.parent && gone.has(row.values.parent)) {
        all.push({ row: row.row, code: 'row.parentRefused', field: 'parent', values: { value: row.values.parent } })
        refused.add(row.row)
        if (!known.has(row.values.code!)) gone.add(row.values.code!)
        more = true
      }
  }
  return all
}

export const TERRITORY_OBJECT: ImportObject = {
  key: 'territory',
  matches: [{ way: 'code', needs: ['code'], keyOf: ['code'] }],
  columns: TERRITORY_COLUMNS,
  targets: async (tx, actor) => {
    const options = await loadOptions(tx, actor.tenantId)
    const types = (await loadModel(tx, actor.tenantId, actor.modelId)).types.map(t => ({ key: t.key, labels: t.labels }))
    return TERRITORY_COLUMNS.map(c => targetOf(c, c.key === 'tiers' ? optionsOf(options, 'tier') : c.key === 'type' ? types : null))
  },
  lookups: async (tx, actor, mapping) => {
    const options = await optionWords(tx, actor.tenantId, new Map([['tiers', 'tier']]))
    const { types } = await loadModel(tx, actor.tenantId, mapping.model?.id ?? actor.modelId)
    options.set('type', new Map(types.flatMap(t => [t.key, ...Object.values(t.labels)].map(word => [normalWord(word), t.id] as const))))
    return { options, industries: await loadIndustryWords(tx, actor.tenantId), people: new Map() }
  },
  checkMapping: async (tx, actor, mapping) => {
    if (!mapping.model || (mapping.model.id === null && mapping.model.name === null)) return stop('import.noModel', undefined, '/model')
    if (mapping.model.id !== null) await assertReadable(tx, actor, mapping.model.id)
    if (mapping.model.id !== null && (await loadHead(tx, actor.tenantId, mapping.model.id)).state !== 'draft')
      stop('model.notDraft', undefined, '/model/id')
  },
  check,
  idTable: 'territory',
  piece: null,
  begin: async (run, now) => {
    if (run.mapping.model?.id) return { modelId: run.mapping.model.id }
    return { modelId: await makeDraft(run.tx, run.actor, now, run.mapping.model?.name ?? run.importId), madeModel: true }
  },
  write: writeTerritories,
  undo: undoTerritories,
}
