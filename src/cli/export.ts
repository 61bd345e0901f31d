/** jiangyu export: what the named person may see, as the page would export it. */
import { writeFileSync } from 'node:fs'
import { exportTable } from '../server/account/export.ts'
import { asUser, open } from './database.ts'
import { type Command, instantsOf, say } from './options.ts'

export const exportCommand: Command = async options => {
  const out = options.positionals[0]
  if (!out) throw new Error('export FILE.csv|FILE.xlsx --as LOGIN')
  const opened = await open(options)
  try {
    const format = out.endsWith('.xlsx') ? 'xlsx' : 'csv'
    const table = await asUser(opened.db, options.as, (tx, actor, now) =>
      exportTable(tx, actor, now, { scope: 'all', sort: 'updated', descending: true, format, ...instantsOf(options) }),
    )
    writeFileSync(out, table.bytes)
    say(options, `${table.rows} accounts → ${out}`, { rows: table.rows, file: out })
    return 0
  } finally {
    await opened.close()
  }
}
