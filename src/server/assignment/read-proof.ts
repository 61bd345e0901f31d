/**
 * The proof of a model as a person may read it: figures, and findings page by page with words, territories and a real account. Gaps concern the
 * whole company and are told to those who see it whole; of the rest everybody learns what lies between territories he may see.
 */
import type { z } from 'zod'
import type { FINDING_KINDS, getProof, ProofFinding, ProofResult, proveRule } from '../../contract/territory/proof.ts'
import { compileModel } from '../../core/assignment/compile.ts'
import type { Condition, Facts } from '../../core/condition/condition.ts'
import { predicateWords, sentence, type Vocabulary } from '../../core/condition/words.ts'
import type { Dead, Gap, Listed, NotProved, Overlap, Proof } from '../../core/territory/coverage.ts'
import { divisionIndex } from '../geography/reference.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import { toTraditional } from '../kernel/traditional.ts'
import type { Tx } from '../kernel/transaction.ts'
import { faultsOf, wholeRule } from '../territory/check-rule.ts'
import { loadEnv } from '../territory/load-env.ts'
import { listsOf } from '../territory/load-model.ts'
import { assertReadable, knowsAll } from '../territory/models.ts'
import { loadVocabulary } from '../territory/vocabulary.ts'
import { type Compiled, loadCompiled } from './compiled.ts'
import { coloursFor } from './neighbours.ts'
import { findAccountsFor } from './proof-accounts.ts'
import { type Proved, proofOf, proveCompiled } from './prove-model.ts'
import { isComputed } from './read-map.ts'
import { countAccounts } from './read-territories.ts'
import { seenTerritories } from './seen-territories.ts'

type Kind = (typeof FINDING_KINDS)[number]
const PAGE = 20
/** New findings told of a rule that is being edited. */
const NEW = 6
const SAID = 3

export async function readProof(
  tx: Tx,
  actor: Actor,
  modelId: string,
  query: { kind?: Kind | undefined; cursor?: string | undefined },
): Promise<z.input<typeof getProof.reply>> {
  await assertReadable(tx, actor, modelId)
  const state = await proofOf(tx, actor.tenantId, modelId)
  if (!state.latest) return { running: state.running, result: null, rows: [], next: null }
  const model = await loadCompiled(tx, actor.tenantId, modelId)
  const view = viewOf(state.latest.proof, await sightOf(tx, actor, model), model)
  const from = Number(/^\d{1,6}$/.exec(query.cursor ?? '')?.[0] ?? 0)
  const all = query.kind ? findingsOf(view, query.kind) : []
  const rows = await describe(tx, actor, model, all.slice(from, from + PAGE))
  return {
    running: state.running,
    result: resultOf(state.latest, view, state.stale),
    rows,
    next: from + PAGE < all.length ? String(from + PAGE) : null,
  }
}

/** The proof as it would be with an edited rule: what the saved draft does not have is new. */
export async function proveWithRule(
  tx: Tx,
  actor: Actor,
  modelId: string,
  input: { territoryId: string; inherit: boolean; condition: Condition },
): Promise<z.input<typeof proveRule.reply>> {
  await assertReadable(tx, actor, modelId)
  const saved = await proofOf(tx, actor.tenantId, modelId)
  const model = await loadCompiled(tx, actor.tenantId, modelId)
  const sight = await sightOf(tx, actor, model)
  const known = model.loaded.territories.find(t => t.id === input.territoryId)
  if (!known || (sight !== null && !sight.has(known.id))) stop('record.notFound')
  const condition = wholeRule(actor, input.condition, known.condition)
  const env = await loadEnv(tx, actor.tenantId, model.loaded, listsOf(condition))
  const vocabulary = await loadVocabulary(tx, actor, actor.locale, [])
  const before = saved.latest ? resultOf(saved.latest, viewOf(saved.latest.proof, sight, model), saved.stale) : null
  // A rule with a fault is not proved: the editor says what is wrong with it.
  if ((await faultsOf(tx, actor.tenantId, condition, env, vocabulary)).length > 0) return { running: false, result: null, before, rows: [] }
  const territories = model.loaded.territories.map(t => (t.id === known.id ? { ...t, inherit: input.inherit, condition } : t))
  const changed = { loaded: { ...model.loaded, territories }, compiled: compileModel({ ...model.loaded, territories }, env) }
  const proved = await proveCompiled(tx, actor.tenantId, changed.compiled)
  if (!proved) return { running: true, result: null, before, rows: [] }
  const view = viewOf(proved.proof, sight, changed)
  const old = saved.latest ? new Set(allOf(viewOf(saved.latest.proof, sight, model)).map(signOf)) : null
  const fresh = old === null ? [] : allOf(view).filter(f => !old.has(signOf(f)))
  return { running: saved.running, result: resultOf(proved, view, false), before, rows: await describe(tx, actor, changed, fresh.slice(0, NEW)) }
}

