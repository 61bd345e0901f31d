/**
 * The state of a model's territories in numbers 区域体检: measures by territory, branch or owner and how evenly they are spread; customers that
 * nobody takes, by place; industries × provinces. Set-based over the placements, within the reader's sight.
 */
import type { HealthLine, HealthMap, HealthMeasure, ModelHealth } from '../../contract/insight/health.ts'
import { spreadOf } from '../../core/insight/fairness.ts'
import { visibleTo } from '../access/visible-to.ts'
import { makeParams } from '../account/condition-sql.ts'
import { loadCompiled } from '../assignment/compiled.ts'
import { loadIndustryNames } from '../builder/industries.ts'
import { divisionIndex } from '../geography/reference.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { assertReadable, knowsAll } from '../territory/models.ts'
import { measureSql, readMeasures } from './measures.ts'

export type Asked = { readonly by: 'territory' | 'owner' | 'branch'; readonly tolerance: number; readonly parentId?: string | undefined }
const MOST = 500
const PLACES = 40

/** Errors: 404 record.notFound, 409 health.notStanding. */
async function loadStanding(tx: Tx, actor: Actor, modelId: string): Promise<Standing> {
  await assertReadable(tx, actor, modelId)
  const model = await loadCompiled(tx, actor.tenantId, modelId)
  return model.loaded.head.state === 'ready' ? model : stop('health.notStanding')
}

/** By territory, all of them, without names: the map has the territories already. */
export async function readHealthMap(tx: Tx, actor: Actor, modelId: string, tolerance: number): Promise<HealthMap> {
  const model = await loadStanding(tx, actor, modelId)
  const measures = await readMeasures(tx, actor)
  const found = await sums(tx, actor, modelId, measures, 'p.territory_id')
  const lines = byPlace(model, found, { by: 'territory', tolerance }, knowsAll(actor), measures.length)
  return {
    measures: measures.map((m, i) => ({
      ...m,
      spread: spreadOf(
        lines.map(l => l.values[i]!),
        tolerance,
      ),
    })),
    rows: lines.flatMap(({ id, accounts, values }) => (id === null ? [] : [{ id, accounts, values }])),
  }
}

export async function readHealth(tx: Tx, actor: Actor, modelId: string, asked: Asked): Promise<ModelHealth> {
  const model = await loadStanding(tx, actor, modelId)
  const measures = await readMeasures(tx, actor)
  const found = await sums(tx, actor, modelId, measures, asked.by === 'owner' ? 'p.owner_id' : 'p.territory_id')
  const lines = asked.by === 'owner' ? await byOwner(tx, actor, found) : byPlace(model, found, asked, knowsAll(actor), measures.length)
  const spreads = measures.map((_, m) =>
    spreadOf(
      lines.map(l => l.values[m]!),
      asked.tolerance,
    ),
  )
  const far = (l: HealthLine) => Math.max(...spreads.map((s, m) => (s.mean === 0 ? 0 : Math.abs(l.values[m]! - s.mean) / s.mean)))
  const seesPotential = actor.fieldAccess.get('potential') !== 'hidden'
  const { cells, places } = await readWhite(tx, actor, modelId, seesPotential)
  const index = divisionIndex()
  const nameOf = (code: string): string => index.get(code)?.name ?? code
  const sections = await loadIndustryNames(tx, actor.tenantId, actor.locale)
  const uncovered = cells.reduce((n, c) => n + c.uncovered, 0)
  return {
    measures: measures.map((m, i) => ({ ...m, spread: spreads[i]! })),
    rows: await nameOwners(tx, actor, [...lines].sort((a, b) => far(b) - far(a)).slice(0, MOST)),
    total: lines.length,
    white: {
      accounts: uncovered,
      potential: seesPotential ? places.reduce((n, p) => n + p.potential, 0) : null,
      places: places
        .sort((a, b) => b.potential - a.potential || b.accounts - a.accounts)
        .slice(0, PLACES)
        .map(p => ({ code: p.code, name: nameOf(p.code), accounts: p.accounts, potential: seesPotential ? p.potential : null })),
    },
    grid: cells.map(c => ({ ...c, potential: seesPotential ? c.potential : null })),
    provinces: Object.fromEntries([...new Set(cells.map(c => c.province))].map(c => [c, nameOf(`${c}0000`)])),
    sections: Object.fromEntries([...new Set(cells.map(c => c.section))].map(s => [s, sections.get(s) ?? s])),
  }
}

/** Ids of owners become names. */
async function nameOwners(tx: Tx, actor: Actor, lines: readonly HealthLine[]): Promise<HealthLine[]> {
  const people = await tx.query<{ id: string; name: string }>('select id::text, name from app_user where tenant_id = $1 and id = any($2::bigint[])', [
    actor.tenantId,
    [...new Set(lines.flatMap(l => l.owners))],
  ])
  const nameOf = new Map(people.rows.map(p => [p.id, p.name]))
  return lines.map(l => ({ ...l, owners: l.owners.map(id => nameOf.get(id) ?? id) }))
}

type Standing = Awaited<ReturnType<typeof loadCompiled>>
type Sum = { id: string | null; accounts: number; values: number[]; contested: number; unowned: number }

