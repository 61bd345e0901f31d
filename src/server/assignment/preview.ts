/** What a rule would do to all accounts, before anything is saved: counts line by line, who comes and goes, with witnesses 证例. */
import type { z } from 'zod'
import type { previewRule as endpoint } from '../../contract/territory/models.ts'
import { type CompiledModel, compileModel } from '../../core/assignment/compile.ts'
import { canonical } from '../../core/condition/canonical.ts'
import { type Columns, idAt } from '../../core/condition/columns.ts'
import type { Condition } from '../../core/condition/condition.ts'
import { fieldsOf, linesOf } from '../../core/condition/explain.ts'
import { sentence } from '../../core/condition/words.ts'
import { ruleLines } from '../../core/territory/hierarchy.ts'
import type { Model, Territory } from '../../core/territory/model.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { faultsOf, wholeRule } from '../territory/check-rule.ts'
import { loadEnv } from '../territory/load-env.ts'
import { type LoadedModel, listsOf, loadModel } from '../territory/load-model.ts'
import { assertReadable } from '../territory/models.ts'
import { hidesOf, loadVocabulary } from '../territory/vocabulary.ts'
import { type Compiled, loadCompiled } from './compiled.ts'
import { countParts } from './count-parts.ts'
import { matcher } from './decide-placements.ts'
import { describeWitnesses, KINDS, type Kind } from './preview-witnesses.ts'
import { readFor } from './read-for.ts'
import { countAccounts } from './read-territories.ts'
import { seenTerritories } from './seen-territories.ts'

export type PreviewInput = {
  readonly territoryId: string | null
  readonly parentId?: string | null | undefined
  readonly inherit: boolean
  readonly typeId?: string | undefined
  readonly condition: Condition
  readonly languages?: boolean | undefined
}

const NEW_ID = '9223372036854775807'
const LOCALES = ['zh-CN', 'zh-TW', 'en'] as const

/** The model as it would be with this rule. */
function withRule(loaded: LoadedModel, input: PreviewInput): { model: Model; id: string; before: Condition | null } {
  const known = input.territoryId === null ? undefined : (loaded.territories.find(t => t.id === input.territoryId) ?? stop('record.notFound'))
  const parentId = input.parentId === undefined ? (known?.parentId ?? null) : input.parentId
  const typeId = input.typeId ?? known?.typeId ?? loaded.types.find(t => t.layer === 'exclusive')?.id ?? ''
  const base: Territory = known ?? {
    id: NEW_ID,
    parentId,
    typeId,
    code: '',
    name: '',
    colour: 0,
    inherit: true,
    priority: 0,
    condition: null,
    ruleVersion: null,
  }
  const changed: Territory = { ...base, parentId, typeId, inherit: input.inherit, condition: input.condition }
  return {
    model: { ...loaded, territories: [...loaded.territories.filter(t => t.id !== changed.id), changed] },
    id: changed.id,
    before: known?.condition ?? null,
  }
}

const WITNESSES = 12

export async function previewRule(tx: Tx, actor: Actor, modelId: string, asked: PreviewInput): Promise<z.input<typeof endpoint.reply>> {
  const started = performance.now()
  await assertReadable(tx, actor, modelId)
  const compiled = await loadCompiled(tx, actor.tenantId, modelId)
  await assertSeen(tx, actor, compiled, asked)
  const loaded = await loadModel(tx, actor.tenantId, modelId)
  const stored = loaded.territories.find(t => t.id === asked.territoryId)?.condition ?? null
  const input = { ...asked, condition: wholeRule(actor, asked.condition, stored) }
  const hides = hidesOf(actor)
  const env = await loadEnv(tx, actor.tenantId, loaded, listsOf(input.condition))
  const { model, id, before } = withRule(loaded, input)
  const vocabulary = await loadVocabulary(tx, actor, actor.locale, [input.condition])
  const problems = await faultsOf(tx, actor.tenantId, input.condition, env, vocabulary)
  const words = sentence(input.condition, vocabulary)
  const sentences = input.languages ? await inEveryLanguage(tx, actor, input.condition) : null
  if (problems.length > 0) {
    const none = { matched: 0, kept: 0, added: 0, removed: 0, contested: 0, undecidable: 0, milliseconds: 0, accounts: 0 }
    const witnesses = { added: [], removed: [], contested: [], undecidable: [] }
    return { ...none, problems: [...problems], inherited: 0, lines: [], witnesses, sentence: words, sentences }
  }
  const after = compileModel(model, env)
  const columns = await readFor(
    tx,
    actor,
    env,
    [...model.territories, ...loaded.territories].flatMap(t => (t.condition ? [t.condition] : [])),
  )
  const tally = compare(compiled.compiled, after, id, columns)
  const above = ruleLines(after.hierarchy, id).flatMap(l => (l.own ? [] : [l.condition]))
  const counted = countParts(above, input.condition, columns, env, hides)
  const { witnesses, ...figures } = tally
  return {
    ...figures,
    problems: [],
    inherited: counted.inherited,
    lines: [...counted.parts],
    witnesses: await describeWitnesses(tx, actor, {
      witnesses,
      after,
      changed: changedFields(before, input.condition),
      condition: after.hierarchy.byId.get(id)!.effective ?? input.condition,
      vocabulary,
    }),
    sentence: words,
    sentences,
    milliseconds: Math.round(performance.now() - started),
    accounts: columns.count,
  }
}

