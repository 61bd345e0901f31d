/**
 * Two customers become one 合并: fields as chosen, everything attached follows, the other one stays as a trace that leads to the survivor. What
 * moved and what a field said before is written down, so that undoing gives each back what was its own.
 */
import type { z } from 'zod'
import type { FieldValues } from '../../contract/account/accounts.ts'
import type { listMerges, MergeRow, mergeDuplicates } from '../../contract/dedupe/duplicates.ts'
import { tokensOf, visibleTo } from '../access/visible-to.ts'
import { enterWriters, factsOf, keepVersions, lockRecords, writeInstant } from '../account/facts.ts'
import { placer } from '../account/placer.ts'
import { lockOne, updateAccount } from '../account/save-account.ts'
import { notify } from '../identity/notify.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { RefusalError, stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { wordsOf } from '../kernel/words.ts'
import { comparePair } from './pairs.ts'
import { readFull } from './values.ts'

/** Rows by their id that hang on an account and follow it. A file's pieces carry the account too. */
const FOLLOW = ['contact', 'note', 'task', 'file', 'opportunity', 'account_share'] as const
type Moved = { readonly [table: string]: readonly string[] } & {
  readonly keys: readonly (readonly [source: string, key: string])[]
  /** Addresses, with the kind each had: a second main place becomes a site. */
  readonly addresses: readonly (readonly [id: string, kind: string])[]
  readonly children: readonly string[]
}
type Fields = Readonly<Record<string, { readonly before: FieldValues[string]; readonly after: FieldValues[string] }>>

type Order = z.output<NonNullable<typeof mergeDuplicates.body>>
export async function mergeAccounts(tx: Tx, actor: Actor, order: Order): Promise<{ id: string }> {
  const { survivorId, mergedId } = order
  if (survivorId === mergedId) stop('duplicate.self')
  await enterWriters(tx, actor.tenantId)
  for (const id of [survivorId, mergedId].sort((a, b) => Number(BigInt(a) - BigInt(b))))
    await lockOne(tx, actor, id, id === survivorId ? order.survivorVersion : order.mergedVersion)
  await refuseHidden(tx, actor, [survivorId, mergedId])
  await refuseBelow(tx, actor, survivorId, mergedId)
  const full = await readFull(tx, actor.tenantId, [survivorId, mergedId])
  const [keeps, goes] = [full.get(survivorId)!, full.get(mergedId)!]
  const taken = order.take.filter(key => JSON.stringify(keeps.values[key] ?? null) !== JSON.stringify(goes.values[key] ?? null))
  const values = Object.fromEntries(taken.map(key => [key, (goes.values[key] ?? null) as FieldValues[string]]))
  const fields: Fields = Object.fromEntries(
    taken.map(key => [key, { before: (keeps.values[key] ?? null) as FieldValues[string], after: values[key]! }]),
  )

  const owner = await tx.query<{ owner_id: string | null }>(
    'select owner_id::text from account_placement where tenant_id = $1 and model_id = $2 and account_id = $3',
    [actor.tenantId, actor.modelId, mergedId],
  )
  if (taken.length > 0) await updateAccount(tx, actor, survivorId, keeps.rowVersion, values)
  const moved = await follow(tx, actor, mergedId, survivorId)
  const at = await writeInstant(tx)
  await tx.query(
    'update account set deleted_at = $3, deleted_by = $4, merged_into = $5, updated_at = $3, row_version = row_version + 1 where tenant_id = $1 and id = $2',
    [actor.tenantId, mergedId, at, actor.userId, survivorId],
  )
  await tx.query('update account set updated_at = $3 where tenant_id = $1 and id = $2', [actor.tenantId, survivorId, at])
  // The id is drawn first: a row is not read back while its survivor's sight decides.
  const { id } = (await tx.query<{ id: string }>(`select nextval(pg_get_serial_sequence('duplicate_merge', 'id'))::text as id`)).rows[0]!
  await tx.query(
    'insert into duplicate_merge (tenant_id, id, survivor_id, merged_id, fields, moved, merged_by, merged_at) values ($1, $2, $3, $4, $5, $6, $7, $8)',
    [actor.tenantId, id, survivorId, mergedId, JSON.stringify(fields), JSON.stringify(moved), actor.userId, at],
  )
  await decided(tx, actor, at, survivorId, mergedId, 'merged')
  await audit(tx, actor, at, {
    kind: 'account.merge',
    recordKind: 'account',
    recordId: mergedId,
    accountId: survivorId,
    why: String(goes.values.name),
    count: countOf(moved),
    after: { mergeId: id, fields: taken },
  })
  await audit(tx, actor, at, {
    kind: 'account.mergedAway',
    recordKind: 'account',
    recordId: survivorId,
    accountId: mergedId,
    why: String(keeps.values.name),
  })
  await placer().close(tx, actor.tenantId, at, [mergedId])
  if (moved.children.length > 0) await placeChildren(tx, actor, at, moved.children)
  const loser = owner.rows[0]?.owner_id
  if (loser && loser !== actor.userId)
    await notify(tx, actor, at, loser, 'account.merged', survivorId, { by: actor.userName, name: goes.values.name })
  return { id }
}

