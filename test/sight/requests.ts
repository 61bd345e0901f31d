/** Random requests at the edges of sight, each compared with the oracle. Answers the first disagreement in words, or null. */
import type { FastifyInstance } from 'fastify'
import type { Random } from '../../src/core/kernel/random.ts'
import { askRoute, type RouteWorld } from './ask-route.ts'
import type { Account, Oracle } from './oracle.ts'

export type Ask = {
  readonly app: FastifyInstance
  readonly cookieOf: (login: string) => Promise<string>
  readonly routes: RouteWorld
  /** Accounts whose rows of a table this person's settings show, asked of the database directly: the fence without any driver. */
  readonly fenced: (userId: string, table: string, column: string) => Promise<readonly string[]>
}
/** Tables behind the fence and their account column; the last three hold what may be masked. */
export const FENCED: readonly (readonly [table: string, column: string, masked: boolean])[] = [
  ['account', 'id', false],
  ...[
    'account_address',
    'account_field',
    'account_search',
    'account_version',
    'account_share',
    'account_placement',
    'note',
    'task',
    'file',
    'opportunity',
    'ownership_act',
    'cleansing_finding',
  ].map(t => [t, 'account_id', false] as const),
  ['contact', 'account_id', true],
  ['account_private', 'account_id', true],
  ['cleansing_private_finding', 'account_id', true],
]
type Person = Oracle['people'][number]
type Body = { rows: { id: string }[]; next: string | null; count: number | null; status?: number }

const KINDS = [
  'get',
  'get',
  'get',
  'why',
  'timeline',
  'ownership',
  'files',
  'tasks',
  'count',
  'filter',
  'list',
  'mine',
  'territory',
  'export',
  'edit',
  'note',
  'bulk',
  'search',
  'fence',
  'fence',
  ...Array.from({ length: 20 }, () => 'route' as const),
] as const

