/**
 * A territory model as a readable file 规则即代码: types, the tree with its rules and members, and tests ("this customer must stand here").
 * Territories are known by their code, types by their key, people by their login; what a file does not say of members stays as it is.
 */
import type { Condition, FieldValue } from '../condition/condition.ts'
import type { Refusal } from '../kernel/result.ts'

export const MODEL_FORMAT = 'jiangyu-model/1'
type Labels = { readonly 'zh-CN': string; readonly 'zh-TW': string; readonly en: string }
export type FileMember = {
  readonly login: string
  readonly role: 'owner' | 'collaborator' | 'manager' | 'viewer'
  readonly access: 'read' | 'private' | 'edit'
  readonly creditBp: number
}
export type FileTerritory = {
  readonly code: string
  readonly name: string
  readonly nameEn?: string | null | undefined
  readonly type: string
  readonly inherit?: boolean | undefined
  readonly priority?: number | undefined
  readonly rule?: Condition | undefined
  readonly members?: readonly FileMember[] | undefined
  readonly children?: readonly FileTerritory[] | undefined
}
/** Asks about a customer as it stands, or about values that no customer needs to have. `territory` null: nobody may take it. */
export type FileTest = {
  readonly name: string
  readonly account?: string | undefined
  readonly values?: Readonly<Record<string, FieldValue>> | undefined
  readonly territory: string | null
  readonly owner?: string | undefined
}
export type ModelFile = {
  readonly format: typeof MODEL_FORMAT
  readonly name: string
  readonly types: readonly { readonly key: string; readonly labels: Labels; readonly layer: 'exclusive' | 'overlay'; readonly precedence: number }[]
  /** Value lists that rules name by id: what they are called, so that another company finds its own. */
  readonly lists?: Readonly<Record<string, string>> | undefined
  readonly territories: readonly FileTerritory[]
  readonly tests?: readonly FileTest[] | undefined
}
export type FlatTerritory = FileTerritory & { readonly parent: string | null; readonly path: string }

/** In the order of the file, each with its parent's code and its place in the file. */
export function flatten(territories: readonly FileTerritory[], parent: string | null = null, at = '/territories'): readonly FlatTerritory[] {
  return territories.flatMap((t, i) => {
    const path = `${at}/${i}`
    return [{ ...t, parent, path }, ...flatten(t.children ?? [], t.code, `${path}/children`)]
  })
}

/** What is wrong with a file before anything of the company is asked. */
export function faultsOfFile(file: ModelFile): readonly Refusal[] {
  const faults: Refusal[] = []
  const types = new Set(file.types.map(t => t.key))
  const codes = new Set<string>()
  for (const t of flatten(file.territories)) {
    if (codes.has(t.code)) faults.push({ code: 'territory.codeTaken', field: `${t.path}/code`, values: { code: t.code } })
    codes.add(t.code)
    if (!types.has(t.type)) faults.push({ code: 'file.type', field: `${t.path}/type`, values: { type: t.type } })
  }
  for (const [i, test] of (file.tests ?? []).entries()) {
    if ((test.account === undefined) === (test.values === undefined))
      faults.push({ code: 'file.test', field: `/tests/${i}`, values: { name: test.name } })
    if (test.owner !== undefined && test.account === undefined)
      faults.push({ code: 'file.testOwner', field: `/tests/${i}/owner`, values: { name: test.name } })
    if (test.territory !== null && !codes.has(test.territory))
      faults.push({ code: 'file.testTerritory', field: `/tests/${i}/territory`, values: { code: test.territory } })
  }
  return faults
}
