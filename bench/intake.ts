/**
 * Leads over HTTP from 64 connections into a company of many customers: our grouped writes beside the same work a row at a time by exact key, and beside
 * a trigram look-up for each request. One server, one run, the same durability (fsync on, synchronous commit). The other ways are spared what ours
 * pays: no fence, no check of input, no match by mail or domain.
 */
import { randomBytes } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { matchOne } from '../src/core/assignment/compile.ts'
import { seededRandom } from '../src/core/kernel/random.ts'
import { buildApp } from '../src/server/app.ts'
import { loadCompiled } from '../src/server/assignment/compiled.ts'
import { actorOf, hashToken } from '../src/server/identity/load-actor.ts'
import { roleUrl } from '../src/server/kernel/databases.ts'
import { inBulk, type Tx } from '../src/server/kernel/transaction.ts'
import { makeDatabase } from './database.ts'
import { type Point, pointOf } from './measure.ts'

const CONNECTIONS = 64
const PEER_CONNECTIONS = 32
type Lead = {
  readonly source: string
  readonly externalKey: string
  readonly company: string
  readonly phone: string
  readonly division: string
  readonly industry: string | null
}
type Db = Awaited<ReturnType<typeof makeDatabase>>

export async function benchIntake(serverUrl: string, accounts: number, seconds: number, rounds: number, small: boolean): Promise<readonly Point[]> {
  const db = await makeDatabase(serverUrl, 'bench_intake', accounts)
  // The others may have more connections than ours needs.
  const peers = new pg.Pool({ connectionString: roleUrl(db.ownerUrl, 'jiangyu_bulk'), max: PEER_CONNECTIONS })
  const durable = (on: boolean) =>
    db.owner.query(`alter system set fsync = ${on ? 'on' : 'off'}`).then(() => db.owner.query('select pg_reload_conf()'))
  const { app } = await buildApp(db, { webRoot: null, geoRoot: null, https: false, trustProxy: false, requestsPerMinute: 1_000_000_000, log: false })
  try {
    await durable(true)
    await db.owner.query('create extension if not exists pg_trgm')
    await db.owner.query('create index bench_trigram on account using gin (name gin_trgm_ops)')
    await db.owner.query('analyze')
    const secret = `jy_1.${randomBytes(24).toString('base64url')}`
    await db.owner.query(
      `insert into api_key (tenant_id, user_id, name, prefix, token_hash, expires_at) select 1, id, 'bench', 'jy', $1, now() + interval '1 day' from app_user where login = 'ops'`,
      [hashToken(secret)],
    )
    for (const [path, trigram] of [
      ['/bench/row', false],
      ['/bench/trigram', true],
    ] as const)
      app.post(path, async request => oneRow(peers, secret, (request.body as { leads: [Lead] }).leads[0], trigram))
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    const leads = await makeLeads(db)
    const load = makeLoad(port, secret)
    await load('/api/leads', leads('warm'), small ? 0.3 : 5)
    const rates: Record<string, number[]> = { '/api/leads': [], '/bench/row': [], '/bench/trigram': [] }
    for (let round = 0; round < rounds; round += 1)
      for (const path of Object.keys(rates)) {
        const name = `${path.split('/').at(-1)}${round}`
        const { done, wrong, elapsed, p99 } = await load(path, leads(name), seconds)
        if (wrong > 0) throw new Error(`${path}: ${wrong} requests were not taken in`)
        await check(db, name, done)
        rates[path]!.push(done / elapsed)
        if (!small) console.log(`  ${path}: ${Math.round(done / elapsed)} requests/s, p99 ${p99.toFixed(0)} ms`)
      }
    await sameAgain(load, leads('leads0'))
    if (small) return []
    const median = (list: readonly number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!
    const [ours, row, trigram] = Object.values(rates).map(r => 1000 / median(r)) as [number, number, number]
    const names = accounts.toLocaleString('en')
    return [
      pointOf(
        `leads taken in, ${names} customers, a row at a time`,
        ours,
        row,
        3,
        'ms a request',
        `${Math.round(1000 / ours)} against ${Math.round(1000 / row)} requests/s`,
      ),
      pointOf(
        `leads taken in, ${names} customers, trigrams a request`,
        ours,
        trigram,
        50,
        'ms a request',
        `${Math.round(1000 / ours)} against ${Math.round(1000 / trigram)} requests/s`,
      ),
    ]
  } finally {
    await app.close()
    await peers.end()
    await durable(false)
    await db.close()
  }
}

/** One in ten is of a customer, under its very name; places and trades as the customers have them. */
async function makeLeads(db: Db): Promise<(source: string) => (i: number) => Lead> {
  const found = await db.owner.query<{ name: string; division: string; industry: string | null }>(
    `select name, division, industry from account where division is not null order by hashtextextended(id::text, 3) limit 5000`,
  )
  const random = seededRandom(7)
  const brands = Array.from({ length: 4000 }, () => Array.from({ length: 3 }, () => String.fromCharCode(0x4e00 + random.int(8000))).join(''))
  return source => i => {
    const spot = found.rows[(i * 7919) % found.rows.length]!
    return {
      source,
      externalKey: String(i),
      company: i % 10 === 0 ? spot.name : `${brands[i % brands.length]}${i}设备有限公司`,
      phone: `1${30_000_000_00 + ((hash(source) + i * 104_729) % 6_999_999_999)}`.slice(0, 11),
      division: spot.division,
      industry: spot.industry,
    }
  }
}
const hash = (text: string): number => [...text].reduce((h, c) => (h * 31 + c.charCodeAt(0)) % 999_983, 7) * 7_001

/** The way of most systems: look the customer up, decide, write, commit; then the next. */
async function oneRow(bulk: pg.Pool, secret: string, lead: Lead, trigram: boolean): Promise<{ id: string | null }> {
  return inBulk(bulk, async (tx: Tx) => {
    await tx.query("select app_set('app.tenant', '1')")
    const actor = (await actorOf(tx, '1', { kind: 'key', secret }))!
    const taken = await tx.query<{ id: string }>(
      `insert into lead_key (tenant_id, source, external_key, lead_id) values (1, $1, $2, nextval(pg_get_serial_sequence('lead', 'id'))) on conflict do nothing returning lead_id::text as id`,
      [lead.source, lead.externalKey],
    )
    const id = taken.rows[0]?.id
    if (id === undefined) return { id: null }
    const known = await tx.query<{ owner: string | null }>(
      `select p.owner_id::text as owner from account a join account_placement p on p.tenant_id = 1 and p.model_id = $2 and p.account_id = a.id
        where a.tenant_id = 1 and ${trigram ? 'a.name % $1 order by similarity(a.name, $1) desc' : 'a.name = $1'} limit 1`,
      [lead.company, actor.modelId],
    )
    const { compiled } = await loadCompiled(tx, '1', actor.modelId)
    const match = matchOne(compiled, { name: lead.company, division: lead.division, industry: lead.industry })
    let owner = known.rows[0]?.owner ?? null
    if (owner === null && match.territoryId !== null) {
      const people = (compiled.membersOf.get(match.territoryId) ?? []).filter(m => m.role === 'owner' || m.role === 'collaborator').map(m => m.userId)
      const turn = await tx.query<{ seq: string }>(
        `insert into lead_turn (tenant_id, territory_id, seq) values (1, $1, 1) on conflict (tenant_id, territory_id) do update set seq = lead_turn.seq + 1 returning seq::text`,
        [match.territoryId],
      )
      owner = people.length === 0 ? null : people[Number(turn.rows[0]!.seq) % people.length]!
    }
    await tx.query(
      `insert into lead (tenant_id, id, source, external_key, company, division, industry, created_by, created_at, updated_at, due_at) values (1, $1, $2, $3, $4, $5, $6, $7, now(), now(), now() + interval '1 day')`,
      [id, lead.source, lead.externalKey, lead.company, lead.division, lead.industry, actor.userId],
    )
    await tx.query('insert into lead_private (tenant_id, lead_id, phone, phone_key) values (1, $1, $2, $2)', [id, lead.phone])
    await tx.query(
      `insert into lead_placement (tenant_id, lead_id, model_id, owner_id, territory_id, open, reason, tokens, private_tokens, at) values (1, $1, $2, $3, $4, true, 'rotation', $5, $5, now())`,
      [id, actor.modelId, owner, match.territoryId, ['0', ...(owner ? [String(BigInt(owner) * 8n + 1n)] : [])]],
    )
    await tx.query(
      `insert into lead_route (tenant_id, lead_id, at, cause, model_id, territory_id, owner_id, reason, detail) values (1, $1, now(), 'arrival', $2, $3, $4, 'rotation', '{}')`,
      [id, actor.modelId, match.territoryId, owner],
    )
    await tx.query(`insert into audit (tenant_id, at, actor_id, kind, record_kind, record_id) values (1, now(), $1, 'lead.create', 'lead', $2)`, [
      actor.userId,
      id,
    ])
    return { id }
  })
}

type Load = (path: string, lead: (i: number) => Lead, seconds: number) => Promise<{ done: number; wrong: number; elapsed: number; p99: number }>
function makeLoad(port: number, secret: string): Load {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const send = (path: string, lead: Lead): Promise<boolean> =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify({ leads: [lead] })
      const request = http.request(
        {
          port,
          path,
          method: 'POST',
          agent,
          headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        },
        reply => {
          let text = ''
          reply.setEncoding('utf8')
          reply.on('data', part => {
            text += part
          })
          reply.on('end', () =>
            resolve(reply.statusCode === 200 && (text.includes('"created"') || /"id":"\d+"/.test(text)) && !text.includes('"refused"')),
          )
        },
      )
      request.on('error', reject)
      request.end(body)
    })
  return async (path, lead, seconds) => {
    const started = performance.now()
    const until = started + seconds * 1000
    const took: number[] = []
    let [next, wrong] = [0, 0]
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        while (performance.now() < until) {
          const i = next
          next += 1
          const at = performance.now()
          if (!(await send(path, lead(i)))) wrong += 1
          took.push(performance.now() - at)
        }
      }),
    )
    took.sort((a, b) => a - b)
    return { done: next, wrong, elapsed: (performance.now() - started) / 1000, p99: took[Math.floor(took.length * 0.99)] ?? 0 }
  }
}

/** Every acknowledged request is one lead, whole. */
async function check(db: Db, source: string, sent: number): Promise<void> {
  const found = await db.owner.query<{ leads: number; whole: number; keys: number }>(
    `select count(*)::int as leads, count(*) filter (where p.lead_id is not null and exists (select 1 from lead_route r where r.lead_id = l.id) and exists (select 1 from audit a where a.record_kind = 'lead' and a.record_id = l.id))::int as whole,
            (select count(*)::int from lead_key k where k.source = $1) as keys from lead l left join lead_placement p on p.lead_id = l.id where l.source = $1`,
    [source],
  )
  const { leads, whole, keys } = found.rows[0]!
  if (keys !== sent || leads !== whole || leads < sent * 0.99)
    throw new Error(`${source}: ${sent} sent, ${keys} keys, ${leads} leads, ${whole} of them whole`)
}

async function sameAgain(load: Load, lead: (i: number) => Lead): Promise<void> {
  const { wrong, done } = await load('/api/leads', () => lead(0), 0.2)
  // Known, and so not created: counted as wrong by the look for "created", but each has the id of the first.
  if (done === 0 || wrong > 0) throw new Error('the same key again was not answered')
}
