/** Reading handovers: those one is responsible for, made, or receives in; who only receives sees what goes to him. */
import type { z } from 'zod'
import type { HandoverDetail, ItemsQuery, listHandoverItems, listHandovers, readHandover } from '../../../contract/assignment/handover.ts'
import type { Locale } from '../../../contract/kernel/shapes.ts'
import type { Why } from '../../../core/assignment/handover.ts'
import { masked } from '../../../core/condition/mask.ts'
import { visibleTo } from '../../access/visible-to.ts'
import { countHeld, handoverKinds, leftBehind } from '../../identity/handover.ts'
import type { Actor } from '../../kernel/actor.ts'
import { stop } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { wordsOf } from '../../kernel/words.ts'
import { hidesOf } from '../../territory/vocabulary.ts'
import { isBelow } from '../assign.ts'
import { absentAt } from './absence.ts'
import { type PlannedItem, planHandover, receiversOf } from './plan.ts'
import { stopped } from './run.ts'
import { loadHandover, mayHandOver, type StoredHandover, shouldGo, UTC } from './store.ts'

const ROW = `h.id::text, h.kind, h.state, h.mode, json_build_object('id', u.id::text, 'name', u.name, 'active', u.state <> 'inactive') as from, json_build_object('id', b.id::text, 'name', b.name) as by,
  to_char(h.starts_at at time zone t.zone, 'YYYY-MM-DD') as "startsOn", to_char(h.ends_at at time zone t.zone - interval '1 day', 'YYYY-MM-DD') as "endsOn",
  ${UTC('h.created_at')} as "createdAt", ${UTC('h.done_at')} as "doneAt", ${UTC('h.returned_at')} as "returnedAt"`
const FROM =
  'handover h join tenant t on t.id = $1 join app_user u on u.tenant_id = $1 and u.id = h.from_user join app_user b on b.tenant_id = $1 and b.id = h.created_by'

export async function findHandovers(
  tx: Tx,
  actor: Actor,
  query: { cursor?: string | undefined; limit: number },
): Promise<z.input<typeof listHandovers.reply>> {
  const mine: string[] = []
  if (!actor.permissions.has('handover.manage')) {
    const people = await tx.query<{ id: string }>('select distinct from_user::text as id from handover where tenant_id = $1', [actor.tenantId])
    if (actor.permissions.has('account.assign')) for (const { id } of people.rows) if (await isBelow(tx, actor, id)) mine.push(id)
  }
  const after = /^\d{1,18}$/.test(query.cursor ?? '') ? query.cursor : null
  const found = await tx.query<z.input<typeof listHandovers.reply>['rows'][number]>(
    `select ${ROW}, i.total, i.moved, i.left from ${FROM} cross join lateral (select count(*)::int as total, count(*) filter (where moved_at is not null)::int as moved,
         count(*) filter (where moved_at is null and skipped is not null)::int as left from handover_item i where i.tenant_id = $1 and i.handover_id = h.id and h.state <> 'draft'
           and (i.account_id is null or ${visibleTo(actor, 'i.account_id')})) i
      where h.tenant_id = $1 and ($2::bigint is null or h.id < $2) and ($3 or h.created_by = $4 or h.from_user = any($5::bigint[])
         or (h.state <> 'draft' and exists (select 1 from handover_item r where r.tenant_id = $1 and r.handover_id = h.id and r.to_user = $4 and r.moved_at is not null)))
      order by h.id desc limit $6`,
    [actor.tenantId, after, actor.permissions.has('handover.manage'), actor.userId, mine, query.limit + 1],
  )
  const rows = found.rows.slice(0, query.limit)
  return { rows, next: found.rows.length > query.limit ? rows.at(-1)!.id : null }
}

/** Responsible for it, or one of its receivers; else it is not there. */
async function access(tx: Tx, actor: Actor, id: string): Promise<{ handover: StoredHandover; manages: boolean }> {
  const handover = await loadHandover(tx, actor.tenantId, id)
  if (await mayHandOver(tx, actor, handover.from)) return { handover, manages: true }
  const receives = await tx.query(
    'select 1 from handover_item where tenant_id = $1 and handover_id = $2 and to_user = $3 and moved_at is not null limit 1',
    [actor.tenantId, id, actor.userId],
  )
  return receives.rowCount ? { handover, manages: false } : stop('record.notFound')
}

