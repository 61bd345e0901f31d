/**
 * What follows the writing of accounts: their first version, the acts that give them to the owners the file names, their placement under
 * every live model, and the grams they are searched by. New accounts are matched as columns and placed by COPY, and are seen by nobody
 * before; changed ones are placed again as after any other change.
 */
import { setImmediate as breathe } from 'node:timers/promises'
import { matchOne } from '../../core/assignment/compile.ts'
import { type Act, type Placement, place } from '../../core/assignment/place.ts'
import { type Columns, idAt } from '../../core/condition/columns.ts'
import { fieldsOf } from '../../core/condition/explain.ts'
import { whilePlacing } from '../access/while-placing.ts'
import { type AccountRecord, COLUMNS, factsOf, keepVersions, RECORD, writeInstant } from '../account/facts.ts'
import { gramsOfAccount, keepGrams } from '../account/search.ts'
import { loadCompiled } from '../assignment/compiled.ts'
import { escapeCopy } from '../assignment/copy-cells.ts'
import { matcher } from '../assignment/decide-placements.ts'
import { loadPeople } from '../assignment/load-facts.ts'
import { liveModels } from '../assignment/place-accounts.ts'
import { afterWriting, loadPooling, type Written } from '../assignment/placing-parts.ts'
import { readColumns } from '../assignment/read-columns.ts'
import { copyIn, lineOf, PLACEMENT_COLUMNS, placePiece } from '../assignment/run-model.ts'
import { arrayText } from '../assignment/write-placement.ts'
import { queueMaterialising } from './account-write.ts'
import type { Run } from './object.ts'
import { cellOf, drawnId, readStaged, staged } from './staging.ts'

export async function followAccounts(run: Run, from: number, to: number): Promise<void> {
  const { tx, tenantId } = run
  await tx.query(
    `select count(*) from (select 1 from account a where a.tenant_id = $1 and ${newOnes(run, from, to)} order by a.id for update) locked`,
    [tenantId],
  )
  const at = await writeInstant(tx)
  await writeVersions(run, from, to, at)
  await queueMaterialising(run, from, to)
  await placeNew(run, from, to, at)
  if (run.options.updates) await placeChanged(run, from, to, at)
  await writeGrams(run, from, to)
}

/** New accounts' facts as rules read them, made where they lie: the same as factsOf (a test compares). */
async function writeVersions(run: Run, from: number, to: number, at: string): Promise<void> {
  const numbers = new Set(['size', 'revenue', 'potential'])
  const facts = Object.entries(COLUMNS).map(
    ([key, c]) => `'${key}', ${key === 'parentId' ? `a.${c}::text` : numbers.has(key) ? `to_jsonb(a.${c})` : `a.${c}`}`,
  )
  await run.tx.query(
    `insert into account_version (tenant_id, account_id, row_version, at, facts)
     select $1, a.id, a.row_version, $2, jsonb_build_object('id', a.id::text, ${facts.join(', ')}, 'point', case when a.lng is not null and a.lat is not null then jsonb_build_array(a.lng, a.lat) end)
         || coalesce((select jsonb_object_agg('f' || e.key, e.value) from jsonb_each(a.custom) e), '{}')
       from account a where a.tenant_id = $1 and ${newOnes(run, from, to)} on conflict do nothing`,
    [run.tenantId, at],
  )
}

/** The new accounts of a piece, by the ids drawn for its rows and for nobody else; literals only, and nothing that could tempt the planner away. */
const newOnes = (run: Run, from: number, to: number): string =>
  `a.deleted_at is null and (${
    (run.options.ids ?? [])
      .map(g => ({ low: Math.max(from, g.row), high: Math.min(to, g.row + g.count - 1), shift: BigInt(g.id) - BigInt(g.row) }))
      .filter(g => g.low <= g.high)
      .map(g => `a.id between ${BigInt(g.low) + g.shift} and ${BigInt(g.high) + g.shift}`)
      .join(' or ') || 'false'
  })`

