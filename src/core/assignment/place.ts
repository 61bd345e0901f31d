/**
 * Where an account stands under one model 落位: territory, owner, and who may see, read privately and edit. Nothing else decides an owner.
 * Pure: the same facts give the same placement, whether one account is placed or a million. Later capabilities (pools, engagement)
 * add their steps through `steps`, in the order the company chose.
 */
import { EVERYONE_TOKEN, token } from '../access/tokens.ts'
import { compareIds } from '../kernel/id.ts'
import type { Member } from '../territory/model.ts'
import type { CompiledModel, Match } from './compile.ts'

export type Pin = { readonly territoryId: string; readonly startsAt: string; readonly endsAt: string | null }
/** An act names the model and territory it was made under, and holds elsewhere while that territory wins or its owner is a member. */
export type Act = {
  readonly kind: 'claim' | 'assign' | 'transfer' | 'return' | 'reclaim' | 'ruling' | 'rotation' | 'import'
  readonly ownerId: string | null
  readonly territoryId: string | null
  /** The pool it leads to, where it names one. */
  readonly poolId?: string | null
  readonly at: string
}
export type Share = {
  readonly userId: string | null
  readonly teamId: string | null
  readonly access: 'read' | 'private' | 'edit'
  readonly until: string | null
}

export type PlacementFacts = {
  readonly match: Match
  /** Pins that hold for this model, oldest first. */
  readonly pins: readonly Pin[]
  /** The newest act that holds for this model, or null. */
  readonly act: Act | null
  readonly priorOwnerId: string | null
  readonly shares: readonly Share[]
  /** Pools whose condition holds for the record, in the company's order. */
  readonly pools?: readonly string[]
}
export type People = {
  readonly isActive: (userId: string) => boolean /** The person's department and its ancestors. */
  readonly departmentsOf: (userId: string) => readonly string[]
}

export type Placement = {
  readonly territoryId: string | null
  readonly ownerId: string | null
  readonly poolId: string | null
  readonly source: PlacementSource
  readonly ruleVersion: number | null
  readonly contested: readonly string[]
  readonly undecidable: boolean
  readonly overlays: readonly string[]
  readonly tokens: readonly string[]
  readonly privateTokens: readonly string[]
  /** null: the same as tokens. */
  readonly editTokens: readonly string[] | null
  /** The earliest boundary of a dated fact used; a job places the account again then. */
  readonly nextChangeAt: string | null
}
/** How the territory was found, and how the owner. */
export type OwnerBy = 'act' | 'kept' | 'lead' | 'pool' | 'none'
export type PlacementSource = `${'rule' | 'pin' | 'none'}:${OwnerBy}`

export type Draft = {
  readonly territoryId: string | null
  readonly ownerId: string | null
  readonly poolId: string | null
  readonly ownerBy: OwnerBy
  /** Who of its own territory sees it; above it all do, unless only admins may. */
  readonly seenBy: 'members' | 'managers' | 'admins'
  /** People who see it wherever it stands. */
  readonly admins: readonly string[]
}
/** A later capability's step: may change owner or pool, and says nothing of what it does not decide. */
export type Step = (draft: Draft, facts: PlacementFacts) => Draft

export function place(facts: PlacementFacts, compiled: CompiledModel, people: People, now: string, steps: readonly Step[] = []): Placement {
  const clock = makeClock(now)
  const pin = [...facts.pins].reverse().find(p => clock.holds(p.startsAt, p.endsAt) && compiled.hierarchy.byId.has(p.territoryId))
  const territoryId = pin?.territoryId ?? facts.match.territoryId
  const node = territoryId === null ? undefined : compiled.hierarchy.byId.get(territoryId)
  const members =
    territoryId === null
      ? []
      : (compiled.membersOf.get(territoryId) ?? []).filter(m => clock.holds(m.startsAt, m.endsAt) && people.isActive(m.userId))
  let draft: Draft = { territoryId, poolId: null, seenBy: 'members', admins: [], ...ownerOf(facts, territoryId, members, people) }
  for (const step of steps) draft = step(draft, facts)

  const sight = sightOf(draft, facts, compiled, people, clock)
  return {
    territoryId,
    ownerId: draft.ownerId,
    poolId: draft.poolId,
    source: `${pin ? 'pin' : territoryId === null ? 'none' : 'rule'}:${draft.ownerBy}`,
    ruleVersion: pin ? null : (node?.territory.ruleVersion ?? null),
    contested: pin ? [] : facts.match.contested,
    undecidable: territoryId === null && facts.match.undecidable,
    overlays: facts.match.overlays,
    ...sight,
    nextChangeAt: clock.next(),
  }
}

