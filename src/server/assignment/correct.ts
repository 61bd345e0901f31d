/**
 * A late correction 更正 of the past: from one instant to another the account belonged to somebody else than was believed. What was believed
 * stays readable with the knowledge of then, what is true is answered from now on, and in neither do two rows overlap. The present is not
 * corrected but changed: by an act, a pin, a change set.
 */

import { whilePlacing } from '../access/while-placing.ts'
import { DAY, HELD, plainInstant, TURNS } from '../account/as-of.ts'
import { enterWriters, writeInstant } from '../account/facts.ts'
import { lockOne } from '../account/save-account.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { lockPast } from './archive.ts'

export type CorrectionInput = {
  /** An instant, or a day: from its beginning. */
  readonly from: string
  /** An instant, or a day: to its end; today means until now. */
  readonly to: string
  readonly ownerId: string | null
  readonly territoryId: string | null
  readonly reason: string
}

const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

export async function correct(tx: Tx, actor: Actor, accountId: string, input: CorrectionInput): Promise<string> {
  const { tenantId } = actor
  await enterWriters(tx, tenantId)
  await lockPast(tx, tenantId)
  await lockOne(tx, actor, accountId, null)
  await checkNames(tx, actor, input)
  return whilePlacing(tx, async () => {
    const { from, to, at } = await resolve(tx, tenantId, accountId, input)
    const before = await believed(tx, tenantId, accountId, from, to)
    const covered = before.filter(b => b.ownerId === input.ownerId && b.territoryId === input.territoryId).reduce((s, b) => s + BigInt(b.length), 0n)
    if (covered === BigInt(before[0]?.asked ?? -1)) stop('correction.same')
    const made = await tx.query<{ id: string }>(
      `insert into placement_correction (tenant_id, account_id, owner_id, territory_id, valid_from, valid_to, reason, created_by, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id::text`,
      [tenantId, accountId, input.ownerId, input.territoryId, from, to, input.reason, actor.userId, at],
    )
    const id = made.rows[0]!.id
    for (const part of await partsOf(tx, tenantId, from, to)) {
      const values = [tenantId, accountId, part.modelId, part.from, part.to, at]
      await tx.query(CLOSE, values)
      await tx.query(CLOSE_OPEN, values)
      await tx.query(
        `insert into placement_history (tenant_id, model_id, account_id, owner_id, territory_id, source, valid_from, valid_to, known_from, correction_id)
         values ($1, $2, $3, $4, $5, 'corrected:act', $6, $7, $8, $9)`,
        [tenantId, part.live ? part.modelId : null, accountId, input.ownerId, input.territoryId, part.from, part.to, at, id],
      )
    }
    await audit(tx, actor, at, {
      kind: 'account.correct',
      recordKind: 'account',
      recordId: accountId,
      accountId,
      why: input.reason,
      before: { believed: before.map(({ ownerId, territoryId, from: since, to: until }) => ({ ownerId, territoryId, from: since, to: until })) },
      after: { correctionId: id, ownerId: input.ownerId, territoryId: input.territoryId, from, to },
    })
    return id
  })
}

async function checkNames(tx: Tx, actor: Actor, input: CorrectionInput): Promise<void> {
  // Whoever has left may have owned it then.
  const person =
    input.ownerId === null || (await tx.query('select 1 from app_user where tenant_id = $1 and id = $2', [actor.tenantId, input.ownerId])).rowCount
  if (!person) stop('correction.person', undefined, '/ownerId')
  const territory =
    input.territoryId === null ||
    (
      await tx.query(
        `select 1 from territory t where t.tenant_id = $1 and t.id = $2 and exists (select 1 from activation a where a.tenant_id = $1 and a.model_id = t.model_id and a.cancelled_at is null and a.effective_at <= clock_timestamp()) limit 1`,
        [actor.tenantId, input.territoryId],
      )
    ).rowCount
  if (!territory) stop('correction.territory', undefined, '/territoryId')
}

/** The interval in instants, and the instant of the correction: after everything that is known of the account. */
async function resolve(tx: Tx, tenantId: string, accountId: string, input: CorrectionInput): Promise<{ from: string; to: string; at: string }> {
  const [from, to] = [plainInstant(input.from, '/from'), plainInstant(input.to, '/to')]
  const start = DAY.test(from) ? '($2::date)::timestamp at time zone c.zone' : '$2::timestamptz'
  const end = DAY.test(to)
    ? `case when $3::date = (c.now at time zone c.zone)::date then c.now else (($3::date + 1)::timestamp at time zone c.zone) end`
    : '$3::timestamptz'
  const found = await tx.query<{ from: string; to: string; at: string; empty: boolean; future: boolean }>(
    `with c as materialized (select greatest($4::timestamptz,
              (select max(o.known_from) + interval '1 microsecond' from account_placement o where o.tenant_id = $1 and o.account_id = $5),
              (select max(greatest(h.known_from, h.known_to)) + interval '1 microsecond' from placement_history h where h.tenant_id = $1 and h.account_id = $5)) as now, t.zone from tenant t where t.id = $1),
          q as materialized (select c.now, ${start} as start, ${end} as stop from c)
     select ${UTC('q.start')} as from, ${UTC('q.stop')} as to, ${UTC('q.now')} as at, q.stop <= q.start as empty, q.stop > q.now as future from q`,
    [tenantId, from, to, await writeInstant(tx), accountId],
  )
  const row = found.rows[0]!
  if (row.future) stop('correction.future', undefined, '/to')
  if (row.empty) stop('correction.dates', undefined, '/to')
  return row
}