/** Territories a person may know of; null: every one. */
async function sightOf(tx: Tx, actor: Actor, model: Compiled): Promise<ReadonlySet<string> | null> {
  if (knowsAll(actor)) return null
  const seen = seenTerritories(actor, model.compiled, await countAccounts(tx, actor, model))
  return seen === null ? null : new Set([...seen].flatMap(([id, how]) => (how === 'whole' ? [id] : [])))
}

type Finding =
  | { readonly kind: 'gap'; readonly of: Gap }
  | { readonly kind: 'overlap'; readonly of: Overlap }
  | { readonly kind: 'dead'; readonly of: Dead }
  | { readonly kind: 'notProved'; readonly of: NotProved }
/** A proof cut to what one person may know. */
type View = {
  readonly rules: number
  readonly gaps: Listed<Gap> | null
  readonly overlaps: Listed<Overlap>
  readonly dead: Listed<Dead>
  readonly notProved: readonly NotProved[]
}

function viewOf(proof: Proof, sight: ReadonlySet<string> | null, model: Compiled): View {
  if (sight === null) return proof
  const overlaps = proof.overlaps.list.filter(o => o.territoryIds.every(id => sight.has(id)))
  const dead = proof.dead.list.filter(d => sight.has(d.territoryId)).map(d => ({ ...d, coveredBy: d.coveredBy.filter(id => sight.has(id)) }))
  const notProved = proof.notProved.flatMap(n => {
    const territoryIds = n.territoryIds.filter(id => sight.has(id))
    return territoryIds.length === 0 ? [] : [{ ...n, territoryIds, territories: territoryIds.length, outcomes: n.outcomes.filter(o => o !== 'gap') }]
  })
  return {
    rules: model.compiled.takers.filter(t => t.exclusive && sight.has(t.territoryId)).length,
    gaps: null,
    // Only the first findings of the whole company are kept: beyond them there may be more of his.
    overlaps: {
      list: overlaps,
      total: overlaps.length,
      more: proof.overlaps.more || proof.overlaps.total > proof.overlaps.list.length,
      vague: overlaps.filter(o => o.vague).length,
    },
    dead: { list: dead, total: dead.length, more: proof.dead.total > proof.dead.list.length, vague: 0 },
    notProved: notProved.filter(n => n.outcomes.length > 0),
  }
}

const findingsOf = (view: View, kind: Kind): readonly Finding[] =>
  kind === 'gap'
    ? (view.gaps?.list ?? []).map(of => ({ kind, of }))
    : kind === 'overlap'
      ? view.overlaps.list.map(of => ({ kind, of }))
      : kind === 'dead'
        ? view.dead.list.map(of => ({ kind, of }))
        : view.notProved.map(of => ({ kind, of }))
const allOf = (view: View): readonly Finding[] => (['gap', 'overlap', 'dead', 'notProved'] as const).flatMap(kind => findingsOf(view, kind))
/** Whether two findings of two proofs are the same one. */
const signOf = ({ kind, of }: Finding): string =>
  kind === 'dead'
    ? `dead ${of.territoryId}`
    : kind === 'notProved'
      ? `open ${of.reason} ${JSON.stringify(of.predicate)} ${of.territoryIds.join()}`
      : kind === 'overlap'
        ? `overlap ${of.territoryIds.join()}`
        : `gap ${JSON.stringify(of.condition)}`

function resultOf(proved: Proved, view: View, stale: boolean): ProofResult {
  const counted = ({ total, more, vague }: Listed<unknown>) => ({ total, more, vague })
  return {
    rules: view.rules,
    gaps: view.gaps && counted(view.gaps),
    overlaps: counted(view.overlaps),
    dead: counted(view.dead),
    notProved: { total: view.notProved.length, more: false, vague: 0 },
    provedAt: proved.provedAt,
    milliseconds: proved.milliseconds,
    stamp: proved.stamp,
    stale,
  }
}

