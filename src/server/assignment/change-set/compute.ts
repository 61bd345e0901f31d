/**
 * What a change set does 影响, computed over all accounts under the bulk role: a draft is decided in memory, a model that stands is compared
 * row by row. Both give situations before and after; core adds them up. Kept: figures, counts by territory, owner and person's sight, the
 * accounts that move, and each changed line of a rule with the accounts it moved.
 */
import type { Pool } from 'pg'
import type { ChangeFigures } from '../../../contract/territory/change-sets.ts'
import { tokensOf } from '../../../core/access/tokens.ts'
import { type Group, linesBy, moves, sightLines, type Viewer } from '../../../core/assignment/impact.ts'
import { type Columns, idAt } from '../../../core/condition/columns.ts'
import { fieldsOf } from '../../../core/condition/explain.ts'
import { indexRules } from '../../../core/condition/index-rules.ts'
import { writeInstant } from '../../account/facts.ts'
import { inBulk, type Tx } from '../../kernel/transaction.ts'
import { loadEnv } from '../../territory/load-env.ts'
import { type LoadedModel, listsOf, loadModel } from '../../territory/load-model.ts'
import { loadCompiled, stampOf } from '../compiled.ts'
import { decidePlacements } from '../decide-placements.ts'
import { readColumns } from '../read-columns.ts'
import { copyIn } from '../run-model.ts'
import { type ChangedTerritory, changedTerritories } from './changed.ts'
import { whereConcerned } from './concerned.ts'
import { keepCentres } from './feedback.ts'
import { keepSight } from './keep-sight.ts'
import { addOthers, countStandings, makeSituations, makeStandings, type Situations, situationsOf } from './situations.ts'
import { countWork } from './work.ts'

export type Computed = { readonly figures: ChangeFigures; readonly stamps: string }

/** Stamps of both models: while they stay the same, only ordinary writes have happened since. */
export const stampsOf = async (tx: Tx, tenantId: string, modelId: string, baseId: string): Promise<string> =>
  `${await stampOf(tx, tenantId, modelId)} ${baseId}:${await stampOf(tx, tenantId, baseId)}`

export const computeChangeSet = (bulk: Pool, tenantId: string, setId: string): Promise<Computed> =>
  inBulk(bulk, async tx => {
    await tx.query('set transaction isolation level repeatable read')
    return computeIn(tx, tenantId, setId)
  })

/** From one snapshot, under the bulk role. */
export async function computeIn(tx: Tx, tenantId: string, setId: string): Promise<Computed> {
  const head = await tx.query<{ model_id: string; base: string }>(
    'select s.model_id::text, m.base_model_id::text as base from change_set s join territory_model m on m.tenant_id = $1 and m.id = s.model_id where s.tenant_id = $1 and s.id = $2',
    [tenantId, setId],
  )
  const { model_id: modelId, base: baseId } = head.rows[0]!
  const [draft, base] = [await loadModel(tx, tenantId, modelId), await loadModel(tx, tenantId, baseId)]
  const changed = changedTerritories(base, draft)
  const at = await writeInstant(tx)
  const lines = changed.flatMap(c => c.lines.map((line, position) => ({ ...line, territoryId: c.id, position, accounts: null as number | null })))
  const asked = new Set(lines.flatMap(l => [...fieldsOf(l.condition)]))
  const { columns, situations } =
    draft.head.state === 'ready'
      ? await compareRows(tx, tenantId, modelId, baseId, asked)
      : await decideDraft(tx, tenantId, modelId, baseId, at, asked)
  await clear(tx, tenantId, setId)
  await writeMoves(tx, tenantId, setId, columns, situations)
  await keepSight(tx, tenantId, setId, columns, situations)
  await keepCentres(tx, tenantId, setId, baseId)
  const groups = situations.groups()
  const sight = sightLines(groups, await loadViewers(tx, tenantId, base, draft, at))
  await writeLines(tx, tenantId, setId, groups, sight)
  await countByLine(tx, tenantId, base, draft, columns, situations, lines)
  await writeRules(tx, tenantId, setId, lines)
  const figures = await figuresOf(tx, tenantId, setId, groups, sight, situations, changed)
  const stamps = await stampsOf(tx, tenantId, modelId, baseId)
  await tx.query('update change_set set figures = $3, figures_at = $4, figures_of = $5 where tenant_id = $1 and id = $2', [
    tenantId,
    setId,
    JSON.stringify(figures),
    at,
    stamps,
  ])
  return { figures, stamps }
}

