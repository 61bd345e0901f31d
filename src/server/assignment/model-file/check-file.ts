/**
 * Dry run of a file 试算: the draft is really made, computed and tested in a transaction that is taken back, so that its answer is that of the
 * page. Runs as a job under the bulk role, or from the command line.
 */
import type { Pool } from 'pg'
import type { Locale } from '../../../contract/kernel/shapes.ts'
import type { ChangeFigures } from '../../../contract/territory/change-sets.ts'
import type { TestResult } from '../../../contract/territory/model-file.ts'
import type { ModelFile } from '../../../core/territory/model-file.ts'
import { actorOfUser } from '../../identity/load-actor.ts'
import type { Actor } from '../../kernel/actor.ts'
import { stop } from '../../kernel/refusal-error.ts'
import { inBulk, type Tx } from '../../kernel/transaction.ts'
import { checkWhole, type ModelFault } from '../../territory/models.ts'
import { computeIn } from '../change-set/compute.ts'
import { type Applied, applyFile } from './apply-file.ts'
import { runTests } from './tests.ts'

export type Checked = {
  readonly ok: boolean
  readonly territories: Applied['territories']
  readonly faults: readonly ModelFault[]
  readonly figures: ChangeFigures | null
  readonly tests: readonly TestResult[]
  readonly failed: number
}

/** Thrown to take everything back. */
class TakeBack extends Error {}

export async function checkFile(bulk: Pool, tenantId: string, userId: string, file: ModelFile, locale?: Locale): Promise<Checked> {
  let answer: Checked | null = null
  try {
    await inBulk(bulk, async tx => {
      await tx.query('set transaction isolation level repeatable read')
      const actor = (await actorOfUser(tx, tenantId, userId)) ?? stop('record.notFound')
      answer = await tryFile(tx, locale ? { ...actor, locale } : actor, file)
      throw new TakeBack()
    })
  } catch (error) {
    if (!(error instanceof TakeBack)) throw error
  }
  return answer!
}

async function tryFile(tx: Tx, actor: Actor, file: ModelFile): Promise<Checked> {
  const now = (await tx.query<{ now: string }>('select to_char(clock_timestamp() at time zone \'UTC\', \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\') as now'))
    .rows[0]!.now
  const { modelId, changeSetId, territories } = await applyFile(tx, actor, now, file)
  const faults = await checkWhole(tx, actor, modelId)
  const { rows, failed } = await runTests(tx, actor, modelId)
  const figures = faults.length === 0 ? (await computeIn(tx, actor.tenantId, changeSetId)).figures : null
  return { ok: faults.length === 0 && failed === 0, territories, faults, figures, tests: rows, failed }
}
