/**
 * Members in two times: a membership that is changed or taken out leaves what it said before, and until when that was believed. Whoever
 * updates or deletes rows of territory_member calls keepMembers first, in the same transaction.
 */
import type { AsOf } from '../account/as-of.ts'
import type { Tx } from '../kernel/transaction.ts'

/** The instant from which a changed row is known: never before what it replaces, whoever waited for the lock. */
export const knownFrom = (at: string, column = 'known_from'): string => `greatest(${at}::timestamptz, ${column} + interval '1 microsecond')`

/** Keeps the rows as they stand. A change sets `known_from = ${knownFrom('$n')}` with the same instant. */
export const keepMembers = (tx: Tx, tenantId: string, at: string, ids: readonly string[]): Promise<unknown> =>
  tx.query(
    `insert into territory_member_past (tenant_id, member_id, territory_id, user_id, member_role, access, credit_bp, starts_at, ends_at, model_id, cancels_id, known_from, known_to)
     select tenant_id, id, territory_id, user_id, member_role, access, credit_bp, starts_at, ends_at, model_id, cancels_id, known_from, ${knownFrom('$3')}
       from territory_member where tenant_id = $1 and id = any($2::bigint[])`,
    [tenantId, ids, at],
  )

export type MemberAt = {
  readonly id: string
  readonly territoryId: string
  readonly userId: string
  readonly name: string
  readonly title: string | null
  readonly role: 'owner' | 'collaborator' | 'manager' | 'viewer'
  readonly access: 'read' | 'private' | 'edit'
  readonly creditBp: number
  readonly startsAt: string
  readonly endsAt: string | null
  readonly modelId: string | null
}
const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/** Who was a member under a model at that instant, as known then: those of everywhere, and those made inside the model or one it is based on. */
export async function membersAt(
  tx: Tx,
  tenantId: string,
  modelId: string,
  asOf: Pick<AsOf, 'at' | 'known'>,
  page: { readonly territoryIds?: readonly string[]; readonly after?: string; readonly limit?: number } = {},
): Promise<readonly MemberAt[]> {
  const found = await tx.query<MemberAt>(
    `with row as (
       select id, territory_id, user_id, member_role, access, credit_bp, starts_at, ends_at, model_id, cancels_id from territory_member where tenant_id = $1 and known_from <= $4
       union all select member_id, territory_id, user_id, member_role, access, credit_bp, starts_at, ends_at, model_id, cancels_id from territory_member_past
        where tenant_id = $1 and known_from <= $4 and known_to > $4),
      line as (select lineage from territory_model where tenant_id = $1 and id = $2)
     select m.id::text, m.territory_id::text as "territoryId", m.user_id::text as "userId", coalesce(u.name, '') as name, u.title, m.member_role as role, m.access, m.credit_bp as "creditBp",
            ${UTC('m.starts_at')} as "startsAt", ${UTC('m.ends_at')} as "endsAt", m.model_id::text as "modelId"
       from row m left join app_user u on u.tenant_id = $1 and u.id = m.user_id
      where m.cancels_id is null and m.starts_at <= $3 and (m.ends_at is null or m.ends_at > $3)
        and (m.model_id is null or m.model_id = any((select lineage from line)::bigint[]))
        and not exists (select 1 from row c where c.cancels_id = m.id and c.model_id = any((select lineage from line)::bigint[]))
        and ($5::bigint[] is null or m.territory_id = any($5)) and ($6::bigint is null or m.id > $6)
      order by m.id limit $7`,
    [tenantId, modelId, asOf.at, asOf.known, page.territoryIds ?? null, page.after ?? null, page.limit ?? null],
  )
  return found.rows
}
