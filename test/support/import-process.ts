/** A process of its own that does the jobs of a database until none is left, so that a test can kill it. Arguments: URL, rows of a piece. */
import { registerJobs } from '../../src/server/compose.ts'
import { SIZES } from '../../src/server/import/write-job.ts'
import { openDatabase } from '../../src/server/kernel/databases.ts'
import { runNextJob, takeSilentJobsAfter } from '../../src/server/kernel/jobs.ts'

const [url, piece] = process.argv.slice(2)
SIZES.atOnce = Number(piece)
SIZES.written = Number(piece)
SIZES.placed = Number(piece)
// Its predecessor was killed: nobody will give a sign of life any more.
takeSilentJobsAfter(0)
const db = openDatabase(url!)
registerJobs(db.bulk)
process.stdout.write('ready\n')
while (await runNextJob(db.bulk));
await db.close()