/** Owners that the file names for new accounts, by account. */
async function namedOwners(run: Run, from: number, to: number): Promise<ReadonlyMap<string, string>> {
  const owner = cellOf(run, 'owner')
  if (owner === null) return new Map()
  const found = await run.tx.query<{ id: string; owner: string }>(
    `select (${drawnId(run)})::text as id, ${owner} as owner from ${staged(run, from, to)} where r.target_id is null and ${owner} is not null and $1::bigint = $1`,
    [run.tenantId],
  )
  return new Map(found.rows.map(r => [r.id, r.owner]))
}

async function placeNew(run: Run, from: number, to: number, at: string): Promise<void> {
  const { tx, tenantId } = run
  const where = newOnes(run, from, to)
  const owners = await namedOwners(run, from, to)
  const people = await loadPeople(tx, tenantId, null)
  const acts = new Map<string, Act>()
  // The active model comes first: an act of import is made under the territory that wins there.
  for (const live of await liveModels(tx, tenantId)) {
    if (live.state !== 'ready') continue
    const model = await loadCompiled(tx, tenantId, live.id)
    const { compiled } = model
    const pooling = await loadPooling(tx, tenantId, model)
    const used = new Set([...compiled.takers.flatMap(t => [...fieldsOf(t.node.effective!)]), ...pooling.fields])
    const columns = await readColumns(
      tx,
      tenantId,
      [...compiled.env.fields.values()].filter(f => used.has(f.key)),
      where,
    )
    const placed = await placedAlready(run, live.id, columns)
    const match = matcher(compiled, columns)
    const poolsAt = pooling.ofColumns(columns)
    const memo = new Map<string, { placement: Placement; line: string }>()
    const lines: string[] = []
    const overlays: string[] = []
    const made: string[] = []
    const written: Written[] = []
    for (let i = 0; i < columns.count; i += 1) {
      const id = idAt(columns, i)
      if (placed.has(id)) continue
      const m = match(i)
      const ownerId = owners.get(id)
      if (ownerId !== undefined && live.active && !acts.has(id)) {
        acts.set(id, { kind: 'import', ownerId, territoryId: m.territoryId, at })
        made.push([tenantId, id, 'import', ownerId, live.id, m.territoryId ?? '\\N', run.actor.userId, at, run.importId].join('\t'))
      }
      const act = acts.get(id) ?? null
      const pools = poolsAt(i)
      const key = `${pools.join()}|${m.territoryId}|${m.contested.join()}|${m.overlays.join()}|${m.undecidable}|${act?.ownerId}|${act?.territoryId}`
      let found = memo.get(key)
      if (found === undefined) {
        const placement = place({ match: m, pins: [], act, priorOwnerId: null, shares: [], pools }, compiled, people, at, pooling.steps)
        found = { placement, line: lineOf(placement, null, at) }
        memo.set(key, found)
      }
      written.push({ id, wasIn: null, isIn: found.placement.poolId, moved: true, fresh: true })
      lines.push(`${tenantId}\t${live.id}\t${id}\t${found.line}`)
      for (const overlay of found.placement.overlays) overlays.push(`${tenantId}\t${live.id}\t${id}\t${overlay}\t${at}\t${at}\n`)
      if (i % 2048 === 2047) await breathe()
    }
    if (made.length > 0)
      await copyIn(tx, 'copy ownership_act (tenant_id, account_id, kind, owner_id, model_id, territory_id, created_by, at, import_id) from stdin', [
        `${made.join('\n')}\n`,
      ])
    await whilePlacing(tx, async () => {
      await copyIn(tx, `copy account_placement (tenant_id, model_id, account_id, ${PLACEMENT_COLUMNS}) from stdin`, [lines.join('')])
      await copyIn(tx, 'copy account_overlay (tenant_id, model_id, account_id, territory_id, valid_from, known_from) from stdin', [overlays.join('')])
      await afterWriting(tx, tenantId, live.id, at, written)
    })
  }
}

/** A model that was computed meanwhile has them already. */
async function placedAlready(run: Run, modelId: string, { ids, count }: Columns): Promise<ReadonlySet<string>> {
  if (count === 0) return new Set()
  const found = await run.tx.query<{ id: string }>(
    'select account_id::text as id from account_placement where tenant_id = $1 and model_id = $2 and account_id between $3 and $4',
    [run.tenantId, modelId, ids[0], ids.at(-1)],
  )
  return new Set(found.rows.map(r => r.id))
}

