/** Notes, tasks, contacts, shares and opportunities of an account. Whoever may edit the account may write them; the fence guards each table. */
import type { z } from 'zod'
import type { contactBody } from '../../contract/account/accounts.ts'
import type { TaskRow } from '../../contract/account/attached.ts'
import { notify } from '../identity/notify.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { happens } from './events.ts'
import { enterWriters, writeInstant } from './facts.ts'
import { placer } from './placer.ts'
import { lockOne } from './save-account.ts'

/** Editable by this person right now: locking the row asks the fence for the right to change it. */
async function assertEditable(tx: Tx, actor: Actor, accountId: string): Promise<string> {
  await enterWriters(tx, actor.tenantId)
  await lockOne(tx, actor, accountId, null)
  return writeInstant(tx)
}

async function assertPerson(tx: Tx, actor: Actor, userId: string, field: string): Promise<void> {
  const known = await tx.query(`select 1 from app_user where tenant_id = $1 and id = $2 and state <> 'inactive'`, [actor.tenantId, userId])
  if (known.rowCount === 0) stop('record.notFound', undefined, field)
}

export async function writeNote(
  tx: Tx,
  actor: Actor,
  accountId: string,
  input: { text: string; next?: { text: string; dueOn: string; assigneeId?: string | undefined } | undefined },
): Promise<string> {
  const at = await assertEditable(tx, actor, accountId)
  const made = await tx.query<{ id: string }>(
    `insert into note (tenant_id, account_id, author_id, text, created_at) values ($1, $2, $3, $4, $5) returning id::text`,
    [actor.tenantId, accountId, actor.userId, input.text, at],
  )
  const id = made.rows[0]!.id
  await audit(tx, actor, at, { kind: 'note.create', recordKind: 'note', recordId: id, accountId })
  await happens(tx, actor.tenantId, at, { kind: 'note', accountId, noteId: id })
  if (input.next) await insertTask(tx, actor, at, accountId, input.next.text, input.next.dueOn, input.next.assigneeId)
  return id
}

export async function writeTask(
  tx: Tx,
  actor: Actor,
  accountId: string,
  input: { text: string; dueOn: string | null; assigneeId?: string | undefined },
): Promise<string> {
  const at = await assertEditable(tx, actor, accountId)
  return insertTask(tx, actor, at, accountId, input.text, input.dueOn, input.assigneeId)
}

async function insertTask(
  tx: Tx,
  actor: Actor,
  at: string,
  accountId: string,
  text: string,
  dueOn: string | null,
  assigneeId = actor.userId,
): Promise<string> {
  await assertPerson(tx, actor, assigneeId, '/assigneeId')
  const made = await tx.query<{ id: string }>(
    'insert into task (tenant_id, account_id, assignee_id, text, due_on, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7) returning id::text',
    [actor.tenantId, accountId, assigneeId, text, dueOn, actor.userId, at],
  )
  const id = made.rows[0]!.id
  await audit(tx, actor, at, { kind: 'task.create', recordKind: 'task', recordId: id, accountId, after: { assigneeId, dueOn } })
  if (assigneeId !== actor.userId) await notify(tx, actor, at, assigneeId, 'task.assigned', accountId, { taskId: id, by: actor.userName })
  return id
}

