/** jiangyu model, check, diff: a territory model as a file, its dry run against live data, and the difference of two models. */
import { readFileSync, writeFileSync } from 'node:fs'
import type { Locale } from '../contract/kernel/shapes.ts'
import { modelFile } from '../contract/territory/model-file.ts'
import { diffFiles } from '../core/territory/diff-files.ts'
import type { ModelFile } from '../core/territory/model-file.ts'
import { applyFile } from '../server/assignment/model-file/apply-file.ts'
import { type Checked, checkFile } from '../server/assignment/model-file/check-file.ts'
import { compare } from '../server/assignment/model-file/compare.ts'
import { runTests } from '../server/assignment/model-file/tests.ts'
import { writeFile } from '../server/assignment/model-file/write-file.ts'
import type { Actor } from '../server/kernel/actor.ts'
import type { Database } from '../server/kernel/databases.ts'
import { stop } from '../server/kernel/refusal-error.ts'
import type { Tx } from '../server/kernel/transaction.ts'
import { asUser, open } from './database.ts'
import { type Command, type Options, say } from './options.ts'

const isFile = (name: string): boolean => /[./\\]/.test(name) && !/^v\d+$/.test(name)

/** Reads and checks the shape; a wrong place is named as in the API. */
export function readModelFile(name: string): ModelFile {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(name, 'utf8'))
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`)
  }
  const read = modelFile.safeParse(value)
  if (read.success) return read.data as ModelFile
  throw new Error(
    read.error.issues
      .slice(0, 20)
      .map(i => `${name} /${i.path.join('/')}: ${i.message}`)
      .join('\n'),
  )
}

/** `active`, `v12` or an id. */
export async function modelOf(tx: Tx, actor: Actor, name: string): Promise<string> {
  if (name === 'active') return actor.modelId
  const version = /^v(\d{1,9})$/.exec(name)?.[1]
  if (version === undefined) return /^[1-9]\d{0,18}$/.test(name) ? name : stop('record.notFound')
  const found = await tx.query<{ id: string }>('select id::text from territory_model where tenant_id = $1 and version = $2', [
    actor.tenantId,
    version,
  ])
  return found.rows[0]?.id ?? stop('record.notFound')
}

export const modelCommand: Command = async options => {
  const [act, name, file] = options.positionals
  const opened = await open(options)
  try {
    if (act === 'export') {
      const model = await asUser(opened.db, options.as, async (tx, actor) => writeFile(tx, actor, await modelOf(tx, actor, name ?? 'active')))
      const text = `${JSON.stringify(model, null, 2)}\n`
      if (file) {
        writeFileSync(file, text)
        say(options, `${file}: ${model.name}`, { file, name: model.name })
      } else console.log(text.trimEnd())
      return 0
    }
    if (act === 'import' && name) {
      const made = await asUser(opened.db, options.as, (tx, actor, now) => applyFile(tx, actor, now, readModelFile(name)))
      const { added, changed, removed } = made.territories
      say(options, `draft ${made.modelId}, change set #${made.changeSetId}: +${added} ~${changed} -${removed} territories`, made)
      return 0
    }
    throw new Error('model export [active|vN|ID] [FILE] --as LOGIN   or   model import FILE --as LOGIN')
  } finally {
    await opened.close()
  }
}

/** Dry run; exit 1 when a fault or a failing test would stop the model. */
export const checkCommand: Command = async options => {
  const name = options.positionals[0]
  if (!name) throw new Error('check FILE.json|active|vN|ID --as LOGIN')
  const opened = await open(options)
  try {
    if (!isFile(name)) {
      const { rows, failed } = await asUser(opened.db, options.as, async (tx, actor) =>
        runTests(tx, speaking(options, actor), await modelOf(tx, actor, name)),
      )
      say(options, [...rows.map(lineOf), `${rows.length - failed} of ${rows.length} tests hold`].join('\n'), { tests: rows, failed })
      return failed === 0 ? 0 : 1
    }
    const file = readModelFile(name)
    const who = await asUser(opened.db, options.as, async (_, actor) => ({
      tenantId: actor.tenantId,
      userId: actor.userId,
      plans: actor.permissions.has('territory.plan'),
    }))
    if (!who.plans) stop('permission.missing', { permission: 'territory.plan' })
    const answer = await checkFile(opened.db.bulk, who.tenantId, who.userId, file, localeOf(options))
    say(options, wordsOf(answer), answer)
    return answer.ok ? 0 : 1
  } finally {
    await opened.close()
  }
}
export const localeOf = (options: Options): Locale | undefined =>
  options.lang === 'en' || options.lang === 'zh-TW' || options.lang === 'zh-CN' ? options.lang : undefined