/** Private rows that the fence hides would stay behind, unseen by whoever merges. */
async function refuseHidden(tx: Tx, actor: Actor, ids: readonly string[]): Promise<void> {
  const open = await tx.query(
    `select 1 from account_placement where tenant_id = $1 and model_id = $2 and account_id = any($3::bigint[]) and private_tokens && ${tokensOf(actor)}`,
    [actor.tenantId, actor.modelId, ids],
  )
  if (open.rowCount !== ids.length) stop('duplicate.hidden')
}

async function refuseBelow(tx: Tx, actor: Actor, a: string, b: string): Promise<void> {
  const chain = await tx.query<{ a: string; b: string }>(
    `with recursive up(start, id, depth) as (select i, i, 0 from unnest($2::bigint[]) as s(i) union all
       select up.start, c.parent_id, up.depth + 1 from account c join up on c.id = up.id where c.tenant_id = $1 and c.parent_id is not null and up.depth < 50)
     select start::text as a, id::text as b from up where id = any($2::bigint[]) and id <> start`,
    [actor.tenantId, [a, b]],
  )
  if (chain.rows.length > 0) stop('duplicate.below')
}

async function follow(tx: Tx, actor: Actor, from: string, to: string): Promise<Moved> {
  const moved: Record<string, unknown> = {}
  const move = async <T extends object>(sql: string): Promise<T[]> => (await tx.query<T>(sql, [actor.tenantId, from, to])).rows
  for (const table of FOLLOW)
    moved[table] = (
      await move<{ id: string }>(`update ${table} set account_id = $3 where tenant_id = $1 and account_id = $2 returning id::text`)
    ).map(r => r.id)
  await move('update file_chunk set account_id = $3 where tenant_id = $1 and account_id = $2')
  moved.keys = (
    await move<{ s: string; k: string }>(
      'update account_key set account_id = $3 where tenant_id = $1 and account_id = $2 returning source as s, external_key as k',
    )
  ).map(r => [r.s, r.k])
  // An address the survivor has already stays where it is; a second main place or seat becomes a site.
  moved.addresses = (
    await move<{ id: string; kind: string }>(
      `with goes as (select x.id, x.kind from account_address x where x.tenant_id = $1 and x.account_id = $2
           and not exists (select 1 from account_address y where y.tenant_id = $1 and y.account_id = $3 and y.text is not distinct from x.text)),
         done as (update account_address z set account_id = $3, row_version = z.row_version + 1,
           kind = case when exists (select 1 from account_address y where y.tenant_id = $1 and y.account_id = $3 and y.kind = z.kind) then 'site' else z.kind end
          from goes where z.tenant_id = $1 and z.id = goes.id returning z.id)
       select goes.id::text, goes.kind from goes join done on done.id = goes.id`,
    )
  ).map(r => [r.id, r.kind])
  moved.children = (
    await move<{ id: string }>(
      'update account set parent_id = $3, row_version = row_version + 1 where tenant_id = $1 and parent_id = $2 returning id::text',
    )
  ).map(r => r.id)
  return moved as Moved
}

const countOf = (moved: Moved): number => Object.values(moved).reduce((sum, rows) => sum + rows.length, 0)

/** Rules may read the group parent. */
async function placeChildren(tx: Tx, actor: Actor, at: string, ids: readonly string[]): Promise<void> {
  const rows = await lockRecords(tx, actor.tenantId, ids)
  await keepVersions(
    tx,
    actor.tenantId,
    at,
    rows.map(row => ({ id: row.id, rowVersion: row.row_version, facts: factsOf(row) })),
  )
  await placer().place(
    tx,
    actor.tenantId,
    at,
    rows.map(row => ({ id: row.id, facts: factsOf(row) })),
  )
}

