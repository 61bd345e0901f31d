/** What a warning may tell, how fields survive a merge, and other names of brands: the company's own choices. */
import type { z } from 'zod'
import type { readDuplicatePolicy, saveDuplicatePolicy } from '../../contract/dedupe/duplicates.ts'
import { loadFields } from '../builder/catalogue.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { nameReader } from './name-reader.ts'

type Policy = z.input<typeof readDuplicatePolicy.reply>

export async function readPolicy(tx: Tx, actor: Actor): Promise<Policy> {
  const found = await tx.query<Pick<Policy, 'hints' | 'survivorship' | 'rowVersion'>>(
    'select hints, survivorship, row_version as "rowVersion" from duplicate_policy where tenant_id = $1',
    [actor.tenantId],
  )
  const aliases = await tx.query<Policy['aliases'][number]>(
    'select id::text, names, row_version as "rowVersion" from duplicate_alias where tenant_id = $1 order by names[1], id limit 500',
    [actor.tenantId],
  )
  return { ...(found.rows[0] ?? { hints: 'owner', survivorship: {}, rowVersion: 0 }), aliases: aliases.rows }
}

export async function savePolicy(
  tx: Tx,
  actor: Actor,
  now: string,
  ifMatch: number,
  change: z.output<NonNullable<typeof saveDuplicatePolicy.body>>,
): Promise<{ rowVersion: number }> {
  const before = await readPolicy(tx, actor)
  if (before.rowVersion !== ifMatch) stop('record.stale', { current: before.rowVersion })
  const known = new Set((await loadFields(tx, actor.tenantId)).map(f => f.key))
  const strange = Object.keys(change.survivorship ?? {}).find(key => !known.has(key))
  if (strange !== undefined) stop('field.unknown', { field: strange }, `/survivorship/${strange}`)
  const after = { hints: change.hints ?? before.hints, survivorship: change.survivorship ?? before.survivorship }
  const saved = await tx.query<{ row_version: number }>(
    `insert into duplicate_policy (tenant_id, hints, survivorship) values ($1, $2, $3)
     on conflict (tenant_id) do update set hints = excluded.hints, survivorship = excluded.survivorship, row_version = duplicate_policy.row_version + 1 where duplicate_policy.row_version = $4
     returning row_version`,
    [actor.tenantId, after.hints, JSON.stringify(after.survivorship), ifMatch],
  )
  if (saved.rowCount === 0) stop('record.stale', { current: before.rowVersion })
  await audit(tx, actor, now, { kind: 'duplicates.policy', before: { hints: before.hints, survivorship: before.survivorship }, after })
  return { rowVersion: saved.rows[0]!.row_version }
}

/** Kept as brands are compared: folded, without region and form. */
export async function addAlias(tx: Tx, actor: Actor, now: string, names: readonly string[]): Promise<{ id: string }> {
  const brands = [...new Set(names.map(name => nameReader().read(name).brand))].filter(brand => brand !== '')
  if (brands.length < 2) stop('duplicate.aliasSame')
  const made = await tx.query<{ id: string }>(
    'insert into duplicate_alias (tenant_id, names, created_by, created_at) values ($1, $2, $3, $4) returning id::text',
    [actor.tenantId, brands, actor.userId, now],
  )
  await audit(tx, actor, now, { kind: 'duplicates.alias', recordKind: 'alias', recordId: made.rows[0]!.id, after: { names: brands } })
  return made.rows[0]!
}

export async function removeAlias(tx: Tx, actor: Actor, now: string, id: string, ifMatch: number): Promise<{ done: true }> {
  const gone = await tx.query<{ names: string[] }>(
    'delete from duplicate_alias where tenant_id = $1 and id = $2 and row_version = $3 returning names',
    [actor.tenantId, id, ifMatch],
  )
  if (gone.rowCount === 0) stop('record.notFound')
  await audit(tx, actor, now, { kind: 'duplicates.alias', recordKind: 'alias', recordId: id, before: { names: gone.rows[0]!.names } })
  return { done: true }
}