async function decideDraft(tx: Tx, tenantId: string, modelId: string, baseId: string, at: string, fields: Iterable<string>) {
  const situations = makeSituations()
  const standings = makeStandings()
  const others = await countStandings(tx, tenantId, baseId)
  const where = others === null ? null : await whereConcerned(tx, tenantId, baseId, modelId, at)
  let before: (i: number) => number = () => 0
  // What the base says of an account names its owner too: the column need not be read beside it.
  const readBase = async (read: Columns) => {
    before = await situationsOf(tx, tenantId, baseId, read, standings, situations)
    return { ownerAt: (i: number) => situations.ownerOf(before(i)), keyAt: before }
  }
  const { columns, decide } = await decidePlacements(
    tx,
    tenantId,
    modelId,
    at,
    p => situations.standing({ ownerId: p.ownerId, territoryId: p.territoryId, tokens: p.tokens }, p.contested.length > 0),
    {
      ...(where === null ? {} : { where }),
      prior: { modelId: baseId, column: readBase },
      more: [{ sql: 'p.standing', read: standings.read }],
      fields,
    },
  )
  for (let i = 0; i < columns.count; i += 1) situations.add(before(i), decide(i).kept)
  if (where !== null) await addOthers(tx, tenantId, baseId, others!, standings, situations)
  return { columns, situations }
}

async function compareRows(tx: Tx, tenantId: string, modelId: string, baseId: string, fields: ReadonlySet<string>) {
  const situations = makeSituations()
  const { compiled } = await loadCompiled(tx, tenantId, modelId)
  const join = (alias: string, id: string) =>
    `left join account_placement ${alias} on ${alias}.tenant_id = ${BigInt(tenantId)} and ${alias}.model_id = ${BigInt(id)} and ${alias}.account_id = a.id`
  const standings = { base: makeStandings(), model: makeStandings() }
  const columns = await readColumns(
    tx,
    tenantId,
    [...compiled.env.fields.values()].filter(f => fields.has(f.key)),
    'true',
    {
      join: `${join('p', baseId)} ${join('n', modelId)}`,
      cells: [
        { sql: 'p.standing', read: standings.base.read },
        { sql: 'n.standing', read: standings.model.read },
      ],
    },
  )
  const before = await situationsOf(tx, tenantId, baseId, columns, standings.base, situations)
  const after = await situationsOf(tx, tenantId, modelId, columns, standings.model, situations)
  for (let i = 0; i < columns.count; i += 1) situations.add(before(i), after(i))
  return { columns, situations }
}

async function clear(tx: Tx, tenantId: string, setId: string): Promise<void> {
  for (const table of ['change_set_move', 'change_set_line', 'change_set_rule', 'change_set_sight', 'change_set_stand', 'change_set_centre'])
    await tx.query(`delete from ${table} where tenant_id = $1 and change_set_id = $2`, [tenantId, setId])
}

async function writeMoves(tx: Tx, tenantId: string, setId: string, columns: Columns, situations: Situations): Promise<void> {
  const cell = (id: string | null) => id ?? '\\N'
  function* lines() {
    let text = ''
    for (const i of situations.movers()) {
      const { before, after } = situations.groupOf(i)
      text += `${tenantId}\t${setId}\t${idAt(columns, i)}\t${cell(before.ownerId)}\t${cell(after.ownerId)}\t${cell(before.territoryId)}\t${cell(after.territoryId)}\n`
      if (text.length > 1 << 16) {
        yield text
        text = ''
      }
    }
    yield text
  }
  await copyIn(
    tx,
    'copy change_set_move (tenant_id, change_set_id, account_id, from_owner, to_owner, from_territory, to_territory) from stdin',
    lines(),
  )
}

