/**
 * Value lists 名单 and groups of divisions 经济带. A version never changes: adding or taking out values makes the next one. Drafts read the
 * newest; a model that is computed keeps the version it was computed with, so that editing a list never moves an account by itself.
 */

import type { z } from 'zod'
import type { getValueList, LIST_TYPES, ValueListRow } from '../../contract/territory/lists.ts'
import { loadIndustryNames } from '../builder/industries.ts'
import { divisionIndex } from '../geography/reference.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import { toTraditional } from '../kernel/traditional.ts'
import type { Tx } from '../kernel/transaction.ts'
import { resolveLines } from './resolve-values.ts'

type ListType = (typeof LIST_TYPES)[number]
const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
const LIST = `l.id::text, l.name, l.type, v.item_count as count, l.version, l.retired_at is not null as retired, ${UTC('l.updated_at')} as "updatedAt", l.row_version as "rowVersion"
  from value_list l join value_list_version v on v.tenant_id = l.tenant_id and v.list_id = l.id and v.version = l.version`
const PAGE = 200
const VALUES = 500

export async function findLists(tx: Tx, actor: Actor, query: { search?: string | undefined; cursor?: string | undefined }) {
  const needle = query.search ? `%${query.search.replace(/[%_\\]/g, '\\$&')}%` : null
  const found = await tx.query<ValueListRow>(
    `select ${LIST} where l.tenant_id = $1 and ($2::text is null or l.name ilike $2) and ($3::text is null or l.name > $3) order by l.name, l.id limit ${PAGE + 1}`,
    [actor.tenantId, needle, query.cursor ?? null],
  )
  const rows = found.rows.slice(0, PAGE)
  return { rows, next: found.rows.length > PAGE ? rows.at(-1)!.name : null }
}

async function assertName(tx: Tx, actor: Actor, name: string, except: string | null): Promise<void> {
  const taken = await tx.query('select 1 from value_list where tenant_id = $1 and lower(name) = lower($2) and id is distinct from $3 limit 1', [
    actor.tenantId,
    name,
    except,
  ])
  if (taken.rowCount) stop('record.duplicate', { name }, '/name')
}

export async function makeList(tx: Tx, actor: Actor, now: string, input: { name: string; type: ListType; values: readonly string[] }) {
  await assertName(tx, actor, input.name, null)
  const { values, rejected } = await resolveLines(tx, actor, input.type, null, input.values)
  const made = await tx.query<{ id: string }>(
    'insert into value_list (tenant_id, name, type, updated_at) values ($1, $2, $3, $4) returning id::text',
    [actor.tenantId, input.name, input.type, now],
  )
  const id = made.rows[0]!.id
  await writeVersion(
    tx,
    actor,
    now,
    id,
    1,
    values.map(v => v.value),
    null,
  )
  await audit(tx, actor, now, {
    kind: 'valueList.create',
    recordKind: 'valueList',
    recordId: id,
    after: { name: input.name, type: input.type },
    count: values.length,
  })
  return { id, accepted: values.length, rejected: [...rejected] }
}

async function writeVersion(
  tx: Tx,
  actor: Actor,
  now: string,
  id: string,
  version: number,
  values: readonly string[],
  why: string | null,
): Promise<void> {
  await tx.query('insert into value_list_item (tenant_id, list_id, version, value) select $1, $2, $3, value from unnest($4::text[]) as v(value)', [
    actor.tenantId,
    id,
    version,
    values,
  ])
  await tx.query(
    'insert into value_list_version (tenant_id, list_id, version, item_count, why, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7)',
    [actor.tenantId, id, version, values.length, why, actor.userId, now],
  )
}

async function lockList(tx: Tx, actor: Actor, id: string, ifMatch: number) {
  const found = await tx.query<{ name: string; type: ListType; version: number; row_version: number }>(
    'select name, type, version, row_version from value_list where tenant_id = $1 and id = $2 for update',
    [actor.tenantId, id],
  )
  const list = found.rows[0] ?? stop('record.notFound')
  if (list.row_version !== ifMatch) stop('record.stale', { current: list.row_version })
  return list
}

export async function changeList(
  tx: Tx,
  actor: Actor,
  now: string,
  id: string,
  ifMatch: number,
  input: { add: readonly string[]; remove: readonly string[]; why?: string | null | undefined },
) {
  // A run reads its lists under this lock, so that it computes with one version from beginning to end.
  await tx.query('select pg_advisory_xact_lock_shared(1, hashtext($1))', [actor.tenantId])
  const list = await lockList(tx, actor, id, ifMatch)
  const { values, rejected } = await resolveLines(tx, actor, list.type, null, input.add)
  const before = await tx.query<{ value: string }>('select value from value_list_item where tenant_id = $1 and list_id = $2 and version = $3', [
    actor.tenantId,
    id,
    list.version,
  ])
  const gone = new Set(input.remove)
  const kept = before.rows.map(r => r.value).filter(v => !gone.has(v))
  const known = new Set(before.rows.map(r => r.value))
  const fresh = values.map(v => v.value).filter(v => !known.has(v))
  const after = [...kept, ...fresh]
  const removed = before.rows.length - kept.length
  if (removed === 0 && fresh.length === 0) return { version: list.version, accepted: 0, removed: 0, rejected: [...rejected] }
  await tx.query(
    `insert into model_value_list (tenant_id, model_id, list_id, version) select $1, m.id, $2, $3 from territory_model m where m.tenant_id = $1 and m.state <> 'draft' on conflict do nothing`,
    [actor.tenantId, id, list.version],
  )
  const version = list.version + 1
  await writeVersion(tx, actor, now, id, version, after, input.why ?? null)
  await tx.query('update value_list set version = $3, updated_at = $4, row_version = row_version + 1 where tenant_id = $1 and id = $2', [
    actor.tenantId,
    id,
    version,
    now,
  ])
  await audit(tx, actor, now, {
    kind: 'valueList.version',
    recordKind: 'valueList',
    recordId: id,
    why: input.why ?? null,
    before: { version: list.version },
    after: { version, added: fresh.length, removed },
    count: after.length,
  })
  return { version, accepted: fresh.length, removed, rejected: [...rejected] }
}

