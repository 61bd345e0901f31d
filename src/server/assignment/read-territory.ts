/** One territory for the panel: its rule in words line by line with the accounts left, members with inherited ones, figures, versions. */
import type { z } from 'zod'
import type { getTerritory, MemberRow } from '../../contract/territory/models.ts'
import { idAt } from '../../core/condition/columns.ts'
import type { Condition } from '../../core/condition/condition.ts'
import { linesOf } from '../../core/condition/explain.ts'
import { masked, predicatesOf } from '../../core/condition/mask.ts'
import { sentence } from '../../core/condition/words.ts'
import { ruleLines } from '../../core/territory/hierarchy.ts'
import { visibleTo } from '../access/visible-to.ts'
import { type AsOf, type AsOfAsked, asOfAnswer } from '../account/as-of.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { memberUnder } from '../territory/load-model.ts'
import { membersAt } from '../territory/member-history.ts'
import { assertReadable } from '../territory/models.ts'
import { hidesOf, loadVocabulary } from '../territory/vocabulary.ts'
import { type Compiled, loadCompiled } from './compiled.ts'
import { countLines } from './count-parts.ts'
import { matcher } from './decide-placements.ts'
import { instantUnder, leadersAt, sumsAt } from './past-model.ts'
import { readFor } from './read-for.ts'
import { countAccounts, ownerNames, rowMaker, subtreeCounts } from './read-territories.ts'
import { seenTerritories } from './seen-territories.ts'

const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

export async function readTerritory(
  tx: Tx,
  actor: Actor,
  modelId: string,
  id: string,
  asked: AsOfAsked,
): Promise<z.input<typeof getTerritory.reply>> {
  await assertReadable(tx, actor, modelId)
  const asOf = await instantUnder(tx, actor, modelId, asked)
  const model = await loadCompiled(tx, actor.tenantId, modelId)
  const { compiled, loaded } = model
  const node = compiled.hierarchy.byId.get(id)
  const territory = loaded.territories.find(t => t.id === id)
  if (!node || !territory) return stop('record.notFound')
  const counts = await countAccounts(tx, actor, model, asOf)
  const seen = seenTerritories(actor, compiled, counts)
  if (seen !== null && !seen.has(id)) return stop('record.notFound')
  const below = subtreeCounts(compiled, counts)
  const byId = new Map(loaded.territories.map(t => [t.id, t]))
  const lines = ruleLines(compiled.hierarchy, id)
  const versions = await versionsOf(tx, actor, id)
  const vocabulary = await loadVocabulary(tx, actor, actor.locale, [...lines.map(l => l.condition), ...versions.map(v => v.condition)])
  const columns =
    lines.length > 0
      ? await readFor(
          tx,
          actor,
          compiled.env,
          lines.map(l => l.condition),
        )
      : null
  const hides = hidesOf(actor)
  const effective: Condition = { all: lines.map(l => l.condition) }
  return {
    asOf: asOf && asOfAnswer(asOf),
    territory: rowMaker(
      model,
      await ownerNames(tx, actor, loaded),
      below,
      seen,
      asOf && (await leadersAt(tx, actor, modelId, asOf)),
    )(node, territory),
    ancestors: [...node.ancestorIds].reverse().map(a => ({ id: a, code: byId.get(a)!.code, name: byId.get(a)!.name })),
    own: territory.condition && masked(territory.condition, hides),
    effective: masked(effective, hides),
    sentence: sentence(effective, vocabulary),
    lines: columns
      ? countLines(lines, columns, compiled.env, hides).map(({ line, remaining, missing }) => ({
          path: line.path,
          words: sentence(line.condition, vocabulary),
          inheritedFrom: line.own ? null : { id: line.territoryId, name: byId.get(line.territoryId)!.name, code: byId.get(line.territoryId)!.code },
          remaining,
          missing,
        }))
      : [],
    hiddenFields: Object.fromEntries([...new Set(predicatesOf(effective).map(p => p.field))].filter(hides).map(key => [key, vocabulary.field(key)])),
    members: asOf
      ? await membersThen(tx, actor, modelId, asOf, [id, ...node.ancestorIds], byId)
      : await membersOf(tx, actor, loaded.head.lineage, [id, ...node.ancestorIds], byId),
    figures: asOf
      ? await figuresThen(tx, actor, asOf, new Set([id, ...descendants(compiled, id)]), below.get(id) ?? 0)
      : await figuresOf(tx, actor, model, [id, ...descendants(compiled, id)], below.get(id) ?? 0),
    versions: versions.map(v => ({
      ...v,
      condition: masked(v.condition, hides),
      lines: linesOf(v.condition).map(l => sentence(l.condition, vocabulary)),
    })),
  }
}

const descendants = (compiled: Awaited<ReturnType<typeof loadCompiled>>['compiled'], id: string): readonly string[] =>
  compiled.hierarchy.order.filter(n => n.ancestorIds.includes(id)).map(n => n.territory.id)

