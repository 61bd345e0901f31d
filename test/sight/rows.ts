/** What a row of the authorisation matrix says, and short ways to write one. */
import type { Random } from '../../src/core/kernel/random.ts'
import type { Account } from './oracle.ts'

/** Records that hang on accounts, by kind: id and account. */
export type Parts = Readonly<Record<PartKind, readonly { readonly id: string; readonly accountId: string }[]>>
export const PART_TABLES = {
  contact: 'contact',
  task: 'task',
  file: 'file',
  opportunity: 'opportunity',
  address: 'account_address',
  share: 'account_share',
  pin: 'territory_pin',
} as const
export type PartKind = keyof typeof PART_TABLES

export type Draw = {
  readonly random: Random
  /** The account asked about: hidden from the person half of the time. */
  readonly account: Account
  /** A part of that account, or an id that hangs on nothing. */
  readonly part: (kind: PartKind) => string
  readonly modelId: string
  readonly territoryId: string
  readonly typeId: string
  readonly userId: string
  readonly importId: string
  /** A change set that everybody may know, moving every customer. */
  readonly changeSetId: string
}
type Asked = { readonly url: string; readonly body?: object; readonly query?: string }

/**
 * account: about one account, which must be seen (GET) or editable (the others); a stranger's answer is 404, or 403 for want of a permission.
 * read: answers what the person may see. company: about the company itself; whoever lacks the permission changes nothing.
 * own: the person's own things, or open to everybody; asked as it stands, never with effect.
 */
export type Row =
  | { readonly about: 'account'; readonly ask: (d: Draw) => Asked; readonly sees?: true }
  | { readonly about: 'read'; readonly ask: (d: Draw) => Asked }
  | { readonly about: 'company' }
  | { readonly about: 'own'; readonly why: string }

export const account = (suffix: string, body?: (d: Draw) => object): Row => ({
  about: 'account',
  ask: d => ({ url: `/api/accounts/${d.account.id}${suffix}`, ...(body ? { body: body(d) } : {}) }),
})
/** Reading one account, or doing what sight alone allows. */
export const seen = (suffix: string): Row => ({ about: 'account', sees: true, ask: d => ({ url: `/api/accounts/${d.account.id}${suffix}` }) })
export const part = (kind: PartKind, path: (d: Draw, id: string) => string, body?: object): Row => ({
  about: 'account',
  ask: d => ({ url: path(d, d.part(kind)), ...(body ? { body } : {}) }),
})
export const under = (kind: PartKind, name: string, body?: object): Row => part(kind, (d, id) => `/api/accounts/${d.account.id}/${name}/${id}`, body)
export const read = (url: string | ((d: Draw) => string), body?: (d: Draw) => object): Row => ({
  about: 'read',
  ask: d => ({ url: typeof url === 'string' ? url : url(d), ...(body ? { body: body(d) } : {}) }),
})
export const company: Row = { about: 'company' }
export const own = (why: string): Row => ({ about: 'own', why })

export const NOTHING_OWED = 'no customer in it'
