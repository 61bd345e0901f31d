/** The tables of a change set's page: before and after by territory, owner or sight; the moves within one's sight; changed rules in words. */
import type { z } from 'zod'
import type { ChangedRule, ChangeSetLine, ChangeSetMove, changeSetLines, changeSetMoves } from '../../../contract/territory/change-sets.ts'
import type { Condition } from '../../../core/condition/condition.ts'
import { masked, readsHidden } from '../../../core/condition/mask.ts'
import { sentence } from '../../../core/condition/words.ts'
import { buildHierarchy, ruleLines } from '../../../core/territory/hierarchy.ts'
import { visibleTo } from '../../access/visible-to.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { loadModel } from '../../territory/load-model.ts'
import { hidesOf, loadVocabulary } from '../../territory/vocabulary.ts'
import { type ChangedTerritory, changedTerritories } from './changed.ts'
import { assertKnown, loadSet, readsWhole } from './read-set.ts'

const PAGE = 50

export async function readLines(
  tx: Tx,
  actor: Actor,
  id: string,
  query: { by: 'territory' | 'owner' | 'sight'; cursor?: string | undefined },
): Promise<z.infer<typeof changeSetLines.reply>> {
  await assertKnown(tx, actor, id)
  // Whoever is only affected reads his own lines alone.
  const mine = (await readsWhole(tx, actor, id)) ? 'true' : query.by === 'territory' ? 'false' : 'l.key = $5'
  const after = /^(\d{1,10})\|(\d{1,19})$/.exec(query.cursor ?? '')
  const found = await tx.query<ChangeSetLine & { size: number; key: string }>(
    `select nullif(l.key, 0)::text as id, l.key::text, coalesce(t.name, u.name) as name, t.code, t.colour, l.before, l.after, l.gained, l.lost, l.gained + l.lost as size,
            (select o.name from territory_member w join app_user o on o.tenant_id = $1 and o.id = w.user_id where l.kind = 'territory' and w.tenant_id = $1 and w.territory_id = l.key and w.member_role = 'owner'
                and w.cancels_id is null and (w.ends_at is null or w.ends_at > clock_timestamp()) and (w.model_id is null or w.model_id = s.model_id) order by w.model_id nulls last, w.id limit 1) as owner
       from change_set_line l join change_set s on s.tenant_id = $1 and s.id = l.change_set_id
       left join lateral (select x.name, x.code, x.colour from territory x where l.kind = 'territory' and x.tenant_id = $1 and x.id = l.key order by (x.model_id = s.model_id and not x.removed) desc, x.model_id desc limit 1) t on true
       left join app_user u on l.kind <> 'territory' and u.tenant_id = $1 and u.id = l.key
      where l.tenant_id = $1 and l.change_set_id = $2 and l.kind = $3 and $5::bigint is not null and ${mine} and ($4::bigint is null or (l.gained + l.lost, -l.key) < ($4, -$6::bigint))
      order by l.gained + l.lost desc, l.key limit ${PAGE + 1}`,
    [actor.tenantId, id, query.by, after?.[1] ?? null, actor.userId, after?.[2] ?? null],
  )
  const total = await tx.query<z.infer<typeof changeSetLines.reply>['total']>(
    `select coalesce(sum(l.before), 0)::int as before, coalesce(sum(l.after), 0)::int as after, coalesce(sum(l.gained), 0)::int as gained, coalesce(sum(l.lost), 0)::int as lost, count(*)::int as lines
       from change_set_line l where l.tenant_id = $1 and l.change_set_id = $2 and l.kind = $3 and $4::bigint is null and $5::bigint is not null and ${mine}`,
    [actor.tenantId, id, query.by, null, actor.userId],
  )
  const last = found.rows[PAGE - 1]
  return {
    rows: found.rows.slice(0, PAGE).map(({ size: _, key: __, ...row }) => row),
    next: found.rows.length > PAGE && last ? `${last.size}|${last.key}` : null,
    total: total.rows[0]!,
  }
}

