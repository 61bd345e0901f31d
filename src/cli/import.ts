/** jiangyu import: the same upload, mapping, check and writing as the page, in one go, for every kind of record. */
import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ENCODINGS, mapping as mappingShape } from '../contract/import/imports.ts'
import { IMPORT_OBJECTS, type ImportObjectKey, MODEL_OBJECTS } from '../contract/import/objects.ts'
import { inviteAll } from '../server/import/invitations.ts'
import { readImport, setMapping, startUndo, startWriting, upload } from '../server/import/jobs-of-import.ts'
import { findRejects } from '../server/import/rejects.ts'
import { asUser, finishJobs, open } from './database.ts'
import { type Command, type Options, say } from './options.ts'

export const importCommand: Command = async options => {
  const object = (options.object ?? 'account') as ImportObjectKey
  if (!IMPORT_OBJECTS.includes(object)) throw new Error(`--object is one of ${IMPORT_OBJECTS.join(', ')}`)
  if (options.encoding && !(ENCODINGS as readonly string[]).includes(options.encoding))
    throw new Error(`--encoding is one of ${ENCODINGS.join(', ')}`)
  const file = options.positionals[0]
  if (!options.undo && (!file || !existsSync(file))) throw new Error(`No such file: ${file ?? '(none given)'}`)
  const opened = await open(options)
  const { db } = opened
  const tick = (kind: string, done: number, total: number | null) =>
    !options.json && process.stdout.write(`\r${kind} ${done}${total ? ` of ${total}` : ''}    `)
  try {
    const id = options.undo ? String(file) : await bring(options, db, object, file!)
    if (options.undo) await asUser(db, options.as, (tx, actor, now) => startUndo(tx, actor, now, id))
    await finishJobs(db, tick)
    const staged = await asUser(db, options.as, (tx, actor) => readImport(tx, actor, id))
    if (!options.check && staged.state === 'staged' && (staged.stats.good ?? 0) > 0) {
      await asUser(db, options.as, (tx, actor, now) => startWriting(tx, actor, now, id))
      await finishJobs(db, tick)
    }
    return await report(options, db, id)
  } finally {
    await opened.close()
  }
}

type Db = Parameters<typeof asUser>[0]

/** Uploads and maps: what was guessed with confidence, overruled by the file of --mapping. */
async function bring(options: Options, db: Db, object: ImportObjectKey, file: string): Promise<string> {
  const id = await asUser(db, options.as, (tx, actor, now) =>
    upload(
      tx,
      actor,
      now,
      { fieldName: 'file', fileName: path.basename(file), stream: createReadStream(file) },
      object,
      options.encoding as (typeof ENCODINGS)[number] | undefined,
    ),
  )
  const given = options.mapping ? (JSON.parse(readFileSync(options.mapping, 'utf8')) as Record<string, unknown>) : {}
  await asUser(db, options.as, async (tx, actor, now) => {
    const { guess, matches, targets } = await readImport(tx, actor, id)
    const columns = guess.map(g => ({ column: g.column, field: g.confidence >= 0.5 ? g.field : null }))
    const mapped = new Set(columns.map(c => c.field))
    const refs = { externalKey: ['externalKey', 'accountKey'], creditCode: ['accountCode'], name: ['accountName'] } as Record<string, string[]>
    const match = matches.find(m => (refs[m] ?? []).some(key => targets.some(t => t.key === key) && mapped.has(key))) ?? matches.at(-1)!
    const model = MODEL_OBJECTS.includes(object)
      ? options.model && /^\d+$/.test(options.model)
        ? { id: options.model }
        : object === 'member' && !options.model
          ? { id: actor.modelId }
          : { name: options.model ?? path.basename(file) }
      : null
    const mapping = mappingShape.parse({
      columns,
      match,
      model,
      source: options.source ?? path.basename(file),
      mode: options.mode ?? 'upsert',
      ...(options.duplicates ? { duplicates: options.duplicates } : {}),
      ...given,
    })
    await setMapping(tx, actor, now, id, mapping)
  })
  return id
}

async function report(options: Options, db: Db, id: string): Promise<number> {
  const { job, rejects } = await asUser(db, options.as, async (tx, actor) => ({
    job: await readImport(tx, actor, id),
    rejects: (await findRejects(tx, actor, id, undefined, 20)).rows,
  }))
  const { stats, state, mapping, object } = job
  if (options.invitations && state === 'done') {
    const people = await asUser(db, options.as, (tx, actor, now) => inviteAll(tx, actor, now, id))
    writeFileSync(options.invitations, ['name,login,link', ...people.map(p => `${p.name},${p.login},/ticket?ticket=${p.ticket}`)].join('\n'), {
      mode: 0o600,
    })
  }
  if (!options.json) process.stdout.write('\r')
  const seconds = stats.seconds ? Object.entries(stats.seconds).map(([phase, s]) => `${phase} ${s} s`) : []
  const lines = [
    options.undo
      ? `${state}: ${stats.back ?? 0} taken back, ${stats.kept ?? 0} left because somebody changed them since`
      : `import ${id} ${state}: ${stats.rows ?? 0} rows, ${stats.good ?? 0} good, ${stats.bad ?? 0} refused, ${stats.written ?? 0} written${seconds.length ? ` (${seconds.join(', ')})` : ''}`,
    ...(stats.problem ? [stats.problem] : []),
    ...(stats.reasons ?? []).slice(0, 10).map(r => `  ${r.count} × ${r.field ? `${r.field}: ` : ''}${r.words}`),
    ...rejects.slice(0, 10).map(r => `  row ${r.row}: ${r.problems.map(p => `${p.field} ${p.words}`).join('; ')}`),
  ]
  say(options, lines.join('\n'), { id, object, state, stats, mapping, rejects })
  return state === 'failed' ? 1 : 0
}
