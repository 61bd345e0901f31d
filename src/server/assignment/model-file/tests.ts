/** Tests of a model 归属测试 and what they say today: by its rules, pins and acts for a customer, by its rules alone for values. */
import type { TestResult } from '../../../contract/territory/model-file.ts'
import { type Match, matchOne } from '../../../core/assignment/compile.ts'
import type { Facts } from '../../../core/condition/condition.ts'
import type { FileTest } from '../../../core/territory/model-file.ts'
import { visibleTo } from '../../access/visible-to.ts'
import { writeInstant } from '../../account/facts.ts'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import { stop } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { inLocale } from '../../territory/check-rule.ts'
import { bumpStamp } from '../../territory/load-env.ts'
import { assertReadable, lockDraft } from '../../territory/models.ts'
import { hidesOf } from '../../territory/vocabulary.ts'
import { loadCompiled } from '../compiled.ts'
import { derive, readFacts } from '../place-accounts.ts'
import { checkTests } from './check-tests.ts'

const MOST = 2_000
type Row = {
  id: string
  name: string
  accountId: string | null
  facts: Facts | null
  territory: string | null
  ownerId: string | null
  owner: string | null
  ownerLogin: string | null
}

export async function runTests(tx: Tx, actor: Actor, modelId: string): Promise<{ rows: TestResult[]; failed: number }> {
  await assertReadable(tx, actor, modelId)
  const tests = await tx.query<Row>(
    `select t.id::text, t.name, t.account_id::text as "accountId", t.facts, t.territory, t.owner_id::text as "ownerId", u.name as owner, u.login as "ownerLogin"
       from model_test t left join app_user u on u.tenant_id = $1 and u.id = t.owner_id where t.tenant_id = $1 and t.model_id = $2 order by t.id`,
    [actor.tenantId, modelId],
  )
  if (tests.rows.length === 0) return { rows: [], failed: 0 }
  const model = await loadCompiled(tx, actor.tenantId, modelId)
  // A test about a customer out of the asker's sight tells nothing of it.
  const seen = await tx.query<{ id: string; name: string }>(
    `select a.id::text, a.name from account a where a.tenant_id = $1 and a.id = any($2::bigint[]) and a.deleted_at is null and ${visibleTo(actor, 'a.id')} order by a.id`,
    [actor.tenantId, tests.rows.flatMap(t => t.accountId ?? [])],
  )
  const accountName = new Map(seen.rows.map(a => [a.id, a.name]))
  const hides = hidesOf(actor)
  const facts = await readFacts(
    tx,
    actor.tenantId,
    seen.rows.map(a => a.id),
  )
  const matches = new Map<string, Match>([...facts].map(([id, f]) => [id, matchOne(model.compiled, f)]))
  const base = model.loaded.head.baseModelId
  const priors = await tx.query<{ id: string; owner: string | null }>(
    'select account_id::text as id, owner_id::text as owner from account_placement where tenant_id = $1 and model_id = $2 and account_id = any($3::bigint[])',
    [actor.tenantId, base ?? modelId, [...facts.keys()]],
  )
  const placed = await derive(tx, actor.tenantId, model, await writeInstant(tx), matches, new Map(), new Map(priors.rows.map(p => [p.id, p.owner])))
  const standing = new Map(placed.map(p => [p.accountId, p.placement]))
  const owners = await tx.query<{ id: string; name: string }>('select id::text, name from app_user where tenant_id = $1 and id = any($2::bigint[])', [
    actor.tenantId,
    placed.flatMap(p => p.placement.ownerId ?? []),
  ])
  const nameOf = new Map(owners.rows.map(o => [o.id, o.name]))
  const say = (zh: string, en: string) => (actor.locale === 'en' ? en : inLocale(zh, actor.locale))
  const rows = tests.rows.map((t): TestResult => {
    const about = {
      id: t.id,
      name: t.name,
      account: t.accountId === null ? null : { id: t.accountId, name: accountName.get(t.accountId) ?? null },
      values: t.facts === null ? null : (Object.fromEntries(Object.entries(t.facts).filter(([field]) => !hides(field))) as TestResult['values']),
      hidden: t.facts !== null && Object.keys(t.facts).some(hides),
      ownerLogin: t.ownerLogin,
      expected: { territory: t.territory, owner: t.owner },
    }
    const placement = t.accountId === null ? null : standing.get(t.accountId)
    if (t.accountId !== null && !placement)
      return { ...about, ok: false, actual: null, words: say('这家客户不存在,或不在你的可见范围。', 'There is no such customer within your sight.') }
    const territoryId = placement ? placement.territoryId : matchOne(model.compiled, t.facts!).territoryId
    const node = territoryId === null ? undefined : model.compiled.hierarchy.byId.get(territoryId)
    const territory = node ? { code: node.territory.code, name: node.territory.name } : null
    const ownerId = placement?.ownerId ?? null
    const owner = ownerId === null ? null : (nameOf.get(ownerId) ?? null)
    const landed = (territory?.code ?? null) === t.territory
    const ok = landed && (t.ownerId === null || t.ownerId === ownerId)
    const there = territory ? `${territory.code} ${territory.name}` : say('没有区域', 'no territory')
    return {
      ...about,
      ok,
      actual: { territory, owner },
      words: ok
        ? say(`落在 ${there}。`, `Lands in ${there}.`)
        : landed
          ? say(`区域对,主责是 ${owner ?? '无'},应为 ${t.owner}。`, `The territory is right, the owner is ${owner ?? 'nobody'}, not ${t.owner}.`)
          : say(`应落在 ${t.territory ?? '没有区域'},实际落在 ${there}。`, `Should land in ${t.territory ?? 'no territory'}, but lands in ${there}.`),
    }
  })
  return { rows, failed: rows.filter(r => !r.ok).length }
}

