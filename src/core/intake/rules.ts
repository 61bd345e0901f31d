/** What a company says about its leads 线索规则, and a territory where it differs. */
import { type Turn, WAYS, type Way } from './rotate.ts'

export type IntakeRules = {
  readonly way: Way
  /** Person → weight, in `weighted`; left out: 1. */
  readonly weights: Readonly<Record<string, number>>
  /** The most open leads one may hold; null: no limit. */
  readonly capacity: number | null
  /** For so many days after joining the territory, so many percent of a share; 0 days: nobody is new. */
  readonly newcomerDays: number
  readonly newcomerShare: number
  /** First contact within so many hours. */
  readonly slaHours: number
  readonly workingDays: boolean
  /** The owner is warned so many hours before; null: not. */
  readonly warnHours: number | null
  /** Given to the next in turn so many hours after it was due; null: it stays. */
  readonly nextHours: number | null
}
export const DEFAULT_RULES: IntakeRules = {
  way: WAYS[0],
  weights: {},
  capacity: null,
  newcomerDays: 0,
  newcomerShare: 50,
  slaHours: 24,
  workingDays: false,
  warnHours: 2,
  nextHours: null,
}
export const NO_TURN: Turn = { lastId: null, credits: {} }

/** The rule nearest to a territory: its own, then of those above it, then the company's (key `0`). */
export function ruleFor(
  rules: ReadonlyMap<string, IntakeRules>,
  territoryId: string | null,
  above: readonly string[],
): { readonly rules: IntakeRules; readonly of: string } {
  for (const id of territoryId === null ? [] : [territoryId, ...above]) {
    const found = rules.get(id)
    if (found) return { rules: found, of: id }
  }
  return { rules: rules.get('0') ?? DEFAULT_RULES, of: '0' }
}

/** A skill is an industry's code, which holds for all below it, or a word that the need or the campaign speaks of. */
export const hasSkill = (skills: readonly string[], industry: string | null, said: string): boolean =>
  skills.some(s => (industry?.startsWith(s) ?? false) || said.toLowerCase().includes(s.toLowerCase()))
