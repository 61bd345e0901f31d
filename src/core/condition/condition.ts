/**
 * The one predicate language (条件) of territory rules, list filters, saved views, bulk edits and reports.
 * A condition is plain JSON: groups over predicates. Evaluated in evaluate.ts, indexed in index-rules.ts, put in words in words.ts.
 */

/** What kind of values a field holds; decides which operators it accepts. Codes of `division` and `industry` are hierarchical: a
 * value matches a listed code when it is that code or lies below it. */
export type FieldType = 'text' | 'number' | 'date' | 'option' | 'options' | 'flag' | 'division' | 'industry' | 'account' | 'user' | 'point'

export type Group = { readonly all: readonly Condition[] } | { readonly any: readonly Condition[] } | { readonly none: readonly Condition[] }

export type Predicate =
  /** The value is one of `values` (or below one of them for hierarchical types; any of them for `options`). */
  | { readonly field: string; readonly op: 'in' | 'notIn'; readonly values: readonly string[] }
  /** The value is in the value list (named group, named accounts …) with this id; its version is resolved by the caller. */
  | { readonly field: string; readonly op: 'inList' | 'notInList'; readonly list: string }
  /** min ≤ value ≤ max; either end may be missing; for `number` and `date` (ISO yyyy-mm-dd). */
  | { readonly field: string; readonly op: 'between'; readonly min?: number | string; readonly max?: number | string }
  | { readonly field: string; readonly op: 'empty' | 'notEmpty' }
  /** Case-insensitive, NFKC. */
  | { readonly field: string; readonly op: 'contains' | 'startsWith'; readonly text: string }
  /** Great-circle distance from a centre, WGS-84 degrees and kilometres. */
  | { readonly field: string; readonly op: 'within'; readonly lng: number; readonly lat: number; readonly km: number }
  /** Inside a polygon: rings of [lng, lat], the first outer, the others holes (even-odd). */
  | { readonly field: string; readonly op: 'inside'; readonly rings: readonly (readonly (readonly [number, number])[])[] }

export type Condition = Group | Predicate

/** The empty group: holds for every record. */
export const EVERYTHING: Condition = { all: [] }

export const isGroup = (c: Condition): c is Group => 'all' in c || 'any' in c || 'none' in c
export const groupKind = (g: Group): 'all' | 'any' | 'none' => ('all' in g ? 'all' : 'any' in g ? 'any' : 'none')
export const childrenOf = (g: Group): readonly Condition[] => ('all' in g ? g.all : 'any' in g ? g.any : g.none)

/** A record as the evaluator sees it: null or absent = missing; `options` fields hold arrays; `point` holds [lng, lat]. */
export type FieldValue = string | number | boolean | readonly string[] | readonly [number, number] | null | undefined
export type Facts = Readonly<Record<string, FieldValue>>

export type FieldInfo = { readonly key: string; readonly type: FieldType }

/** Parents of hierarchical codes: `parentOf(type, code)` is null at the top. Old codes resolve to themselves unless the caller maps them. */
export type Hierarchies = { readonly ancestors: (type: 'division' | 'industry', code: string) => readonly string[] }

/** Resolved value lists by id. */
export type Lists = ReadonlyMap<string, ReadonlySet<string>>