async function describe(tx: Tx, actor: Actor, model: Compiled, findings: readonly Finding[]): Promise<ProofFinding[]> {
  if (findings.length === 0) return []
  const conditions = findings.map(f => (f.kind === 'gap' || f.kind === 'overlap' ? f.of.condition : null))
  const vocabulary = await loadVocabulary(
    tx,
    actor,
    actor.locale,
    conditions.flatMap(c => c ?? []),
  )
  const colours = coloursFor(model)
  const byId = new Map(model.loaded.territories.map(t => [t.id, t]))
  const refs = (ids: readonly string[]) =>
    ids.flatMap(id => {
      const t = byId.get(id)
      return t ? [{ id, code: t.code, name: actor.locale === 'en' ? (t.nameEn ?? t.name) : t.name, colour: colours.get(id) ?? t.colour }] : []
    })
  const places = findings.flatMap((f, n) =>
    f.kind === 'gap' || f.kind === 'overlap' ? [{ n, condition: f.of.condition, territoryIds: f.kind === 'gap' ? null : f.of.territoryIds }] : [],
  )
  const accounts = await findAccountsFor(tx, actor, model.compiled, places, isComputed(model) ? model.loaded.id : null)
  const accountOf = new Map(places.map((p, i) => [p.n, accounts[i] ?? null]))
  return findings.map((f, n): ProofFinding => {
    const plain = f.kind === 'gap' || f.kind === 'overlap' ? f.of : null
    const open = f.kind === 'notProved' ? f.of : null
    return {
      kind: f.kind,
      combination: plain ? combinationOf(plain.condition, plain.fields, plain.witness, vocabulary) : [],
      words: plain ? sentence(shortened(plain.condition), vocabulary) : open?.predicate ? predicateWords(open.predicate, vocabulary) : '',
      parts: plain?.parts ?? 1,
      size: plain?.size ?? 0,
      atLeast: plain?.atLeast ?? false,
      vague: plain?.vague ?? false,
      territories: refs(f.kind === 'overlap' || f.kind === 'notProved' ? f.of.territoryIds : f.kind === 'dead' ? [f.of.territoryId] : []),
      others: refs(f.kind === 'gap' ? f.of.near : f.kind === 'dead' ? f.of.coveredBy : []),
      outcomes: [...(open?.outcomes ?? [])],
      reason: open?.reason ?? null,
      account: accountOf.get(n) ?? null,
    }
  })
}

/** Of many combinations the widest: nobody reads forty. */
function shortened(condition: Condition): Condition {
  if (!('all' in condition)) return condition
  return { all: condition.all.map(line => ('any' in line && line.any.length > SAID ? { any: line.any.slice(0, SAID) } : line)) }
}

/** The witness value by value: a county with its city, an option by its label, a range as the rules cut it. */
function combinationOf(condition: Condition, fields: readonly string[], witness: Facts, vocabulary: Vocabulary): string[] {
  // Where there are several combinations, the first is the one that the witness is of.
  const lines = ('all' in condition ? condition.all : [condition]).flatMap((line): readonly Condition[] => {
    const first = 'any' in line ? line.any[0] : undefined
    return first && 'all' in first ? first.all : [line]
  })
  return fields.flatMap(field => {
    if (vocabulary.hides?.(field)) return [`${vocabulary.field(field)} •••`]
    const value = witness[field]
    const line = lines.find(l => fieldOf(l) === field)
    if (typeof value === 'string' && divisionIndex().get(value) && fieldOf(line) !== 'id') {
      const code = value
      const path = divisionIndex().path(code).split(' · ').slice(-2).join('')
      return [vocabulary.locale === 'zh-TW' ? toTraditional(path) : path]
    }
    if (typeof value === 'number' || (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)))
      return line ? [sentence(line, vocabulary)] : [`${vocabulary.field(field)} ${value}`]
    if (Array.isArray(value)) return [value.map(v => vocabulary.value(field, String(v))).join('、')]
    return [vocabulary.value(field, String(value))]
  })
}

const fieldOf = (c: Condition | undefined): string | null =>
  c === undefined ? null : 'field' in c ? c.field : fieldOf('all' in c ? c.all[0] : 'any' in c ? c.any[0] : c.none[0])
