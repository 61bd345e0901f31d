/**
 * Records beyond one's own sight, for the paths of pools and of cases: who claims a customer locks, counts and writes what he may see only
 * afterwards, and what a pool shows of it is masked from values he may not read; evidence of a case is the same whoever opened it, and its judge
 * rules about customers that may stand outside his territories. Nothing read inside leaves but ids, counts, instants and masked values, and of a
 * case what its parties are told. A test names the files that may call this.
 */
import { EVERYONE_TOKEN } from '../../core/access/tokens.ts'
import { prepared, type Tx } from '../kernel/transaction.ts'

export async function beyondSight<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const own = await tx.query<{ tokens: string | null }>(
    prepared(
      'beyond-sight',
      `with own as materialized (select current_setting('app.tokens', true) as tokens) select own.tokens, app_set('app.tokens', $1 || coalesce(left(own.tokens, 0), '')) from own`,
      [`{${EVERYONE_TOKEN}}`],
    ),
  )
  try {
    return await work()
  } finally {
    // After an error the transaction is lost and the setting with it.
    await tx.query(prepared('own-sight', "select app_set('app.tokens', $1)", [own.rows[0]?.tokens ?? ''])).catch(() => undefined)
  }
}
