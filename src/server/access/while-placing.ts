/**
 * Rows of placement beyond one's own tokens: for the writer's path, because a transfer may lead out of the writer's sight, and for answers
 * about another instant, because the row of then carries the tokens of then. app.placing is switched on here and nowhere else. Who reads
 * inside joins `account`, whose fence asks today's tokens: what one may not see today stays unseen.
 */
import { prepared, type Tx } from '../kernel/transaction.ts'

export async function whilePlacing<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await tx.query(prepared('placing', "select app_set('app.placing', $1)", ['on']))
  try {
    return await work()
  } finally {
    // After an error the transaction is lost and the setting with it.
    await tx.query(prepared('placing', "select app_set('app.placing', $1)", [''])).catch(() => undefined)
  }
}