export async function changeTask(
  tx: Tx,
  actor: Actor,
  id: string,
  ifMatch: number,
  change: { text?: string | undefined; dueOn?: string | null | undefined; done?: boolean | undefined },
): Promise<number> {
  const found = await tx.query<{ row_version: number; account_id: string; assignee_id: string }>(
    'select row_version, account_id::text, assignee_id::text from task where tenant_id = $1 and id = $2 and deleted_at is null',
    [actor.tenantId, id],
  )
  const task = found.rows[0]
  if (!task) return stop('record.notFound')
  const at = await assertEditable(tx, actor, task.account_id)
  const updated = await tx.query<{ row_version: number }>(
    `update task set text = coalesce($4, text), due_on = case when $5 then $6::date else due_on end,
       done_at = case when $7::bool is null then done_at when $7 then coalesce(done_at, $8::timestamptz) end, row_version = row_version + 1
      where tenant_id = $1 and id = $2 and row_version = $3 returning row_version`,
    [actor.tenantId, id, ifMatch, change.text ?? null, change.dueOn !== undefined, change.dueOn ?? null, change.done ?? null, at],
  )
  if (updated.rowCount === 0) stop('record.stale', { current: task.row_version })
  await audit(tx, actor, at, {
    kind: 'task.update',
    recordKind: 'task',
    recordId: id,
    accountId: task.account_id,
    after: { done: change.done ?? null, dueOn: change.dueOn ?? null },
  })
  await happens(tx, actor.tenantId, at, { kind: 'task', accountId: task.account_id })
  return updated.rows[0]!.row_version
}

const TASKS = 50
export async function findTasks(
  tx: Tx,
  actor: Actor,
  query: {
    accountId?: string | undefined
    done: boolean
    cursor?: string | undefined /** Due within so many days, late ones too. */
    dueWithin?: number
  },
): Promise<{ rows: TaskRow[]; next: string | null }> {
  const after = /^(\d{4}-\d\d-\d\d)\|(\d{1,18})$/.exec(query.cursor ?? '')
  const found = await tx.query<TaskRow & { due: string }>(
    `select k.id::text, k.account_id::text as "accountId", a.name as "accountName", k.text, k.due_on as "dueOn",
            to_char(k.done_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "doneAt", json_build_object('id', u.id::text, 'name', u.name) as assignee,
            k.row_version as "rowVersion", coalesce(k.due_on, '9999-12-31')::text as due
       from task k join account a on a.tenant_id = $1 and a.id = k.account_id join app_user u on u.tenant_id = $1 and u.id = k.assignee_id
      where k.tenant_id = $1 and k.deleted_at is null and a.deleted_at is null and (k.done_at is not null) = $2
        and ($3::bigint is null or k.account_id = $3) and ($3::bigint is not null or k.assignee_id = $4)
        and ($7::int is null or k.due_on <= (now() at time zone $8)::date + $7::int)
        and ($5::date is null or (coalesce(k.due_on, '9999-12-31'), k.id) > ($5::date, $6::bigint))
      order by coalesce(k.due_on, '9999-12-31'), k.id limit ${TASKS + 1}`,
    [actor.tenantId, query.done, query.accountId ?? null, actor.userId, after?.[1] ?? null, after?.[2] ?? null, query.dueWithin ?? null, actor.zone],
  )
  const rows = found.rows.slice(0, TASKS)
  const last = rows.at(-1)
  return { rows: rows.map(({ due: _, ...row }) => row), next: found.rows.length > TASKS && last ? `${last.due}|${last.id}` : null }
}

type ContactInput = z.output<typeof contactBody>

/** Telephone and e-mail of a contact follow the same per-role access as those of the account. */
function assertMayWriteContact(actor: Actor, input: Partial<ContactInput>): void {
  for (const key of ['phone', 'email'] as const) {
    const access = actor.fieldAccess.get(key) ?? 'edit'
    if (input[key] !== undefined && input[key] !== null && access !== 'edit')
      stop(access === 'hidden' ? 'field.hidden' : 'field.readOnly', { field: key }, `/${key}`)
  }
}

export async function writeContact(tx: Tx, actor: Actor, accountId: string, input: ContactInput): Promise<string> {
  assertMayWriteContact(actor, input)
  const at = await assertEditable(tx, actor, accountId)
  const made = await tx.query<{ id: string }>(
    `insert into contact (tenant_id, id, account_id, name, title, phone, email, note, left_at, created_at, updated_at)
     values ($1, nextval(pg_get_serial_sequence('contact', 'id')), $2, $3, $4, $5, $6, $7, $8, $9, $9) returning currval(pg_get_serial_sequence('contact', 'id'))::text as id`,
    [
      actor.tenantId,
      accountId,
      input.name,
      input.title ?? null,
      input.phone ?? null,
      input.email ?? null,
      input.note ?? null,
      input.leftAt ?? null,
      at,
    ],
  )
  const id = made.rows[0]!.id
  await audit(tx, actor, at, { kind: 'contact.create', recordKind: 'contact', recordId: id, accountId })
  await happens(tx, actor.tenantId, at, { kind: 'contact', accountId })
  return id
}

