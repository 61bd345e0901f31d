/**
 * What one kind of record brings to the import 导入对象: its columns, how rows find their record, and three acts on rows that wait in staging:
 * check, write, take back. Everything else (upload, encoding, mapping, conversion, rejects, progress, resuming) is the same for all.
 */

import type { Pool } from 'pg'
import type { ImportMapping, ImportStats } from '../../contract/import/imports.ts'
import type { ImportObjectKey, MATCHES, Target } from '../../contract/import/objects.ts'
import type { Column } from '../../core/import/columns.ts'
import type { Refusal } from '../../core/kernel/result.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { LayoutColumn, LookupData } from './convert-row.ts'

export type MatchWay = (typeof MATCHES)[number]
/** A way to find the record: the columns that must be there, and those that together make the row's key. */
export type Match = { readonly way: MatchWay; readonly needs: readonly string[]; readonly keyOf: readonly string[] }

/** One import at work, inside one transaction. */
export type Run = {
  readonly tx: Tx
  readonly tenantId: string
  readonly importId: string
  /** The person as of this transaction: one who left, or lost the permission, stops the import. */
  readonly actor: Actor
  readonly mapping: ImportMapping
  readonly layout: readonly LayoutColumn[]
  readonly options: JobOptions
}
export type JobOptions = {
  readonly encoding?: string
  readonly rows?: number
  /** Ids drawn when the writing began: row → id, so that a crash changes no id. */
  readonly ids?: readonly { readonly row: number; readonly id: string; readonly count: number }[]
  readonly lanes?: readonly { readonly from: number; readonly to: number; readonly done: number }[]
  /** Rows placed so far. */
  readonly followed?: number
  /** The last new record an undo has dealt with. */
  readonly undone?: string
  readonly modelId?: string
  readonly updates?: boolean
  /** Departments that a list of people brought. */
  readonly departments?: readonly string[]
  /** The draft was made for this import. */
  readonly madeModel?: boolean
}
export type RowProblem = Refusal & { readonly row: number }
export type Written = { readonly count: number /** Rows that no longer fit what the check saw. */; readonly stale: readonly RowProblem[] }

export type Compared = {
  readonly problems: readonly RowProblem[]
  /** null: more rows than are compared. */
  readonly compared: number | null
  readonly alike: NonNullable<ImportStats['alike']>
}

export type ImportObject = {
  readonly key: ImportObjectKey
  readonly matches: readonly Match[]
  /** Columns beside a catalogue, with their template. */
  readonly columns: readonly Column[]
  readonly targets: (tx: Tx, actor: Actor) => Promise<readonly Target[]>
  readonly lookups: (tx: Tx, actor: Actor, mapping: ImportMapping) => Promise<LookupData>
  /** Refuses a mapping that cannot work, in the request that makes it. */
  readonly checkMapping?: (tx: Tx, actor: Actor, mapping: ImportMapping, fields: ReadonlySet<string>) => Promise<void>
  /** Looks at all rows in staging: sets parent_id and target_id, answers what is wrong. */
  readonly check: (run: Run) => Promise<readonly RowProblem[]>
  /** Compares new rows with what is there already: which are held back, which became updates, which a person should look at. */
  readonly compare?: (run: Run, bulk: Pool, tick: (done: number) => Promise<void>) => Promise<Compared>
  /** The table whose ids new rows get; null: the object draws its own. */
  readonly idTable: 'account' | 'contact' | 'app_user' | 'territory' | 'territory_member' | null
  /** Rows a transaction; null: all in one. */
  readonly piece: number | null
  /** Before the first piece, once: a new draft, new options. Answers what later pieces need. */
  readonly begin?: (run: Run, now: string) => Promise<Partial<JobOptions>>
  readonly write: (run: Run, from: number, to: number) => Promise<Written>
  /** Grams, placements and whatever else must follow before the rows are seen. */
  readonly follow?: (run: Run, from: number, to: number) => Promise<void>
  /** Takes back up to `limit` records, the newest first; answers how many it dealt with, 0 when none is left. */
  readonly undo: (run: Run, limit: number) => Promise<{ readonly back: number; readonly kept: number }>
}
