/**
 * What later capabilities add to placing 落位步骤: a step that may send a record nobody owns to a pool, and what must follow once rows are written.
 * They come after assignment in the order of capabilities, so they register here (compose.ts).
 */
import type { CompiledModel } from '../../core/assignment/compile.ts'
import type { Step } from '../../core/assignment/place.ts'
import type { Columns } from '../../core/condition/columns.ts'
import type { Facts } from '../../core/condition/condition.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { LoadedModel } from '../territory/load-model.ts'

/** Pools whose condition holds. Equal lists are the same object, so that equal situations are found by it. */
export type Pooling = {
  readonly steps: readonly Step[]
  readonly fields: ReadonlySet<string>
  readonly ofFacts: (facts: Facts) => readonly string[]
  readonly ofColumns: (columns: Columns) => (i: number) => readonly string[]
}
export const NO_POOLS: readonly string[] = []
export const NO_POOLING: Pooling = { steps: [], fields: new Set(), ofFacts: () => NO_POOLS, ofColumns: () => () => NO_POOLS }

/** Where a record stood and stands; `fresh`: what it says of itself may have changed although it stands where it stood. */
export type Written = {
  readonly id: string
  readonly wasIn: string | null
  readonly isIn: string | null
  readonly moved: boolean
  readonly fresh: boolean
}
export type PlacingPart = {
  readonly load: (tx: Tx, tenantId: string, model: { readonly loaded: LoadedModel; readonly compiled: CompiledModel }) => Promise<Pooling>
  /** After records (null: all) were placed under a model, in the same transaction. */
  readonly written: (tx: Tx, tenantId: string, modelId: string, at: string, placed: readonly Written[] | null) => Promise<void>
  /**
   * Before somebody is given records by choice, and before any record is locked: takes the locks of the limits concerned; what it answers
   * refuses, once the records are locked, more than the limits leave room for.
   */
  readonly beforeGiving: (tx: Tx, tenantId: string, giverId: string, toId: string) => Promise<(ids: readonly string[]) => Promise<void>>
}
let registered: PlacingPart | null = null
export const registerPlacingPart = (part: PlacingPart): void => {
  registered = part
}
export const loadPooling: PlacingPart['load'] = async (tx, tenantId, model) => (registered ? registered.load(tx, tenantId, model) : NO_POOLING)
export const afterWriting: PlacingPart['written'] = async (tx, tenantId, modelId, at, placed) =>
  registered?.written(tx, tenantId, modelId, at, placed)
export const beforeGiving: PlacingPart['beforeGiving'] = async (tx, tenantId, giverId, toId) =>
  registered ? registered.beforeGiving(tx, tenantId, giverId, toId) : async () => undefined
