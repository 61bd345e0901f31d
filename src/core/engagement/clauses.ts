/**
 * The rules of engagement 归属规则 as data: clauses in the order the company chose, each tested against what is known of one customer. The
 * first that applies is what the rules lean to; a person may rule otherwise. Pure: the instant is an argument.
 */
export const CLAUSE_KINDS = ['named', 'group', 'firstTouch', 'headquarters', 'registration', 'territory', 'pool'] as const
export type ClauseKind = (typeof CLAUSE_KINDS)[number]
export const TOUCH_KINDS = ['visit', 'call', 'note', 'task', 'opportunity', 'creation'] as const
export type TouchKind = (typeof TOUCH_KINDS)[number]
export const GROUP_SCOPES = ['all', 'new', 'ask'] as const
export const ADDRESS_KINDS = ['registered', 'business'] as const

export type Clause =
  /** 点名客户: a pin to a territory. */
  | { readonly kind: 'named'; readonly enabled: boolean }
  /** 集团: to whoever has its head: all companies, only those that came after it, or ask. */
  | { readonly kind: 'group'; readonly enabled: boolean; readonly scope: (typeof GROUP_SCOPES)[number] }
  /** 首触保护: to who touched it first, for so many days; another touch of his within them begins them anew where `renews`. */
  | {
      readonly kind: 'firstTouch'
      readonly enabled: boolean
      readonly days: number
      readonly touches: readonly TouchKind[]
      readonly renews: boolean
    }
  /** 总部所在地 or 实际经营地: to the territory that address lies in. */
  | { readonly kind: 'headquarters'; readonly enabled: boolean; readonly address: (typeof ADDRESS_KINDS)[number] }
  /** 报备: to whoever answers for the partner that registered it. */
  | { readonly kind: 'registration'; readonly enabled: boolean }
  | { readonly kind: 'territory'; readonly enabled: boolean }
  | { readonly kind: 'pool'; readonly enabled: boolean }

export const DEFAULT_CLAUSES: readonly Clause[] = [
  { kind: 'named', enabled: true },
  { kind: 'firstTouch', enabled: true, days: 90, touches: ['visit', 'call', 'opportunity'], renews: false },
  { kind: 'registration', enabled: true },
  { kind: 'group', enabled: true, scope: 'ask' },
  { kind: 'headquarters', enabled: true, address: 'business' },
  { kind: 'territory', enabled: true },
  { kind: 'pool', enabled: true },
]

/** Instants are milliseconds. `evidence`: the number of what proves it. */
export type Touch = { readonly at: number; readonly kind: TouchKind; readonly by: string; readonly evidence?: number }
export type ClauseFacts = {
  readonly createdAt: number
  readonly pins: readonly { readonly territoryId: string; readonly from: number; readonly until: number | null }[]
  /** The head of its group, when it is not itself the head. */
  readonly group: { readonly rootId: string; readonly ownerId: string | null; readonly territoryId: string | null; readonly createdAt: number } | null
  readonly touches: readonly Touch[]
  /** Where each address would place it by the rules of the map. */
  readonly addresses: readonly { readonly kind: string; readonly division: string; readonly territoryId: string | null; readonly evidence?: number }[]
  readonly registrations: readonly { readonly ownerId: string; readonly from: number; readonly until: number; readonly evidence?: number }[]
  readonly territoryId: string | null
  readonly contested: readonly string[]
  readonly ownerId: string | null
  readonly poolId: string | null
}

export const VERDICTS = ['applies', 'expired', 'no', 'asking'] as const
export type Verdict = (typeof VERDICTS)[number]
export type Tested = {
  readonly clause: Clause
  readonly verdict: Verdict
  readonly userId: string | null
  readonly territoryId: string | null
  readonly from: number | null
  readonly until: number | null
  readonly evidence: readonly number[]
  readonly why: { readonly code: string; readonly values: Readonly<Record<string, string | number>> }
}

export const testClauses = (order: readonly Clause[], facts: ClauseFacts, now: number): readonly Tested[] =>
  order.filter(c => c.enabled).map(clause => ({ clause, ...test(clause, facts, now) }))

/** What the rules lean to: the first clause that applies. */
export const leaning = (tested: readonly Tested[]): Tested | null => tested.find(t => t.verdict === 'applies') ?? null

