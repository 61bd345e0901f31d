/** jiangyu seed: the demo company in an empty database; the same seed makes the same company. */
import { open } from './database.ts'
import { seedDemo } from './demo/seed-demo.ts'
import { type Command, say } from './options.ts'

export const seedCommand: Command = async options => {
  const opened = await open(options)
  try {
    const known = await opened.db.owner.query('select 1 from tenant limit 1')
    if (known.rowCount) throw new Error('There is a company already; the demo company goes into an empty database (--data DIR).')
    const scale = options.scale === '1m' ? 1_000_000 : undefined
    const made = await seedDemo(opened.db, {
      accounts: scale ?? Number(options.accounts ?? 20_000),
      people: Number(options.people ?? (scale ? 2000 : 200)),
      seed: Number(options.seed ?? 1),
      say: words => !options.json && console.log(words),
    })
    say(options, `Made ${made.accounts} accounts, ${made.people} people, ${made.territories} territories.`, made)
    return 0
  } finally {
    await opened.close()
  }
}