export async function updateList(
  tx: Tx,
  actor: Actor,
  now: string,
  id: string,
  ifMatch: number,
  change: { name?: string | undefined; retired?: boolean | undefined },
): Promise<number> {
  const list = await lockList(tx, actor, id, ifMatch)
  if (change.name !== undefined) await assertName(tx, actor, change.name, id)
  const updated = await tx.query<{ row_version: number }>(
    `update value_list set name = coalesce($3, name), retired_at = case when $4::boolean is null then retired_at when $4 then coalesce(retired_at, $5) end,
       updated_at = $5, row_version = row_version + 1 where tenant_id = $1 and id = $2 returning row_version`,
    [actor.tenantId, id, change.name ?? null, change.retired ?? null, now],
  )
  await audit(tx, actor, now, { kind: 'valueList.update', recordKind: 'valueList', recordId: id, before: { name: list.name }, after: { ...change } })
  return updated.rows[0]!.row_version
}

type Use = { modelId: string; modelName: string; state: string; active: boolean; version: number; id: string; code: string; name: string }

export async function readUses(tx: Tx, actor: Actor, id: string): Promise<z.input<typeof getValueList.reply>> {
  const found = await tx.query<ValueListRow>(`select ${LIST} where l.tenant_id = $1 and l.id = $2`, [actor.tenantId, id])
  const list = found.rows[0] ?? stop('record.notFound')
  const versions = await tx.query<{ version: number; count: number; why: string | null; createdBy: string | null; createdAt: string }>(
    `select v.version, v.item_count as count, v.why, u.name as "createdBy", ${UTC('v.created_at')} as "createdAt" from value_list_version v
       left join app_user u on u.tenant_id = $1 and u.id = v.created_by where v.tenant_id = $1 and v.list_id = $2 order by v.version desc limit 100`,
    [actor.tenantId, id],
  )
  const uses = await tx.query<Use>(
    `select m.id::text as "modelId", m.name as "modelName", m.state, m.id = $4 as active, t.id::text, t.code, t.name,
            case when m.state = 'draft' then $5::int else coalesce(p.version, $5) end as version
       from territory t join territory_rule r on r.tenant_id = $1 and r.territory_id = t.id and r.version = t.rule_version
       join territory_model m on m.tenant_id = $1 and m.id = t.model_id and m.state <> 'archived'
       left join model_value_list p on p.tenant_id = $1 and p.model_id = m.id and p.list_id = $2
      where t.tenant_id = $1 and not t.removed and jsonb_path_exists(r.condition, '$.**.list ? (@ == $id)', jsonb_build_object('id', $3::text)) order by m.id desc, t.code limit 500`,
    [actor.tenantId, id, id, actor.modelId, list.version],
  )
  const byModel = new Map<string, z.input<typeof getValueList.reply>['uses'][number]>()
  for (const { id: territoryId, code, name, ...model } of uses.rows) {
    const known = byModel.get(model.modelId) ?? { ...model, territories: [] }
    known.territories.push({ id: territoryId, code, name })
    byModel.set(model.modelId, known)
  }
  return { list, versions: versions.rows, uses: [...byModel.values()] }
}

export async function readList(
  tx: Tx,
  actor: Actor,
  id: string,
  query: { version?: number | undefined; search?: string | undefined; cursor?: string | undefined },
) {
  const head = await tx.query<{ type: ListType; version: number }>('select type, version from value_list where tenant_id = $1 and id = $2', [
    actor.tenantId,
    id,
  ])
  const list = head.rows[0] ?? stop('record.notFound')
  const found = await tx.query<{ value: string }>(
    `select value from value_list_item where tenant_id = $1 and list_id = $2 and version = $3 and ($4::text is null or value > $4) order by value ${query.search ? '' : `limit ${VALUES + 1}`}`,
    [actor.tenantId, id, query.version ?? list.version, query.cursor ?? null],
  )
  const labels = await labelsOf(
    tx,
    actor,
    list.type,
    found.rows.map(r => r.value),
  )
  const needle = query.search?.normalize('NFKC').trim().toLowerCase()
  const all = found.rows
    .map(r => ({ value: r.value, label: labels(r.value) }))
    .filter(r => !needle || `${r.value} ${r.label}`.toLowerCase().includes(needle))
  const rows = all.slice(0, VALUES)
  return { rows, next: all.length > VALUES ? rows.at(-1)!.value : null }
}

/** Accounts are named only where the reader may see them. */
async function labelsOf(tx: Tx, actor: Actor, type: ListType, values: readonly string[]): Promise<(value: string) => string> {
  const traditional = (text: string) => (actor.locale === 'zh-TW' ? toTraditional(text) : text)
  if (type === 'division') {
    const index = divisionIndex()
    return value => traditional(index.path(value) || value)
  }
  if (type === 'industry') {
    const names = await loadIndustryNames(tx, actor.tenantId, actor.locale)
    return value => names.get(value) ?? value
  }
  if (type === 'account') {
    const found = await tx.query<{ id: string; name: string }>('select id::text, name from account where tenant_id = $1 and id = any($2::bigint[])', [
      actor.tenantId,
      values.filter(v => /^\d{1,18}$/.test(v)),
    ])
    const names = new Map(found.rows.map(r => [r.id, r.name]))
    return value => names.get(value) ?? `#${value}`
  }
  return value => value
}
