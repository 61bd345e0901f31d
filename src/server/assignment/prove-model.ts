/**
 * Proofs of coverage, kept and renewed 求证与复证: one for each model and stamp of everything it was made of, in short slices between which others are
 * answered. What one proof learnt of a tenant's rules serves the next, so that after an edit only what the edit touched is looked at again.
 */
import { createHash } from 'node:crypto'
import type { CompiledModel } from '../../core/assignment/compile.ts'
import { fieldsOf } from '../../core/condition/explain.ts'
import { makeProofMemo, type Proof, type ProofInput, type ProofMemo, provingCoverage } from '../../core/territory/coverage.ts'
import type { Tx } from '../kernel/transaction.ts'
import { loadCompiled, stampOf } from './compiled.ts'
import { domainStamp, loadDomains } from './proof-domains.ts'

export type Proved = { readonly proof: Proof; readonly stamp: string; readonly provedAt: string; readonly milliseconds: number }
export type ProofState = { readonly latest: Proved | null; readonly stale: boolean; readonly running: boolean }

type Task = { readonly stamp: string; readonly done: Promise<Proved | null>; cancelled: boolean }
type Entry = { latest: Proved | null; task: Task | null }

const KEEP = 64
const MEMOS = 4
const entries = new Map<string, Entry>()
const memos = new Map<string, ProofMemo>()
/** Patience of a request; whoever asks then gets the last result with its time. */
const PATIENCE = 800
/** Length of a slice in milliseconds. */
const SLICE = 12

/** The proof of a model as it stands, to its end: for checks before a model is used, and for the command line. */
export async function proveModel(tx: Tx, tenantId: string, modelId: string): Promise<Proved> {
  for (;;) {
    const { stamp, task, known } = await begin(tx, tenantId, modelId)
    if (known) return known
    const proved = await task.done
    if (proved?.stamp === stamp) return proved
  }
}

/** The newest result there is, after waiting a moment for the one that belongs to the model as it stands. */
export async function proofOf(tx: Tx, tenantId: string, modelId: string, patience: number = PATIENCE): Promise<ProofState> {
  const { stamp, task, known, entry } = await begin(tx, tenantId, modelId)
  if (known) return { latest: known, stale: false, running: false }
  if (patience > 0) await Promise.race([task.done, later(patience)])
  if (entry.latest?.stamp === stamp) return { latest: entry.latest, stale: false, running: false }
  return { latest: entry.latest, stale: entry.latest !== null, running: true }
}

/** The proof of a model that nobody has saved, waited for. */
export async function proveCompiled(tx: Tx, tenantId: string, compiled: CompiledModel): Promise<Proved | null> {
  const input = await inputOf(tx, tenantId, compiled)
  const task: Task = { stamp: '', done: Promise.resolve(null), cancelled: false }
  const proved = await Promise.race([run(input, memoOf(companyOf(tx, tenantId)), task, ''), later(PATIENCE * 2)])
  task.cancelled = true
  return proved
}

/** One process may serve more than one database (tests do): numbers mean something in their own alone. */
const companyOf = (tx: Tx, tenantId: string): string => `${(tx as { database?: string }).database}/${tenantId}`

async function begin(tx: Tx, tenantId: string, modelId: string) {
  const key = `${companyOf(tx, tenantId)}/${modelId}`
  const parts = `${await stampOf(tx, tenantId, modelId)}/${await domainStamp(tx, tenantId)}`
  // What it is made of is nobody's business; whether two are equal is.
  const stamp = createHash('sha256').update(parts).digest('base64url').slice(0, 16)
  const entry = entries.get(key) ?? { latest: null, task: null }
  entries.delete(key)
  entries.set(key, entry)
  if (entries.size > KEEP) entries.delete(entries.keys().next().value!)
  if (entry.latest?.stamp === stamp) return { stamp, entry, known: entry.latest, task: null }
  if (entry.task?.stamp !== stamp) {
    const input = await inputOf(tx, tenantId, (await loadCompiled(tx, tenantId, modelId)).compiled)
    // Somebody else may have begun while this was read, or be done with it.
    if (entry.latest?.stamp === stamp) return { stamp, entry, known: entry.latest, task: null }
    if (entry.task?.stamp !== stamp) start(entry, input, memoOf(companyOf(tx, tenantId)), stamp)
  }
  return { stamp, entry, known: null, task: entry.task! }
}

/** One proof a model at a time: an older one is given up, for its answer would be out of date. */
function start(entry: Entry, input: ProofInput, memo: ProofMemo, stamp: string): void {
  if (entry.task) entry.task.cancelled = true
  const task: { -readonly [K in keyof Task]: Task[K] } = { stamp, done: Promise.resolve(null), cancelled: false }
  task.done = run(input, memo, task, stamp)
    .then(proved => {
      if (proved && entry.task === task) entry.latest = proved
      return proved
    })
    .finally(() => {
      if (entry.task === task) entry.task = null
    })
  entry.task = task
}

async function run(input: ProofInput, memo: ProofMemo, task: Task, stamp: string): Promise<Proved | null> {
  const work = provingCoverage(input, memo)
  let busy = 0
  for (;;) {
    await new Promise(resolve => setImmediate(resolve))
    if (task.cancelled) return null
    const began = performance.now()
    let step = work.next()
    while (!step.done && performance.now() - began < SLICE) step = work.next()
    busy += performance.now() - began
    if (step.done) return { proof: step.value, stamp, provedAt: new Date().toISOString(), milliseconds: Math.max(1, Math.round(busy)) }
  }
}

async function inputOf(tx: Tx, tenantId: string, compiled: CompiledModel): Promise<ProofInput> {
  const takers = compiled.takers.map(t => ({ id: t.territoryId, rank: t.rank, exclusive: t.exclusive, condition: t.node.effective! }))
  const used = new Set(takers.flatMap(t => [...fieldsOf(t.condition)]))
  return { takers, env: compiled.env, domains: await loadDomains(tx, tenantId, used) }
}

function memoOf(company: string): ProofMemo {
  const memo = memos.get(company) ?? makeProofMemo()
  memos.delete(company)
  memos.set(company, memo)
  if (memos.size > MEMOS) memos.delete(memos.keys().next().value!)
  return memo
}

const later = (ms: number): Promise<null> =>
  new Promise(resolve => {
    setTimeout(() => resolve(null), ms).unref()
  })