const planned = (handover: StoredHandover): boolean => handover.state === 'draft' || handover.state === 'scheduled'

type Counted = {
  kind: string
  to: string | null
  n: number
  moved: number
  returned: number
  refused: number
  potential: string | null
  revenue: string | null
}

export async function readHandoverDetail(tx: Tx, actor: Actor, id: string): Promise<z.input<typeof readHandover.reply>> {
  const { handover, manages } = await access(tx, actor, id)
  const head = await tx.query<Pick<HandoverDetail, 'from' | 'by' | 'startsOn' | 'endsOn' | 'createdAt' | 'doneAt' | 'returnedAt'>>(
    `select ${ROW} from ${FROM} where h.tenant_id = $1 and h.id = $2`,
    [actor.tenantId, id],
  )
  const counted = planned(handover) && manages ? countPlan(await planHandover(tx, actor, handover)) : await countItems(tx, actor, handover, manages)
  const held = manages ? await countHeld(tx, actor, handover.from) : new Map<string, number>()
  const receivers = [...new Set(counted.flatMap(c => (c.to === null ? [] : [c.to])))]
  const people = await tx.query<{ id: string; name: string; before: number }>(
    `select u.id::text, u.name, (select count(*)::int from account_placement p where p.tenant_id = $1 and p.model_id = $2 and p.owner_id = u.id and ${visibleTo(actor, 'p.account_id')}) as before
       from app_user u where u.tenant_id = $1 and u.id = any($3::bigint[])`,
    [actor.tenantId, actor.modelId, [...new Set([...receivers, ...receiversOf(handover.rule)])]],
  )
  const contacts = await tx.query<{ n: number }>(
    `select count(*)::int as n from (select 1 from contact c where c.tenant_id = $1 and c.deleted_at is null and c.account_id in (${
      planned(handover)
        ? 'select p.account_id from account_placement p where p.tenant_id = $1 and p.model_id = $2 and p.owner_id = $3'
        : "select i.record_id from handover_item i where i.tenant_id = $1 and i.handover_id = $4 and i.kind = 'account' and i.moved_at is not null and $2::bigint is not null and $3::bigint is not null"
    }) and $4::bigint is not null limit 10000) c`,
    [actor.tenantId, actor.modelId, handover.from, id],
  )
  const absent = await absentAt(tx, actor.tenantId, planned(handover) && handover.startsAt ? handover.startsAt : new Date().toISOString())
  const sum = (list: readonly Counted[], of: (c: Counted) => number) => list.reduce((s, c) => s + of(c), 0)
  const money = (list: readonly Counted[], key: 'potential' | 'revenue') =>
    actor.fieldAccess.get(key) === 'hidden' ? null : sum(list, c => Number(c[key] ?? 0))
  const hides = hidesOf(actor)
  return {
    id,
    kind: handover.kind,
    state: handover.state,
    mode: handover.mode,
    ...head.rows[0]!,
    note: handover.note,
    rule: { ...handover.rule, when: manages ? handover.rule.when.map(w => ({ ...w, condition: masked(w.condition, hides) })) : [] },
    people: people.rows.map(({ id, name }) => ({ id, name })),
    kinds: handoverKinds().map(k => {
      const of = counted.filter(c => c.kind === k.kind)
      return {
        kind: k.kind,
        held: held.get(k.kind) ?? 0,
        going: sum(
          of.filter(c => c.to !== null),
          c => c.n,
        ),
        refused: sum(of, c => c.refused),
        moved: sum(of, c => c.moved),
        returned: sum(of, c => c.returned),
        lent: k.lent === true,
      }
    }),
    receivers: receivers
      .map(to => {
        const of = counted.filter(c => c.to === to)
        const accounts = of.filter(c => c.kind === 'account')
        const person = people.rows.find(p => p.id === to)
        return {
          id: to,
          name: person?.name ?? '',
          before: (person?.before ?? 0) - (planned(handover) ? 0 : sum(accounts, c => c.moved - c.returned)),
          accounts: sum(accounts, c => c.n),
          others: sum(of, c => c.n) - sum(accounts, c => c.n),
          potential: money(accounts, 'potential'),
          revenue: money(accounts, 'revenue'),
          absent: absent.has(to),
        }
      })
      .sort((a, b) => b.accounts - a.accounts || b.others - a.others),
    contacts: contacts.rows[0]!.n,
    left: [...held].flatMap(([kind, n]) => (n > 0 && shouldGo(handover, kind) ? [{ kind, n }] : [])),
    stopped: await stopped(tx, actor.tenantId, handover),
    manages: manages && actor.viewerId === null,
    mayReturn: manages && handover.state === 'done' && head.rows[0]!.from.active,
    rowVersion: handover.rowVersion,
  }
}

