/**
 * A change set through one person's eyes before it is in effect 生效后以此人查看: which accounts he would gain, lose and keep. Who asks is told of
 * accounts within his own sight alone, counts included; who looked at whom stands in the audit trail, as with viewing as somebody. Only what
 * the computation kept as seen by others, and what the person's own tokens reach otherwise, is compared; the rest stays as it is.
 */
import type { z } from 'zod'
import { type PersonAfterRow, type personAfter, SIGHT_COUNT_STOP, SIGHT_MARKS } from '../../../contract/territory/change-choices.ts'
import { tokensOf } from '../../../core/access/tokens.ts'
import { tokensOf as literalOf, visibleTo } from '../../access/visible-to.ts'
import { whilePlacing } from '../../access/while-placing.ts'
import { makeParams } from '../../account/condition-sql.ts'
import { searchSql } from '../../account/search.ts'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import { stop } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { memberUnder } from '../../territory/load-model.ts'
import { stampsOf } from './compute.ts'
import { assertComputable, loadSet, readsWhole } from './read-set.ts'

type Query = z.infer<typeof personAfter.query & {}>
type Reply = z.infer<typeof personAfter.reply>
type Mark = PersonAfterRow['mark']
/** Looking again within these minutes is the same look. */
const SAME_LOOK = 10

export async function readPersonAfter(tx: Tx, actor: Actor, now: string, id: string, userId: string, query: Query): Promise<Reply> {
  // Whoever reads only his own part is no planner of this one.
  if (!(await readsWhole(tx, actor, id))) stop('record.notFound')
  const set = await loadSet(tx, actor.tenantId, id)
  if (set.state === 'refused' || set.activations.some(a => a.effective)) stop('changeSet.notAhead')
  await assertComputable(tx, actor, set)
  const made = await tx.query<{ of: string | null }>('select figures_of as of from change_set where tenant_id = $1 and id = $2', [actor.tenantId, id])
  const figuresOf = made.rows[0]!.of ?? stop('changeSet.uncomputed')
  const person = await loadPerson(tx, actor.tenantId, userId, set.baseModelId, set.modelId)
  await noteLook(tx, actor, now, id, userId)

  const params = makeParams(actor.tenantId)
  const narrow = `a.deleted_at is null and ${visibleTo(actor, 'a.id')} ${query.search ? `and ${searchSql(query.search, params, actor)}` : ''}`
  const sqlOf = sightSql(BigInt(id), BigInt(set.baseModelId), person, narrow)
  const marks = query.mark ? [query.mark] : SIGHT_MARKS
  const [, at = marks[0]!, after = '0'] = /^(gained|lost|kept)\|(\d{1,18})$/.exec(query.cursor ?? '') ?? []
  return whilePlacing(tx, async () => {
    const counts = query.cursor === undefined ? await countMarks(tx, sqlOf, params.values) : null
    const rows: PersonAfterRow[] = []
    // Gained first, then lost, then what stays; each in the order of ids.
    for (const mark of marks.slice(Math.max(0, marks.indexOf(at as Mark)))) {
      if (rows.length > query.limit || (counts && counts[mark] === 0)) continue
      const found = await tx.query<PersonAfterRow>(
        pageSql(BigInt(id), BigInt(set.baseModelId), mark, sqlOf(mark, mark === at ? BigInt(after) : 0n), query.limit + 1 - rows.length),
        params.values,
      )
      rows.push(...found.rows)
    }
    const page = rows.slice(0, query.limit)
    const last = page.at(-1)
    return {
      rows: page,
      next: rows.length > query.limit && last ? `${last.mark}|${last.accountId}` : null,
      person: { id: userId, name: person.name },
      counts,
      drifted: figuresOf !== (await stampsOf(tx, actor.tenantId, set.modelId, set.baseModelId)),
    }
  })
}

type Tokens = { readonly before: string; readonly after: string; readonly between: string | null }

/**
 * Ids and names by mark, beyond an id, in parts without a common account: seen by others than before; and what stays as it is, but the person
 * comes to it or leaves it. Read past the fence of placements; who asks is fenced where `account a` is joined. Ids and tokens are
 * literals: the planner knows how frequent they are.
 */
function sightSql(
  change: bigint,
  base: bigint,
  { before, after, between }: Tokens,
  narrow: string,
): (mark: Mark, beyond: bigint) => readonly string[] {
  const stands = `account_placement b on b.tenant_id = $1 and b.model_id = ${base}`
  const kept = `k.tenant_id = $1 and k.change_set_id = ${change} and k.account_id = a.id`
  const tokens = `change_set_stand t on t.tenant_id = $1 and t.change_set_id = ${change} and t.stand = k.stand`
  return (mark, beyond) => {
    const where = `a.tenant_id = $1 and a.id > ${beyond} and ${narrow}`
    if (mark === 'kept')
      return [
        `select a.id, a.name from account a join ${stands} and b.account_id = a.id left join change_set_sight k on ${kept} left join ${tokens}
          where ${where} and b.tokens && ${before} and case when k.account_id is not null then t.tokens && ${after} else ${between === null ? 'true' : `b.tokens && ${after}`} end`,
      ]
    const changes = (was: string, will: string) => (mark === 'gained' ? `not ${was} and ${will}` : `${was} and not ${will}`)
    const seenByOthers = `select a.id, a.name from change_set_sight k join account a on ${kept} join ${tokens} left join ${stands} and b.account_id = a.id
        where ${where} and ${changes(`coalesce(b.tokens && ${before}, false)`, `t.tokens && ${after}`)}`
    const hisOwnWay = `select a.id, a.name from account a join ${stands} and b.account_id = a.id
        where ${where} and b.tokens && ${between} and ${changes(`b.tokens && ${before}`, `b.tokens && ${after}`)}
          and not exists (select 1 from change_set_sight k where ${kept})`
    return between === null ? [seenByOthers] : [seenByOthers, hisOwnWay]
  }
}