export async function readMoves(
  tx: Tx,
  actor: Actor,
  id: string,
  query: { territoryId?: string | undefined; ownerId?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<z.infer<typeof changeSetMoves.reply>> {
  await assertKnown(tx, actor, id)
  const person = (column: string) =>
    `(select json_build_object('id', u.id::text, 'name', u.name) from app_user u where u.tenant_id = $1 and u.id = ${column})`
  const place = (column: string) =>
    `(select json_build_object('id', t.id::text, 'code', t.code, 'name', t.name, 'colour', t.colour) from territory t where t.tenant_id = $1 and t.id = ${column} order by (t.model_id = s.model_id and not t.removed) desc, t.model_id desc limit 1)`
  const found = await tx.query<ChangeSetMove>(
    `select m.account_id::text as "accountId", a.name, ${person('m.from_owner')} as "fromOwner", ${person('m.to_owner')} as "toOwner", ${place('m.from_territory')} as "fromTerritory", ${place('m.to_territory')} as "toTerritory"
       from change_set_move m join account a on a.tenant_id = $1 and a.id = m.account_id join change_set s on s.tenant_id = $1 and s.id = m.change_set_id
      where m.tenant_id = $1 and m.change_set_id = $2 and ${visibleTo(actor, 'm.account_id')} and ($3::bigint is null or m.from_territory = $3 or m.to_territory = $3)
        and ($4::bigint is null or m.from_owner = $4 or m.to_owner = $4) and ($5::bigint is null or m.account_id > $5) order by m.account_id limit ${query.limit + 1}`,
    [actor.tenantId, id, query.territoryId ?? null, query.ownerId ?? null, /^\d{1,18}$/.test(query.cursor ?? '') ? query.cursor : null],
  )
  const rows = found.rows.slice(0, query.limit)
  return { rows, next: found.rows.length > query.limit ? rows.at(-1)!.accountId : null }
}

/** Planned structure is for those who plan, see all, or must approve; others are told their own customers, not the rules. */
export async function readRules(tx: Tx, actor: Actor, id: string, cursor?: string): Promise<{ rows: ChangedRule[]; next: string | null }> {
  await assertKnown(tx, actor, id)
  if (!(await readsWhole(tx, actor, id))) return { rows: [], next: null }
  const set = await loadSet(tx, actor.tenantId, id)
  const [base, draft] = [await loadModel(tx, actor.tenantId, set.baseModelId), await loadModel(tx, actor.tenantId, set.modelId)]
  const all = changedTerritories(base, draft)
  const at = Math.max(0, Number(/^\d{1,6}$/.test(cursor ?? '') ? cursor : 0))
  const page = all.slice(at, at + PAGE)
  const counted = await tx.query<{ id: string; position: number; accounts: number | null }>(
    'select territory_id::text as id, position, accounts from change_set_rule where tenant_id = $1 and change_set_id = $2 and territory_id = any($3::bigint[])',
    [actor.tenantId, id, page.map(c => c.id)],
  )
  const accountsOf = new Map(counted.rows.map(r => [`${r.id}/${r.position}`, r.accounts]))
  const [was, is] = [buildHierarchy(base.territories), buildHierarchy(draft.territories)]
  const inheritedOf = (c: ChangedTerritory): readonly Inherited[] => {
    const hierarchy = c.after === null ? was : is
    const above = ruleLines(hierarchy, c.id).filter(l => !l.own)
    return above.map(l => ({ condition: l.condition, from: hierarchy.byId.get(l.territoryId)!.territory.name }))
  }
  const inherited = new Map(page.filter(c => c.lines.length > 0).map(c => [c.id, inheritedOf(c)] as const))
  return { rows: await describeChanges(tx, actor, page, accountsOf, inherited), next: at + PAGE < all.length ? String(at + PAGE) : null }
}

type Inherited = { readonly condition: Condition; readonly from: string }

/** Changed territories in words; `accountsOf`: by territory and line, the customers that it moves; `inherited`: lines from above, shown with its own. */
export async function describeChanges(
  tx: Tx,
  actor: Actor,
  page: readonly ChangedTerritory[],
  accountsOf: ReadonlyMap<string, number | null>,
  inherited: ReadonlyMap<string, readonly Inherited[]> = new Map(),
): Promise<ChangedRule[]> {
  const hides = hidesOf(actor)
  const vocabulary = await loadVocabulary(
    tx,
    actor,
    actor.locale,
    page.flatMap(c => [...c.lines, ...(inherited.get(c.id) ?? [])].map(l => l.condition)),
  )
  const people = await tx.query<{ id: string; name: string }>('select id::text, name from app_user where tenant_id = $1 and id = any($2::bigint[])', [
    actor.tenantId,
    page.flatMap(c => c.members.map(m => m.userId)),
  ])
  const nameOf = new Map(people.rows.map(p => [p.id, p.name]))
  return page.map(c => {
    const shown = (c.after ?? c.before)!
    return {
      territoryId: c.id,
      code: shown.code,
      name: shown.name,
      colour: shown.colour,
      change: c.change,
      fromVersion: c.before?.ruleVersion ?? null,
      toVersion: c.after?.ruleVersion ?? null,
      fields: [...c.fields],
      lines: [
        ...c.lines.map((l, position) => ({
          change: l.change,
          depth: l.depth,
          words: sentence(l.condition, vocabulary),
          condition: masked(l.condition, hides) as never,
          accounts: readsHidden(l.condition, hides) ? null : (accountsOf.get(`${c.id}/${position}`) ?? null),
          inheritedFrom: null,
        })),
        ...(inherited.get(c.id) ?? []).map(l => ({
          change: 'same' as const,
          depth: 0,
          words: sentence(l.condition, vocabulary),
          condition: masked(l.condition, hides) as never,
          accounts: null,
          inheritedFrom: l.from,
        })),
      ],
      members: c.members.map(m => ({ change: m.change, person: { id: m.userId, name: nameOf.get(m.userId) ?? m.userId }, role: m.role })),
    }
  })
}
