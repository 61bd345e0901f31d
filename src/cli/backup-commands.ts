/** jiangyu backup and restore. */
import { backup } from './backup.ts'
import { ownerUrl } from './database.ts'
import { type Command, say } from './options.ts'
import { restore } from './restore.ts'

export const backupCommand: Command = async options => {
  const file = options.positionals[0]
  if (!file) throw new Error('backup FILE')
  const { url, stop } = await ownerUrl(options)
  try {
    const made = await backup(url, file)
    say(options, `${made.rows} rows of ${made.tables} tables → ${file}`, { ...made, file })
    return 0
  } finally {
    await stop()
  }
}

export const restoreCommand: Command = async options => {
  const file = options.positionals[0]
  if (!file) throw new Error('restore FILE')
  const { url, stop } = await ownerUrl(options)
  try {
    const made = await restore(url, file)
    say(options, `${made.rows} rows of ${made.tables} tables restored.`, made)
    return 0
  } finally {
    await stop()
  }
}