/** Accounts that stood before: a new version, the act that gives them to somebody, and their place again. */
async function placeChanged(run: Run, from: number, to: number, at: string): Promise<void> {
  const { tx, tenantId } = run
  const changed = await tx.query<AccountRecord>(
    `select ${RECORD} from account a where a.tenant_id = $1 and a.id in (select target_id from import_row where tenant_id = $1 and job_id = $2 and row_no between $3 and $4) order by a.id for update`,
    [tenantId, run.importId, from, to],
  )
  if (changed.rows.length === 0) return
  const records = changed.rows.map(r => ({ id: r.id, rowVersion: r.row_version, facts: factsOf(r) }))
  await keepVersions(tx, tenantId, at, records)
  const owner = cellOf(run, 'owner')
  if (owner !== null) {
    const active = (await liveModels(tx, tenantId))[0]!
    const { compiled } = await loadCompiled(tx, tenantId, active.id)
    const named = (await readStaged(run, from, to)).filter(r => r.targetId !== null && r.values.owner)
    const territoryOf = new Map(records.map(r => [r.id, matchOne(compiled, r.facts).territoryId]))
    await tx.query(
      `insert into ownership_act (tenant_id, account_id, kind, owner_id, model_id, territory_id, created_by, at, import_id)
       select $1, id, 'import', owner, $2, territory, $3, $4::timestamptz, $5 from unnest($6::bigint[], $7::bigint[], $8::bigint[]) as o(id, owner, territory)`,
      [
        tenantId,
        active.id,
        run.actor.userId,
        at,
        run.importId,
        named.map(r => r.targetId),
        named.map(r => r.values.owner),
        named.map(r => territoryOf.get(r.targetId!) ?? null),
      ],
    )
  }
  await placeAgain(
    run,
    records.map(r => r.id),
  )
  await tx.query('update account set placed = true where tenant_id = $1 and id = any($2::bigint[]) and not placed', [
    tenantId,
    records.map(r => r.id),
  ])
  if (['name', 'shortName', 'nameEn'].some(key => cellOf(run, key) !== null))
    await keepGrams(
      tx,
      tenantId,
      changed.rows.map(r => ({ id: r.id, name: r.name, shortName: r.short_name, nameEn: r.name_en })),
    )
}

const PLACED_AT_ONCE = 2_000

/** Under every ready model; one being materialised has them in its queue. */
export async function placeAgain(run: Pick<Run, 'tx' | 'tenantId'>, ids: readonly string[]): Promise<void> {
  for (const live of await liveModels(run.tx, run.tenantId))
    for (let i = 0; i < ids.length; i += PLACED_AT_ONCE) {
      const piece = ids.slice(i, i + PLACED_AT_ONCE)
      if (live.state === 'ready') await placePiece(run.tx, run.tenantId, live.id, piece)
      else
        await run.tx.query('insert into placement_queue (tenant_id, model_id, account_id) select $1, $2, id from unnest($3::bigint[]) as i(id)', [
          run.tenantId,
          live.id,
          piece,
        ])
    }
}

async function writeGrams(run: Run, from: number, to: number): Promise<void> {
  const found = await run.tx.query<{ id: string; name: string; short_name: string | null; name_en: string | null }>(
    `select a.id::text, a.name, a.short_name, a.name_en from account a where a.tenant_id = $1 and ${newOnes(run, from, to)} order by a.id`,
    [run.tenantId],
  )
  // Made while the database takes in what came before; other requests wait at most some milliseconds.
  async function* lines(): AsyncGenerator<string> {
    for (let at = 0; at < found.rows.length; at += 256) {
      let text = ''
      for (const r of found.rows.slice(at, at + 256)) {
        const grams = arrayText(gramsOfAccount(r.name, r.short_name, r.name_en).map(g => `"${g.replace(/["\\]/g, '\\$&')}"`))!
        text += `${run.tenantId}\t${r.id}\t${escapeCopy(grams)}\n`
      }
      yield text
      await breathe()
    }
  }
  await copyIn(run.tx, 'copy account_search (tenant_id, account_id, grams) from stdin', lines())
}
