/**
 * How accounts stand before and after, each distinct situation once, each account one number. Rows of a model are told apart by the number
 * that each says of itself (`standing`, write-placement.ts), so that a million rows are read as a million numbers and a few thousand rows.
 */
import { type Group, moves, type Stand } from '../../../core/assignment/impact.ts'
import { type Columns, idAt } from '../../../core/condition/columns.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { CodeList, codeReader, type Reader } from '../copy-cells.ts'

type Known = Stand & { readonly contested: boolean }
export type Situations = ReturnType<typeof makeSituations>

export function makeSituations() {
  const stands: Known[] = []
  const numberOf = new Map<string, number>()
  const groups: { before: number; after: number; accounts: number }[] = []
  const groupNumber = new Map<number, number>()
  const groupOfAccount = new CodeList()
  const lastGroup: number[] = []

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
    ownerOf: (n: number): string | null => stands[n]!.ownerId,
    /** Accounts come in order of their places. */
    add(before: number, after: number): void {
      // Most of a situation go the same way: the last way is tried first.
      const last = lastGroup[before]
      let n = last !== undefined && groups[last]!.after === after ? last : undefined
      if (n === undefined) {
        const key = before * 2 ** 24 + after
        n = groupNumber.get(key)
        if (n === undefined) {
          n = groups.push({ before, after, accounts: 0 }) - 1
          groupNumber.set(key, n)
        }
        lastGroup[before] = n
      }
      groups[n]!.accounts += 1
      groupOfAccount.push(n)
    },
    /** Accounts that nobody has to decide: as they stand, so they stay. They have no place. */
    addOthers(standing: number, accounts: number): void {
      const key = standing * 2 ** 24 + standing
      const n = groupNumber.get(key) ?? groups.push({ before: standing, after: standing, accounts: 0 }) - 1
      groupNumber.set(key, n)
      groups[n]!.accounts += accounts
    },
    /** Places of the accounts that change owner or territory, in order. */
    movers(): readonly number[] {
      const moving = Uint8Array.from(groups, g => (moves({ before: stands[g.before]!, after: stands[g.after]! }) ? 1 : 0))
      const found: number[] = []
      for (let i = 0; i < groupOfAccount.count; i += 1) if (moving[groupOfAccount.codes[i]!] === 1) found.push(i)
      return found
    },
    /** Numbers of the situations whose tokens differ from those before, by the group that goes there; -1: seen by the same people as before. */
    resighted(): { readonly standOf: (i: number) => number; readonly tokensOf: ReadonlyMap<number, readonly string[]>; readonly count: number } {
      const differs = ({ before, after }: { before: number; after: number }) => stands[before]!.tokens.join() !== stands[after]!.tokens.join()
      const byGroup = groups.map(g => (differs(g) ? g.after : -1))
      const tokensOf = new Map(byGroup.filter(n => n >= 0).map(n => [n, stands[n]!.tokens]))
      return { standOf: i => byGroup[groupOfAccount.codes[i]!]!, tokensOf, count: groupOfAccount.count }
    },
    groupOf: (i: number): Pick<Group, 'before' | 'after'> => {
      const g = groups[groupOfAccount.codes[i]!]!
      return { before: stands[g.before]!, after: stands[g.after]! }
    },
    groups: (): readonly Group[] => groups.map((g, key) => ({ before: stands[g.before]!, after: stands[g.after]!, accounts: g.accounts, key })),
    contested: (): { before: number; after: number } => ({ before: contestedIn('before'), after: contestedIn('after') }),
  }
}

const NOWHERE: Stand = { ownerId: null, territoryId: null, tokens: [] }

/** The numbers that rows say of themselves, each account's as a small code: 0 says that there is no row. */
export type Standings = { readonly read: Reader; readonly list: CodeList; readonly values: readonly string[] }
export function makeStandings(): Standings {
  const list = new CodeList()
  const values = ['']
  return {
    read: codeReader(
      text => values.push(text),
      code => list.push(code),
    ),
    list,
    values,
  }
}

