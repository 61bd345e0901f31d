/**
 * The check-up of one customer 体检: every field that says something is looked at, and what is found is a list of problems with their
 * proposals. What only a look at other records tells (a number that many have, a lost parent) is handed in.
 */

import { nameProblems } from './name-problems.ts'
import { phoneProblem } from './phone-problems.ts'
import { addressProblem, divisionProblems, type Places, type Point, pointProblem } from './place-problems.ts'
import type { Problem } from './problem.ts'
import { codeProblem, emailProblem, industryProblem, numberProblem, websiteProblem } from './value-problems.ts'

export type Checked = {
  readonly name: string
  readonly nameEn: string | null
  readonly shortName: string | null
  readonly creditCode: string | null
  readonly phone: string | null
  readonly email: string | null
  readonly website: string | null
  readonly industry: string | null
  readonly tier: string | null
  readonly source: string | null
  readonly status: string | null
  readonly size: number | null
  readonly revenue: number | null
  readonly potential: number | null
  readonly division: string | null
  readonly registeredDivision: string | null
  readonly address: string | null
  readonly registeredAddress: string | null
  readonly point: Point | null
}
export type Lookup = Places & {
  readonly industries: ReadonlySet<string>
  /** Keys of the options of a list, retired ones too: what stood in a record may go on standing there. */
  readonly options: ReadonlyMap<string, ReadonlySet<string>>
}
export type Across = { readonly sharedPhone: boolean; readonly parentMissing: boolean; readonly parentLoop: boolean; readonly contactsLeft: boolean }
export const ALONE: Across = { sharedPhone: false, parentMissing: false, parentLoop: false, contactsLeft: false }

export function checkAccount(a: Checked, lookup: Lookup, across: Across = ALONE): readonly Problem[] {
  const found: Problem[] = []
  const add = (problem: Problem | null) => {
    if (problem) found.push(problem)
  }
  found.push(...nameProblems(a.name))
  for (const field of ['nameEn', 'shortName'] as const) if (a[field] !== null) found.push(...nameProblems(a[field], field))
  if (a.creditCode !== null) add(codeProblem(a.creditCode))
  if (a.phone !== null) {
    const problem = phoneProblem(a.phone)
    add(problem)
    // A placeholder is shared by nature: one problem, one line.
    if (across.sharedPhone && problem?.kind !== 'phone.placeholder') add({ field: 'phone', kind: 'phone.shared' })
  }
  if (a.email !== null) add(emailProblem(a.email))
  if (a.website !== null) add(websiteProblem(a.website))
  if (a.industry !== null) add(industryProblem(a.industry, lookup.industries))
  for (const field of ['tier', 'source', 'status'] as const) {
    const options = lookup.options.get(field)
    if (a[field] !== null && options && !options.has(a[field])) add({ field, kind: 'option.unknown', values: { value: a[field] } })
  }
  for (const field of ['size', 'revenue', 'potential'] as const) if (a[field] !== null) add(numberProblem(field, a[field]))
  found.push(...divisionProblems('division', a.division, a.address, a.point, lookup))
  found.push(...divisionProblems('registeredDivision', a.registeredDivision, a.registeredAddress, null, lookup))
  if (a.address !== null) add(addressProblem(a.address, lookup))
  if (a.point !== null) add(pointProblem(a.point, a.division, lookup))
  if (across.parentMissing) add({ field: 'parentId', kind: 'parent.missing', proposal: null })
  if (across.parentLoop) add({ field: 'parentId', kind: 'parent.loop', proposal: null })
  if (across.contactsLeft) add({ field: 'contacts', kind: 'contact.left' })
  return found
}

/** Those whose chain of parents never ends: each walks up until it meets somebody twice. */
export function findLoops(parents: ReadonlyMap<string, string>): ReadonlySet<string> {
  const state = new Map<string, 'walking' | 'free'>()
  const looped = new Set<string>()
  for (const start of parents.keys()) {
    const path: string[] = []
    let at: string | undefined = start
    while (at !== undefined && !state.has(at)) {
      state.set(at, 'walking')
      path.push(at)
      at = parents.get(at)
    }
    if (at !== undefined && state.get(at) === 'walking') for (const id of path.slice(path.indexOf(at))) looped.add(id)
    for (const id of path) state.set(id, 'free')
  }
  return looped
}
