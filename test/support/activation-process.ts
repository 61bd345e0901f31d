/** A process of its own that submits work to the end: materialises the draft of a change set, then switches it on. A test kills it. Arguments: URL, change set. */

import { asUser } from '../../src/cli/database.ts'
import { readSet } from '../../src/server/assignment/change-set/read-set.ts'
import { schedule } from '../../src/server/assignment/change-set/schedule.ts'
import { registerJobs } from '../../src/server/compose.ts'
import { openDatabase } from '../../src/server/kernel/databases.ts'
import { runNextJob, takeSilentJobsAfter } from '../../src/server/kernel/jobs.ts'

const [url, id] = process.argv.slice(2) as [string, string]
// Its predecessor was killed: nobody will give a sign of life any more.
takeSilentJobsAfter(0)
const db = openDatabase(url)
registerJobs(db.bulk)
process.stdout.write('ready\n')
while (await runNextJob(db.bulk));
await asUser(db, 'ops', async (tx, actor, now) => {
  if ((await readSet(tx, actor, id)).state === 'approved') await schedule(tx, actor, now, id, {})
})
while (await runNextJob(db.bulk));
await db.close()
