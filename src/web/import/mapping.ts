/** What the import page sends: columns, values and how rows are matched. Pure, so that the page only shows it. */
import type { ImportMapping } from '../../contract/import/imports.ts'

export type Draft = {
  readonly columns: readonly { readonly column: number; readonly field: string | null }[]
  readonly values: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly mode: ImportMapping['mode']
  readonly match: ImportMapping['match']
  readonly source: string
}

/** A guess below half is left to the person. */
export function firstDraft(job: {
  mapping: ImportMapping | null
  guess: readonly { column: number; field: string | null; confidence: number }[]
  fileName: string
}): Draft {
  if (job.mapping) return { ...job.mapping, values: job.mapping.values ?? {} }
  const columns = job.guess.map(g => ({ column: g.column, field: g.confidence >= 0.5 ? g.field : null }))
  const keyed = columns.some(c => c.field === 'externalKey')
  return {
    columns,
    values: {},
    mode: 'upsert',
    match: keyed ? 'externalKey' : 'none',
    source: job.fileName.replace(/\.[^.]+$/, '').slice(0, 60) || 'file',
  }
}

/** A field has one column; divisions and addresses may come in several. */
export function mapColumn(draft: Draft, column: number, field: string | null): Draft {
  const several = field === 'division' || field === 'address'
  return {
    ...draft,
    columns: draft.columns.map(c =>
      c.column === column ? { column, field } : !several && field !== null && c.field === field ? { ...c, field: null } : c,
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
  source: draft.source,
})
