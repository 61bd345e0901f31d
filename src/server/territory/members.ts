/**
 * Members of territories 成员: in a draft for that model, in the active model at once. Membership gives sight immediately (tokens of the
 * person); who owns what follows by a job that places the accounts below again.
 */
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { askForJob } from '../kernel/jobs.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { bumpStamp } from './load-env.ts'
import { loadHead, loadModel, memberUnder } from './load-model.ts'
import { keepMembers, knownFrom } from './member-history.ts'
import { assertReadable } from './models.ts'

export type MemberInput = {
  readonly userId: string
  readonly role: 'owner' | 'collaborator' | 'manager' | 'viewer'
  readonly access: 'read' | 'private' | 'edit'
  readonly creditBp: number
  readonly startsAt?: string | undefined
  readonly endsAt?: string | null | undefined
}
type Row = {
  id: string
  territory_id: string
  user_id: string
  member_role: MemberInput['role']
  access: MemberInput['access']
  credit_bp: number
  starts_at: string
  ends_at: string | null
  model_id: string | null
  row_version: number
}

/** Drafts and the model in use may get members; others are history. */
async function scopeOfModel(tx: Tx, actor: Actor, modelId: string): Promise<string | null> {
  await assertReadable(tx, actor, modelId)
  const head = await loadHead(tx, actor.tenantId, modelId)
  if (modelId === actor.modelId) return null
  if (head.state === 'materialising') stop('model.running')
  return head.state === 'draft' ? modelId : stop('model.notDraft')
}

/** Beside those who are members under this model: a draft's own count, those it gave up do not. */
async function checkMember(
  tx: Tx,
  actor: Actor,
  modelId: string,
  territoryId: string,
  memberId: string | null,
  input: MemberInput,
  startsAt: string,
): Promise<void> {
  // As instants: the end may be written with another offset.
  if (input.endsAt && Date.parse(input.endsAt) <= Date.parse(startsAt)) stop('member.dates', undefined, '/endsAt')
  const known = await tx.query(`select 1 from app_user where tenant_id = $1 and id = $2 and state <> 'inactive'`, [actor.tenantId, input.userId])
  if (known.rowCount === 0) stop('record.notFound', undefined, '/userId')
  const { lineage } = await loadHead(tx, actor.tenantId, modelId)
  const others = await tx.query<{ user_id: string; member_role: string; credit_bp: number }>(
    `select m.user_id::text, m.member_role, m.credit_bp from territory_member m where m.tenant_id = $1 and m.territory_id = $2 and m.id is distinct from $3
       and (m.ends_at is null or m.ends_at > $4::timestamptz) and ($5::timestamptz is null or m.starts_at < $5) and ${memberUnder('m', '$6::bigint[]')}`,
    [actor.tenantId, territoryId, memberId, startsAt, input.endsAt ?? null, lineage],
  )
  if (others.rows.some(o => o.user_id === input.userId && o.member_role === input.role)) stop('member.twice')
  const sum = others.rows.reduce((s, o) => s + o.credit_bp, input.creditBp)
  if (sum > 10_000) stop('member.credit', { sum: sum / 100 }, '/creditBp')
}

export async function addMember(tx: Tx, actor: Actor, now: string, modelId: string, territoryId: string, input: MemberInput): Promise<string> {
  const scope = await scopeOfModel(tx, actor, modelId)
  const loaded = await loadModel(tx, actor.tenantId, modelId)
  if (!loaded.territories.some(t => t.id === territoryId)) stop('record.notFound')
  const startsAt = input.startsAt ? new Date(input.startsAt).toISOString() : now
  await checkMember(tx, actor, modelId, territoryId, null, input, startsAt)
  const made = await tx.query<{ id: string }>(
    `insert into territory_member (tenant_id, territory_id, user_id, member_role, access, credit_bp, starts_at, ends_at, model_id, created_by, known_from)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id::text`,
    [actor.tenantId, territoryId, input.userId, input.role, input.access, input.creditBp, startsAt, input.endsAt ?? null, scope, actor.userId, now],
  )
  const id = made.rows[0]!.id
  await audit(tx, actor, now, {
    kind: 'member.add',
    recordKind: 'territory',
    recordId: territoryId,
    after: { memberId: id, userId: input.userId, role: input.role, access: input.access, startsAt, endsAt: input.endsAt ?? null, modelId: scope },
  })
  await follow(tx, actor, scope, territoryId)
  return id
}

/** Compiled models notice; live ones are placed again below the territory. */
async function follow(tx: Tx, actor: Actor, scope: string | null, territoryId: string): Promise<void> {
  await bumpStamp(tx, actor.tenantId, scope)
  // A member made in a draft keeps its model when the draft is switched on: then it is live as any other.
  const live = scope === null || (await loadHead(tx, actor.tenantId, scope)).state !== 'draft'
  if (live) await askForJob(tx, actor.tenantId, 'assignment.replace', { territoryIds: [territoryId] }, actor.userId)
}

async function lockMember(tx: Tx, actor: Actor, id: string, ifMatch: number): Promise<Row> {
  const found = await tx.query<Row>(
    `select id::text, territory_id::text, user_id::text, member_role, access, credit_bp, starts_at, ends_at, model_id::text, row_version from territory_member
      where tenant_id = $1 and id = $2 and cancels_id is null for update`,
    [actor.tenantId, id],
  )
  const row = found.rows[0] ?? stop('record.notFound')
  if (row.row_version !== ifMatch) stop('record.stale', { current: row.row_version })
  if (row.model_id !== null) {
    await assertReadable(tx, actor, row.model_id)
    const head = await loadHead(tx, actor.tenantId, row.model_id)
    if (head.state === 'materialising') stop('model.running')
  }
  return row
}

