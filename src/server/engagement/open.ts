/**
 * Opening a case 受理: who stands against whom, evidence gathered at once, clauses tested, a judge found, the clock started. Whoever opens it
 * must see the customers; what is gathered does not depend on him.
 */
import { testClauses } from '../../core/engagement/clauses.ts'
import type { Why } from '../../core/engagement/policy.ts'
import { bandOf, featuresOf } from '../../core/engagement/similar.ts'
import { beyondSight } from '../access/beyond-sight.ts'
import { writeInstant } from '../account/facts.ts'
import { loadCompiled } from '../assignment/compiled.ts'
import { notify } from '../identity/notify.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { gather, writeEvidence } from './gather.ts'
import { judgeOf, loadCourt, type Party, tokensOfCase } from './lines.ts'
import { loadRules } from './rules.ts'

type Input = { why: Why; otherId?: string | undefined; claimantId?: string | undefined; statement?: string | undefined }
type Standing = {
  id: string
  name: string
  tier: string | null
  industry: string | null
  owner: string | null
  territory: string | null
  contested: string[]
}

export async function openCase(tx: Tx, actor: Actor, accountId: string, input: Input): Promise<{ id: string; number: number }> {
  const ids = [accountId, ...(input.otherId ? [input.otherId] : [])]
  const seen = await tx.query('select 1 from account where tenant_id = $1 and id = any($2::bigint[]) and deleted_at is null', [actor.tenantId, ids])
  if (seen.rowCount !== new Set(ids).size || ids.length !== new Set(ids).size) stop('record.notFound')
  if (input.why === 'duplicate' && !input.otherId) stop('engagement.needsOther', undefined, '/otherId')
  // One number after the other, and never two cases about one customer.
  await tx.query('select pg_advisory_xact_lock(9, hashtext($1))', [actor.tenantId])
  return beyondSight(tx, async () => {
    const there = await tx.query<{ number: number; mine: boolean }>(
      `select number, tokens && $3::bigint[] as mine from conflict_case where tenant_id = $1 and state <> 'closed' and (account_id = any($2::bigint[]) or other_account_id = any($2::bigint[])) limit 1`,
      [actor.tenantId, ids, actor.tokens],
    )
    if (there.rows[0]) stop(there.rows[0].mine ? 'engagement.exists' : 'engagement.existsHidden', { number: there.rows[0].number })
    const accounts = await standings(tx, actor, ids)
    const parties = await partiesOf(tx, actor, input, accounts)
    return write(tx, actor, accounts, parties, input)
  })
}

async function standings(tx: Tx, actor: Actor, ids: readonly string[]): Promise<readonly Standing[]> {
  const found = await tx.query<Standing>(
    `select a.id::text, a.name, a.tier, a.industry, p.owner_id::text as owner, p.territory_id::text as territory, coalesce(p.contested, '{}')::text[] as contested
       from account a join account_placement p on p.tenant_id = $1 and p.model_id = $2 and p.account_id = a.id where a.tenant_id = $1 and a.id = any($3::bigint[])`,
    [actor.tenantId, actor.modelId, ids],
  )
  return ids.map(id => found.rows.find(r => r.id === id) ?? stop('record.notFound'))
}

async function partiesOf(tx: Tx, actor: Actor, input: Input, accounts: readonly Standing[]): Promise<readonly Party[]> {
  const { loaded } = await loadCompiled(tx, actor.tenantId, actor.modelId)
  const now = new Date().toISOString()
  const active = await tx.query<{ id: string }>(`select id::text from app_user where tenant_id = $1 and state = 'active'`, [actor.tenantId])
  const people = new Set(active.rows.map(r => r.id))
  const members = loaded.members.filter(
    m => people.has(m.userId) && m.role !== 'viewer' && m.startsAt <= now && (m.endsAt === null || m.endsAt > now),
  )
  const leadOf = (territoryId: string) => members.find(m => m.territoryId === territoryId && m.role === 'owner')?.userId ?? null
  const [account, other] = accounts
  let first: Party | null = account!.owner === null ? null : { userId: account!.owner, territoryId: account!.territory }
  let second: Party | null
  if (input.why === 'overlap') {
    if (account!.contested.length === 0) stop('engagement.notContested')
    const claims = [account!.territory!, ...account!.contested].flatMap((territoryId): Party[] => {
      const userId = territoryId === account!.territory ? (account!.owner ?? leadOf(territoryId)) : leadOf(territoryId)
      return userId === null ? [] : [{ userId, territoryId }]
    })
    first = claims[0] ?? null
    second = claims.find(c => c.userId !== first?.userId) ?? null
    if (first === null) stop('engagement.noOwner')
    if (second === null) stop('engagement.oneOwner')
  } else if (other?.owner && !input.claimantId) second = { userId: other.owner, territoryId: other.territory }
  else {
    const known = input.claimantId ? null : await claimantByFacts(tx, actor, account!.id, input.why)
    const userId = input.claimantId ?? known ?? actor.userId
    // Into a quarrel of others one draws nobody: the owner names who claims it from him, and whoever gives customers away names anybody.
    if (known === null && userId !== actor.userId && first?.userId !== actor.userId && !actor.permissions.has('account.assign'))
      stop('permission.missing', { permission: 'account.assign' }, '/claimantId')
    if (!people.has(userId)) stop('record.notFound', undefined, '/claimantId')
    const own = members.filter(m => m.userId === userId).map(m => m.territoryId)
    second = { userId, territoryId: own.find(t => t === account!.territory) ?? own[0] ?? null }
  }
  if (first === null) return stop('engagement.noOwner')
  if (first.userId === second!.userId) stop('engagement.oneOwner')
  return [first, second!]
}