async function writeLines(tx: Tx, tenantId: string, setId: string, groups: readonly Group[], sight: ReturnType<typeof sightLines>): Promise<void> {
  const lines = [
    ...linesBy(groups, 'territoryId').map(l => ({ kind: 'territory', ...l })),
    ...linesBy(groups, 'ownerId').map(l => ({ kind: 'owner', ...l })),
    ...sight.map(l => ({ kind: 'sight', ...l })),
  ]
  await copyIn(
    tx,
    'copy change_set_line (tenant_id, change_set_id, kind, key, before, after, gained, lost) from stdin',
    lines.map(l => `${tenantId}\t${setId}\t${l.kind}\t${l.id ?? '0'}\t${l.before}\t${l.after}\t${l.gained}\t${l.lost}\n`),
  )
}

type Line = ChangedTerritory['lines'][number] & { readonly territoryId: string; readonly position: number; accounts: number | null }

/**
 * Of the accounts that came into a territory or left it, those that a changed line accounts for: came by what it now takes or no longer keeps
 * out (above 0), left by what it no longer takes or now keeps out (below 0).
 */
async function countByLine(
  tx: Tx,
  tenantId: string,
  base: LoadedModel,
  draft: LoadedModel,
  columns: Columns,
  situations: Situations,
  lines: readonly Line[],
) {
  const counted = lines.filter(l => l.change !== 'same')
  if (counted.length === 0) return
  const env = await loadEnv(
    tx,
    tenantId,
    draft,
    counted.flatMap(l => listsOf(l.condition)),
  )
  const scan = indexRules(
    counted.map(l => l.condition),
    env,
  ).scan(columns)
  const out = new Int32Array(counted.length)
  const held = new Uint8Array(counted.length)
  const linesOf = new Map<string, number[]>()
  for (const [k, l] of counted.entries()) {
    l.accounts = 0
    linesOf.set(l.territoryId, [...(linesOf.get(l.territoryId) ?? []), k])
  }
  const note = (territoryId: string, sign: 1 | -1) => {
    for (const k of linesOf.get(territoryId) ?? []) {
      const line = counted[k]!
      const brings = (line.change === 'added') !== line.narrows
      if (brings === (sign === 1) && (held[k] === 1) !== line.narrows) line.accounts! += sign
    }
  }
  // A rule above is part of the rule below.
  const [was, is] = [chains(base), chains(draft)]
  for (const i of situations.movers()) {
    const { before, after } = situations.groupOf(i)
    if (before.territoryId === after.territoryId) continue
    const n = scan.match(i, out)
    held.fill(0)
    for (let k = 0; k < n; k += 1) held[out[k]!] = 1
    const [from, to] = [was(before.territoryId), is(after.territoryId)]
    for (const id of to) if (!from.includes(id)) note(id, 1)
    for (const id of from) if (!to.includes(id)) note(id, -1)
  }
}

/** A territory and all above it, looked up once each. */
function chains(model: LoadedModel): (id: string | null) => readonly string[] {
  const parentOf = new Map(model.territories.map(t => [t.id, t.parentId]))
  const known = new Map<string | null, readonly string[]>([[null, []]])
  return id => {
    let chain = known.get(id)
    if (!chain) {
      const found: string[] = []
      for (let at = id; at !== null && !found.includes(at); at = parentOf.get(at) ?? null) found.push(at)
      chain = found
      known.set(id, chain)
    }
    return chain
  }
}

const writeRules = (tx: Tx, tenantId: string, setId: string, lines: readonly Line[]): Promise<unknown> =>
  tx.query(
    `insert into change_set_rule (tenant_id, change_set_id, territory_id, position, change, depth, condition, accounts)
     select $1, $2, * from unnest($3::bigint[], $4::int[], $5::text[], $6::int[], $7::jsonb[], $8::int[])`,
    [
      tenantId,
      setId,
      lines.map(l => l.territoryId),
      lines.map(l => l.position),
      lines.map(l => l.change),
      lines.map(l => l.depth),
      lines.map(l => JSON.stringify(l.condition)),
      lines.map(l => l.accounts),
    ],
  )

