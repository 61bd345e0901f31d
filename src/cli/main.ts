/** The jiangyu command: for administrators and pipelines. Every command answers in words, or in JSON with --json. */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { RefusalError } from '../server/kernel/refusal-error.ts'
import { wordsOf } from '../server/kernel/words.ts'
import { assignCommand } from './assign.ts'
import { backupCommand, restoreCommand } from './backup-commands.ts'
import { casesCommand } from './cases.ts'
import { changeCommand } from './change.ts'
import { cleanseCommand } from './cleanse.ts'
import { dedupeCommand } from './dedupe.ts'
import { explainCommand } from './explain.ts'
import { exportCommand } from './export.ts'
import { handoverCommand } from './handover.ts'
import { importCommand } from './import.ts'
import { leadsCommand } from './leads.ts'
import { migrateCommand } from './migrate.ts'
import { checkCommand, diffCommand, modelCommand } from './model.ts'
import type { Command, Options } from './options.ts'
import { proveCommand } from './prove.ts'
import { seedCommand } from './seed.ts'
import { serve } from './serve.ts'
import { userCommand } from './user.ts'

const COMMANDS: Readonly<Record<string, { readonly run: Command; readonly help: string }>> = {
  serve: { run: serve, help: 'serve [--demo] [--port 8600] [--host 127.0.0.1]      start the database and the server' },
  migrate: { run: migrateCommand, help: 'migrate                                              bring the database up to date' },
  seed: { run: seedCommand, help: 'seed [--accounts 20000] [--people 200] [--seed 1]    make the demo company (in an empty database)' },
  user: { run: userCommand, help: 'user list | add LOGIN NAME ROLE | password LOGIN     people; a new password is printed once' },
  import: {
    run: importCommand,
    help: 'import FILE --as LOGIN [--object account|contact|user|territory|member|owner] [--mapping M.json] [--source S] [--model M] [--duplicates hold|update|write]  checked, then written; import ID --undo takes it back',
  },
  assign: { run: assignCommand, help: 'assign --as LOGIN [--model ID] [--activate] [--undo] compute a draft, switch it on, go back' },
  explain: { run: explainCommand, help: 'explain ACCOUNT --as LOGIN [--model ID] [--at DAY [--known DAY]]  why it stands, or stood, where it does' },
  change: {
    run: changeCommand,
    help: 'change list | show | compute | submit | comment | approve | send-back | withdraw | merge | schedule | cancel ID | undo   --as LOGIN [--why W] [--at T]',
  },
  model: {
    run: modelCommand,
    help: 'model export [active|vN|ID] [FILE] | import FILE --as LOGIN   a territory model as a readable file; import makes a draft',
  },
  check: {
    run: checkCommand,
    help: 'check FILE.json|active|vN|ID --as LOGIN              dry run: what it would move, and its tests; exit 1 on a failing one',
  },
  prove: {
    run: proveCommand,
    help: 'prove active|vN|ID --as LOGIN                        gaps, overlaps and dead rules, each with its witness; exit 1 on one',
  },
  cleanse: {
    run: cleanseCommand,
    help: 'cleanse --as LOGIN [--run] [--report FILE.csv] [--fix KIND [--field F] [--dry-run]] | ID --undo   data check-up, fix list, fixes',
  },
  handover: {
    run: handoverCommand,
    help: 'handover --from LOGIN --to LOGIN [--rules FILE.json] [--date DAY] [--dry-run] --as LOGIN   what a person holds goes to others; exit 1 if something is left behind',
  },
  cases: {
    run: casesCommand,
    help: 'cases list | open ACCOUNT [CLAIMANT] | export FILE.csv --as LOGIN   conflict cases: those one sees, a new one, all as a table',
  },
  diff: { run: diffCommand, help: 'diff A B --as LOGIN                                  two models (active, vN, ID, or files) side by side' },
  dedupe: {
    run: dedupeCommand,
    help: 'dedupe --in FILE [--in FILE] --out PAIRS.csv [--truth T.csv] [--object company|person] [--mapping M.json]  duplicates in a list; needs no database',
  },
  leads: {
    run: leadsCommand,
    help: 'leads import FILE.csv|FILE.xlsx [--source S] | route | list | replay   --as LOGIN   take leads in, route the queue again, see it, play the turns again',
  },
  export: { run: exportCommand, help: 'export FILE.csv|FILE.xlsx --as LOGIN [--at DAY [--known DAY]]     what this person may see' },
  backup: { run: backupCommand, help: 'backup FILE                                          one consistent copy of everything' },
  restore: { run: restoreCommand, help: 'restore FILE                                         into an empty database' },
}

const HELP = `jiangyu: an open-source CRM whose heart is the sales territory

${Object.values(COMMANDS)
  .map(c => `  ${c.help}`)
  .join('\n')}

Options of all commands: --json  --data DIR (default .jiangyu)  --lang zh-CN|zh-TW|en
DATABASE_URL (an owner's URL) uses that PostgreSQL instead of the embedded one.`

async function main(): Promise<number> {
  const [name = 'help', ...rest] = process.argv.slice(2)
  const command = COMMANDS[name]
  if (!command) {
    console.log(HELP)
    return name === 'help' || name === '--help' ? 0 : 2
  }
  const { values, positionals } = parseArgs({
    args: rest,
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      data: { type: 'string' },
      lang: { type: 'string' },
      demo: { type: 'boolean', default: false },
      port: { type: 'string' },
      host: { type: 'string' },
      'no-build': { type: 'boolean', default: false },
      as: { type: 'string' },
      model: { type: 'string' },
      territory: { type: 'string' },
      at: { type: 'string' },
      known: { type: 'string' },
      activate: { type: 'boolean', default: false },
      undo: { type: 'boolean', default: false },
      mapping: { type: 'string' },
      object: { type: 'string' },
      encoding: { type: 'string' },
      invitations: { type: 'string' },
      source: { type: 'string' },
      mode: { type: 'string' },
      duplicates: { type: 'string' },
      check: { type: 'boolean', default: false },
      accounts: { type: 'string' },
      people: { type: 'string' },
      seed: { type: 'string' },
      scale: { type: 'string' },
      why: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      rules: { type: 'string' },
      date: { type: 'string' },
      in: { type: 'string', multiple: true },
      out: { type: 'string' },
      truth: { type: 'string' },
      run: { type: 'boolean', default: false },
      report: { type: 'string' },
      fix: { type: 'string' },
      field: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
    },
  })
  const options = { ...values, positionals } as Options
  try {
    return await command.run(options)
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error
    const refusals = error.details.length > 0 ? error.details : [error.refusal]
    const locale = options.lang === 'en' || options.lang === 'zh-TW' ? options.lang : 'zh-CN'
    if (options.json)
      console.log(JSON.stringify({ refused: refusals.map(r => ({ code: r.code, field: r.field ?? null, words: wordsOf(r, locale).text })) }))
    else for (const r of refusals) console.error(`${r.field ? `${r.field}: ` : ''}${wordsOf(r, locale).text}`)
    return 1
  }
}

main().then(
  code => {
    process.exitCode = code
  },
  error => {
    console.error((error as Error).message)
    process.exitCode = 1
  },
)