export async function changeContact(
  tx: Tx,
  actor: Actor,
  accountId: string,
  id: string,
  ifMatch: number,
  change: Partial<ContactInput>,
): Promise<number> {
  assertMayWriteContact(actor, change)
  const at = await assertEditable(tx, actor, accountId)
  const columns = { name: 'name', title: 'title', phone: 'phone', email: 'email', note: 'note', leftAt: 'left_at' } as const
  const sets = Object.entries(columns).filter(([key]) => change[key as keyof ContactInput] !== undefined)
  const updated = await tx.query<{ row_version: number }>(
    `update contact set updated_at = $5, row_version = row_version + 1${sets.map(([, c], i) => `, ${c} = $${i + 6}`).join('')}
      where tenant_id = $1 and account_id = $2 and id = $3 and row_version = $4 and deleted_at is null returning row_version`,
    [actor.tenantId, accountId, id, ifMatch, at, ...sets.map(([key]) => change[key as keyof ContactInput] ?? null)],
  )
  if (updated.rowCount === 0) await staleOrGone(tx, actor, 'contact', accountId, id)
  await audit(tx, actor, at, { kind: 'contact.update', recordKind: 'contact', recordId: id, accountId, after: { fields: sets.map(([key]) => key) } })
  await happens(tx, actor.tenantId, at, { kind: 'contact', accountId })
  return updated.rows[0]!.row_version
}

async function staleOrGone(tx: Tx, actor: Actor, table: 'contact' | 'opportunity', accountId: string, id: string): Promise<never> {
  const now = await tx.query<{ row_version: number }>(
    `select row_version from ${table} where tenant_id = $1 and account_id = $2 and id = $3 and deleted_at is null`,
    [actor.tenantId, accountId, id],
  )
  const current = now.rows[0]?.row_version
  return current === undefined ? stop('record.notFound') : stop('record.stale', { current })
}

export async function removeContact(tx: Tx, actor: Actor, accountId: string, id: string, ifMatch: number): Promise<void> {
  const at = await assertEditable(tx, actor, accountId)
  const gone = await tx.query(
    'update contact set deleted_at = $5, row_version = row_version + 1 where tenant_id = $1 and account_id = $2 and id = $3 and row_version = $4 and deleted_at is null',
    [actor.tenantId, accountId, id, ifMatch, at],
  )
  if (gone.rowCount === 0) await staleOrGone(tx, actor, 'contact', accountId, id)
  await audit(tx, actor, at, { kind: 'contact.delete', recordKind: 'contact', recordId: id, accountId })
  await happens(tx, actor.tenantId, at, { kind: 'contact', accountId })
}

export async function share(
  tx: Tx,
  actor: Actor,
  accountId: string,
  input: { userId?: string | undefined; teamId?: string | undefined; access: 'read' | 'private' | 'edit'; until?: string | null | undefined },
): Promise<string> {
  if ((input.userId === undefined) === (input.teamId === undefined)) stop('share.one')
  const at = await assertEditable(tx, actor, accountId)
  if (input.userId) await assertPerson(tx, actor, input.userId, '/userId')
  if (input.teamId) {
    const known = await tx.query('select 1 from team where tenant_id = $1 and id = $2 and deleted_at is null', [actor.tenantId, input.teamId])
    if (known.rowCount === 0) stop('record.notFound', undefined, '/teamId')
  }
  const made = await tx.query<{ id: string }>(
    'insert into account_share (tenant_id, account_id, user_id, team_id, access, until, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8) returning id::text',
    [actor.tenantId, accountId, input.userId ?? null, input.teamId ?? null, input.access, input.until ?? null, actor.userId, at],
  )
  const id = made.rows[0]!.id
  await audit(tx, actor, at, {
    kind: 'account.share',
    recordKind: 'account',
    recordId: accountId,
    accountId,
    after: { userId: input.userId ?? null, teamId: input.teamId ?? null, access: input.access, until: input.until ?? null },
  })
  if (input.userId && input.userId !== actor.userId) await notify(tx, actor, at, input.userId, 'account.shared', accountId, { by: actor.userName })
  await placer().place(tx, actor.tenantId, at, [{ id: accountId }])
  return id
}