function countPlan(items: readonly PlannedItem[]): readonly Counted[] {
  const groups = new Map<string, Counted & { potential: string; revenue: string }>()
  for (const i of items) {
    const key = `${i.kind}/${i.toId}`
    const g = groups.get(key) ?? { kind: i.kind, to: i.toId, n: 0, moved: 0, returned: 0, refused: 0, potential: '0', revenue: '0' }
    groups.set(key, {
      ...g,
      n: g.n + 1,
      refused: g.refused + (i.refused === null ? 0 : 1),
      potential: String(Number(g.potential) + (i.potential ?? 0)),
      revenue: String(Number(g.revenue) + (i.revenue ?? 0)),
    })
  }
  return [...groups.values()]
}

async function countItems(tx: Tx, actor: Actor, handover: StoredHandover, manages: boolean): Promise<readonly Counted[]> {
  const found = await tx.query<Counted>(
    `select i.kind, case when i.moved_at is null and i.skipped is not null then null else i.to_user::text end as "to", count(*)::int as n, count(*) filter (where i.moved_at is not null)::int as moved,
            count(*) filter (where i.returned_at is not null)::int as returned, count(*) filter (where i.skipped is not null)::int as refused,
            sum(a.potential)::text as potential, sum(a.revenue)::text as revenue
       from handover_item i left join account a on i.kind = 'account' and a.tenant_id = $1 and a.id = i.account_id
      where i.tenant_id = $1 and i.handover_id = $2 and ($3 or i.to_user = $4) and (i.account_id is null or ${visibleTo(actor, 'i.account_id')}) group by 1, 2`,
    [actor.tenantId, handover.id, manages, actor.userId],
  )
  return found.rows
}

type Query = ItemsQuery
type Item = z.input<typeof listHandoverItems.reply>['rows'][number]
type Raw = Omit<Item, 'refused' | 'why'> & { why: (Why & { values?: Record<string, string | number> }) | null; skipped: string | null }

export async function findItems(tx: Tx, actor: Actor, locale: Locale, id: string, query: Query): Promise<z.input<typeof listHandoverItems.reply>> {
  const { handover, manages } = await access(tx, actor, id)
  const after = /^\d{1,18}$/.test(query.cursor ?? '') ? query.cursor! : '0'
  const raw = planned(handover)
    ? manages
      ? await plannedPage(tx, actor, handover, query, after)
      : []
    : await storedPage(tx, actor, handover, query, after, manages)
  const rows = raw.slice(0, query.limit).map(({ skipped, why, ...row }): Item => {
    const { values, ...reason } = why ?? { by: 'heir' as const, values: undefined }
    return {
      ...row,
      why: why === null ? null : reason,
      refused: skipped === null ? null : { code: skipped, words: wordsOf({ code: skipped, ...(values ? { values } : {}) }, locale).text },
    }
  })
  return { rows, next: raw.length > query.limit ? rows.at(-1)!.id : null }
}