/** Who may not know a territory may not try rules on it either. */
async function assertSeen(tx: Tx, actor: Actor, model: Compiled, input: PreviewInput): Promise<void> {
  const seen = seenTerritories(actor, model.compiled, { byTerritory: new Map() })
  if (seen === null || input.territoryId === null || seen.has(input.territoryId)) return
  const counted = seenTerritories(actor, model.compiled, await countAccounts(tx, actor, model))
  if (!counted?.has(input.territoryId)) stop('record.notFound')
}

async function inEveryLanguage(tx: Tx, actor: Actor, condition: Condition): Promise<Record<(typeof LOCALES)[number], string>> {
  const result: Partial<Record<(typeof LOCALES)[number], string>> = {}
  for (const locale of LOCALES) result[locale] = sentence(condition, await loadVocabulary(tx, actor, locale, [condition]))
  return result as Record<(typeof LOCALES)[number], string>
}

/** Fields of the lines that differ: their values decide who comes and goes. */
function changedFields(before: Condition | null, after: Condition): ReadonlySet<string> {
  const [old, now] = [before ? linesOf(before) : [], linesOf(after)]
  const texts = (lines: typeof now) => new Set(lines.map(l => canonical(l.condition)))
  const [was, is] = [texts(old), texts(now)]
  const differ = [...old.filter(l => !is.has(canonical(l.condition))), ...now.filter(l => !was.has(canonical(l.condition)))]
  return new Set(differ.flatMap(l => [...fieldsOf(l.condition)]))
}

function compare(before: CompiledModel, after: CompiledModel, id: string, columns: Columns) {
  const was = matcher(before, columns)
  const is = matcher(after, columns)
  const own = after.takers.findIndex(t => t.territoryId === id)
  const scan = after.index.scan(columns)
  const out = new Int32Array(after.takers.length)
  const tally = {
    matched: 0,
    kept: 0,
    added: 0,
    removed: 0,
    contested: 0,
    undecidable: 0,
    witnesses: new Map<Kind, string[]>(KINDS.map(k => [k, []])),
  }
  const note = (kind: Kind, i: number) => {
    tally[kind] += 1
    const list = tally.witnesses.get(kind)!
    if (list.length < WITNESSES) list.push(idAt(columns, i))
  }
  const overlay = after.takers[own]?.exclusive === false
  for (let i = 0; i < columns.count; i += 1) {
    const held = scan.match(i, out)
    for (let k = 0; k < held; k += 1) if (out[k] === own) tally.matched += 1
    const then = is(i)
    const now = was(i)
    const here = overlay ? then.overlays.includes(id) : then.territoryId === id
    const there = overlay ? now.overlays.includes(id) : now.territoryId === id
    if (here && there) tally.kept += 1
    else if (here) note('added', i)
    else if (there) note('removed', i)
    if (!overlay && then.contested.length > 0 && (here || then.contested.includes(id))) note('contested', i)
    if (then.undecidable && !now.undecidable) note('undecidable', i)
  }
  return tally
}
