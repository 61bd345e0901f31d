/** jiangyu import: the same upload, mapping, check and writing as the page, in one go. */
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { mapping as mappingShape } from '../contract/import/imports.ts'
import { findRejects, readImport, setMapping, startWriting, upload } from '../server/import/jobs-of-import.ts'
import { asUser, finishJobs, open } from './database.ts'
import { type Command, say } from './options.ts'

export const importCommand: Command = async options => {
  const file = options.positionals[0]
  if (!file || !existsSync(file)) throw new Error(`No such file: ${file ?? '(none given)'}`)
  const opened = await open(options)
  const { db } = opened
  const tick = (kind: string, done: number) => !options.json && process.stdout.write(`\r${kind} ${done} `)
  try {
    const id = await asUser(db, options.as, (tx, actor, now) =>
      upload(tx, actor, now, { fieldName: 'file', fileName: path.basename(file), stream: createReadStream(file) }),
    )
    const given = options.mapping ? (JSON.parse(readFileSync(options.mapping, 'utf8')) as Record<string, unknown>) : {}
    await asUser(db, options.as, async (tx, actor, now) => {
      const { guess } = await readImport(tx, actor, id)
      const columns = guess.map(g => ({ column: g.column, field: g.confidence >= 0.5 ? g.field : null }))
      const keyed = columns.some(c => c.field === 'externalKey')
      const mapping = mappingShape.parse({
        columns,
        match: keyed ? 'externalKey' : 'none',
        source: options.source ?? path.basename(file),
        mode: options.mode ?? 'upsert',
        ...given,
      })
      await setMapping(tx, actor, now, id, mapping)
    })
    await finishJobs(db, tick)
    const staged = await asUser(db, options.as, (tx, actor) => readImport(tx, actor, id))
    if (!options.check && staged.state === 'staged' && (staged.stats.good ?? 0) > 0) {
      await asUser(db, options.as, (tx, actor, now) => startWriting(tx, actor, now, id))
      await finishJobs(db, tick)
    }
    const result = await asUser(db, options.as, async (tx, actor) => ({
      job: await readImport(tx, actor, id),
      rejects: (await findRejects(tx, actor, id, undefined, 20)).rows,
    }))
    const { stats, state, mapping } = result.job
    if (!options.json) process.stdout.write('\r')
    const lines = [
      `${state}: ${stats.rows ?? 0} rows, ${stats.good ?? 0} good, ${stats.bad ?? 0} refused, ${stats.written ?? 0} written`,
      ...(stats.problem ? [stats.problem] : []),
      ...result.rejects.slice(0, 10).map(r => `  row ${r.row}: ${r.problems.map(p => `${p.field} ${p.words}`).join('; ')}`),
    ]
    say(options, lines.join('\n'), { id, state, stats, mapping, rejects: result.rejects })
    return state === 'failed' ? 1 : 0
  } finally {
    await opened.close()
  }
}