export async function unshare(tx: Tx, actor: Actor, accountId: string, shareId: string): Promise<void> {
  const at = await assertEditable(tx, actor, accountId)
  const gone = await tx.query('delete from account_share where tenant_id = $1 and account_id = $2 and id = $3', [actor.tenantId, accountId, shareId])
  if (gone.rowCount === 0) stop('record.notFound')
  await audit(tx, actor, at, { kind: 'account.unshare', recordKind: 'account', recordId: accountId, accountId })
  await placer().place(tx, actor.tenantId, at, [{ id: accountId }])
}

export async function writeOpportunity(
  tx: Tx,
  actor: Actor,
  accountId: string,
  input: { name: string; amount: number | null; closeOn: string | null },
): Promise<string> {
  const at = await assertEditable(tx, actor, accountId)
  const made = await tx.query<{ id: string }>(
    'insert into opportunity (tenant_id, account_id, name, amount, currency, close_on, owner_id, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $8) returning id::text',
    [actor.tenantId, accountId, input.name, input.amount, actor.currency, input.closeOn, actor.userId, at],
  )
  const id = made.rows[0]!.id
  await audit(tx, actor, at, {
    kind: 'opportunity.create',
    recordKind: 'opportunity',
    recordId: id,
    accountId,
    after: { amount: input.amount, closeOn: input.closeOn },
  })
  await happens(tx, actor.tenantId, at, { kind: 'opportunity', accountId })
  return id
}

export async function changeOpportunity(
  tx: Tx,
  actor: Actor,
  accountId: string,
  id: string,
  ifMatch: number,
  change: { name?: string | undefined; stage?: string | undefined; amount?: number | null | undefined; closeOn?: string | null | undefined },
): Promise<number> {
  const at = await assertEditable(tx, actor, accountId)
  const columns = { name: 'name', stage: 'stage', amount: 'amount', closeOn: 'close_on' } as const
  const old = await tx.query<Record<string, string | number | null>>(
    `select name, stage, amount::float8 as amount, close_on as "closeOn" from opportunity where tenant_id = $1 and account_id = $2 and id = $3`,
    [actor.tenantId, accountId, id],
  )
  const sets = Object.entries(columns).filter(([key]) => change[key as keyof typeof columns] !== undefined)
  const updated = await tx.query<{ row_version: number }>(
    `update opportunity set updated_at = $5, row_version = row_version + 1${sets.map(([, c], i) => `, ${c} = $${i + 6}`).join('')}
      where tenant_id = $1 and account_id = $2 and id = $3 and row_version = $4 and deleted_at is null returning row_version`,
    [actor.tenantId, accountId, id, ifMatch, at, ...sets.map(([key]) => change[key as keyof typeof columns] ?? null)],
  )
  if (updated.rowCount === 0) await staleOrGone(tx, actor, 'opportunity', accountId, id)
  await audit(tx, actor, at, {
    kind: 'opportunity.update',
    recordKind: 'opportunity',
    recordId: id,
    accountId,
    before: Object.fromEntries(sets.map(([key]) => [key, old.rows[0]?.[key] ?? null])),
    after: { ...change },
  })
  await happens(tx, actor.tenantId, at, { kind: 'opportunity', accountId })
  return updated.rows[0]!.row_version
}