export async function changeMember(
  tx: Tx,
  actor: Actor,
  now: string,
  id: string,
  ifMatch: number,
  change: Partial<Omit<MemberInput, 'userId'>>,
  inModelId: string | null = null,
): Promise<number> {
  const row = await lockMember(tx, actor, id, ifMatch)
  const startsAt = change.startsAt ? new Date(change.startsAt).toISOString() : new Date(row.starts_at).toISOString()
  const after: MemberInput = {
    userId: row.user_id,
    role: change.role ?? row.member_role,
    access: change.access ?? row.access,
    creditBp: change.creditBp ?? row.credit_bp,
    endsAt: change.endsAt === undefined ? row.ends_at && new Date(row.ends_at).toISOString() : change.endsAt,
  }
  if (inModelId !== null) await assertReadable(tx, actor, inModelId)
  await checkMember(tx, actor, inModelId ?? row.model_id ?? actor.modelId, row.territory_id, id, after, startsAt)
  if (inModelId !== null && row.model_id !== inModelId && (await loadHead(tx, actor.tenantId, inModelId)).state === 'draft') {
    // The base keeps its member; the draft has one of its own instead.
    await cancelIn(tx, actor, now, inModelId, row)
    await tx.query(
      `insert into territory_member (tenant_id, territory_id, user_id, member_role, access, credit_bp, starts_at, ends_at, model_id, created_by, known_from)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        actor.tenantId,
        row.territory_id,
        row.user_id,
        after.role,
        after.access,
        after.creditBp,
        startsAt,
        after.endsAt ?? null,
        inModelId,
        actor.userId,
        now,
      ],
    )
    await audit(tx, actor, now, {
      kind: 'member.add',
      recordKind: 'territory',
      recordId: row.territory_id,
      after: { userId: row.user_id, role: after.role, access: after.access, startsAt, endsAt: after.endsAt ?? null, modelId: inModelId },
    })
    return 1
  }
  await keepMembers(tx, actor.tenantId, now, [id])
  const updated = await tx.query<{ row_version: number }>(
    `update territory_member set member_role = $3, access = $4, credit_bp = $5, starts_at = $6, ends_at = $7, row_version = row_version + 1, known_from = ${knownFrom('$8')} where tenant_id = $1 and id = $2 returning row_version`,
    [actor.tenantId, id, after.role, after.access, after.creditBp, startsAt, after.endsAt ?? null, now],
  )
  await audit(tx, actor, now, {
    kind: 'member.update',
    recordKind: 'territory',
    recordId: row.territory_id,
    before: { memberId: id, role: row.member_role, access: row.access, creditBp: row.credit_bp, startsAt: row.starts_at, endsAt: row.ends_at },
    after: { ...change },
  })
  await follow(tx, actor, row.model_id, row.territory_id)
  return updated.rows[0]!.row_version
}

/**
 * Ends a membership now; one made inside a draft, or one that never began, simply goes. Asked inside a draft about a membership of its base,
 * the base keeps it: it does not hold in this draft and in those based on it.
 */
export async function endMember(tx: Tx, actor: Actor, now: string, id: string, ifMatch: number, inModelId: string | null = null): Promise<void> {
  const row = await lockMember(tx, actor, id, ifMatch)
  if (inModelId !== null && row.model_id !== inModelId) {
    await assertReadable(tx, actor, inModelId)
    const head = await loadHead(tx, actor.tenantId, inModelId)
    if (head.state === 'draft') return cancelIn(tx, actor, now, head.id, row)
  }
  const draft = row.model_id !== null && (await loadHead(tx, actor.tenantId, row.model_id)).state === 'draft'
  // What only a draft said was never anybody's membership.
  if (!draft) await keepMembers(tx, actor.tenantId, now, [id])
  // The database compares: a clock in milliseconds would take a membership of this very moment for one that never began.
  const begun = await tx.query('select 1 from territory_member where tenant_id = $1 and id = $2 and starts_at < $3', [actor.tenantId, id, now])
  if (draft || begun.rowCount === 0) await tx.query('delete from territory_member where tenant_id = $1 and id = $2', [actor.tenantId, id])
  else
    await tx.query(
      `update territory_member set ends_at = $3, row_version = row_version + 1, known_from = ${knownFrom('$3')} where tenant_id = $1 and id = $2`,
      [actor.tenantId, id, now],
    )
  await audit(tx, actor, now, {
    kind: 'member.remove',
    recordKind: 'territory',
    recordId: row.territory_id,
    before: { memberId: id, userId: row.user_id, role: row.member_role },
  })
  await follow(tx, actor, row.model_id, row.territory_id)
}

async function cancelIn(tx: Tx, actor: Actor, now: string, modelId: string, row: Row): Promise<void> {
  const twice = await tx.query('select 1 from territory_member where tenant_id = $1 and cancels_id = $2 and model_id = $3', [
    actor.tenantId,
    row.id,
    modelId,
  ])
  if (twice.rowCount) stop('record.notFound')
  await tx.query(
    `insert into territory_member (tenant_id, territory_id, user_id, member_role, starts_at, model_id, cancels_id, created_by, known_from) values ($1, $2, $3, $4, $5, $6, $7, $8, $5)`,
    [actor.tenantId, row.territory_id, row.user_id, row.member_role, now, modelId, row.id, actor.userId],
  )
  await audit(tx, actor, now, {
    kind: 'member.remove',
    recordKind: 'territory',
    recordId: row.territory_id,
    before: { memberId: row.id, userId: row.user_id, role: row.member_role, modelId },
  })
  await bumpStamp(tx, actor.tenantId, modelId)
}