async function countMarks(tx: Tx, sqlOf: ReturnType<typeof sightSql>, values: unknown[]): Promise<NonNullable<Reply['counts']>> {
  const one = (mark: Mark) =>
    `(select count(*)::int from (select 1 from (${atMost(sqlOf(mark, 0n), SIGHT_COUNT_STOP)}) x limit ${SIGHT_COUNT_STOP}) x) as ${mark}`
  return (await tx.query<NonNullable<Reply['counts']>>(`select ${SIGHT_MARKS.map(one).join(', ')}`, values)).rows[0]!
}

/** Each part gives no more than is asked for, so that none is read to its end. */
const atMost = (parts: readonly string[], limit: number, order = ''): string =>
  parts.map(part => `(${part} ${order} limit ${limit})`).join(' union all ')

function pageSql(change: bigint, base: bigint, mark: Mark, parts: readonly string[], limit: number): string {
  const user = (column: string) =>
    `(select json_build_object('id', u.id::text, 'name', u.name) from app_user u where u.tenant_id = $1 and u.id = ${column})`
  return `select f.id::text as "accountId", f.name, '${mark}' as mark, ${user('b.owner_id')} as "fromOwner", ${user('case when m.account_id is null then b.owner_id else m.to_owner end')} as "toOwner"
    from (select x.id, x.name from (${atMost(parts, limit, 'order by a.id')}) x order by x.id limit ${limit}) f left join account_placement b on b.tenant_id = $1 and b.model_id = ${base} and b.account_id = f.id
    left join change_set_move m on m.tenant_id = $1 and m.change_set_id = ${change} and m.account_id = f.id order by f.id`
}

/** The person's tokens under both models, as of now, as literals; `between`: those held under one alone, null when there are none. */
async function loadPerson(tx: Tx, tenantId: string, userId: string, baseId: string, modelId: string) {
  const territories = (model: string) =>
    `(select coalesce(array_agg(distinct w.territory_id::text), '{}') from territory_member w join territory_model m on m.tenant_id = $1 and m.id = ${model}
       where w.tenant_id = $1 and w.user_id = u.id and w.starts_at <= clock_timestamp() and (w.ends_at is null or w.ends_at > clock_timestamp()) and ${memberUnder('w', 'm.lineage')})`
  const found = await tx.query<{ name: string; teams: string[]; departments: string[]; all: boolean; before: string[]; after: string[] }>(
    `select u.name, coalesce((select array_agg(tm.team_id::text) from team_member tm where tm.tenant_id = $1 and tm.user_id = u.id), '{}') as teams,
            coalesce((select array_agg(d.id::text) from department d where d.tenant_id = $1 and d.leader_id = u.id and d.deleted_at is null), '{}') as departments,
            exists (select 1 from user_role ur join role r on r.tenant_id = $1 and r.id = ur.role_id where ur.tenant_id = $1 and ur.user_id = u.id and r.sees_all and r.deleted_at is null) as all,
            ${territories('$3')} as before, ${territories('$4')} as after
       from app_user u where u.tenant_id = $1 and u.id = $2 and u.state <> 'inactive'`,
    [tenantId, userId, baseId, modelId],
  )
  const { name, teams, departments, all, before, after } = found.rows[0] ?? stop('record.notFound', undefined, '/userId')
  const tokens = (territoryIds: readonly string[]) => tokensOf({ userId, teamIds: teams, ledDepartmentIds: departments, territoryIds, seesAll: all })
  const [was, will] = [new Set(tokens(before)), new Set(tokens(after))]
  const between = [...was, ...will].filter(t => !was.has(t) || !will.has(t))
  const literal = (of: Iterable<string>) => literalOf({ tokens: [...of] })
  return { name, before: literal(was), after: literal(will), between: between.length === 0 ? null : literal(between) }
}

/** Every page and search of one look is one row of the trail. */
async function noteLook(tx: Tx, actor: Actor, now: string, id: string, userId: string): Promise<void> {
  const known = await tx.query(
    `select 1 from audit where tenant_id = $1 and record_kind = 'changeSet' and record_id = $2 and kind = 'changeSet.viewAs' and actor_id = $3 and for_id is not distinct from $4
        and after->>'userId' = $5 and at > $6::timestamptz - make_interval(mins => ${SAME_LOOK}) limit 1`,
    [actor.tenantId, id, actor.viewerId ?? actor.userId, actor.viewerId ? actor.userId : null, userId, now],
  )
  if (known.rowCount === 0) await audit(tx, actor, now, { kind: 'changeSet.viewAs', recordKind: 'changeSet', recordId: id, after: { userId } })
}
