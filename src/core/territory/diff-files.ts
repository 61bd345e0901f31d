/** What differs between two model files, territory by territory, by code: for pipelines that hold no database. */
import { canonical } from '../condition/canonical.ts'
import { type FlatTerritory, flatten, type ModelFile } from './model-file.ts'

export type FileDifference = { readonly code: string; readonly change: 'added' | 'removed' | 'changed'; readonly what: string }

export function diffFiles(a: ModelFile, b: ModelFile): readonly FileDifference[] {
  const [was, is] = [byCode(a), byCode(b)]
  const codes = [...new Set([...was.keys(), ...is.keys()])].sort()
  return codes.flatMap((code): FileDifference[] => {
    const [left, right] = [was.get(code), is.get(code)]
    if (!left) return [{ code, change: 'added', what: '' }]
    if (!right) return [{ code, change: 'removed', what: '' }]
    const what = PARTS.filter(([, of]) => of(left) !== of(right)).map(([name]) => name)
    return what.length > 0 ? [{ code, change: 'changed', what: what.join(', ') }] : []
  })
}

const byCode = (file: ModelFile): ReadonlyMap<string, FlatTerritory> => new Map(flatten(file.territories).map(t => [t.code, t]))
const PARTS: readonly (readonly [string, (t: FlatTerritory) => string])[] = [
  ['name', t => `${t.name}|${t.nameEn ?? ''}`],
  ['parent', t => t.parent ?? ''],
  ['type', t => t.type],
  ['inherit', t => String(t.inherit ?? true)],
  ['priority', t => String(t.priority ?? 0)],
  ['rule', t => (t.rule ? canonical(t.rule) : '')],
  ['members', t => JSON.stringify((t.members ?? []).map(m => [m.login, m.role, m.access, m.creditBp]).sort())],
]
