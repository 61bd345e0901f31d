/**
 * Decides for many leads in one go 分配引擎: the same compiled model that places customers finds the territory, and the turn among its people is
 * taken lead by lead in the order given. Called under the lock of routing; writes the turns, and answers what to store of each lead.
 */

import { QUEUE_TOKEN } from '../../core/access/tokens.ts'
import { type CompiledModel, matchOne } from '../../core/assignment/compile.ts'
import { missingOf } from '../../core/assignment/missing.ts'
import { type People, place } from '../../core/assignment/place.ts'
import type { Facts } from '../../core/condition/condition.ts'
import type { Candidate } from '../../core/intake/rotate.ts'
import { decideRoute, dueAt, type Given, type Hint, type Known, type Verdict, type Waiting } from '../../core/intake/route.ts'
import { hasSkill, type IntakeRules, NO_TURN, ruleFor } from '../../core/intake/rules.ts'
import { loadCompiled } from '../assignment/compiled.ts'
import { loadPeople } from '../assignment/load-facts.ts'
import type { Tx } from '../kernel/transaction.ts'
import { awayAt } from './absence.ts'
import { countOpen, loadRules, loadSkills, loadTurns, type Rules, type StoredTurn, saveTurns } from './store.ts'

export type LeadFacts = {
  readonly company: string
  readonly division: string | null
  readonly industry: string | null
  readonly channel: string | null
  readonly campaign: string | null
  readonly need: string | null
}
export type ToRoute = {
  readonly facts: LeadFacts
  readonly known: readonly Known[]
  /** Decided by a person: kept, whatever the rules say. */
  readonly hand?: { readonly ownerId: string; readonly reason: 'hand' | 'handover' }
  /** Who must not be given it: the one who let it lie. */
  readonly notTo?: string
  /** The lead is no longer worked: nobody's turn is taken. */
  readonly keep?: { readonly ownerId: string | null; readonly reason: Given | Waiting; readonly hint: Hint | null }
}
export type Routed = {
  readonly verdict: Verdict
  readonly detail: Record<string, unknown>
  readonly sight: { readonly tokens: readonly string[]; readonly privateTokens: readonly string[]; readonly editTokens: readonly string[] | null }
  /** First contact: due, the first step of its clock, and when the next person would have it. */
  readonly clock: { readonly due_at: string; readonly step_at: string; readonly next_at: string | null }
}

/** One at a time decides in a company: turns are a sequence, and what somebody holds is counted while nobody else is given anything. */
export const lockRouting = (tx: Tx, tenantId: string): Promise<unknown> => tx.query('select pg_advisory_xact_lock(5, hashtext($1))', [tenantId])

export const factsOfLead = (f: LeadFacts): Facts => ({ name: f.company, division: f.division, industry: f.industry, source: f.channel })

export async function routeLeads(
  tx: Tx,
  of: { readonly tenantId: string; readonly modelId: string },
  at: string,
  leads: readonly ToRoute[],
): Promise<readonly Routed[]> {
  const { compiled } = await loadCompiled(tx, of.tenantId, of.modelId)
  const rules = await loadRules(tx, of.tenantId)
  const matches = leads.map(l => matchOne(compiled, factsOfLead(l.facts)))
  const territories = [...new Set(matches.flatMap(m => (m.territoryId === null ? [] : [m.territoryId])))]
  const everybody = await loadPeople(tx, of.tenantId, null)
  const { teams, give } = await loadTeams(tx, of.tenantId, at, compiled, rules, territories, everybody)
  const turns = await loadTurns(tx, of.tenantId, territories)
  const taken = new Map<string, StoredTurn>()
  const routed = leads.map((lead, i) => {
    const match = matches[i]!
    const team = match.territoryId === null ? null : teams.get(match.territoryId)!
    const { rules: mine } = team ?? ruleFor(rules.rules, null, [])
    const before: StoredTurn = (match.territoryId === null ? undefined : turns.get(match.territoryId)) ?? { seq: 0, turn: NO_TURN }
    const missing = match.undecidable ? missingOf(compiled, factsOfLead(lead.facts)).fields : []
    const decided = decideRoute({
      match,
      known: lead.known,
      way: mine.way,
      candidates: team === null ? [] : team.candidates(lead.facts, lead.notTo ?? null),
      turn: before.turn,
      seq: before.seq,
    })
    const hand = lead.hand ?? lead.keep
    const verdict: Verdict = hand
      ? { ...decided, ownerId: hand.ownerId, reason: hand.reason, hint: lead.keep ? lead.keep.hint : null, turn: null, log: null }
      : decided
    if (verdict.turn !== null) {
      const after = { seq: before.seq + 1, turn: verdict.turn }
      turns.set(match.territoryId!, after)
      taken.set(match.territoryId!, after)
    }
    if (verdict.ownerId !== null && lead.keep === undefined) give(verdict.ownerId)
    return {
      verdict,
      detail: {
        ...(missing.length > 0 ? { missing } : {}),
        ...(match.contested.length > 0 ? { contested: match.contested } : {}),
        ...(lead.known.length > 0 ? { known: { by: lead.known[0]!.by, ids: lead.known.map(k => k.accountId) } } : {}),
        ...(verdict.log === null ? {} : { turn: verdict.log }),
      },
      sight: sightOf(compiled, everybody, at, verdict),
      clock: clockOf(Date.parse(at), mine, rules.ahead),
    }
  })
  await saveTurns(tx, of.tenantId, taken)
  return routed
}

