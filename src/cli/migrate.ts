/** jiangyu migrate: applies what is missing and says what it was. */
import { open } from './database.ts'
import { type Command, say } from './options.ts'

export const migrateCommand: Command = async options => {
  const opened = await open(options)
  await opened.close()
  say(options, opened.applied.length ? `Applied: ${opened.applied.join(', ')}` : 'The database is up to date.', { applied: opened.applied })
  return 0
}
