/**
 * Public forms 网页表单. A visitor's lead is written as by the person who made the form, and goes the way of all others; the visitor learns only that
 * it was received, whether it is new, known, or dropped as a machine's.
 */
import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import type { sendForm } from '../../contract/intake/forms.ts'
import { loadOptions } from '../builder/catalogue.ts'
import { actorOfUser } from '../identity/load-actor.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { type Groups, makeGroups } from '../kernel/grouped.ts'
import { makeLimiter } from '../kernel/limits.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Databases } from '../kernel/request.ts'
import { actAs, inTenant, type Tx } from '../kernel/transaction.ts'
import { takeIn } from './take-in.ts'

type Sent = z.output<NonNullable<typeof sendForm.body>>
type Form = { id: string; name: string; company: string; channel: string | null; campaign: string | null; by: string }
const PER_ADDRESS = 10
const PER_FORM = 600

const tenantOf = (token: string): string => token.slice(0, token.indexOf('.'))
async function findForm(tx: Tx, token: string): Promise<Form> {
  const found = await tx.query<Form>(
    `select f.id::text, f.name, t.name as company, f.channel, f.campaign, f.created_by::text as by from lead_form f join tenant t on t.id = f.tenant_id
      where f.tenant_id = $1 and f.secret = $2 and f.closed_at is null`,
    [tenantOf(token), token],
  )
  return found.rows[0] ?? stop('lead.formClosed')
}

export const readPublicForm = (db: Databases, token: string): Promise<{ name: string; company: string }> =>
  inTenant(db.app, tenantOf(token), async tx => {
    const { name, company } = await findForm(tx, token)
    return { name, company }
  })

/** One for each server: what visitors send while a commit runs is written by the next one together. */
export function makeFormDoor(db: Databases): (token: string, ip: string, sent: Sent) => Promise<void> {
  const perAddress = makeLimiter(PER_ADDRESS, () => Date.now())
  const perForm = makeLimiter(PER_FORM, () => Date.now())
  const groups: Groups<Sent, null> = makeGroups((token, asks) =>
    inTenant(db.app, tenantOf(token), async tx => {
      const form = await findForm(tx, token)
      const actor = (await actorOfUser(tx, tenantOf(token), form.by)) ?? stop('lead.formClosed')
      await actAs(tx, actor)
      await takeIn(
        tx,
        db.bulk,
        actor,
        asks.map(a => ({
          source: 'form',
          company: a.company,
          contact: a.contact,
          phone: a.phone,
          email: a.email,
          division: a.place,
          need: a.need,
          channel: form.channel,
          campaign: form.campaign ?? form.name,
        })),
        true,
      )
      return asks.map(() => ({ answer: null }))
    }),
  )
  return async (token, ip, sent) => {
    const seconds = Math.max(perAddress.take(`${ip} ${token}`), perForm.take(token))
    if (seconds > 0) stop('rate.limited', { seconds })
    if (sent.homepage.trim() === '') await groups.add(token, { ask: sent, mark: null })
  }
}

export async function addForm(
  tx: Tx,
  actor: Actor,
  now: string,
  input: { name: string; channel: string | null; campaign: string | null },
): Promise<string> {
  const channels = await loadOptions(tx, actor.tenantId)
  if (input.channel && !channels.some(o => o.list === 'source' && o.key === input.channel)) stop('lead.channel', { value: input.channel }, '/channel')
  const made = await tx.query<{ id: string }>(
    'insert into lead_form (tenant_id, name, secret, channel, campaign, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7) returning id::text',
    [
      actor.tenantId,
      input.name,
      `${actor.tenantId}.${randomBytes(18).toString('base64url')}`,
      input.channel || null,
      input.campaign || null,
      actor.userId,
      now,
    ],
  )
  const id = made.rows[0]!.id
  await audit(tx, actor, now, { kind: 'leadForm.create', recordKind: 'leadForm', recordId: id, after: { name: input.name } })
  return id
}

export async function changeForm(
  tx: Tx,
  actor: Actor,
  now: string,
  id: string,
  ifMatch: number,
  change: { name?: string; closed?: boolean },
): Promise<number> {
  const found = await tx.query<{ name: string; v: number }>(
    'select name, row_version as v from lead_form where tenant_id = $1 and id = $2 for update',
    [actor.tenantId, id],
  )
  const before = found.rows[0] ?? stop('record.notFound')
  if (before.v !== ifMatch) stop('record.stale', { current: before.v })
  const updated = await tx.query<{ v: number }>(
    `update lead_form set name = coalesce($3, name), closed_at = case when $4::boolean is null then closed_at when $4 then $5::timestamptz end, row_version = row_version + 1
      where tenant_id = $1 and id = $2 returning row_version as v`,
    [actor.tenantId, id, change.name ?? null, change.closed ?? null, now],
  )
  await audit(tx, actor, now, { kind: 'leadForm.update', recordKind: 'leadForm', recordId: id, before: { name: before.name }, after: { ...change } })
  return updated.rows[0]!.v
}