/** Everybody who does not see all, with the tokens of before and after. */
async function loadViewers(tx: Tx, tenantId: string, base: LoadedModel, draft: LoadedModel, at: string): Promise<readonly Viewer[]> {
  const people = await tx.query<{ id: string; teams: string[]; departments: string[] }>(
    `select u.id::text, coalesce((select array_agg(tm.team_id::text) from team_member tm where tm.tenant_id = $1 and tm.user_id = u.id), '{}') as teams,
            coalesce((select array_agg(d.id::text) from department d where d.tenant_id = $1 and d.leader_id = u.id and d.deleted_at is null), '{}') as departments
       from app_user u where u.tenant_id = $1 and u.state <> 'inactive'
        and not exists (select 1 from user_role ur join role r on r.tenant_id = $1 and r.id = ur.role_id where ur.tenant_id = $1 and ur.user_id = u.id and r.sees_all and r.deleted_at is null)`,
    [tenantId],
  )
  const standing = (model: LoadedModel) => {
    const of = new Map<string, Set<string>>()
    for (const m of model.members)
      if (m.startsAt <= at && (m.endsAt === null || m.endsAt > at)) of.set(m.userId, (of.get(m.userId) ?? new Set()).add(m.territoryId))
    return of
  }
  const [was, is] = [standing(base), standing(draft)]
  return people.rows.map(({ id, teams, departments }) => {
    const tokens = (territories: Iterable<string>) =>
      tokensOf({ userId: id, teamIds: teams, ledDepartmentIds: departments, territoryIds: [...territories], seesAll: false })
    return { userId: id, before: tokens(was.get(id) ?? []), after: tokens(is.get(id) ?? []) }
  })
}

async function figuresOf(
  tx: Tx,
  tenantId: string,
  setId: string,
  groups: readonly Group[],
  sight: ReturnType<typeof sightLines>,
  situations: Situations,
  changed: readonly ChangedTerritory[],
): Promise<ChangeFigures> {
  const sum = (of: (g: Group) => boolean) => groups.reduce((n, g) => (of(g) ? n + g.accounts : n), 0)
  const accounts = sum(() => true)
  const owners = sum(g => g.before.ownerId !== g.after.ownerId)
  const people = linesBy(groups, 'ownerId').filter(l => l.id !== null).length
  return {
    accounts,
    owners,
    territories: sum(g => g.before.territoryId !== g.after.territoryId),
    shareBp: accounts === 0 ? 0 : Math.round((sum(moves) * 10_000) / accounts),
    keyAccounts: await countKeyAccounts(tx, tenantId, setId),
    people,
    sightGained: sight.reduce((n, l) => n + l.gained, 0),
    sightLost: sight.reduce((n, l) => n + l.lost, 0),
    seers: sight.length,
    ...(await countWork(tx, tenantId, setId)),
    unassigned: { before: sum(g => g.before.territoryId === null), after: sum(g => g.after.territoryId === null) },
    contested: situations.contested(),
    territoriesChanged: changed.length,
  }
}

/** Accounts of the company's first tier that get another owner. */
async function countKeyAccounts(tx: Tx, tenantId: string, setId: string): Promise<number> {
  const found = await tx.query<{ n: number }>(
    `select count(*)::int as n from change_set_move m join account a on a.tenant_id = $1 and a.id = m.account_id
      where m.tenant_id = $1 and m.change_set_id = $2 and m.from_owner is distinct from m.to_owner
        and a.tier = (select o.key from option_row o where o.tenant_id = $1 and o.list = 'tier' and o.retired_at is null order by o.position, o.id limit 1)`,
    [tenantId, setId],
  )
  return found.rows[0]!.n
}
