/**
 * How accounts stand before and after, met as cells of COPY: each distinct situation once, each account two numbers. A million accounts have
 * some thousands of situations.
 */
import type { Group, Stand } from '../../../core/assignment/impact.ts'

const FIELDS = ['owner', 'territory', 'tokens', 'contested', 'tier'] as const
type Field = (typeof FIELDS)[number]
type Side = 'before' | 'after'
type Known = Stand & { readonly contested: boolean }

export type Situations = ReturnType<typeof makeSituations>

export function makeSituations() {
  const texts = new Map<string, (string | null)[]>()
  const codes = new Map<string, number[]>()
  const stands: Known[] = []
  const numberOf = new Map<string, number>()
  const groupOfAccount: number[] = []
  const groups: { before: number; after: number; accounts: number }[] = []
  const groupNumber = new Map<number, number>()

  const column = (side: Side, field: Field) => {
    const key = `${side}.${field}`
    return { texts: texts.get(key), codes: codes.get(key) }
  }
  const textAt = (side: Side, field: Field, i: number): string | null => {
    const c = column(side, field)
    return c.texts && c.codes ? (c.texts[c.codes[i]!] ?? null) : null
  }
  const tokensOf = (text: string | null): readonly string[] => (text === null || text === '{}' ? [] : text.slice(1, -1).split(','))

  /** The number of a situation met as cells; equal codes are the same situation. */
  const met: Record<Side, Map<number, Map<number, number>>> = { before: new Map(), after: new Map() }
  const read = (side: Side, i: number): number => {
    const code = (field: Field) => column(side, field).codes?.[i] ?? 0
    const place = code('owner') * 2 ** 20 + code('territory')
    const sight = code('tokens') * 4 + code('contested')
    let inner = met[side].get(place)
    if (!inner) {
      inner = new Map()
      met[side].set(place, inner)
    }
    let found = inner.get(sight)
    if (found === undefined) {
      found = standing(
        { ownerId: textAt(side, 'owner', i), territoryId: textAt(side, 'territory', i), tokens: tokensOf(textAt(side, 'tokens', i)) },
        textAt(side, 'contested', i) === 't',
      )
      inner.set(sight, found)
    }
    return found
  }
  const standing = (stand: Stand, contested: boolean): number => {
    const key = `${stand.ownerId}|${stand.territoryId}|${contested}|${stand.tokens.join()}`
    const known = numberOf.get(key)
    if (known !== undefined) return known
    stands.push({ ...stand, contested })
    numberOf.set(key, stands.length - 1)
    return stands.length - 1
  }
  const wide = (n: number): Group => {
    const g = groups[n]!
    return { before: stands[g.before]!, after: stands[g.after]!, accounts: g.accounts, key: n }
  }

  return {
    /** For a reader of codes: how it learns what a code says, and where it puts the code of an account. */
    learn(side: Side, field: Field): [(text: string) => void, (code: number) => void] {
      const known: (string | null)[] = [null]
      const taken: number[] = []
      texts.set(`${side}.${field}`, known)
      codes.set(`${side}.${field}`, taken)
      return [text => known.push(text), code => taken.push(code)]
    },
    standing,
    /** The situation after, where it was read as cells. */
    read: (i: number): number => read('after', i),
    /** Accounts come in order of their places. */
    add(i: number, a: number): void {
      const b = read('before', i)
      const key = b * 2 ** 24 + a
      let n = groupNumber.get(key)
      if (n === undefined) {
        n = groups.push({ before: b, after: a, accounts: 0 }) - 1
        groupNumber.set(key, n)
      }
      groups[n]!.accounts += 1
      groupOfAccount.push(n)
    },
    groupOf: (i: number): Pick<Group, 'before' | 'after'> => {
      const g = groups[groupOfAccount[i]!]!
      return { before: stands[g.before]!, after: stands[g.after]! }
    },
    groups: (): readonly Group[] => groups.map((_, n) => wide(n)),
    contested: (): { before: number; after: number } => ({
      before: groups.reduce((n, g) => (stands[g.before]!.contested ? n + g.accounts : n), 0),
      after: groups.reduce((n, g) => (stands[g.after]!.contested ? n + g.accounts : n), 0),
    }),
    /** Accounts of a tier that get another owner. */
    ofTier: (tier: string): number => {
      let n = 0
      for (let i = 0; i < groupOfAccount.length; i += 1) {
        const g = groups[groupOfAccount[i]!]!
        if (stands[g.before]!.ownerId !== stands[g.after]!.ownerId && textAt('before', 'tier', i) === tier) n += 1
      }
      return n
    },
  }
}