function clockOf(at: number, rules: IntakeRules, ahead: number): Routed['clock'] {
  const due = dueAt(at, rules.slaHours, rules.workingDays, ahead)
  const text = (ms: number) => new Date(ms).toISOString()
  return {
    due_at: text(due),
    step_at: text(rules.warnHours === null ? due : Math.max(at, due - rules.warnHours * 3_600_000)),
    next_at: rules.nextHours === null ? null : text(dueAt(due, rules.nextHours, rules.workingDays, ahead)),
  }
}

type Team = { readonly rules: IntakeRules; readonly candidates: (lead: LeadFacts, notTo: string | null) => readonly Candidate[] }
type Teams = { readonly teams: ReadonlyMap<string, Team> /** One more lead is his. */; readonly give: (userId: string) => void }

/** Who works in each territory: owners 主责 and collaborators 协同 of this moment. */
async function loadTeams(
  tx: Tx,
  tenantId: string,
  at: string,
  compiled: CompiledModel,
  { rules }: Rules,
  territoryIds: readonly string[],
  people: People,
): Promise<Teams> {
  const working = new Map(
    territoryIds.map(id => [
      id,
      {
        ...ruleFor(rules, id, compiled.hierarchy.byId.get(id)?.ancestorIds ?? []),
        members: (compiled.membersOf.get(id) ?? []).filter(
          m => (m.role === 'owner' || m.role === 'collaborator') && m.startsAt <= at && (m.endsAt === null || m.endsAt > at),
        ),
      },
    ]),
  )
  const all = [...working.values()]
  const of = (wanted: (r: IntakeRules) => boolean) => [...new Set(all.filter(w => wanted(w.rules)).flatMap(w => w.members.map(m => m.userId)))]
  const counted = of(r => r.way === 'load' || r.capacity !== null)
  const open = counted.length === 0 ? new Map<string, number>() : await countOpen(tx, tenantId, counted)
  const skilled = of(r => r.way === 'skill')
  const skills = skilled.length === 0 ? new Map<string, string[]>() : await loadSkills(tx, tenantId, skilled)
  const away = await awayAt(tx, tenantId, at)
  const teams = new Map(
    [...working].map(([id, { rules: mine, members }]) => {
      const joined = new Map<string, string>()
      for (const m of members) if (!joined.has(m.userId) || m.startsAt < joined.get(m.userId)!) joined.set(m.userId, m.startsAt)
      const isNew = (since: string) => Date.parse(at) - Date.parse(since) < mine.newcomerDays * 86_400_000
      const fixed = [...joined].map(([userId, since]) => ({
        id: userId,
        weight: mine.way === 'weighted' ? (mine.weights[userId] ?? 1) : 1,
        capacity: mine.capacity,
        share: isNew(since) ? mine.newcomerShare : 100,
        inactive: !people.isActive(userId),
        away: away.has(userId),
      }))
      const team: Team = {
        rules: mine,
        candidates: (lead, notTo) =>
          fixed
            .filter(c => c.id !== notTo)
            .map(c => ({
              ...c,
              open: open.get(c.id) ?? 0,
              skilled: mine.way === 'skill' && hasSkill(skills.get(c.id) ?? [], lead.industry, `${lead.need ?? ''} ${lead.campaign ?? ''}`),
            })),
      }
      return [id, team] as const
    }),
  )
  return { teams, give: userId => void open.set(userId, (open.get(userId) ?? 0) + 1) }
}

/** Seen as a customer that stands there would be; what nobody has, also by those who work the queue of the company. */
function sightOf(compiled: CompiledModel, people: People, at: string, verdict: Verdict): Routed['sight'] {
  const { territoryId, ownerId } = verdict
  const placed = place(
    {
      match: { territoryId, contested: [], overlays: [], undecidable: false },
      pins: [],
      act: { kind: 'rotation', ownerId, territoryId, at },
      priorOwnerId: null,
      shares: [],
    },
    compiled,
    people,
    at,
  )
  const more = (tokens: readonly string[]) => (ownerId === null ? [...tokens, QUEUE_TOKEN] : tokens)
  return {
    tokens: more(placed.tokens),
    privateTokens: more(placed.privateTokens),
    editTokens: placed.editTokens === null ? null : more(placed.editTokens),
  }
}