/** Who has the head of its group, or answers for the partner that registered it; null where neither is known. */
async function claimantByFacts(tx: Tx, actor: Actor, accountId: string, why: Why): Promise<string | null> {
  if (why !== 'group' && why !== 'registration') return null
  const found = await tx.query<{ owner: string | null }>(
    why === 'group'
      ? `with recursive up(id, depth) as (select parent_id, 0 from account where tenant_id = $1 and id = $2 and parent_id is not null
            union all select h.parent_id, up.depth + 1 from account h join up on h.id = up.id where h.tenant_id = $1 and h.parent_id is not null and up.depth < 30)
         select p.owner_id::text as owner from up join account_placement p on p.tenant_id = $1 and p.model_id = $3 and p.account_id = up.id where p.owner_id is not null order by up.depth desc limit 1`
      : `select r.owner_id::text as owner from registration r join account a on a.tenant_id = $1 and a.id = $2 where r.tenant_id = $1 and $3::bigint is not null and r.state = 'accepted' and r.starts_at <= now() and r.ends_at > now()
            and (r.account_id = a.id or (r.account_id is null and lower(r.name) = lower(a.name))) order by r.starts_at limit 1`,
    [actor.tenantId, accountId, actor.modelId],
  )
  return found.rows[0]?.owner ?? null
}

async function write(
  tx: Tx,
  actor: Actor,
  accounts: readonly Standing[],
  parties: readonly Party[],
  input: Input,
): Promise<{ id: string; number: number }> {
  const rules = await loadRules(tx, actor.tenantId)
  const court = await loadCourt(tx, actor, parties)
  const judge = judgeOf(court, [])
  const ids = accounts.map(a => a.id)
  const found = await gather(tx, actor, ids, parties, rules.policy.evidenceMonths)
  const at = await writeInstant(tx)
  const findings = testClauses(rules.clauses, found.facts, Date.parse(at))
  const features = await featuresNow(tx, actor, accounts, parties, input.why, findings)
  const drawn = await tx.query<{ id: string; number: number }>(
    `select nextval(pg_get_serial_sequence('conflict_case', 'id'))::text as id, coalesce((select max(number) from conflict_case where tenant_id = $1), 0) + 1 as number`,
    [actor.tenantId],
  )
  const { id, number } = drawn.rows[0]!
  const { ruleHours, statementHours } = rules.policy
  await tx.query(
    `insert into conflict_case (tenant_id, id, number, account_id, other_account_id, name, why, state, opened_by, opened_at, statements_due_at, due_at, judge_id, headquarters, clause_version, findings, features, tokens)
     values ($1, $2, $3, $4, $5, $6, $7, 'statements', $8, $9::timestamptz, $9::timestamptz + make_interval(hours => $10), $9::timestamptz + make_interval(hours => $11), $12, $13, $14, $15, $16, $17)`,
    [
      actor.tenantId,
      id,
      number,
      ids[0],
      ids[1] ?? null,
      accounts[0]!.name,
      input.why,
      actor.userId,
      at,
      Math.min(statementHours, ruleHours),
      ruleHours,
      judge?.id ?? null,
      judge?.headquarters ?? true,
      rules.version,
      JSON.stringify(findings),
      JSON.stringify(features),
      tokensOfCase(court, judge?.id ?? null, actor.userId),
    ],
  )
  const stated = input.statement && parties.some(p => p.userId === actor.userId) ? input.statement : null
  await tx.query(
    `insert into case_party (tenant_id, case_id, side, user_id, territory_id, statement, stated_at)
     select $1, $2, side, person, territory, case when person = $3 then $4::text end, case when person = $3 and $4 is not null then $5::timestamptz end from unnest($6::int[], $7::bigint[], $8::bigint[]) as p(side, person, territory)`,
    [actor.tenantId, id, actor.userId, stated, at, parties.map((_, i) => i), parties.map(p => p.userId), parties.map(p => p.territoryId)],
  )
  await writeEvidence(tx, actor.tenantId, id, { n: 0, hash: '' }, found.pieces, null, at)
  await audit(tx, actor, at, {
    kind: 'case.open',
    recordKind: 'case',
    recordId: id,
    accountId: ids[0]!,
    count: found.pieces.length,
    after: { number, why: input.why, parties: parties.map(p => p.userId), judgeId: judge?.id ?? null },
  })
  const told = { caseId: id, number, name: accounts[0]!.name, by: actor.userName }
  for (const p of parties) if (p.userId !== actor.userId) await notify(tx, actor, at, p.userId, 'case.opened', null, told)
  if (judge && judge.id !== actor.userId) await notify(tx, actor, at, judge.id, 'case.judge', null, told)
  return { id, number }
}

async function featuresNow(
  tx: Tx,
  actor: Actor,
  accounts: readonly Standing[],
  parties: readonly Party[],
  why: Why,
  findings: Parameters<typeof featuresOf>[1],
) {
  const { compiled } = await loadCompiled(tx, actor.tenantId, actor.modelId)
  // Its region: the nearest territory above, or itself at the top.
  const regions = parties.map(p => (p.territoryId === null ? null : (compiled.hierarchy.byId.get(p.territoryId)?.ancestorIds[0] ?? p.territoryId)))
  const deals = await tx.query<{ amount: number }>(
    `select coalesce(sum(amount), 0)::float8 as amount from opportunity where tenant_id = $1 and account_id = any($2::bigint[]) and deleted_at is null and stage not in ('won', 'lost')`,
    [actor.tenantId, accounts.map(a => a.id)],
  )
  return featuresOf(why, findings, regions, { tier: accounts[0]!.tier, industry: accounts[0]!.industry, band: bandOf(deals.rows[0]!.amount) })
}
