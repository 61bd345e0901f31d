/**
 * Protection 保护, lock 锁定 and extension 延期: each says until when nobody reclaims a customer, and moves its clock at once. Protection is limited in
 * number and length; an extension is asked for and decided by the nearest manager.
 */

import { enterWriters, writeInstant } from '../account/facts.ts'
import { lockOne } from '../account/save-account.ts'
import type { ApprovalKind } from '../approval/kinds.ts'
import { ACCOUNT_TRANSFER, nearestFor } from '../assignment/account-requests.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { touchClocks } from './events.ts'
import { loadPools } from './store.ts'

const LOCK = 9
const DAY = 86_400_000

async function ownerOf(tx: Tx, actor: Actor, accountId: string): Promise<string | null> {
  const found = await tx.query<{ owner: string | null }>(
    'select owner_id::text as owner from account_placement where tenant_id = $1 and model_id = $2 and account_id = $3',
    [actor.tenantId, actor.modelId, accountId],
  )
  return (found.rows[0] ?? stop('record.notFound')).owner
}

async function insert(
  tx: Tx,
  actor: Actor,
  at: string,
  accountId: string,
  row: { kind: string; ownerId: string; until: string | null; reason: string | null },
) {
  const made = await tx.query<{ id: string }>(
    'insert into pool_protection (tenant_id, account_id, kind, owner_id, starts_at, until, reason, created_by) values ($1, $2, $3, $4, $5, $6, $7, $8) returning id::text',
    [actor.tenantId, accountId, row.kind, row.ownerId, at, row.until, row.reason, actor.userId],
  )
  await audit(tx, actor, at, {
    kind: `account.${row.kind}`,
    recordKind: 'account',
    recordId: accountId,
    accountId,
    why: row.reason,
    after: { until: row.until, ownerId: row.ownerId },
  })
  await touchClocks(tx, actor.tenantId, [accountId])
  return made.rows[0]!.id
}

/** The owner protects a few of his own for a while; a lock, without an end, is set by who may assign. */
export async function protect(
  tx: Tx,
  actor: Actor,
  accountId: string,
  input: { kind: 'protect' | 'lock'; until: string | null; reason: string },
): Promise<string> {
  const { company } = await loadPools(tx, actor.tenantId)
  await enterWriters(tx, actor.tenantId)
  await lockOne(tx, actor, accountId, null)
  const ownerId = (await ownerOf(tx, actor, accountId)) ?? stop('pool.notOwner')
  if (input.kind === 'lock' ? !actor.permissions.has('account.assign') : ownerId !== actor.userId && !actor.permissions.has('account.assign'))
    stop('pool.notOwner')
  // One after the other for each owner, so that two at once do not pass the limit.
  await tx.query(`select pg_advisory_xact_lock(${LOCK}, hashtext($1))`, [`${actor.tenantId}/${ownerId}`])
  const at = await writeInstant(tx)
  if (input.kind === 'protect') {
    const until = input.until ?? stop('pool.protectLong', { most: company.protectDays }, '/until')
    if (Date.parse(until) <= Date.parse(at)) stop('member.dates', undefined, '/until')
    if (Date.parse(until) > Date.parse(at) + company.protectDays * DAY) stop('pool.protectLong', { most: company.protectDays }, '/until')
    const used = await tx.query<{ n: number }>(
      `select count(distinct account_id)::int as n from pool_protection where tenant_id = $1 and owner_id = $2 and kind = 'protect' and ended_at is null and until > $3 and account_id <> $4`,
      [actor.tenantId, ownerId, at, accountId],
    )
    if (used.rows[0]!.n >= company.protectMost) stop('pool.protectFull', { used: used.rows[0]!.n, most: company.protectMost })
  }
  await tx.query('update pool_protection set ended_at = $4 where tenant_id = $1 and account_id = $2 and kind = $3 and ended_at is null', [
    actor.tenantId,
    accountId,
    input.kind,
    at,
  ])
  return insert(tx, actor, at, accountId, { kind: input.kind, ownerId, until: input.kind === 'lock' ? null : input.until, reason: input.reason })
}

export async function unprotect(tx: Tx, actor: Actor, accountId: string, kind: 'protect' | 'lock'): Promise<void> {
  await enterWriters(tx, actor.tenantId)
  await lockOne(tx, actor, accountId, null)
  const ownerId = await ownerOf(tx, actor, accountId)
  if (kind === 'lock' || ownerId !== actor.userId) if (!actor.permissions.has('account.assign')) stop('pool.notOwner')
  const at = await writeInstant(tx)
  const ended = await tx.query(
    'update pool_protection set ended_at = $4 where tenant_id = $1 and account_id = $2 and kind = $3 and ended_at is null',
    [actor.tenantId, accountId, kind, at],
  )
  if (ended.rowCount === 0) stop('record.notFound')
  await audit(tx, actor, at, { kind: `account.un${kind}`, recordKind: 'account', recordId: accountId, accountId })
  await touchClocks(tx, actor.tenantId, [accountId])
}

/** Asked by the owner, decided by the nearest manager: the clock runs on from its end by so many days. */
export const POOL_EXTENSION: ApprovalKind = {
  kind: 'account.extension',
  recordKind: 'account',
  permission: 'account.assign',
  check: async (tx, actor, { recordId, payload, askedBy }) => {
    const { company } = await loadPools(tx, actor.tenantId)
    const ownerId = await ownerOf(tx, actor, recordId)
    if (ownerId === null || ownerId !== askedBy) stop('pool.notOwner')
    const days = payload.days ?? stop('input.invalid', undefined, '/payload/days')
    if (days > company.extensionDays) stop('pool.extendLong', { most: company.extensionDays }, '/payload/days')
    const clock = await tx.query<{ state: string; times: number }>(
      `select k.state, (select count(*)::int from pool_protection x where x.tenant_id = $1 and x.account_id = $2 and x.kind = 'extension' and x.ended_at is null and x.owner_id = k.owner_id) as times
         from pool_clock k where k.tenant_id = $1 and k.account_id = $2`,
      [actor.tenantId, recordId],
    )
    const row = clock.rows[0]
    if (!row || row.state === 'none') return stop('pool.noClock')
    if (row.times >= company.extensionTimes) stop('pool.extendTimes', { most: company.extensionTimes })
    return { accountId: recordId }
  },
  approver: (tx, actor, asked) => nearestFor(tx, actor, asked, 'account.assign'),
  basis: ACCOUNT_TRANSFER.basis,
  names: ACCOUNT_TRANSFER.names,
  carryOut: async (tx, actor, { recordId, payload, askedBy }, why) => {
    await enterWriters(tx, actor.tenantId)
    await lockOne(tx, actor, recordId, null)
    const at = await writeInstant(tx)
    const clock = await tx.query<{ due: number | null }>(
      'select (extract(epoch from due_at) * 1000)::float8 as due from pool_clock where tenant_id = $1 and account_id = $2',
      [actor.tenantId, recordId],
    )
    const from = Math.max(clock.rows[0]?.due ?? 0, Date.parse(at))
    await insert(tx, actor, at, recordId, {
      kind: 'extension',
      ownerId: askedBy,
      until: new Date(from + payload.days! * DAY).toISOString(),
      reason: why || null,
    })
  },
}
