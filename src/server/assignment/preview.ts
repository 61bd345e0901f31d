/** What a rule would do to all accounts, before anything is saved: counts line by line, who comes and goes, with witnesses 证例. */
import { type CompiledModel, compileModel } from '../../core/assignment/compile.ts'
import type { Columns } from '../../core/condition/columns.ts'
import type { Condition } from '../../core/condition/condition.ts'
import type { Env } from '../../core/condition/evaluate.ts'
import { fieldsOf } from '../../core/condition/explain.ts'
import { indexRules } from '../../core/condition/index-rules.ts'
import { sentence, type Vocabulary } from '../../core/condition/words.ts'
import { type RuleLine, ruleLines } from '../../core/territory/hierarchy.ts'
import type { Model, Territory } from '../../core/territory/model.ts'
import { visibleTo } from '../access/visible-to.ts'
import { FOUND, type Found, fromAccounts } from '../account/find-accounts.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { faultsOf } from '../territory/check-rule.ts'
import { loadEnv } from '../territory/load-env.ts'
import { type LoadedModel, listsOf, loadModel } from '../territory/load-model.ts'
import { assertReadable } from '../territory/models.ts'
import { loadVocabulary } from '../territory/vocabulary.ts'
import { type Compiled, loadCompiled } from './compiled.ts'
import { readColumns } from './read-columns.ts'
import { matcher } from './run-model.ts'

/** Accounts that this person may see, in the columns these conditions read. */
export async function readFor(tx: Tx, actor: Actor, env: Env, conditions: readonly Condition[]): Promise<Columns> {
  const used = new Set(conditions.flatMap(c => [...fieldsOf(c)]))
  return readColumns(
    tx,
    actor.tenantId,
    [...env.fields.values()].filter(f => used.has(f.key)),
    visibleTo(actor, 'a.id'),
  )
}

/** What a model's rules read, and these fields besides. */
export function readFields(tx: Tx, actor: Actor, model: Compiled, more: readonly string[]): Promise<Columns> {
  const used = new Set([...model.compiled.takers.flatMap(t => [...fieldsOf(t.node.effective!)]), ...more])
  const known = [...model.compiled.env.fields.values()].filter(f => used.has(f.key))
  // A field that rules may not read any more is still read for its figures.
  const rest = more
    .filter(key => !model.compiled.env.fields.has(key))
    .map(key => ({ key, type: key === 'division' ? 'division' : 'number' }) as const)
  return readColumns(tx, actor.tenantId, [...known, ...rest], visibleTo(actor, 'a.id'))
}

export type LineCount = { readonly line: RuleLine; readonly remaining: number; readonly own: number; readonly missing: number }

/** After each line how many are left, how many hold it alone, and for how many its value is missing. */
export function countLines(lines: readonly RuleLine[], columns: Columns, env: Env): readonly LineCount[] {
  const prefixes = lines.map((_, i): Condition => ({ all: lines.slice(0, i + 1).map(l => l.condition) }))
  const scan = indexRules([...prefixes, ...lines.map(l => l.condition)], env).scan(columns)
  const out = new Int32Array(lines.length * 2)
  const strict = new Int32Array(lines.length * 2)
  const hopeful = new Int32Array(lines.length * 2)
  for (let i = 0; i < columns.count; i += 1) {
    for (let k = 0, n = scan.match(i, out); k < n; k += 1) strict[out[k]!]! += 1
    for (let k = 0, n = scan.match(i, out, true); k < n; k += 1) hopeful[out[k]!]! += 1
  }
  return lines.map((line, i) => ({
    line,
    remaining: strict[i]!,
    own: strict[lines.length + i]!,
    missing: hopeful[lines.length + i]! - strict[lines.length + i]!,
  }))
}

export type PreviewInput = {
  readonly territoryId: string | null
  readonly parentId?: string | null | undefined
  readonly inherit: boolean
  readonly typeId?: string | undefined
  readonly condition: Condition
}

const NEW_ID = '9223372036854775807'

/** The model as it would be with this rule. */
function withRule(loaded: LoadedModel, input: PreviewInput): { model: Model; id: string } {
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
  return { model: { ...loaded, territories: [...loaded.territories.filter(t => t.id !== changed.id), changed] }, id: changed.id }
}

type Kind = 'added' | 'removed' | 'contested' | 'undecidable'
const KINDS: readonly Kind[] = ['added', 'removed', 'contested', 'undecidable']
const WITNESSES = 6

