/**
 * A lead becomes a customer 线索转化: through the ordinary save path, or as a contact of a customer that is there. The lead's owner keeps the new
 * customer by an act of rotation where he works the territory that takes it; what was noted goes along with its dates.
 */
import type { FieldValues } from '../../contract/account/accounts.ts'
import { happens } from '../account/events.ts'
import { enterWriters, writeInstant } from '../account/facts.ts'
import { placer } from '../account/placer.ts'
import { createAccount, lockOne } from '../account/save-account.ts'
import { recordAct } from '../assignment/assign.ts'
import { loadCompiled } from '../assignment/compiled.ts'
import { beforeGiving } from '../assignment/placing-parts.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { endLeads, lockMine } from './acts.ts'
import type { Held } from './stand.ts'

export async function convert(
  tx: Tx,
  actor: Actor,
  id: string,
  input: { accountId: string | null; values: FieldValues },
): Promise<{ accountId: string; visible: boolean }> {
  const needs = input.accountId === null ? ('account.create' as const) : ('account.edit' as const)
  if (!actor.permissions.has(needs)) stop('permission.missing', { permission: needs })
  await enterWriters(tx, actor.tenantId)
  const owner = await tx.query<{ id: string | null }>('select owner_id::text as id from lead_placement where tenant_id = $1 and lead_id = $2', [
    actor.tenantId,
    id,
  ])
  const ownerId = owner.rows[0]?.id ?? null
  // The locks of limits come before those of records.
  const mayHold = input.accountId === null && ownerId !== null ? await beforeGiving(tx, actor.tenantId, actor.userId, ownerId) : null
  if (input.accountId !== null) await lockOne(tx, actor, input.accountId, null)
  const lead = await lockMine(tx, actor, id)
  if (lead.owner_id !== ownerId) stop('record.stale', { current: lead.row_version })
  const accountId = input.accountId ?? (await makeAccount(tx, actor, lead, input.values, mayHold))
  const at = await writeInstant(tx)
  await takeAlong(tx, actor, at, lead, accountId)
  await tx.query('update lead set account_id = $3, first_contact_at = coalesce(first_contact_at, $4) where tenant_id = $1 and id = $2', [
    actor.tenantId,
    id,
    accountId,
    at,
  ])
  await endLeads(tx, actor, at, [id], 'converted', null, null)
  await happens(tx, actor.tenantId, at, { kind: 'contact', accountId })
  const seen = await tx.query('select 1 from account where tenant_id = $1 and id = $2', [actor.tenantId, accountId])
  return { accountId, visible: seen.rowCount === 1 }
}

async function makeAccount(
  tx: Tx,
  actor: Actor,
  lead: Held,
  values: FieldValues,
  mayHold: ((ids: readonly string[]) => Promise<void>) | null,
): Promise<string> {
  const known = Object.fromEntries(
    Object.entries({ division: lead.division, industry: lead.industry, source: lead.channel }).filter(([, v]) => v !== null),
  )
  const placed = await createAccount(tx, actor, { name: lead.company, ...known, ...values })
  if (lead.owner_id === null || placed.ownerId === lead.owner_id || placed.territoryId === null) return placed.accountId
  const { compiled } = await loadCompiled(tx, actor.tenantId, actor.modelId)
  const at = await writeInstant(tx)
  const works = (compiled.membersOf.get(placed.territoryId) ?? []).some(
    m => m.userId === lead.owner_id && m.role !== 'viewer' && m.startsAt <= at && (m.endsAt === null || m.endsAt > at),
  )
  if (!works) return placed.accountId
  await mayHold?.([placed.accountId])
  await recordAct(tx, actor, at, placed.accountId, 'rotation', lead.owner_id, placed.territoryId, null, {
    priorOwnerId: placed.ownerId,
    detail: { leadId: lead.id },
  })
  await placer().place(tx, actor.tenantId, at, [{ id: placed.accountId }])
  return placed.accountId
}

/** The person who asked, as a contact; and what was noted, as notes of the customer. */
async function takeAlong(tx: Tx, actor: Actor, at: string, lead: Held, accountId: string): Promise<void> {
  if (lead.contact !== null || lead.phone !== null || lead.email !== null) {
    // Drawn first: where the customer landed out of sight, the row could not be read back.
    const drawn = await tx.query<{ id: string }>(`select nextval(pg_get_serial_sequence('contact', 'id'))::text as id`)
    await tx.query(
      'insert into contact (tenant_id, id, account_id, name, title, phone, email, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $8)',
      [actor.tenantId, drawn.rows[0]!.id, accountId, lead.contact ?? lead.company, lead.title, lead.phone, lead.email, at],
    )
    await audit(tx, actor, at, { kind: 'contact.create', recordKind: 'contact', recordId: drawn.rows[0]!.id, accountId })
  }
  await tx.query(
    `insert into note (tenant_id, account_id, author_id, text, created_at)
     select $1::bigint, $3::bigint, author_id, text, created_at from lead_note where tenant_id = $1 and lead_id = $2
     union all select $1::bigint, $3::bigint, created_by, need, created_at from lead where tenant_id = $1 and id = $2 and need is not null order by 5`,
    [actor.tenantId, lead.id, accountId],
  )
}
