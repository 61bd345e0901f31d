/**
 * Who rules 裁决人: the nearest one who leads every party. Nobody judges a case of his own, nor one in which he leads, or answers to, only one
 * side 回避; then it goes one up, and at the top to headquarters.
 */
export type PartyLine = { readonly userId: string /** Who leads him, nearest first. */; readonly superiors: readonly string[] }
export type Conflict = 'party' | 'leadsOne' | 'answersToOne'

export function conflictOf(judgeId: string, judgeSuperiors: readonly string[], parties: readonly PartyLine[]): Conflict | null {
  if (parties.some(p => p.userId === judgeId)) return 'party'
  const some = (holds: (p: PartyLine) => boolean) => parties.some(holds) && !parties.every(holds)
  if (some(p => p.superiors.includes(judgeId))) return 'leadsOne'
  if (some(p => judgeSuperiors.includes(p.userId))) return 'answersToOne'
  return null
}

export type Candidate = { readonly id: string; readonly superiors: readonly string[]; readonly headquarters: boolean }
/** Among those who may judge: common leaders by how near they are to the furthest party, then headquarters in the order given. */
export function chooseJudge(
  parties: readonly PartyLine[],
  candidates: readonly Candidate[],
  not: ReadonlySet<string>,
  headquartersOnly = false,
): { readonly id: string; readonly headquarters: boolean } | null {
  const distance = (id: string): number =>
    Math.max(...parties.map(p => (p.superiors.includes(id) ? p.superiors.indexOf(id) : Number.POSITIVE_INFINITY)))
  const fit = candidates.filter(c => !not.has(c.id) && conflictOf(c.id, c.superiors, parties) === null)
  const common = headquartersOnly ? [] : fit.filter(c => Number.isFinite(distance(c.id))).sort((a, b) => distance(a.id) - distance(b.id))
  const chosen = common[0] ?? fit.find(c => c.headquarters)
  return chosen ? { id: chosen.id, headquarters: common.length === 0 } : null
}