const speaking = (options: Options, actor: Actor): Actor => ({ ...actor, locale: localeOf(options) ?? actor.locale })
const lineOf = (t: { ok: boolean; name: string; words: string }): string => `  ${t.ok ? 'ok  ' : 'FAIL'} ${t.name}: ${t.words}`

function wordsOf({ territories, faults, figures, tests, failed, ok }: Checked): string {
  const { added, changed, removed } = territories
  return [
    `territories: +${added} ~${changed} -${removed}`,
    ...faults.map(f => `  fault: ${f.words}`),
    ...(figures
      ? [
          `customers ${figures.accounts}: ${figures.owners} change owner, ${figures.territories} change territory (${figures.shareBp / 100} %), ${figures.keyAccounts} key accounts`,
          `sight: ${figures.seers} people, +${figures.sightGained} -${figures.sightLost} records; open deals ${figures.deals}, tasks ${figures.tasks}`,
          `without territory ${figures.unassigned.before} -> ${figures.unassigned.after}, contested ${figures.contested.before} -> ${figures.contested.after}`,
        ]
      : []),
    ...tests.map(lineOf),
    ...(tests.length > 0 ? [`${tests.length - failed} of ${tests.length} tests hold`] : []),
    ok ? 'ok' : 'not ok',
  ].join('\n')
}

/** Models by id, version or file; a file is laid beside the active model by a draft that is taken back. */
export const diffCommand: Command = async options => {
  const [a, b] = options.positionals
  if (!a || !b) throw new Error('diff A B --as LOGIN   (each: active, vN, an id)')
  if (isFile(a) || isFile(b)) return diffFile(options, a, b)
  const opened = await open(options)
  try {
    const rows = await pages(opened.db, options, a, b)
    say(options, rows.lines.join('\n') || 'no difference', rows.data)
    return 0
  } finally {
    await opened.close()
  }
}

async function pages(db: Database, options: Options, a: string, b: string) {
  return asUser(db, options.as, async (tx, actor) => {
    const [left, right] = [await modelOf(tx, actor, a), await modelOf(tx, actor, b)]
    const all = []
    let summary = { added: 0, changed: 0, removed: 0 }
    for (let cursor: string | undefined; ; ) {
      const page = await compare(tx, speaking(options, actor), { a: left, b: right, about: 'all', cursor })
      summary = page.summary
      all.push(...page.rows)
      if (page.next === null) break
      cursor = page.next
    }
    const mark = { same: ' ', added: '+', removed: '-' } as const
    const head = { added: '+', removed: '-', changed: '~' } as const
    const lines = all.flatMap(r => [
      `${head[r.change]} ${r.code} ${r.name}`,
      ...r.fields.map(f => `    ${f.field}: ${f.before ?? '–'} -> ${f.after ?? '–'}`),
      ...r.lines.filter(l => l.change !== 'same').map(l => `    ${mark[l.change]} ${l.words}`),
      ...r.members.map(m => `    ${mark[m.change]} ${m.role} ${m.person.name}`),
    ])
    return { lines, data: { summary, rows: all } }
  })
}

/** A file against a model: both as files, compared as text by territory code; needs no draft. */
async function diffFile(options: Options, a: string, b: string): Promise<number> {
  const opened = await open(options)
  try {
    const read = async (name: string): Promise<ModelFile> =>
      isFile(name) ? readModelFile(name) : asUser(opened.db, options.as, async (tx, actor) => writeFile(tx, actor, await modelOf(tx, actor, name)))
    const lines = diffFiles(await read(a), await read(b))
    say(
      options,
      lines.map(l => `${l.change === 'added' ? '+' : l.change === 'removed' ? '-' : '~'} ${l.code}${l.what ? ` ${l.what}` : ''}`).join('\n') ||
        'no difference',
      lines,
    )
    return 0
  } finally {
    await opened.close()
  }
}