type Believed = { ownerId: string | null; territoryId: string | null; from: string; to: string; length: string; asked: string }
const MICROSECONDS = (later: string, earlier: string) => `(extract(epoch from (${later}) - (${earlier})) * 1000000)::bigint::text`

async function believed(tx: Tx, tenantId: string, accountId: string, from: string, to: string): Promise<readonly Believed[]> {
  const found = await tx.query<Believed>(
    `select b.owner_id::text as "ownerId", b.territory_id::text as "territoryId", ${UTC('b.f')} as from, ${UTC('b.t')} as to, ${MICROSECONDS('b.t', 'b.f')} as length, ${MICROSECONDS('$4::timestamptz', '$3::timestamptz')} as asked
       from (select k.owner_id, k.territory_id, greatest(k.valid_from, $3::timestamptz) as f, least(k.valid_to, $4::timestamptz) as t from (${HELD}) k) b where b.f < b.t order by b.f`,
    [tenantId, accountId, from, to],
  )
  return found.rows
}

type Part = { modelId: string | null; live: boolean; from: string; to: string }
/** The parts of the interval by the model in force, whose rows count there; before the first one the model-free history counts. */
async function partsOf(tx: Tx, tenantId: string, from: string, to: string): Promise<readonly Part[]> {
  const found = await tx.query<Part>(
    `with turn as (${TURNS}),
          every as (select model_id, starts, ends from turn union all select null, '-infinity', coalesce(min(starts), 'infinity') from turn)
     select e.model_id::text as "modelId", coalesce(m.state <> 'archived', false) as live, ${UTC('greatest(e.starts, $2::timestamptz)')} as from, ${UTC('least(e.ends, $3::timestamptz)')} as to
       from every e left join territory_model m on m.tenant_id = $1 and m.id = e.model_id
      where greatest(e.starts, $2::timestamptz) < least(e.ends, $3::timestamptz) order by e.starts`,
    [tenantId, from, to],
  )
  return found.rows
}

const COLUMNS =
  'tenant_id, model_id, account_id, owner_id, territory_id, source, rule_id, rule_version, valid_from, valid_to, known_from, known_to, correction_id'

/** $4 to $5 of the closed rows is no longer believed from $6 on; what lies outside stays as it was. */
const CLOSE = `
  with hit as (
    select * from placement_history h where h.tenant_id = $1 and h.account_id = $2 and h.known_to is null and (h.model_id = $3::bigint or h.model_id is null)
       and h.valid_from < $5::timestamptz and h.valid_to > $4::timestamptz),
   outside as (
    insert into placement_history (${COLUMNS})
    select tenant_id, model_id, account_id, owner_id, territory_id, source, rule_id, rule_version, valid_from, $4::timestamptz, known_from, null::timestamptz, correction_id from hit where valid_from < $4
    union all
    select tenant_id, model_id, account_id, owner_id, territory_id, source, rule_id, rule_version, $5::timestamptz, valid_to, known_from, null, correction_id from hit where valid_to > $5)
  update placement_history h set valid_from = greatest(h.valid_from, $4::timestamptz), valid_to = least(h.valid_to, $5::timestamptz), known_to = $6::timestamptz
    from hit where h.tenant_id = $1 and h.id = hit.id`

/** The open row begins where the correction ends; what it said of the time before becomes history. */
const CLOSE_OPEN = `
  with hit as (
    select * from account_placement o where o.tenant_id = $1 and o.account_id = $2 and o.model_id = $3::bigint and o.valid_from < $5::timestamptz),
   before as (
    insert into placement_history (${COLUMNS})
    select tenant_id, model_id, account_id, owner_id, territory_id, source, rule_id, rule_version, valid_from, $4::timestamptz, known_from, null::timestamptz, null::bigint from hit where valid_from < $4
    union all
    select tenant_id, model_id, account_id, owner_id, territory_id, source, rule_id, rule_version, greatest(valid_from, $4::timestamptz), $5::timestamptz, known_from, $6::timestamptz, null from hit)
  update account_placement o set valid_from = $5::timestamptz from hit where o.tenant_id = $1 and o.model_id = hit.model_id and o.account_id = hit.account_id`