/** Members of the territory, then those above it, marked with where they come from. */
async function membersOf(
  tx: Tx,
  actor: Actor,
  lineage: readonly string[],
  chain: readonly string[],
  byId: ReadonlyMap<string, { name: string }>,
): Promise<MemberRow[]> {
  const found = await tx.query<MemberRow>(
    `select m.id::text, m.territory_id::text as "territoryId", m.user_id::text as "userId", u.name, u.title, m.member_role as role, m.access, m.credit_bp as "creditBp", ${UTC('m.starts_at')} as "startsAt",
            ${UTC('m.ends_at')} as "endsAt", m.model_id::text as "modelId", m.row_version as "rowVersion"
       from territory_member m join app_user u on u.tenant_id = $1 and u.id = m.user_id
      where m.tenant_id = $1 and m.territory_id = any($2::bigint[]) and (m.ends_at is null or m.ends_at > now()) and ${memberUnder('m', '$3::bigint[]')}
      order by array_position($2::bigint[], m.territory_id), m.id limit 500`,
    [actor.tenantId, chain, lineage],
  )
  return found.rows.map(row => ({ ...row, inheritedFrom: row.territoryId === chain[0] ? null : (byId.get(row.territoryId)?.name ?? null) }))
}

async function membersThen(
  tx: Tx,
  actor: Actor,
  modelId: string,
  asOf: AsOf,
  chain: readonly string[],
  byId: ReadonlyMap<string, { name: string }>,
): Promise<MemberRow[]> {
  const found = await membersAt(tx, actor.tenantId, modelId, asOf, { territoryIds: chain, limit: 500 })
  return found
    .map(row => ({ ...row, rowVersion: 0, inheritedFrom: row.territoryId === chain[0] ? null : (byId.get(row.territoryId)?.name ?? null) }))
    .sort((a, b) => chain.indexOf(a.territoryId) - chain.indexOf(b.territoryId))
}

async function figuresThen(tx: Tx, actor: Actor, asOf: AsOf, ids: ReadonlySet<string>, accounts: number) {
  const { heaps, overlays } = await sumsAt(tx, actor, asOf)
  const inside = [...heaps, ...overlays].filter(h => h.territoryId !== null && ids.has(h.territoryId))
  const sum = (key: 'potential' | 'revenue') =>
    actor.fieldAccess.get(key) === 'hidden' ? '' : String(inside.reduce((s, h) => s + BigInt(h[key]), 0n))
  return { accounts, potential: sum('potential'), revenue: sum('revenue'), contested: 0 }
}

async function figuresOf(tx: Tx, actor: Actor, model: Compiled, ids: readonly string[], accounts: number) {
  // A computed model reads its placements; in a draft the accounts are matched in memory.
  const placed = model.loaded.head.state === 'ready' || model.loaded.head.state === 'archived'
  const found = placed
    ? await tx.query<{ potential: string; revenue: string; contested: number }>(
        `select coalesce(sum(a.potential), 0)::text as potential, coalesce(sum(a.revenue), 0)::text as revenue, count(*) filter (where cardinality(p.contested) > 0)::int as contested
           from account_placement p join account a on a.tenant_id = $1 and a.id = p.account_id and a.deleted_at is null
          where p.tenant_id = $1 and p.model_id = $2 and p.territory_id = any($3::bigint[]) and ${visibleTo(actor, 'p.account_id')}`,
        [actor.tenantId, model.loaded.id, ids],
      )
    : await matchedFigures(tx, actor, model, new Set(ids))
  const row = found.rows[0]!
  const hidden = (key: string, value: string) => (actor.fieldAccess.get(key) === 'hidden' ? '' : value)
  return { accounts, potential: hidden('potential', row.potential), revenue: hidden('revenue', row.revenue), contested: row.contested }
}

async function matchedFigures(tx: Tx, actor: Actor, model: Compiled, ids: ReadonlySet<string>) {
  const columns = await readFor(
    tx,
    actor,
    model.compiled.env,
    model.compiled.takers.map(t => t.node.effective!),
  )
  const match = matcher(model.compiled, columns)
  const inside: string[] = []
  let contested = 0
  for (let i = 0; i < columns.count; i += 1) {
    const m = match(i)
    if (!((m.territoryId !== null && ids.has(m.territoryId)) || m.overlays.some(o => ids.has(o)))) continue
    inside.push(idAt(columns, i))
    if (m.contested.length > 0) contested += 1
  }
  const sums = await tx.query<{ potential: string; revenue: string }>(
    'select coalesce(sum(potential), 0)::text as potential, coalesce(sum(revenue), 0)::text as revenue from account where tenant_id = $1 and id = any($2::bigint[])',
    [actor.tenantId, inside],
  )
  return { rows: [{ ...sums.rows[0]!, contested }] }
}

async function versionsOf(tx: Tx, actor: Actor, id: string) {
  const found = await tx.query<{ version: number; createdAt: string; createdBy: string | null; why: string | null; condition: Condition }>(
    `select r.version, ${UTC('r.created_at')} as "createdAt", u.name as "createdBy", r.why, r.condition from territory_rule r left join app_user u on u.tenant_id = $1 and u.id = r.created_by
      where r.tenant_id = $1 and r.territory_id = $2 order by r.version desc limit 50`,
    [actor.tenantId, id],
  )
  return found.rows
}