export async function askOnce(ask: Ask, oracle: Oracle, random: Random): Promise<string | null> {
  const person = random.pick(oracle.people)
  const kind = random.pick(KINDS)
  const cookie = await ask.cookieOf(person.login)
  const send = async (method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object, headers: Record<string, string> = {}) =>
    ask.app.inject({ method, url, headers: { cookie, 'x-jiangyu': '1', ...headers }, ...(payload ? { payload } : {}) })
  const living = oracle.accounts.filter(a => !a.deleted)
  const visible = living.filter(a => oracle.sees(person.id, a))
  // Nearly half of the questions about one account are about one that may not be seen: that is where a fence leaks.
  const hidden = living.filter(a => !oracle.sees(person.id, a))
  // A quarter is about one that may be seen and not changed.
  const readOnly = visible.filter(a => !oracle.edits(person.id, a))
  const dice = random.next()
  const account =
    hidden.length > 0 && dice < 0.45 ? random.pick(hidden) : readOnly.length > 0 && dice < 0.7 ? random.pick(readOnly) : random.pick(oracle.accounts)
  const sees = oracle.sees(person.id, account)
  const say = (words: string) => `${person.login} ${kind} account ${account.id}: ${words}`
  const same = (ids: readonly string[], wanted: readonly Account[]): string | null => {
    const got = new Set(ids)
    const missing = wanted.find(a => !got.has(a.id))
    const extra = ids.find(id => !wanted.some(a => a.id === id))
    if (ids.length !== got.size) return say('an account came twice')
    return missing ? say(`missing ${missing.id}`) : extra ? say(`leaked ${extra}`) : null
  }
  const oneAccount = async (url: string): Promise<string | null> => {
    const reply = await send('GET', url)
    return (reply.statusCode === 200) === sees ? null : say(`${reply.statusCode}, though ${sees ? 'visible' : 'hidden'}`)
  }
  const listed = async (body: object): Promise<string[] | string> => {
    const ids: string[] = []
    let cursor: string | undefined
    do {
      const reply = await send('POST', '/api/accounts/query', { ...body, limit: 60, ...(cursor ? { cursor } : {}) })
      if (reply.statusCode !== 200) return say(`${reply.statusCode} ${reply.body.slice(0, 200)}`)
      const page = reply.json() as Body
      ids.push(...page.rows.map(r => r.id))
      cursor = page.next ?? undefined
    } while (cursor)
    return ids
  }
  const compare = async (body: object, wanted: readonly Account[]): Promise<string | null> => {
    const ids = await listed(body)
    return typeof ids === 'string' ? ids : same(ids, wanted)
  }
  switch (kind) {
    case 'get':
      return oneAccount(`/api/accounts/${account.id}`)
    case 'why':
      return oneAccount(`/api/why/account/${account.id}`)
    case 'timeline':
      return oneAccount(`/api/accounts/${account.id}/timeline`)
    case 'ownership':
      return oneAccount(`/api/accounts/${account.id}/ownership`)
    case 'files':
      return oneAccount(`/api/accounts/${account.id}/files`)
    case 'tasks': {
      const reply = await send('GET', `/api/tasks?accountId=${account.id}`)
      return !sees && (reply.json() as Body).rows.length > 0 ? say('tasks leaked') : null
    }
    case 'count': {
      const reply = await send('POST', '/api/accounts/query', { limit: 1, count: true })
      const count = (reply.json() as Body).count
      return count === Math.min(1001, visible.length) ? null : say(`counted ${count} of ${visible.length}`)
    }
    case 'filter': {
      const tier = random.pick(['KA', 'A', 'B', 'C', 'SMB'])
      const min = random.pick([0, 50, 150, 400])
      return compare(
        {
          sort: 'size',
          descending: random.next() < 0.5,
          filter: { all: [{ field: 'tier', op: 'in', values: [tier] }, { none: [{ field: 'size', op: 'between', min }] }] },
        },
        visible.filter(a => a.tier === tier && a.size !== null && a.size < min),
      )
    }
    case 'list':
      return compare({ sort: random.pick(['name', 'updated', 'revenue', 'created']), descending: random.next() < 0.5 }, visible)
    case 'mine':
      return compare(
        { scope: 'mine' },
        visible.filter(a => a.ownerId === person.id),
      )
    case 'territory': {
      const territoryId = random.pick(oracle.accounts.flatMap(a => (a.territoryId ? [a.territoryId] : [])))
      const ids = await listed({ territoryId })
      return typeof ids === 'string'
        ? ids
        : ids.map(id => visible.find(a => a.id === id)).includes(undefined)
          ? say('leaked through a territory')
          : visible.filter(a => a.territoryId === territoryId).some(a => !ids.includes(a.id))
            ? say('missing in its territory')
            : null
    }
    case 'export': {
      const reply = await send('POST', '/api/accounts/export', { format: 'csv', fields: ['name'] })
      if (reply.statusCode === 403) return null
      return Number(reply.headers['x-rows']) === visible.length ? null : say(`exported ${reply.headers['x-rows']} of ${visible.length}`)
    }
    case 'edit': {
      const reply = await send('PATCH', `/api/accounts/${account.id}`, { values: { source: 'web' } }, { 'if-match': '999999' })
      // A version nobody has: whoever may change gets 409, whoever may only see 403, whoever sees nothing 404.
      return sees || reply.statusCode === 404 || reply.statusCode === 403 ? null : say(`edit answered ${reply.statusCode} for a hidden account`)
    }
    case 'note': {
      if (sees) return null
      const reply = await send('POST', `/api/accounts/${account.id}/notes`, { text: 'x' })
      return reply.statusCode === 404 || reply.statusCode === 403 ? null : say(`note answered ${reply.statusCode} for a hidden account`)
    }
    case 'bulk': {
      const reply = await send('POST', '/api/accounts/bulk/preview', { values: { tier: 'B' }, ids: [account.id] })
      if (reply.statusCode === 403) return null
      const matched = (reply.json() as { matched: number }).matched
      return matched === (sees && !account.deleted ? 1 : 0) ? null : say(`bulk matched ${matched}`)
    }
    case 'fence': {
      const [table, column, masked] = random.pick(FENCED)
      const shown = new Set(await ask.fenced(person.id, table, column))
      const allowed = masked ? oracle.seesPrivate : oracle.sees
      const leaked = oracle.accounts.find(a => shown.has(a.id) && !allowed(person.id, a))
      if (leaked) return say(`the fence of ${table} shows ${leaked.id}`)
      const lost =
        table === 'account' || table === 'account_placement' ? oracle.accounts.find(a => !shown.has(a.id) && allowed(person.id, a)) : undefined
      return lost ? say(`the fence of ${table} hides ${lost.id}`) : null
    }
    case 'route':
      return askRoute(ask.routes, oracle, random, person, account, (method, url, body, headers) => send(method as 'GET', url, body, headers))
    case 'search': {
      const ids = await listed({ search: account.name.slice(0, 4) })
      if (typeof ids === 'string') return ids
      return ids.includes(account.id) === (sees && !account.deleted) ? null : say(sees ? 'not found by its name' : 'leaked through search')
    }
  }
}

export type { Person }
