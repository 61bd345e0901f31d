/**
 * Whose was it then 当时归谁: where one account stood at an instant, with the reason in words; and when asked as it was known at another
 * instant, beside it what is known now, so that what one believed and what was true can be told apart.
 */
import type { z } from 'zod'
import type { accountStanding } from '../../contract/assignment/endpoints.ts'
import { type AsOfAsked, asOfAnswer, instantOf } from '../account/as-of.ts'
import type { Actor } from '../kernel/actor.ts'
import { RefusalError, stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { explainAccount } from './why.ts'

type Reply = z.infer<typeof accountStanding.reply>
type Standing = NonNullable<Reply['standing']>

export async function readStanding(tx: Tx, actor: Actor, accountId: string, asked: AsOfAsked): Promise<Reply> {
  const found = await tx.query<{ name: string; now: string }>(
    `select a.name, to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as now from account a where a.tenant_id = $1 and a.id = $2`,
    [actor.tenantId, accountId],
  )
  const account = found.rows[0] ?? stop('record.notFound')
  const at = asked.at ?? asked.known ?? account.now
  const then = await standingAt(tx, actor, accountId, { at, known: asked.known })
  // What was believed of a time after it is what was believed at it: the truth is asked for the same instant.
  const truth = asked.known === undefined ? then : await standingAt(tx, actor, accountId, { at: then.asOf?.at ?? at, known: undefined })
  const [s, t] = [then.standing, truth.standing]
  return {
    account: { id: accountId, name: account.name },
    asOf: then.asOf,
    standing: s,
    knownNow: t,
    differs: s?.owner?.id !== t?.owner?.id || s?.territory?.id !== t?.territory?.id,
  }
}

/** A time of which there is no record is an answer, not a refusal. */
async function standingAt(tx: Tx, actor: Actor, accountId: string, asked: AsOfAsked): Promise<{ asOf: Reply['asOf']; standing: Standing | null }> {
  try {
    const { asOf, outcome, sentence, ownerSentence } = await explainAccount(tx, actor, accountId, asked)
    const { territory, owner, source, ruleVersion, since } = outcome
    return { asOf, standing: { territory, owner, source, ruleVersion, since, sentence, ownerSentence, corrected: source.startsWith('corrected') } }
  } catch (error) {
    if (error instanceof RefusalError && error.refusal.code === 'asOf.none')
      return { asOf: asOfAnswer(await instantOf(tx, actor, asked)), standing: null }
    throw error
  }
}
