/**
 * Whether a person may claim 领取资格 an entry of a pool, and if not, why and until when. The same function says it in the list, in the answer to
 * "why not", and under the locks of the claim itself, so that a button never promises what the claim refuses.
 */
import { type Opening, openFor } from './opening.ts'
import type { Pool } from './pool.ts'

export type Leaver = { readonly userId: string; readonly at: number }
export type EntryFacts = {
  readonly openings: readonly Opening[]
  readonly createdAt: number
  /** Who let it go lately, and when. */
  readonly leavers: readonly Leaver[]
  /** Somebody owns another company of its group. */
  readonly groupOwned: boolean
}
export type ClaimantFacts = {
  readonly userId: string
  readonly member: boolean
  readonly admin: boolean
  /** Pool tokens held. */
  readonly held: ReadonlySet<string>
  /** People of one's teams, without oneself. */
  readonly mates: ReadonlySet<string>
}
/** What is left of a limit: the binding one is that with the least room. */
export type Room = {
  readonly kind: 'day' | 'held'
  readonly scope: string
  readonly name: string | null
  readonly used: number
  readonly most: number
  readonly until: number | null
  /** Whether the record asked about would count. */
  readonly counts: boolean
}
export type Claimable =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly until: number | null; readonly values: Readonly<Record<string, string | number>> }

const HOUR = 3_600_000
const DAY = 24 * HOUR
const no = (code: string, until: number | null = null, values: Readonly<Record<string, string | number>> = {}): Claimable => ({
  ok: false,
  code,
  until,
  values,
})

export function mayClaim(pool: Pool, entry: EntryFacts, who: ClaimantFacts, rooms: readonly Room[], now: number): Claimable {
  if (!pool.open) return no('pool.closed')
  if (!who.member && !who.admin) return no('pool.notMember')
  if (pool.deadEnd && !who.admin) return no('pool.notMember')
  const { rules } = pool
  if (!(who.admin && rules.adminsExempt)) {
    const fresh = entry.createdAt + rules.embargoHours * HOUR
    if (fresh > now) return no('pool.embargo', fresh)
    const opening = who.admin ? { at: now, open: true } : openFor(entry.openings, who.held, now)
    if (opening === null) return no('pool.notMember')
    if (!opening.open) return no('pool.notOpen', opening.at)
    const own = latest(entry.leavers.filter(l => l.userId === who.userId).map(l => l.at + rules.coolDays * DAY))
    if (own > now) return no('pool.cooling', own, { days: rules.coolDays })
    const team = latest(entry.leavers.filter(l => who.mates.has(l.userId)).map(l => l.at + rules.coolTeamDays * DAY))
    if (team > now) return no('pool.coolingTeam', team, { days: rules.coolTeamDays })
  }
  if (entry.groupOwned && rules.group === 'ask') return no('pool.groupOwned')
  const full = bindingRoom(rooms.filter(r => r.counts))
  if (full && full.used >= full.most) return refuseRoom(full)
  return { ok: true }
}
const latest = (instants: readonly number[]): number => instants.reduce((a, b) => Math.max(a, b), 0)

export const refuseRoom = (room: Omit<Room, 'counts'>): Extract<Claimable, { ok: false }> => ({
  ok: false,
  code: room.kind === 'day' ? 'pool.dayFull' : room.scope === 'person' || room.scope === 'role' ? 'pool.heldFull' : 'pool.groupFull',
  until: room.until,
  values: { used: room.used, most: room.most, name: room.name ?? '' },
})

/** The limit that leaves the least. */
export const bindingRoom = <R extends Pick<Room, 'used' | 'most'>>(rooms: readonly R[]): R | null =>
  rooms.reduce<R | null>((least, r) => (least === null || r.most - r.used < least.most - least.used ? r : least), null)
