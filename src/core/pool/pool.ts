/**
 * A public pool 公海 as plain data: which customers nobody owns come to it, who belongs to it, what it shows of them before somebody claims
 * one, and in which steps it opens. One module for every kind of record: nothing here names one.
 */
import type { Condition } from '../condition/condition.ts'

export type Mask = 'show' | 'partial' | 'hide'
/** Name, contact and phone may be shown in part; the open columns are shown or not. */
export type Masks = {
  readonly name: Mask
  readonly contact: Mask
  readonly phone: Mask
  readonly tier: boolean
  readonly division: boolean
  readonly industry: boolean
  readonly potential: boolean
  readonly source: boolean
}
/** From so many hours after entering on it is open to the territory `up` levels above its own (0: its own); null: to the whole pool. */
export type OpeningStep = { readonly up: number | null; readonly afterHours: number }
export type Members = {
  readonly everyone: boolean
  readonly users: readonly string[]
  readonly departments: readonly string[]
  readonly teams: readonly string[]
  readonly roles: readonly string[]
}
export type PoolRules = {
  /** Claims of one person a day; null: no limit. */
  readonly perDay: number | null
  readonly batch: number
  readonly draw: number
  /** Days in which who had it, or somebody of his group, may not take it again. */
  readonly coolDays: number
  readonly coolTeamDays: number
  /** Hours in which a customer new to the company is for nobody. */
  readonly embargoHours: number
  /** Entries one person may look into a day; null: no limit. */
  readonly viewsPerDay: number | null
  /** Whether a customer whose group has an owner is claimed like any other, or only asked for. */
  readonly group: 'free' | 'ask'
  /** Days after a claim in which nobody reclaims it. */
  readonly protectDays: number
  readonly adminsExempt: boolean
}
export type Pool = {
  readonly id: string
  readonly name: string
  readonly open: boolean
  /** Nobody but its admins sees what lies there. */
  readonly deadEnd: boolean
  readonly condition: Condition
  /** Only customers of this territory and those below it. */
  readonly territoryId: string | null
  readonly admins: readonly string[]
  readonly members: Members
  readonly masks: Masks
  readonly steps: readonly OpeningStep[]
  readonly rules: PoolRules
}

export const DEFAULT_MASKS: Masks = {
  name: 'partial',
  contact: 'partial',
  phone: 'partial',
  tier: true,
  division: true,
  industry: true,
  potential: true,
  source: true,
}
export const DEFAULT_RULES: PoolRules = {
  perDay: 10,
  batch: 50,
  draw: 1,
  coolDays: 14,
  coolTeamDays: 7,
  embargoHours: 0,
  viewsPerDay: null,
  group: 'ask',
  protectDays: 0,
  adminsExempt: false,
}
export const EVERYONE_MEMBERS: Members = { everyone: true, users: [], departments: [], teams: [], roles: [] }

/** Something of it is hidden before a claim: then the people of its own territory may not simply open the record either. */
export const hides = (pool: Pick<Pool, 'masks' | 'deadEnd'>): boolean =>
  pool.deadEnd || pool.masks.name !== 'show' || pool.masks.contact !== 'show' || pool.masks.phone !== 'show'

export type PersonOfPool = {
  readonly userId: string
  /** The department and those above it. */
  readonly departments: readonly string[]
  readonly teams: readonly string[]
  readonly roles: readonly string[]
}
export function isMember({ members }: Pick<Pool, 'members'>, person: PersonOfPool): boolean {
  const any = (mine: readonly string[], named: readonly string[]) => mine.some(id => named.includes(id))
  return (
    members.everyone ||
    members.users.includes(person.userId) ||
    any(person.departments, members.departments) ||
    any(person.teams, members.teams) ||
    any(person.roles, members.roles)
  )
}
