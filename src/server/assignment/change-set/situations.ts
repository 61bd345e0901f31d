/**
 * How accounts stand before and after, each distinct situation once, each account one number. Rows of a model are told apart by the number
 * that each says of itself (`standing`, write-placement.ts), so that a million rows are read as a million numbers and a few thousand rows.
 */
import { type Group, moves, type Stand } from '../../../core/assignment/impact.ts'
import { type Columns, idAt } from '../../../core/condition/columns.ts'
import type { Tx } from '../../kernel/transaction.ts'

type Known = Stand & { readonly contested: boolean }
export type Situations = ReturnType<typeof makeSituations>

export function makeSituations() {
  const stands: Known[] = []
  const numberOf = new Map<string, number>()
  const groups: { before: number; after: number; accounts: number }[] = []
  const groupNumber = new Map<number, number>()
  const groupOfAccount: number[] = []

  const standing = (stand: Stand, contested: boolean): number => {
    const key = `${stand.ownerId}|${stand.territoryId}|${contested}|${stand.tokens.join()}`
    const known = numberOf.get(key)
    if (known !== undefined) return known
    stands.push({ ...stand, contested })
    numberOf.set(key, stands.length - 1)
    return stands.length - 1
  }
  const contestedIn = (side: 'before' | 'after'): number => groups.reduce((n, g) => (stands[g[side]]!.contested ? n + g.accounts : n), 0)

  return {
    standing,
    /** Accounts come in order of their places. */
    add(before: number, after: number): void {
      const key = before * 2 ** 24 + after
      let n = groupNumber.get(key)
      if (n === undefined) {
        n = groups.push({ before, after, accounts: 0 }) - 1
        groupNumber.set(key, n)
      }
      groups[n]!.accounts += 1
      groupOfAccount.push(n)
    },
    /** Places of the accounts that change owner or territory, in order. */
    movers(): readonly number[] {
      const moving = Uint8Array.from(groups, g => (moves({ before: stands[g.before]!, after: stands[g.after]! }) ? 1 : 0))
      const found: number[] = []
      for (let i = 0; i < groupOfAccount.length; i += 1) if (moving[groupOfAccount[i]!] === 1) found.push(i)
      return found
    },
    groupOf: (i: number): Pick<Group, 'before' | 'after'> => {
      const g = groups[groupOfAccount[i]!]!
      return { before: stands[g.before]!, after: stands[g.after]! }
    },
    groups: (): readonly Group[] => groups.map((g, key) => ({ before: stands[g.before]!, after: stands[g.after]!, accounts: g.accounts, key })),
    contested: (): { before: number; after: number } => ({ before: contestedIn('before'), after: contestedIn('after') }),
  }
}

const NOWHERE: Stand = { ownerId: null, territoryId: null, tokens: [] }

/**
 * From the number that each row says of itself to its situation: one row is read for each distinct number. NaN: there is no row. 0: the row
 * was not compared yet, and is read for itself.
 */
export async function situationsOf(
  tx: Tx,
  tenantId: string,
  modelId: string,
  columns: Columns,
  standings: readonly number[],
  situations: Situations,
): Promise<(i: number) => number> {
  const sample = new Map<number, number>()
  const alone: number[] = []
  for (let i = 0; i < standings.length; i += 1) {
    const n = standings[i]!
    if (n === 0) alone.push(i)
    else if (!Number.isNaN(n) && !sample.has(n)) sample.set(n, i)
  }
  const rows = await tx.query<{ id: string; ownerId: string | null; territoryId: string | null; tokens: string[]; contested: boolean }>(
    `select account_id::text as id, owner_id::text as "ownerId", territory_id::text as "territoryId", tokens::text[] as tokens, contested is not null as contested
       from account_placement where tenant_id = $1 and model_id = $2 and account_id = any($3::bigint[])`,
    [tenantId, modelId, [...sample.values(), ...alone].map(i => idAt(columns, i))],
  )
  const rowOf = new Map(rows.rows.map(r => [r.id, r]))
  const numberAt = (i: number): number => {
    const { contested, ...stand } = rowOf.get(idAt(columns, i)) ?? { ...NOWHERE, contested: false }
    return situations.standing(stand, contested)
  }
  const known = new Map([...sample].map(([n, i]) => [n, numberAt(i)]))
  const nowhere = situations.standing(NOWHERE, false)
  return i => {
    const n = standings[i]!
    return n === 0 ? numberAt(i) : Number.isNaN(n) ? nowhere : known.get(n)!
  }
}