/**
 * From the number that each row says of itself to its situation: one row is read for each distinct number. 0 as the number: the row was not
 * compared yet, and is read for itself.
 */
export async function situationsOf(
  tx: Tx,
  tenantId: string,
  modelId: string,
  columns: Columns,
  { list, values }: Standings,
  situations: Situations,
): Promise<(i: number) => number> {
  const { codes, count } = list
  const unread = values.indexOf('0')
  const sample = new Array<number>(values.length).fill(-1)
  const alone: number[] = []
  for (let i = 0; i < count; i += 1) {
    const code = codes[i]!
    if (code === unread) alone.push(i)
    else if (sample[code] === -1) sample[code] = i
  }
  const standingOf = await readStands(
    tx,
    tenantId,
    modelId,
    [...sample.filter((i, code) => code !== 0 && i >= 0), ...alone].map(i => idAt(columns, i)),
    situations,
  )
  const numberAt = (i: number): number => standingOf(idAt(columns, i))
  const known = sample.map((i, code) => (code === 0 || i < 0 ? situations.standing(NOWHERE, false) : numberAt(i)))
  return i => (codes[i] === unread ? numberAt(i) : known[codes[i]!]!)
}

async function readStands(
  tx: Tx,
  tenantId: string,
  modelId: string,
  ids: readonly string[],
  situations: Situations,
): Promise<(id: string) => number> {
  const rows = await tx.query<{ id: string; ownerId: string | null; territoryId: string | null; tokens: string[]; contested: boolean }>(
    `select account_id::text as id, owner_id::text as "ownerId", territory_id::text as "territoryId", tokens::text[] as tokens, contested is not null as contested
       from account_placement where tenant_id = $1 and model_id = $2 and account_id = any($3::bigint[])`,
    [tenantId, modelId, ids],
  )
  const rowOf = new Map(rows.rows.map(r => [r.id, r]))
  return id => {
    const { contested, ...stand } = rowOf.get(id) ?? { ...NOWHERE, contested: false }
    return situations.standing(stand, contested)
  }
}

export type Counted = { readonly standing: string; readonly accounts: number; readonly sample: string }

/**
 * How many accounts each distinct row of a model stands for; null when they do not tell everything: an account without a row, or a row that
 * was not compared yet.
 */
export async function countStandings(tx: Tx, tenantId: string, modelId: string): Promise<readonly Counted[] | null> {
  const found = await tx.query<Counted>(
    `select p.standing::text, (count(*) - count(a.id))::int as accounts, min(p.account_id)::text as sample from account_placement p
       left join account a on a.tenant_id = $1 and a.id = p.account_id and a.deleted_at is not null where p.tenant_id = $1 and p.model_id = $2 group by p.standing`,
    [tenantId, modelId],
  )
  const live = await tx.query<{ n: number }>('select count(*)::int as n from account where tenant_id = $1 and deleted_at is null', [tenantId])
  const counted = found.rows.filter(r => r.accounts > 0)
  const all = counted.reduce((n, r) => n + r.accounts, 0)
  return all === live.rows[0]!.n && counted.every(r => r.standing !== '0') ? counted : null
}

/** Adds all accounts that are not among those read. */
export async function addOthers(
  tx: Tx,
  tenantId: string,
  modelId: string,
  counted: readonly Counted[],
  { list, values }: Standings,
  situations: Situations,
): Promise<void> {
  const read = new Map<string, number>()
  for (let i = 0; i < list.count; i += 1) {
    const value = values[list.codes[i]!]!
    read.set(value, (read.get(value) ?? 0) + 1)
  }
  const left = counted.map(c => ({ ...c, accounts: c.accounts - (read.get(c.standing) ?? 0) })).filter(c => c.accounts > 0)
  const standingOf = await readStands(
    tx,
    tenantId,
    modelId,
    left.map(c => c.sample),
    situations,
  )
  for (const { sample, accounts } of left) situations.addOthers(standingOf(sample), accounts)
}
