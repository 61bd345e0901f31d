/** jiangyu cases: conflict cases from the command line, within the named person's sight. */
import { writeFileSync } from 'node:fs'
import { BOXES, type CaseRow } from '../contract/engagement/cases.ts'
import { WHYS } from '../core/engagement/policy.ts'
import { findCases } from '../server/engagement/list-cases.ts'
import { openCase } from '../server/engagement/open.ts'
import { writeCsv } from '../server/files/write-table.ts'
import type { Actor } from '../server/kernel/actor.ts'
import { audit } from '../server/kernel/audit.ts'
import { stop } from '../server/kernel/refusal-error.ts'
import type { Tx } from '../server/kernel/transaction.ts'
import { asUser, open } from './database.ts'
import { type Command, type Options, say } from './options.ts'

const USAGE = `cases list [--mode ${BOXES.join('|')}] | open ACCOUNT [CLAIMANT_LOGIN] [--mode ${WHYS.join('|')}] [--in OTHER_ACCOUNT] [--why STATEMENT] | export FILE.csv  --as LOGIN`

export const casesCommand: Command = async options => {
  const [what, first, second] = options.positionals
  const opened = await open(options)
  try {
    if (what === 'list') {
      const box = BOXES.find(b => b === (options.mode ?? 'open')) ?? usage()
      const page = await asUser(opened.db, options.as, (tx, actor) => reads(actor, () => findCases(tx, actor, { box, limit: 100 })))
      say(options, page.rows.length === 0 ? 'No case.' : page.rows.map(line).join('\n'), page)
      return 0
    }
    if (what === 'open' && /^[1-9]\d{0,17}$/.test(first ?? '')) {
      const made = await asUser(opened.db, options.as, (tx, actor) => reads(actor, () => opens(tx, actor, first!, second, options)))
      say(options, `case #${made.number}`, made)
      return 0
    }
    if (what === 'export' && first?.endsWith('.csv')) {
      const rows = await asUser(opened.db, options.as, everything)
      const pieces: Buffer[] = []
      for await (const piece of writeCsv(HEADERS, batches(rows))) pieces.push(piece)
      writeFileSync(first, Buffer.concat(pieces))
      say(options, `${rows.length} cases → ${first}`, { rows: rows.length, file: first })
      return 0
    }
    return usage()
  } finally {
    await opened.close()
  }
}

function usage(): never {
  throw new Error(USAGE)
}
const reads = <T>(actor: Actor, work: () => T): T =>
  actor.permissions.has('account.read') ? work() : stop('permission.missing', { permission: 'account.read' })

const line = (c: CaseRow): string =>
  `#${c.number}  ${c.state.padEnd(10)}  ${c.name}  ${c.parties.map(p => p.user.name).join(' / ')}  ${c.judge?.name ?? '-'}  ${c.dueAt.slice(0, 16)}`

async function opens(tx: Tx, actor: Actor, accountId: string, login: string | undefined, options: Options) {
  const why = WHYS.find(w => w === (options.mode ?? (options.in ? 'duplicate' : 'manual'))) ?? usage()
  const claimant = login
    ? ((await tx.query<{ id: string }>('select id::text from app_user where tenant_id = $1 and login = $2', [actor.tenantId, login])).rows[0]?.id ??
      stop('record.notFound', undefined, 'CLAIMANT_LOGIN'))
    : undefined
  return openCase(tx, actor, accountId, { why, otherId: options.in?.[0], claimantId: claimant, statement: options.why })
}

const HEADERS = ['number', 'customer', 'why', 'state', 'opened', 'due', 'judge', 'side 1', 'side 2', 'ruled for']
async function everything(tx: Tx, actor: Actor, now: string): Promise<readonly (readonly unknown[])[]> {
  if (!actor.permissions.has('account.export')) stop('permission.missing', { permission: 'account.export' })
  const rows: (readonly unknown[])[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await findCases(tx, actor, { box: 'all', limit: 100, cursor })
    for (const c of page.rows) {
      const [a, b] = c.parties.map(p => p.user.name)
      const winner = c.winner === undefined ? '' : c.winner === null ? 'both' : c.parties[c.winner]!.user.name
      rows.push([c.number, c.name, c.why, c.state, c.openedAt.slice(0, 16), c.dueAt.slice(0, 16), c.judge?.name ?? '', a, b, winner])
    }
    if (page.next === null) break
    cursor = page.next
  }
  await audit(tx, actor, now, { kind: 'case.export', count: rows.length })
  return rows
}
async function* batches(rows: readonly (readonly unknown[])[]) {
  yield rows
}
