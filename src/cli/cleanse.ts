/** jiangyu cleanse: the data check-up as a named person sees it, its problems as a file, and fixes of a kind with a dry run and a way back. */
import { writeFile } from 'node:fs/promises'
import type { CheckUp } from '../contract/cleansing/check-ups.ts'
import { isKind, MEASURES } from '../core/cleansing/problem.ts'
import { addCounts, NO_COUNTS, shareOf } from '../core/cleansing/score.ts'
import { readCheckUp, startCheckUp } from '../server/cleansing/check-up.ts'
import { previewFixes, runFixes, undoFixes } from '../server/cleansing/fix.ts'
import { writeReport } from '../server/cleansing/report.ts'
import type { Actor } from '../server/kernel/actor.ts'
import { stop } from '../server/kernel/refusal-error.ts'
import { asUser, finishJobs, open } from './database.ts'
import { localeOf } from './model.ts'
import { type Command, type Options, say } from './options.ts'

const percent = (share: number | null): string => (share === null ? '     –' : `${(Math.floor(share * 1000) / 10).toFixed(1).padStart(5)}%`)

function wordsOf(report: CheckUp): string {
  if (!report.run) return 'There has been no check-up yet: add --run.'
  const line = (name: string, counts: CheckUp['fields'][number]['counts']) =>
    `  ${MEASURES.map(m => percent(shareOf(m, counts))).join('  ')}  ${name}`
  return [
    `${report.run.endedAt}  ${report.accounts} customers${report.scope === 'sight' ? ' in your sight' : ''}, divisions of ${report.run.edition}${report.run.mapUsed ? '' : ', no map'}`,
    `  ${MEASURES.map(m => m.slice(0, 6).padStart(6)).join('  ')}`,
    line(
      '*',
      report.fields.reduce((sum, f) => addCounts(sum, f.counts), NO_COUNTS),
    ),
    ...report.fields.map(f => line(`${f.key} ${f.label}`, f.counts)),
    ...report.kinds.map(k => `  ${String(k.count).padStart(8)}  ${k.kind.padEnd(22)} ${k.field} (${k.label})`),
  ].join('\n')
}

export const cleanseCommand: Command = async options => {
  const opened = await open(options)
  const { db } = opened
  const reader = (actor: Actor): Actor => ({ ...actor, locale: localeOf(options) ?? actor.locale })
  try {
    if (options.undo) {
      const id = options.positionals[0]
      if (!id || !/^[1-9]\d{0,17}$/.test(id)) throw new Error('cleanse ID --undo --as LOGIN')
      const done = await asUser(db, options.as, (tx, actor) => mayEdit(actor, () => undoFixes(tx, actor, id)))
      say(options, `${done.restored} put back, ${done.kept} were changed since, ${done.unseen} out of sight`, done)
      return 0
    }
    if (options.run) {
      await asUser(db, options.as, (tx, actor, now) =>
        actor.permissions.has('account.bulk') ? startCheckUp(tx, actor, now) : stop('permission.missing', { permission: 'account.bulk' }),
      )
      await finishJobs(db, () => undefined)
    }
    if (options.fix !== undefined) return await fix(options, opened)
    const report = await asUser(db, options.as, (tx, actor) => mayRead(actor, () => readCheckUp(tx, reader(actor))))
    const file = options.report
    if (file !== undefined) {
      const written = await asUser(db, options.as, (tx, actor, now) =>
        actor.permissions.has('account.export')
          ? writeReport(tx, reader(actor), now, options.field ? { field: options.field } : {})
          : stop('permission.missing', { permission: 'account.export' }),
      )
      await writeFile(file, written.bytes)
      say(options, `${wordsOf(report)}\n${written.rows} problems written to ${file}`, { ...report, file, rows: written.rows })
    } else say(options, wordsOf(report), report)
    return 0
  } finally {
    await opened.close()
  }
}

const mayRead = <T>(actor: Actor, work: () => T): T =>
  actor.permissions.has('account.read') ? work() : stop('permission.missing', { permission: 'account.read' })
const mayEdit = <T>(actor: Actor, work: () => T): T =>
  actor.permissions.has('account.edit') ? work() : stop('permission.missing', { permission: 'account.edit' })

/** --fix KIND: every proposal of the kind, in the field it was found in; with --dry-run nothing is written. */
async function fix(options: Options, { db }: Awaited<ReturnType<typeof open>>): Promise<number> {
  const kind = options.fix!
  if (!isKind(kind)) stop('cleansing.kind', { kind })
  const fields = options.field
    ? [options.field]
    : (await asUser(db, options.as, (tx, actor) => mayRead(actor, () => readCheckUp(tx, actor)))).kinds.filter(k => k.kind === kind).map(k => k.field)
  const results: object[] = []
  for (const field of fields) {
    const body = { all: { field, kind } }
    const preview = await asUser(db, options.as, (tx, actor, now) => mayEdit(actor, () => previewFixes(tx, actor, now, body)))
    if (options['dry-run'] || preview.editable === 0) {
      results.push({ field, kind, ...preview })
      continue
    }
    results.push({ field, kind, moving: preview.moving, ...(await asUser(db, options.as, (tx, actor) => runFixes(tx, actor, body))) })
  }
  const words = results.map(r => {
    const one = r as { field: string; id?: string; changed?: number; editable?: number; matched?: number; moving: number }
    return one.id === undefined
      ? `${one.field}: ${one.matched} with a proposal, ${one.editable} of them yours to change, ${one.moving} would move`
      : `${one.field}: ${one.changed} mended, ${one.moving} moved; back again with: jiangyu cleanse ${one.id} --undo`
  })
  say(options, words.length > 0 ? words.join('\n') : 'Nothing of this kind.', results)
  return 0
}