async function decided(tx: Tx, actor: Actor, at: string, a: string, b: string, state: 'merged' | 'open'): Promise<void> {
  const [low, high] = BigInt(a) < BigInt(b) ? [a, b] : [b, a]
  await tx.query(
    'update duplicate_pair set state = $4, decided_by = $5, decided_at = $6 where tenant_id = $1 and account_a = $2 and account_b = $3',
    [actor.tenantId, low, high, state, state === 'open' ? null : actor.userId, state === 'open' ? null : at],
  )
}

export async function undoMerge(tx: Tx, actor: Actor, id: string): Promise<{ accountId: string; kept: string[] }> {
  const found = await tx.query<{ survivor_id: string; merged_id: string; fields: Fields; moved: Moved; undone_at: string | null }>(
    'select survivor_id::text, merged_id::text, fields, moved, undone_at from duplicate_merge where tenant_id = $1 and id = $2',
    [actor.tenantId, id],
  )
  const merge = found.rows[0]
  if (!merge) return stop('record.notFound')
  if (merge.undone_at !== null) stop('duplicate.undone')
  const { survivor_id: survivorId, merged_id: mergedId, moved } = merge
  await enterWriters(tx, actor.tenantId)
  const survivors = await tx.query<{ deleted: boolean; into: string | null }>(
    `select a.deleted_at is not null as deleted, (select m.name from account m where m.tenant_id = $1 and m.id = a.merged_into) as into from account a where a.tenant_id = $1 and a.id = $2`,
    [actor.tenantId, survivorId],
  )
  if (survivors.rows[0]?.into) stop('duplicate.chain', { name: survivors.rows[0].into })
  if (survivors.rows[0]?.deleted) stop('duplicate.recycled')
  const again = await tx.query(
    'update duplicate_merge set undone_at = clock_timestamp(), undone_by = $3 where tenant_id = $1 and id = $2 and undone_at is null',
    [actor.tenantId, id, actor.userId],
  )
  if (again.rowCount === 0) stop('duplicate.undone')
  await lockOne(tx, actor, survivorId, null)
  const now = (await readFull(tx, actor.tenantId, [survivorId])).get(survivorId)!
  // A value that somebody changed since is his.
  const mine = Object.entries(merge.fields)
  const kept = mine.filter(([key, { after }]) => JSON.stringify(now.values[key] ?? null) !== JSON.stringify(after)).map(([key]) => key)
  const back = Object.fromEntries(mine.filter(([key]) => !kept.includes(key)).map(([key, { before }]) => [key, before]))

  const at = await writeInstant(tx)
  await tx.query(
    'update account set deleted_at = null, deleted_by = null, merged_into = null, updated_at = $3, row_version = row_version + 1 where tenant_id = $1 and id = $2',
    [actor.tenantId, mergedId, at],
  )
  for (const table of FOLLOW)
    await tx.query(`update ${table} set account_id = $3 where tenant_id = $1 and id = any($2::bigint[]) and account_id = $4`, [
      actor.tenantId,
      moved[table] ?? [],
      mergedId,
      survivorId,
    ])
  await tx.query('update file_chunk set account_id = $3 where tenant_id = $1 and file_id = any($2::bigint[])', [
    actor.tenantId,
    moved.file ?? [],
    mergedId,
  ])
  await tx.query(
    'update account_key set account_id = $4 where tenant_id = $1 and (source, external_key) in (select * from unnest($2::text[], $3::text[]))',
    [actor.tenantId, moved.keys.map(k => k[0]), moved.keys.map(k => k[1]), mergedId],
  )
  await tx.query(
    `update account_address a set account_id = $4, kind = m.kind, row_version = a.row_version + 1 from unnest($2::bigint[], $3::text[]) as m(id, kind) where a.tenant_id = $1 and a.id = m.id and a.account_id = $5`,
    [actor.tenantId, moved.addresses.map(a => a[0]), moved.addresses.map(a => a[1]), mergedId, survivorId],
  )
  const children = await tx.query<{ id: string }>(
    'update account set parent_id = $3, row_version = row_version + 1 where tenant_id = $1 and id = any($2::bigint[]) and parent_id = $4 returning id::text',
    [actor.tenantId, moved.children, mergedId, survivorId],
  )
  const [row] = await lockRecords(tx, actor.tenantId, [mergedId])
  if (!row) return stop('record.notEditable')
  await keepVersions(tx, actor.tenantId, at, [{ id: mergedId, rowVersion: row.row_version, facts: factsOf(row) }])
  await placer().place(tx, actor.tenantId, at, [{ id: mergedId, facts: factsOf(row) }])
  if (Object.keys(back).length > 0) await updateAccount(tx, actor, survivorId, now.rowVersion, back)
  if (children.rows.length > 0)
    await placeChildren(
      tx,
      actor,
      at,
      children.rows.map(r => r.id),
    )
  await decided(tx, actor, at, survivorId, mergedId, 'open')
  await audit(tx, actor, at, {
    kind: 'account.unmerge',
    recordKind: 'account',
    recordId: mergedId,
    accountId: survivorId,
    why: row.name,
    after: { kept },
  })
  await audit(tx, actor, at, { kind: 'account.unmerge', recordKind: 'account', recordId: survivorId, accountId: mergedId })
  return { accountId: mergedId, kept }
}

