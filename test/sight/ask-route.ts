/** One random route for one person: what it may answer, and that a refusal changes nothing. Answers the first disagreement in words, or null. */
import type { Endpoint } from '../../src/contract/kernel/endpoint.ts'
import type { Random } from '../../src/core/kernel/random.ts'
import type { Account, Oracle } from './oracle.ts'
import { ROUTES } from './routes.ts'
import type { Draw, Parts } from './rows.ts'

export type RouteWorld = {
  readonly endpoints: readonly Endpoint[]
  readonly permissionsOf: (login: string) => ReadonlySet<string>
  readonly parts: Parts
  readonly draw: Omit<Draw, 'random' | 'account' | 'part' | 'territoryId' | 'userId'>
  readonly territories: readonly string[]
  readonly people: readonly string[]
  /** Names of accounts of another company. */
  readonly foreign: readonly string[]
  /** A phone that only this account has, masked where private fields are. */
  readonly phoneOf: (accountId: string) => string
  /** Remembers a refusal; every so often all of them are held against what stood in the tables before. Answers what changed, or null. */
  readonly refused: (words: string) => Promise<string | null>
}
type Send = (method: string, url: string, body?: object, headers?: Record<string, string>) => Promise<{ statusCode: number; body: string }>

export const keyOf = (e: Pick<Endpoint, 'method' | 'path'>): string => `${e.method} ${e.path}`

export async function askRoute(
  world: RouteWorld,
  oracle: Oracle,
  random: Random,
  person: Oracle['people'][number],
  account: Account,
  send: Send,
): Promise<string | null> {
  // Half of the questions go to routes that change an account or what hangs on it.
  const endpoint = random.pick(
    random.next() < 0.5 ? world.endpoints.filter(e => e.method !== 'GET' && ROUTES[keyOf(e)]?.about === 'account') : world.endpoints,
  )
  const row = ROUTES[keyOf(endpoint)]
  if (!row) return `no row in test/sight/routes.ts for ${keyOf(endpoint)}`
  if (row.about === 'own') return null
  const say = (words: string) => `${person.login} ${keyOf(endpoint)} account ${account.id}: ${words}`
  const may = endpoint.needs === 'public' || endpoint.needs === 'person' || world.permissionsOf(person.login).has(endpoint.needs)
  const versioned: Record<string, string> = endpoint.versioned ? { 'if-match': '1' } : {}
  const changes = endpoint.method !== 'GET' && !endpoint.reads

  if (row.about === 'company') {
    if (may) return null
    const url = endpoint.path.replace(/:[a-zA-Z]+/g, '1')
    const reply = await send(endpoint.method, url, endpoint.method === 'GET' || endpoint.method === 'DELETE' ? undefined : {}, versioned)
    if (reply.statusCode < 400 || reply.statusCode >= 500) return say(`answered ${reply.statusCode} to somebody without ${endpoint.needs}`)
    return world.refused(say(`refused with ${reply.statusCode}`))
  }

  const draw: Draw = {
    ...world.draw,
    random,
    account,
    part: kind => {
      const mine = world.parts[kind].filter(p => p.accountId === account.id)
      return mine.length ? random.pick(mine).id : '987654321'
    },
    territoryId: random.pick(world.territories),
    userId: random.pick(world.people),
  }
  const asked = row.ask(draw)
  // A route about an account is asked with effect only where the answer must be a refusal.
  const allowed = row.about === 'account' && (row.sees ? oracle.sees(person.id, account) : oracle.edits(person.id, account))
  if (row.about === 'account' && changes && may && allowed) return null
  const reply = await send(endpoint.method, asked.url, asked.body, versioned)
  const { statusCode: status } = reply
  if (status >= 500) return say(`${status} ${reply.body.slice(0, 200)}`)
  if (!may && status !== 403 && status !== 404 && status !== 400) return say(`answered ${status} to somebody without ${endpoint.needs}`)
  if (row.about === 'account' && may && !allowed) {
    const sees = oracle.sees(person.id, account)
    const right = sees ? status === 403 || status === 404 : status === 404 || (endpoint.method === 'GET' && status === 403)
    if (!right) return say(`answered ${status} for an account that is ${sees ? 'not editable' : 'hidden'}: ${reply.body.slice(0, 120)}`)
  }
  if (row.about === 'account' && may && allowed && endpoint.method === 'GET' && row.sees && status !== 200) return say(`${status}, though visible`)
  if (changes && status >= 400) {
    const changed = await world.refused(say(`refused with ${status}`))
    if (changed) return changed
  }
  if (status >= 400)
    return leakIn(reply.body, world, oracle, person.id, null) === null ? null : say(leakIn(reply.body, world, oracle, person.id, null)!)
  const leak = leakIn(reply.body, world, oracle, person.id, account)
  return leak === null ? null : say(leak)
}

/** A name or a phone in an answer that this person may not see. What was asked by name may come back in the words of a refusal. */
function leakIn(body: string, world: RouteWorld, oracle: Oracle, userId: string, _asked: Account | null): string | null {
  const foreign = world.foreign.find(name => body.includes(name))
  if (foreign) return `shows ${foreign} of another company`
  for (const account of oracle.accounts) {
    if (body.includes(account.name) && !oracle.sees(userId, account)) return `shows the name of hidden ${account.id}`
    if (body.includes(world.phoneOf(account.id)) && !oracle.seesPrivate(userId, account)) return `shows the masked phone of ${account.id}`
  }
  return null
}