/** Which party a clause speaks for: by name first, else by territory; -1 for none of them. */
export function sideOf(tested: Pick<Tested, 'userId' | 'territoryId'>, parties: readonly { userId: string; territoryId: string | null }[]): number {
  const named = tested.userId === null ? -1 : parties.findIndex(p => p.userId === tested.userId)
  if (named >= 0 || tested.territoryId === null) return named
  return parties.findIndex(p => p.territoryId === tested.territoryId)
}

const DAY = 86_400_000
type Finding = Omit<Tested, 'clause'>
const finding = (verdict: Verdict, code: string, rest: Partial<Finding> = {}, values: Finding['why']['values'] = {}): Finding => ({
  verdict,
  userId: null,
  territoryId: null,
  from: null,
  until: null,
  evidence: [],
  ...rest,
  why: { code, values },
})
const numbers = (...of: ({ readonly evidence?: number } | undefined)[]): readonly number[] => [
  ...new Set(of.flatMap(e => (e?.evidence === undefined ? [] : [e.evidence]))),
]

function test(clause: Clause, facts: ClauseFacts, now: number): Finding {
  switch (clause.kind) {
    case 'named': {
      const pin = facts.pins.findLast(p => p.from <= now)
      if (!pin) return finding('no', 'named.none')
      const over = pin.until !== null && pin.until <= now
      return finding(over ? 'expired' : 'applies', over ? 'named.over' : 'named.pinned', {
        territoryId: pin.territoryId,
        from: pin.from,
        until: pin.until,
      })
    }
    case 'group':
      return group(clause, facts)
    case 'firstTouch':
      return firstTouch(clause, facts, now)
    case 'headquarters': {
      const address = facts.addresses.find(a => a.kind === clause.address)
      if (!address) return finding('no', 'headquarters.unknown', {}, { address: clause.address })
      if (address.territoryId === null) return finding('no', 'headquarters.nowhere', { evidence: numbers(address) }, { division: address.division })
      return finding(
        'applies',
        'headquarters.lies',
        { territoryId: address.territoryId, evidence: numbers(address) },
        { address: clause.address, division: address.division },
      )
    }
    case 'registration': {
      const begun = facts.registrations.filter(r => r.from <= now)
      const valid = begun.filter(r => r.until > now).sort((a, b) => a.from - b.from)[0]
      const last = begun.sort((a, b) => b.until - a.until)[0]
      if (valid)
        return finding('applies', 'registration.valid', { userId: valid.ownerId, from: valid.from, until: valid.until, evidence: numbers(valid) })
      if (last) return finding('expired', 'registration.over', { userId: last.ownerId, from: last.from, until: last.until, evidence: numbers(last) })
      return finding('no', 'registration.none')
    }
    case 'territory':
      if (facts.territoryId === null) return finding('no', 'territory.none')
      // Rules that take it equally decide nothing.
      if (facts.contested.length > 0)
        return finding('asking', 'territory.contested', { territoryId: facts.territoryId }, { n: facts.contested.length + 1 })
      return finding('applies', 'territory.rule', { territoryId: facts.territoryId })
    case 'pool':
      return facts.ownerId === null && facts.poolId !== null ? finding('applies', 'pool.there') : finding('no', 'pool.owned')
  }
}

function group(clause: Extract<Clause, { kind: 'group' }>, facts: ClauseFacts): Finding {
  const head = facts.group
  if (!head) return finding('no', 'group.none')
  const holder = { userId: head.ownerId, territoryId: head.territoryId }
  if (head.ownerId === null && head.territoryId === null) return finding('no', 'group.headless')
  if (clause.scope === 'ask') return finding('asking', 'group.ask', holder)
  if (clause.scope === 'new' && facts.createdAt <= head.createdAt) return finding('no', 'group.older', holder)
  return finding('applies', 'group.follows', holder)
}

function firstTouch(clause: Extract<Clause, { kind: 'firstTouch' }>, facts: ClauseFacts, now: number): Finding {
  const counted = facts.touches
    .filter(t => clause.touches.includes(t.kind) && t.at <= now)
    .sort((a, b) => a.at - b.at || (a.evidence ?? 0) - (b.evidence ?? 0))
  const first = counted[0]
  if (!first) return finding('no', 'firstTouch.none')
  let until = first.at + clause.days * DAY
  let last = first
  if (clause.renews)
    for (const t of counted)
      if (t.by === first.by && t.at < until) {
        until = t.at + clause.days * DAY
        last = t
      }
  const holds = until > now
  return finding(
    holds ? 'applies' : 'expired',
    holds ? 'firstTouch.protected' : 'firstTouch.over',
    { userId: first.by, from: first.at, until, evidence: numbers(first, last) },
    { days: clause.days },
  )
}