export async function previewRule(tx: Tx, actor: Actor, modelId: string, input: PreviewInput) {
  const started = performance.now()
  await assertReadable(tx, actor, modelId)
  const loaded = await loadModel(tx, actor.tenantId, modelId)
  const env = await loadEnv(tx, actor.tenantId, loaded, listsOf(input.condition))
  const { model, id } = withRule(loaded, input)
  const vocabulary = await loadVocabulary(tx, actor.tenantId, actor.locale, [input.condition])
  const problems = await faultsOf(tx, actor.tenantId, input.condition, env, vocabulary)
  const words = sentence(input.condition, vocabulary)
  const nothing = { added: [], removed: [], contested: [], undecidable: [] }
  if (problems.length > 0) {
    return {
      problems: [...problems],
      matched: 0,
      kept: 0,
      added: 0,
      removed: 0,
      contested: 0,
      undecidable: 0,
      lines: [],
      witnesses: nothing,
      sentence: words,
      milliseconds: 0,
      accounts: 0,
    }
  }
  const after = compileModel(model, env)
  const { compiled: before } = await loadCompiled(tx, actor.tenantId, modelId)
  const columns = await readFor(
    tx,
    actor,
    env,
    [...model.territories, ...loaded.territories].flatMap(t => (t.condition ? [t.condition] : [])),
  )
  const tally = compare(before, after, id, columns)
  const effective = after.hierarchy.byId.get(id)!
  const lines = countLines(ruleLines(after.hierarchy, id), columns, env)
  const own = lines.filter(l => l.line.own)
  return {
    problems: [],
    matched: lines.at(-1)?.remaining ?? columns.count,
    kept: tally.kept,
    added: tally.added,
    removed: tally.removed,
    contested: tally.contested,
    undecidable: tally.undecidable,
    lines: own.map(l => ({ path: l.line.path, remaining: l.remaining, own: l.own, missing: l.missing })),
    witnesses: await describe(tx, actor, tally.witnesses, fieldsOf(effective.effective ?? input.condition), vocabulary),
    sentence: words,
    milliseconds: Math.round(performance.now() - started),
    accounts: columns.count,
  }
}

function compare(before: CompiledModel, after: CompiledModel, id: string, columns: Columns) {
  const was = matcher(before, columns)
  const is = matcher(after, columns)
  const tally = { kept: 0, added: 0, removed: 0, contested: 0, undecidable: 0, witnesses: new Map<Kind, string[]>(KINDS.map(k => [k, []])) }
  const note = (kind: Kind, i: number) => {
    tally[kind] += 1
    const list = tally.witnesses.get(kind)!
    if (list.length < WITNESSES) list.push(columns.ids[i]!)
  }
  const overlay = after.takers.find(t => t.territoryId === id)?.exclusive === false
  for (let i = 0; i < columns.count; i += 1) {
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

type Witness = {
  id: string
  name: string
  division: string | null
  industry: string | null
  size: number | null
  now: string | null
  fields: Record<string, string>
}

async function describe(
  tx: Tx,
  actor: Actor,
  witnesses: ReadonlyMap<Kind, readonly string[]>,
  fields: ReadonlySet<string>,
  words: Vocabulary,
): Promise<Record<Kind, Witness[]>> {
  const ids = [...witnesses.values()].flat()
  const found = await tx.query<Found>(`select ${FOUND} ${fromAccounts(actor.modelId)} where a.tenant_id = $1 and a.id = any($2::bigint[])`, [
    actor.tenantId,
    ids,
  ])
  const byId = new Map(found.rows.map(r => [r.id, r]))
  const one = (id: string): Witness[] => {
    const row = byId.get(id)
    if (!row) return []
    const shown = Object.fromEntries(
      [...fields]
        .filter(f => f in row && actor.fieldAccess.get(f) !== 'hidden')
        .map(f => [f, String((row as unknown as Record<string, unknown>)[f] ?? '')]),
    )
    return [
      {
        id,
        name: row.name,
        division: row.division === null ? null : words.value('division', row.division),
        industry: row.industry === null ? null : words.value('industry', row.industry),
        size: row.size === null ? null : Number(row.size),
        now: row.territory_name,
        fields: shown,
      },
    ]
  }
  return Object.fromEntries(KINDS.map(kind => [kind, witnesses.get(kind)!.flatMap(one)])) as Record<Kind, Witness[]>
}
