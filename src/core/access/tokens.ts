/**
 * Sight tokens 可见令牌: who may see a record is a set of numbers, id × 8 + kind, so that kinds never collide.
 * Every record carries EVERYONE_TOKEN, which only a person whose role sees all holds.
 */
export type TokenKind = 'user' | 'team' | 'department' | 'territory' | 'pool' | 'queue'

const KIND_NUMBER: Readonly<Record<TokenKind, bigint>> = { user: 1n, team: 2n, department: 3n, territory: 4n, pool: 5n, queue: 6n }

export const EVERYONE_TOKEN = '0'
/** Held by who works the queue of leads that nobody has (intake.manage). */
export const QUEUE_TOKEN = '14'

/** Ids are decimal strings (bigint in the database); so is the token. */
export const token = (kind: TokenKind, id: string): string => String(BigInt(id) * 8n + KIND_NUMBER[kind])

export type PersonFacts = {
  readonly userId: string
  readonly teamIds: readonly string[]
  /** Departments this person leads (not merely belongs to). */
  readonly ledDepartmentIds: readonly string[]
  /** Territories of which the person is a member at the instant asked. */
  readonly territoryIds: readonly string[]
  readonly seesAll: boolean
}

/** The tokens a person holds now. A leader or manager reaches the records below because those carry every ancestor's token. */
export function tokensOf(person: PersonFacts): readonly string[] {
  return [
    ...(person.seesAll ? [EVERYONE_TOKEN] : []),
    token('user', person.userId),
    ...person.teamIds.map(id => token('team', id)),
    ...person.ledDepartmentIds.map(id => token('department', id)),
    ...person.territoryIds.map(id => token('territory', id)),
  ]
}