/** Refuses a model whose tests do not all hold. */
export async function assertTests(tx: Tx, actor: Actor, modelId: string): Promise<void> {
  const { rows, failed } = await runTests(tx, actor, modelId)
  const first = rows.find(r => !r.ok)
  if (first) stop('model.testsFail', { count: failed, first: `${first.name}: ${first.words}` })
}

export type TestChange = {
  readonly tests: readonly FileTest[]
  readonly keep?: readonly string[] | undefined
  readonly seen?: readonly string[] | undefined
}

/** Errors: 409 model.notDraft, test.stale; 400 test.*, file.*, each with the place of the test in `tests`; 403 territory.fieldHidden. */
export async function setTests(
  tx: Tx,
  actor: Actor,
  now: string,
  modelId: string,
  { tests, keep = [], seen }: TestChange,
): Promise<{ rows: TestResult[]; failed: number }> {
  await lockDraft(tx, actor, modelId)
  const standing = await tx.query<{ id: string; name: string }>(
    'select id::text, name from model_test where tenant_id = $1 and model_id = $2 order by id',
    [actor.tenantId, modelId],
  )
  const ids = new Set(standing.rows.map(r => r.id))
  if (keep.some(id => !ids.has(id)) || (seen && (seen.length !== ids.size || seen.some(id => !ids.has(id))))) stop('test.stale')
  const kept = new Set(keep)
  if (kept.size + tests.length > MOST) stop('test.many', { limit: MOST }, '/tests')
  await checkTests(tx, actor, modelId, tests, new Set(standing.rows.flatMap(r => (kept.has(r.id) ? [r.name] : []))))
  await writeTests(tx, actor, modelId, tests, [...kept])
  await audit(tx, actor, now, { kind: 'model.tests', recordKind: 'model', recordId: modelId, count: kept.size + tests.length })
  return runTests(tx, actor, modelId)
}

/** Those of `keep` stay. */
export async function writeTests(tx: Tx, actor: Actor, modelId: string, tests: readonly FileTest[], keep: readonly string[] = []): Promise<void> {
  const logins = [...new Set(tests.flatMap(t => t.owner ?? []))]
  const people = await tx.query<{ login: string; id: string }>(
    'select lower(login) as login, id::text from app_user where tenant_id = $1 and lower(login) = any($2::text[])',
    [actor.tenantId, logins.map(l => l.toLowerCase())],
  )
  const idOf = new Map(people.rows.map(p => [p.login, p.id]))
  for (const [i, t] of tests.entries()) {
    if (t.owner !== undefined && !idOf.has(t.owner.toLowerCase())) stop('file.person', { login: t.owner }, `/tests/${i}/owner`)
    if ((t.account === undefined) === (t.values === undefined)) stop('file.test', { name: t.name }, `/tests/${i}`)
  }
  await tx.query('delete from model_test where tenant_id = $1 and model_id = $2 and id <> all($3::bigint[])', [actor.tenantId, modelId, keep])
  await tx.query(
    `insert into model_test (tenant_id, model_id, name, account_id, facts, territory, owner_id)
     select $1, $2, * from unnest($3::text[], $4::bigint[], $5::jsonb[], $6::text[], $7::bigint[])`,
    [
      actor.tenantId,
      modelId,
      tests.map(t => t.name),
      tests.map(t => t.account ?? null),
      tests.map(t => (t.values === undefined ? null : JSON.stringify(t.values))),
      tests.map(t => t.territory),
      tests.map(t => (t.owner === undefined ? null : idOf.get(t.owner.toLowerCase())!)),
    ],
  )
  await bumpStamp(tx, actor.tenantId, modelId)
}