async function plannedPage(tx: Tx, actor: Actor, handover: StoredHandover, query: Query, after: string): Promise<readonly Raw[]> {
  const items = (await planHandover(tx, actor, handover))
    .filter(
      i =>
        i.kind === query.kind &&
        BigInt(i.id) > BigInt(after) &&
        (query.to === undefined || (query.to === 'none' ? i.toId === null : i.toId === query.to)),
    )
    .slice(0, query.limit + 1)
  const more = await tx.query<{ id: string; tier: string | null; territory: string | null }>(
    `select a.id::text, a.tier, ${TERRITORY} as territory from account a join account_placement p on p.tenant_id = $1 and p.model_id = $2 and p.account_id = a.id where a.tenant_id = $1 and a.id = any($3::bigint[])`,
    [actor.tenantId, actor.modelId, query.kind === 'account' ? items.map(i => i.id) : []],
  )
  const names = await tx.query<{ id: string; name: string }>('select id::text, name from app_user where tenant_id = $1 and id = any($2::bigint[])', [
    actor.tenantId,
    items.flatMap(i => (i.toId === null ? [] : [i.toId])),
  ])
  const details = new Map(more.rows.map(r => [r.id, r]))
  const nameOf = new Map(names.rows.map(r => [r.id, r.name]))
  return items.map(i => ({
    kind: i.kind,
    id: i.id,
    accountId: i.accountId,
    name: i.name,
    to: i.toId === null ? null : { id: i.toId, name: nameOf.get(i.toId) ?? '' },
    why: i.why,
    skipped: i.refused,
    note: i.note,
    territory: details.get(i.id)?.territory ?? null,
    tier: actor.fieldAccess.get('tier') === 'hidden' ? null : (details.get(i.id)?.tier ?? null),
    potential: i.potential,
    movedAt: null,
    returnedAt: null,
  }))
}

const TERRITORY = '(select t.name from territory t where t.tenant_id = $1 and t.model_id = $2 and t.id = p.territory_id)'

async function storedPage(tx: Tx, actor: Actor, handover: StoredHandover, query: Query, after: string, manages: boolean): Promise<readonly Raw[]> {
  const kind = handoverKinds().find(k => k.kind === query.kind) ?? stop('handover.kind', { kind: query.kind, lent: '' })
  const hidden = (key: string) => actor.fieldAccess.get(key) === 'hidden'
  const found = await tx.query<Raw>(
    `select i.kind, i.record_id::text as id, i.account_id::text as "accountId", coalesce(case when i.kind = 'account' then a.name else h.name end, a.name, '') as name,
            case when u.id is null then null else json_build_object('id', u.id::text, 'name', u.name) end as "to", i.why, i.skipped, i.note,
            case when i.kind = 'account' then ${TERRITORY} end as territory, case when i.kind = 'account' and not $8::bool then a.tier end as tier,
            case when i.kind = 'account' and not $9::bool then a.potential::float8 end as potential, ${UTC('i.moved_at')} as "movedAt", ${UTC('i.returned_at')} as "returnedAt"
       from handover_item i left join account a on a.tenant_id = $1 and a.id = i.account_id left join account_placement p on p.tenant_id = $1 and p.model_id = $2 and p.account_id = i.account_id
       left join lateral (select h.name from (${kind.held}) h where i.kind <> 'account' and h.id = coalesce((i.before->>'as')::bigint, i.record_id) limit 1) h on true
       left join app_user u on u.tenant_id = $1 and u.id = i.to_user
      where i.tenant_id = $1 and i.handover_id = $3 and i.kind = $4 and i.record_id > $5 and (i.account_id is null or (a.id is not null and ${visibleTo(actor, 'i.account_id')}))
        and ($6::text is null or case when $6 = 'none' then i.moved_at is null and i.skipped is not null else i.to_user::text = $6 and (i.moved_at is not null or i.skipped is null) end)
        and ($7::bigint is null or (i.to_user = $7 and i.moved_at is not null)) order by i.record_id limit ${query.limit + 1}`,
    [
      actor.tenantId,
      actor.modelId,
      handover.id,
      query.kind,
      after,
      query.to ?? null,
      manages ? null : actor.userId,
      hidden('tier'),
      hidden('potential'),
    ],
  )
  return found.rows
}

/** Inactive people of whom one may hand over what they still hold. */
export async function findLeftBehind(tx: Tx, actor: Actor, query: { cursor?: string | undefined; limit: number }) {
  const found = await leftBehind(tx, actor, /^\d{1,18}$/.test(query.cursor ?? '') ? query.cursor! : '0', query.limit + 1)
  const rows = []
  for (const person of found.slice(0, query.limit)) if (await mayHandOver(tx, actor, person.id)) rows.push(person)
  return { rows, next: found.length > query.limit ? found[query.limit - 1]!.id : null }
}