/** The surest pairs one after the other, each in a savepoint of its own: one that is refused says why and stops no other. */
export async function mergeSurest(tx: Tx, actor: Actor, limit: number) {
  const found = await tx.query<{ id: string }>(
    `select d.id::text from duplicate_pair d join account a on a.tenant_id = $1 and a.id = d.account_a and a.deleted_at is null and ${visibleTo(actor, 'a.id')}
       join account b on b.tenant_id = $1 and b.id = d.account_b and b.deleted_at is null and ${visibleTo(actor, 'b.id')}
      where d.tenant_id = $1 and d.state = 'open' and d.decision = 'merge' order by d.score desc, d.id desc limit $2`,
    [actor.tenantId, limit],
  )
  const skipped: { pairId: string; code: string; text: string }[] = []
  let merged = 0
  for (const { id } of found.rows) {
    await tx.query('savepoint one')
    try {
      // Of three that are one, the second pair may be gone with the first.
      const compared = await comparePair(tx, actor, id)
      const goes = compared.suggestedSurvivor === 'a' ? 'b' : 'a'
      const take = compared.fields.filter(f => f.suggested === goes).map(f => f.key)
      const [s, m] = [compared.pair[compared.suggestedSurvivor], compared.pair[goes]]
      await mergeAccounts(tx, actor, {
        survivorId: s.id,
        mergedId: m.id,
        survivorVersion: compared.rowVersions[compared.suggestedSurvivor],
        mergedVersion: compared.rowVersions[goes],
        take,
      })
      merged += 1
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error
      await tx.query('rollback to savepoint one')
      if (error.refusal.code !== 'record.notFound')
        skipped.push({ pairId: id, code: error.refusal.code, text: wordsOf(error.refusal, actor.locale).text })
    }
    await tx.query('release savepoint one')
  }
  return { merged, skipped }
}

const PAGE = 30
export async function readMerges(
  tx: Tx,
  actor: Actor,
  query: { accountId?: string | undefined; cursor?: string | undefined },
): Promise<z.input<typeof listMerges.reply>> {
  const after = /^\d{1,18}$/.test(query.cursor ?? '') ? query.cursor! : null
  const found = await tx.query<MergeRow>(
    `select m.id::text, m.survivor_id::text as "survivorId", s.name as survivor, coalesce(g.name, '') as merged, u.name as by, to_char(m.merged_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at,
            to_char(m.undone_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "undoneAt", (select coalesce(sum(jsonb_array_length(e.value)), 0)::int from jsonb_each(m.moved) e) as moved
       from duplicate_merge m join account s on s.tenant_id = $1 and s.id = m.survivor_id left join account g on g.tenant_id = $1 and g.id = m.merged_id left join app_user u on u.tenant_id = $1 and u.id = m.merged_by
      where m.tenant_id = $1 and ($2::bigint is null or m.survivor_id = $2 or m.merged_id = $2) and ($3::bigint is null or m.id < $3) order by m.id desc limit ${PAGE + 1}`,
    [actor.tenantId, query.accountId ?? null, after],
  )
  const rows = found.rows.slice(0, PAGE)
  return { rows, next: found.rows.length > PAGE ? rows.at(-1)!.id : null }
}
