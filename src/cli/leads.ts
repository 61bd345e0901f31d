/** jiangyu leads: take a list in, route what waits again, look at it, and play the turns again; the same functions as the page. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { leadFields } from '../core/intake/headings.ts'
import { rotate } from '../core/intake/rotate.ts'
import type { TurnLog } from '../core/intake/route.ts'
import { openTable } from '../server/files/read-table.ts'
import { routeAgain } from '../server/intake/acts.ts'
import { findLeads } from '../server/intake/read-leads.ts'
import { answerOf, takeIn } from '../server/intake/take-in.ts'
import { stop } from '../server/kernel/refusal-error.ts'
import { asUser, open } from './database.ts'
import { type Command, type Options, say } from './options.ts'

const USAGE = 'leads import FILE.csv|FILE.xlsx [--source S] | route | list | replay   --as LOGIN'
const PIECE = 200
type Db = Awaited<ReturnType<typeof open>>['db']

export const leadsCommand: Command = async options => {
  const [act, file] = options.positionals
  const run = { import: bring, route, list, replay }[act ?? '']
  if (!run) throw new Error(USAGE)
  const opened = await open(options)
  try {
    return await run(options, opened.db, file)
  } finally {
    await opened.close()
  }
}

async function bring(options: Options, db: Db, file: string | undefined): Promise<number> {
  if (!file || !existsSync(file)) throw new Error(`No such file: ${file ?? '(none given)'}`)
  const table = await openTable({ path: file, name: path.basename(file) })
  const fields = leadFields(table.headers)
  if (!fields.includes('company'))
    throw new Error(`${file}: no column of company names among ${table.headers.join(', ')}; call one "company" or "公司"`)
  const source = options.source ?? 'import'
  const count: Record<string, number> = {}
  const refused: { row: number; field: string | null; words: string | null }[] = []
  const take = async (rows: readonly { row: number; lead: Record<string, string> }[]) => {
    const answers = await asUser(db, options.as, async (tx, actor) => {
      if (!actor.permissions.has('lead.edit')) stop('permission.missing', { permission: 'lead.edit' })
      const taken = await takeIn(
        tx,
        db.bulk,
        actor,
        rows.map(r => r.lead),
      )
      return taken.map(t => answerOf(t, actor.locale))
    })
    for (const [i, a] of answers.entries()) {
      count[a.outcome] = (count[a.outcome] ?? 0) + 1
      if (a.outcome === 'refused') refused.push({ row: rows[i]!.row, field: a.field, words: a.words })
    }
  }
  let waiting: { row: number; lead: Record<string, string> }[] = []
  for await (const batch of table.rows())
    for (const [i, cells] of batch.rows.entries()) {
      const lead = Object.fromEntries(fields.flatMap((field, c) => (field !== null && cells[c]?.trim() ? [[field, cells[c]!.trim()]] : [])))
      waiting.push({ row: batch.lines[i]!, lead: { source, ...lead } })
      if (waiting.length === PIECE) await take(waiting.splice(0))
    }
  if (waiting.length > 0) await take(waiting)
  waiting = []
  const { created = 0, known = 0, repeats = 0 } = count
  say(
    options,
    [
      `${created} taken in, ${known} known before, ${repeats} noted at an open lead, ${refused.length} refused`,
      ...refused.slice(0, 20).map(r => `  row ${r.row}: ${r.field} ${r.words}`),
    ].join('\n'),
    { created, known, repeats, refused, columns: Object.fromEntries(table.headers.map((h, i) => [h, fields[i]])) },
  )
  return refused.length > 0 ? 1 : 0
}

const queueOf = (options: Options, db: Db, cursor?: string) =>
  asUser(db, options.as, (tx, actor) => findLeads(tx, actor, { queue: 'true', sort: 'created', limit: 100, cursor }))

async function route(options: Options, db: Db): Promise<number> {
  let [asked, given] = [0, 0]
  for (let cursor: string | undefined, more = true; more; ) {
    const page = await queueOf(options, db, cursor)
    const ids = page.rows.map(r => r.id)
    if (ids.length > 0) {
      await asUser(db, options.as, (tx, actor) => routeAgain(tx, db.bulk, actor, ids))
      const left = await asUser(db, options.as, (tx, actor) =>
        tx.query<{ n: number }>(
          'select count(*)::int as n from lead_placement where tenant_id = $1 and lead_id = any($2::bigint[]) and owner_id is not null',
          [actor.tenantId, ids],
        ),
      )
      asked += ids.length
      given += left.rows[0]!.n
    }
    cursor = page.next ?? undefined
    more = page.next !== null
  }
  say(options, `${asked} routed again: ${given} have an owner now, ${asked - given} still wait`, { asked, given })
  return 0
}

async function list(options: Options, db: Db): Promise<number> {
  const { rows } = await queueOf(options, db)
  say(options, rows.map(r => `${r.id.padStart(8)} ${r.reason.padEnd(16)} ${r.createdAt} ${r.company}`).join('\n') || 'Nothing waits.', { rows })
  return 0
}

/** Every turn that was taken, decided again from its log: exit 1 when one would go to somebody else today. */
async function replay(options: Options, db: Db): Promise<number> {
  let [turns, after] = [0, '0']
  const differing: string[] = []
  for (;;) {
    const found = await asUser(db, options.as, (tx, actor) =>
      tx.query<{ id: string; owner: string | null; turn: TurnLog }>(
        `select id::text, owner_id::text as owner, detail->'turn' as turn from lead_route where tenant_id = $1 and id > $2 and detail ? 'turn' order by id limit 1000`,
        [actor.tenantId, after],
      ),
    )
    for (const { id, owner, turn } of found.rows) if (rotate(turn.way, turn.candidates, turn.turn).chosenId !== owner) differing.push(id)
    turns += found.rows.length
    if (found.rows.length < 1000) break
    after = found.rows.at(-1)!.id
  }
  say(options, `${turns} turns played again, ${differing.length} differ`, { turns, differing })
  return differing.length > 0 ? 1 : 0
}