async function sums(tx: Tx, actor: Actor, modelId: string, measures: readonly HealthMeasure[], key: string): Promise<readonly Sum[]> {
  const params = makeParams(actor.tenantId, modelId)
  const columns = measures.map(m => `coalesce(sum(${measureSql(m.spec, params.add)}), 0)`)
  const found = await tx.query<Sum>(
    `select ${key}::text as id, count(*)::int as accounts, array[${columns.join(', ')}]::float8[] as values, (count(*) filter (where p.contested is not null))::int as contested,
            (count(*) filter (where p.owner_id is null))::int as unowned
       from account_placement p join account a on a.tenant_id = $1 and a.id = p.account_id and a.deleted_at is null
      where p.tenant_id = $1 and p.model_id = $2 and p.territory_id is not null and ${visibleTo(actor, 'p.account_id')} group by ${key}`,
    params.values,
  )
  return found.rows
}

async function byOwner(tx: Tx, actor: Actor, found: readonly Sum[]): Promise<readonly HealthLine[]> {
  const people = await tx.query<{ id: string; name: string }>('select id::text, name from app_user where tenant_id = $1 and id = any($2::bigint[])', [
    actor.tenantId,
    found.flatMap(f => f.id ?? []),
  ])
  const nameOf = new Map(people.rows.map(p => [p.id, p.name]))
  return found.flatMap(({ id, ...rest }) => (id === null ? [] : [{ id, code: null, name: nameOf.get(id) ?? id, colour: null, owners: [], ...rest }]))
}

/** Territories that take customers in the exclusive layer, also those that have none; or the branches below one, everything in them. */
function byPlace(model: Standing, found: readonly Sum[], asked: Asked, all: boolean, width: number): readonly HealthLine[] {
  const { hierarchy, takers } = model.compiled
  const byId = new Map(found.map(f => [f.id, f]))
  const chosen =
    asked.by === 'territory'
      ? takers.filter(t => t.exclusive && (all || byId.has(t.territoryId))).map(t => t.node)
      : branchesOf(model, found, asked.parentId)
  const totals = new Map<string, Sum>()
  const add = (id: string, sum: Sum) => {
    const total = totals.get(id) ?? { id, accounts: 0, values: new Array<number>(width).fill(0), contested: 0, unowned: 0 }
    totals.set(id, {
      id,
      accounts: total.accounts + sum.accounts,
      values: total.values.map((v, i) => v + sum.values[i]!),
      contested: total.contested + sum.contested,
      unowned: total.unowned + sum.unowned,
    })
  }
  for (const sum of found) {
    if (sum.id === null) continue
    add(sum.id, sum)
    if (asked.by === 'branch') for (const above of hierarchy.byId.get(sum.id)?.ancestorIds ?? []) add(above, sum)
  }
  const now = new Date().toISOString()
  const names = new Map<string, string[]>()
  for (const m of model.loaded.members)
    if (m.role === 'owner' && m.startsAt <= now && (m.endsAt === null || m.endsAt > now))
      names.set(m.territoryId, [...(names.get(m.territoryId) ?? []), m.userId])
  return chosen.flatMap(({ territory: t }): HealthLine[] => {
    const sum = totals.get(t.id) ?? { accounts: 0, values: new Array<number>(width).fill(0), contested: 0, unowned: 0 }
    if (!all && sum.accounts === 0) return []
    return [
      {
        id: t.id,
        code: t.code,
        name: t.name,
        colour: t.colour,
        owners: names.get(t.id) ?? [],
        accounts: sum.accounts,
        values: [...sum.values],
        contested: sum.contested,
        unowned: sum.unowned,
      },
    ]
  })
}

/** Below the territory asked for; else below the root that holds most customers, where it has branches, or the roots themselves. */
function branchesOf({ compiled: { hierarchy } }: Standing, found: readonly Sum[], parentId: string | undefined) {
  const below = (id: string | null) => hierarchy.order.filter(n => n.territory.parentId === id)
  if (parentId !== undefined) return below(parentId)
  const roots = below(null)
  const held = (id: string) =>
    found.reduce((n, f) => (f.id !== null && (f.id === id || hierarchy.byId.get(f.id)?.ancestorIds.includes(id)) ? n + f.accounts : n), 0)
  const largest = [...roots].sort((a, b) => held(b.territory.id) - held(a.territory.id))[0]
  let branches = largest ? below(largest.territory.id) : []
  if (branches.length < 2) return roots
  // Who sees one branch alone compares what is below it.
  for (;;) {
    const [only, another] = branches.filter(b => held(b.territory.id) > 0)
    const deeper = only && !another ? below(only.territory.id) : []
    if (deeper.length < 2) return branches
    branches = deeper
  }
}

async function readWhite(tx: Tx, actor: Actor, modelId: string, potential: boolean) {
  const value = potential ? 'coalesce(sum(a.potential), 0)::float8' : '0::float8'
  const from = `from account_placement p join account a on a.tenant_id = $1 and a.id = p.account_id and a.deleted_at is null where p.tenant_id = $1 and p.model_id = $2 and ${visibleTo(actor, 'p.account_id')}`
  const cells = await tx.query<{ province: string; section: string; accounts: number; uncovered: number; potential: number }>(
    `select left(a.division, 2) as province, left(a.industry, 1) as section, count(*)::int as accounts, (count(*) filter (where p.territory_id is null))::int as uncovered, ${value} as potential
       ${from} and a.division is not null and a.industry is not null group by 1, 2 order by 1, 2`,
    [actor.tenantId, modelId],
  )
  const places = await tx.query<{ code: string; accounts: number; potential: number }>(
    `select rpad(left(a.division, 4), 6, '0') as code, count(*)::int as accounts, ${value} as potential ${from} and p.territory_id is null and a.division is not null group by 1`,
    [actor.tenantId, modelId],
  )
  return { cells: cells.rows, places: places.rows }
}
