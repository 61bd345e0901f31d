/** What a mapping makes of a file's columns: one place for each field, in the order of the fields. A mapping that cannot work is refused here. */
import type { ImportMapping } from '../../contract/import/imports.ts'
import type { Target } from '../../contract/import/objects.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { LayoutColumn } from './convert-row.ts'
import type { ImportObject } from './object.ts'

const LONGEST: Readonly<Record<string, number>> = { name: 200, nameEn: 200, shortName: 80, website: 300, address: 400 }

export function layoutOf(actor: Actor, object: ImportObject, targets: readonly Target[], mapping: ImportMapping, width: number): LayoutColumn[] {
  const label = (key: string) => targets.find(t => t.key === key)?.labels[actor.locale] ?? key
  const columnsOf = new Map<string, number[]>()
  for (const { column, field } of mapping.columns) {
    if (field === null) continue
    if (column >= width) stop('import.noColumn', { column: column + 1 }, 'columns')
    const target = targets.find(t => t.key === field)
    // A field that his role hides or only shows is told apart from one that does not exist.
    if (!target) return stop(actor.fieldAccess.get(field) === 'read' ? 'field.readOnly' : 'field.unknown', { field: label(field) }, field)
    const columns = [...(columnsOf.get(field) ?? []), column]
    if (columns.length > 1 && !target.several) stop('import.twice', { field: label(field) }, field)
    columnsOf.set(field, columns)
  }
  const match = object.matches.find(m => m.way === mapping.match) ?? stop('import.match', { match: mapping.match }, 'match')
  const needed = [...match.needs, ...(mapping.mode === 'update' ? [] : targets.filter(t => t.required).map(t => t.key))]
  const missing = needed.find(key => !columnsOf.has(key))
  if (missing) stop('import.noField', { field: label(missing) }, missing)
  if (mapping.mode === 'update' && mapping.match === 'none') stop('import.updateNeedsKey', undefined, 'match')
  const maxOf = new Map(object.columns.map(c => [c.key, c.max]))
  const layout = targets.flatMap((t): LayoutColumn[] => {
    const columns = columnsOf.get(t.key)
    if (!columns) return []
    return [
      {
        key: t.key,
        type: t.type,
        max: maxOf.get(t.key) ?? LONGEST[t.key] ?? 2000,
        required: t.required || needed.includes(t.key),
        columns,
        located: t.key === 'division' && columnsOf.has('address'),
      },
    ]
  })
  // An address says where the customer is.
  const division = targets.find(t => t.key === 'division')
  if (object.key === 'account' && columnsOf.has('address') && !columnsOf.has('division') && division)
    layout.push({ key: 'division', type: 'division', max: 400, required: false, columns: [], located: true })
  return layout
}
