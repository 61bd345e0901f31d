/**
 * jiangyu handover: what a person holds goes to others, by a rule from a file or to one person; looked at with --dry-run, at once or on a day. In the
 * file people stand by login: {"to":"person","login":"li.na"}, {"to":"spread","logins":["li.na","wu.di"],"by":"count"}, {"to":"lead"}.
 */
import { readFile } from 'node:fs/promises'
import { type RuleBody, ruleBody } from '../contract/assignment/handover.ts'
import { kindsFor, makeHandover, previewHandover } from '../server/assignment/handover/draft.ts'
import { readHandoverDetail } from '../server/assignment/handover/read.ts'
import { startHandover } from '../server/assignment/handover/run.ts'
import type { Actor } from '../server/kernel/actor.ts'
import { stop } from '../server/kernel/refusal-error.ts'
import type { Tx } from '../server/kernel/transaction.ts'
import { asUser, finishJobs, open } from './database.ts'
import { type Command, type Options, say } from './options.ts'

export const handoverCommand: Command = async options => {
  if (!options.from || !(options.to || options.rules))
    throw new Error('handover --from LOGIN --to LOGIN [--rules FILE.json] [--date DAY] [--dry-run] --as LOGIN')
  const opened = await open(options)
  const { db } = opened
  try {
    const rules = options.rules ? (JSON.parse(await readFile(options.rules, 'utf8')) as unknown) : {}
    if (options['dry-run']) {
      const counts = await asUser(db, options.as, async (tx, actor) =>
        dryRun(tx, actor, await idOf(tx, actor, options.from!), await ruleOf(tx, actor, options, rules)),
      )
      say(
        options,
        counts.map(c => `  ${String(c.n).padStart(7)}  ${c.kind.padEnd(12)} ${c.to ?? `stays: ${c.refused}`}`).join('\n') || 'Nothing to hand over.',
        counts,
      )
      return 0
    }
    const id = await asUser(db, options.as, async (tx, actor, now) => {
      if (!actor.permissions.has('account.assign')) stop('permission.missing', { permission: 'account.assign' })
      const made = await makeHandover(tx, actor, now, {
        kind: 'leaver',
        fromId: await idOf(tx, actor, options.from!),
        startsOn: options.date ?? null,
        rule: await ruleOf(tx, actor, options, rules),
      })
      await startHandover(tx, actor, now, made)
      return made
    })
    await finishJobs(db, () => undefined)
    const done = await asUser(db, options.as, (tx, actor) => readHandoverDetail(tx, actor, id))
    const left = done.left.map(k => `${k.kind} ${k.n}`).join(', ')
    const words =
      done.state === 'scheduled'
        ? `Handover ${id} begins on ${done.startsOn}.`
        : `Handover ${id}: ${done.kinds.reduce((s, k) => s + k.moved, 0)} records moved; ${left === '' ? 'nothing is left behind' : `left behind: ${left}`}.`
    say(options, words, done)
    return done.state === 'scheduled' || left === '' ? 0 : 1
  } finally {
    await opened.close()
  }
}

async function idOf(tx: Tx, actor: Actor, login: string): Promise<string> {
  const found = await tx.query<{ id: string }>('select id::text from app_user where tenant_id = $1 and login = $2', [
    actor.tenantId,
    login.trim().toLowerCase(),
  ])
  return found.rows[0]?.id ?? stop('record.notFound', undefined, login)
}

/** The file's rule with people by id; --to gets whatever it does not name. */
async function ruleOf(tx: Tx, actor: Actor, options: Options, file: unknown): Promise<RuleBody> {
  const named = async (value: unknown): Promise<unknown> => {
    if (Array.isArray(value)) return Promise.all(value.map(named))
    if (typeof value !== 'object' || value === null) return value
    const entries = await Promise.all(
      Object.entries(value).map(async ([key, inner]): Promise<[string, unknown]> => {
        if (key === 'login') return ['userId', await idOf(tx, actor, String(inner))]
        if (key === 'logins') return ['userIds', await Promise.all((inner as unknown[]).map(login => idOf(tx, actor, String(login))))]
        return [key, key === 'condition' ? inner : await named(inner)]
      }),
    )
    return Object.fromEntries(entries)
  }
  const to = options.to ? await idOf(tx, actor, options.to) : null
  const parsed = ruleBody.safeParse({
    kinds: [...kindsFor('leaver')],
    when: [],
    rest: to === null ? null : { to: 'person', userId: to },
    heirId: to,
    ...((await named(file)) as object),
  })
  return parsed.success ? parsed.data : stop('input.invalid', undefined, `/${parsed.error.issues[0]?.path.join('/') ?? ''}`)
}

async function dryRun(tx: Tx, actor: Actor, from: string, rule: RuleBody) {
  const planned = await previewHandover(tx, actor, from, rule)
  const names = new Map(
    (await tx.query<{ id: string; name: string }>('select id::text, name from app_user where tenant_id = $1', [actor.tenantId])).rows.map(r => [
      r.id,
      r.name,
    ]),
  )
  const counts = new Map<string, { kind: string; to: string | null; refused: string | null; n: number }>()
  for (const i of planned) {
    const key = `${i.kind}/${i.toId}/${i.refused}`
    const known = counts.get(key) ?? { kind: i.kind, to: i.toId === null ? null : (names.get(i.toId) ?? i.toId), refused: i.refused, n: 0 }
    counts.set(key, { ...known, n: known.n + 1 })
  }
  return [...counts.values()]
}
