/** What the import page sends: columns, values, how rows find their record, and the model they go into. Pure, so that the page only shows it. */
import type { ImportMapping } from '../../contract/import/imports.ts'
import type { Target } from '../../contract/import/objects.ts'

export type Draft = {
  readonly columns: readonly { readonly column: number; readonly field: string | null }[]
  readonly values: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly mode: ImportMapping['mode']
  readonly match: ImportMapping['match']
  readonly duplicates: ImportMapping['duplicates']
  readonly source: string
  readonly model: ImportMapping['model']
}

type Job = {
  readonly object: string
  readonly mapping: ImportMapping | null
  readonly guess: readonly { column: number; field: string | null; confidence: number }[]
  readonly fileName: string
  readonly matches: readonly ImportMapping['match'][]
}

/** The columns that must be mapped before rows can be recognised in this way. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  externalKey: ['externalKey', 'accountKey'],
  creditCode: ['accountCode'],
  name: ['accountName'],
}

/** A guess below half is left to the person; the surest column that names a record decides how rows are recognised. */
export function firstDraft(job: Job): Draft {
  if (job.mapping)
    return { ...job.mapping, duplicates: job.mapping.duplicates ?? 'write', values: job.mapping.values ?? {}, model: job.mapping.model ?? null }
  const columns = job.guess.map(g => ({ column: g.column, field: g.confidence >= 0.5 ? g.field : null }))
  const mapped = new Set(columns.map(c => c.field))
  const match = job.matches.find(way => KEYS[way]?.some(key => mapped.has(key))) ?? job.matches.at(-1) ?? 'none'
  const name = job.fileName.replace(/\.[^.]+$/, '').slice(0, 60) || 'file'
  return {
    columns,
    values: {},
    mode: 'upsert',
    match,
    duplicates: 'hold',
    source: name,
    model: job.object === 'territory' ? { id: null, name } : null,
  }
}

/** A field has one column; divisions and addresses may come in several. */
export function mapColumn(draft: Draft, column: number, field: string | null, several: (field: string) => boolean): Draft {
  const many = field !== null && several(field)
  return {
    ...draft,
    columns: draft.columns.map(c =>
      c.column === column ? { column, field } : !many && field !== null && c.field === field ? { ...c, field: null } : c,
    ),
  }
}

export const mapValue = (draft: Draft, field: string, value: string, target: string | undefined): Draft => {
  const { [value]: _, ...rest } = draft.values[field] ?? {}
  return { ...draft, values: { ...draft.values, [field]: target === undefined ? rest : { ...rest, [value]: target } } }
}

export const toMapping = (draft: Draft): ImportMapping => ({
  columns: [...draft.columns],
  values: Object.fromEntries(Object.entries(draft.values).map(([k, v]) => [k, { ...v }])),
  mode: draft.mode,
  match: draft.match,
  duplicates: draft.duplicates,
  source: draft.source,
  model: draft.model,
})

/** Fields that no column fills although a new record needs them. */
export const missingFields = (draft: Draft, targets: readonly Target[]): readonly Target[] =>
  draft.mode === 'update' ? [] : targets.filter(t => t.required && !draft.columns.some(c => c.field === t.key))

/** Seconds in words that a person waits by: whole minutes above one. */
export const waiting = (seconds: number): { readonly n: number; readonly unit: 's' | 'min' } =>
  seconds < 90 ? { n: Math.max(1, Math.round(seconds)), unit: 's' } : { n: Math.round(seconds / 60), unit: 'min' }