/** Remembers the earliest boundary it was asked about. */
function makeClock(now: string) {
  let next: string | null = null
  const note = (at: string | null) => {
    if (at !== null && at > now && (next === null || at < next)) next = at
  }
  return {
    holds: (from: string, to: string | null): boolean => {
      note(from)
      note(to)
      return from <= now && (to === null || to > now)
    },
    next: () => next,
  }
}
type Clock = ReturnType<typeof makeClock>

function ownerOf(facts: PlacementFacts, territoryId: string | null, members: readonly Member[], people: People): Pick<Draft, 'ownerId' | 'ownerBy'> {
  const isMember = (userId: string) => members.some(m => m.userId === userId && m.role !== 'viewer')
  const { act, priorOwnerId } = facts
  if (act) {
    const holds = act.territoryId === territoryId || (act.ownerId !== null && isMember(act.ownerId))
    if (holds && (act.ownerId === null || people.isActive(act.ownerId))) return { ownerId: act.ownerId, ownerBy: 'act' }
  }
  const leads = members
    .filter(m => m.role === 'owner')
    .map(m => m.userId)
    .sort(compareIds)
  if (priorOwnerId !== null && isMember(priorOwnerId) && people.isActive(priorOwnerId))
    return { ownerId: priorOwnerId, ownerBy: leads[0] === priorOwnerId ? 'lead' : 'kept' }
  return leads[0] === undefined ? { ownerId: null, ownerBy: 'none' } : { ownerId: leads[0], ownerBy: 'lead' }
}

function sightOf(
  draft: Draft,
  facts: PlacementFacts,
  compiled: CompiledModel,
  people: People,
  clock: Clock,
): Pick<Placement, 'tokens' | 'privateTokens' | 'editTokens'> {
  const see = new Set<string>([EVERYONE_TOKEN])
  const reads = new Set<string>([EVERYONE_TOKEN])
  const edits = new Set<string>([EVERYONE_TOKEN])
  const everything = (t: string) => {
    see.add(t)
    reads.add(t)
    edits.add(t)
  }
  const grant = (t: string, access: 'read' | 'private' | 'edit') => {
    see.add(t)
    if (access !== 'read') reads.add(t)
    if (access === 'edit') edits.add(t)
  }
  if (draft.ownerId !== null) {
    everything(token('user', draft.ownerId))
    for (const department of people.departmentsOf(draft.ownerId)) everything(token('department', department))
  }
  const stands = [...(draft.territoryId === null ? [] : [draft.territoryId]), ...facts.match.overlays]
  const reached = new Set(stands.flatMap(id => [id, ...(compiled.hierarchy.byId.get(id)?.ancestorIds ?? [])]))
  for (const admin of draft.admins) everything(token('user', admin))
  for (const id of draft.seenBy === 'admins' ? [] : reached) {
    const members = compiled.membersOf.get(id) ?? []
    // Masked in a pool: who works in its territory reads what the pool shows, and only those who manage it open the record.
    if (draft.seenBy === 'managers' && stands.includes(id)) {
      for (const m of members) if (clock.holds(m.startsAt, m.endsAt) && m.role === 'manager') grant(token('user', m.userId), m.access)
      continue
    }
    see.add(token('territory', id))
    // Where all members may edit, the territory's one token serves; otherwise those who may are named.
    if (members.every(m => m.access !== 'read')) reads.add(token('territory', id))
    else for (const m of members) if (m.access !== 'read' && clock.holds(m.startsAt, m.endsAt)) reads.add(token('user', m.userId))
    if (members.every(m => m.access === 'edit')) edits.add(token('territory', id))
    else for (const m of members) if (m.access === 'edit' && clock.holds(m.startsAt, m.endsAt)) edits.add(token('user', m.userId))
    for (const m of members) clock.holds(m.startsAt, m.endsAt)
  }
  for (const share of draft.seenBy === 'admins' ? [] : facts.shares) {
    if (!clock.holds('', share.until)) continue
    grant(share.userId !== null ? token('user', share.userId) : token('team', share.teamId!), share.access)
  }
  const sorted = (set: ReadonlySet<string>) => [...set].sort(compareIds)
  const tokens = sorted(see)
  const editTokens = sorted(edits)
  const same = edits.size === see.size && editTokens.every(t => see.has(t))
  return { tokens, privateTokens: sorted(reads), editTokens: same ? null : editTokens }
}
