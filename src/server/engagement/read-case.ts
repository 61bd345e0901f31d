/** One case as its readers see it 裁决页: the same line of evidence for everybody who may see it; what one may do depends on who asks. */
import type { CaseView, EvidenceRow, Finding, Precedent, Ruling } from '../../contract/engagement/cases.ts'
import { leaning, sideOf } from '../../core/engagement/clauses.ts'
import { type Features, similarity } from '../../core/engagement/similar.ts'
import { beyondSight } from '../access/beyond-sight.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { type CaseRecord, idsOf, mySide, open, readRecord, UTC } from './case-row.ts'
import { type Hashed, hashOf } from './gather.ts'
import { conflictFor, loadCourt } from './lines.ts'
import { basisOf, judges, type StoredEffect, standingsOf } from './rule.ts'
import { loadRules } from './rules.ts'
import { namesFor, showEffect } from './show-effect.ts'
import { mayUndo } from './undo.ts'

/** Numbers of records as people quote them. */
const LETTER: Readonly<Record<string, string>> = {
  account: 'A',
  note: 'N',
  task: 'T',
  opportunity: 'O',
  duplicate_pair: 'D',
  ownership_act: 'W',
  registration: 'R',
  account_address: 'L',
  file: 'F',
  user: 'U',
}
type StoredEvidence = Omit<Hashed, 'at'> & { at: string; weight: number; hash: string; by: string | null }

export async function readCaseView(tx: Tx, actor: Actor, id: string): Promise<CaseView> {
  const c = await readRecord(tx, actor.tenantId, id)
  const rules = await loadRules(tx, actor.tenantId)
  const court = await loadCourt(tx, actor, c.parties)
  const evidence = await tx.query<StoredEvidence>(
    `select e.n, ${UTC('e.at')} as at, e.kind, e.side, e.weight, e.source_kind as source, e.source_key::text as "sourceId", e.words, e.hash, u.name as by
       from case_evidence e left join app_user u on u.tenant_id = $1 and u.id = e.added_by where e.tenant_id = $1 and e.case_id = $2 order by e.n`,
    [actor.tenantId, id],
  )
  const rulings = await rulingsOf(tx, actor, c)
  const seen = await tx.query<{ id: string; potential: string | null }>(
    'select id::text, potential::text from account where tenant_id = $1 and id = any($2::bigint[])',
    [actor.tenantId, idsOf(c)],
  )
  const readable = new Map(seen.rows.map(r => [r.id, r]))
  // What the quarrel is about is told to everybody who may see the case: names, where they stand, what is open.
  const { standings, deals } = await beyondSight(tx, async () => ({
    standings: await standingsOf(tx, actor, idsOf(c)),
    deals: await tx.query<{ n: number; amount: number }>(
      `select count(*)::int as n, coalesce(sum(amount), 0)::float8 as amount from opportunity where tenant_id = $1 and account_id = any($2::bigint[]) and deleted_at is null and stage not in ('won', 'lost')`,
      [actor.tenantId, idsOf(c)],
    ),
  }))
  const names = await namesFor(
    tx,
    actor.tenantId,
    [c.openedBy, c.judgeId, ...c.parties.map(p => p.userId), ...c.findings.map(f => f.userId)],
    [...c.parties.map(p => p.territoryId), ...c.findings.map(f => f.territoryId)],
  )
  const named = (person: string) => names.person(person) ?? { id: person, name: '' }
  const judging = judges(c, actor) && open(c)
  const conflict = judging ? conflictFor(court, actor.userId) : null
  const side = mySide(c, actor)
  const writes = actor.viewerId === null
  const last = rulings.rows.find(r => r.undoneAt === null)
  const other = standings.find(s => s.id === c.otherId)
  return {
    id: c.id,
    number: c.number,
    name: c.name,
    why: c.why,
    state: c.state,
    openedAt: c.openedAt,
    dueAt: c.dueAt,
    closedAt: c.closedAt,
    judge: names.person(c.judgeId),
    ...(last ? { winner: last.winner } : {}),
    rowVersion: c.rowVersion,
    accountId: readable.has(c.accountId) ? c.accountId : null,
    other: c.otherId === null ? null : { id: readable.has(c.otherId) ? c.otherId : null, name: other?.name ?? '' },
    potential: actor.fieldAccess.get('potential') === 'hidden' ? null : potentialOf(readable, c.accountId),
    deals: deals.rows[0]!,
    statementsAt: c.statementsAt,
    statementsDueAt: c.statementsDueAt,
    escalatedAt: c.escalatedAt,
    headquarters: c.headquarters,
    ruledAt: c.ruledAt,
    appealUntil: c.appealUntil,
    appeals: c.appeals,
    openedBy: named(c.openedBy),
    parties: c.parties.map(p => ({
      user: { id: p.userId, name: p.name },
      territory: names.territory(p.territoryId),
      statement: p.statement,
      statedAt: p.statedAt,
      question: p.question,
    })),
    evidence: evidence.rows.map(shownEvidence).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.n - b.n)),
    intact: chainHolds(evidence.rows),
    clauseVersion: c.clauseVersion,
    findings: findingsOf(c, names),
    rulings: rulings.rows,
    precedents: await precedentsOf(tx, actor, c),
    policy: rules.policy,
    basis: basisOf(standings),
    side,
    mayRule: judging && conflict === null && writes,
    mustRecuse: conflict,
    mayRecuse: open(c) && writes && actor.permissions.has('case.judge') && (c.judgeId === actor.userId || actor.seesAll),
    maySpeak: open(c) && side !== null && writes,
    mayAsk: open(c) && writes && c.judgeId === actor.userId,
    mayAppeal: c.state === 'appeal' && side !== null && c.appeals === 0 && writes,
    mayUndo: writes && mayUndo(c, last ? { judgeId: last.judge.id } : null, actor),
  }
}

const potentialOf = (readable: ReadonlyMap<string, { potential: string | null }>, id: string): number | null => {
  const value = readable.get(id)?.potential ?? null
  return value === null ? null : Number(value)
}

const shownEvidence = (e: StoredEvidence): EvidenceRow => ({
  n: e.n,
  at: e.at,
  kind: e.kind,
  side: e.side,
  weight: e.weight,
  source: `${LETTER[e.source] ?? 'X'}-${e.sourceId}`,
  words: e.words,
  addedBy: e.by,
})

function chainHolds(rows: readonly StoredEvidence[]): boolean {
  let before = ''
  return rows.every((row, i) => {
    const good = row.n === i + 1 && hashOf(before, row) === row.hash
    before = row.hash
    return good
  })
}

function findingsOf(c: CaseRecord, names: Awaited<ReturnType<typeof namesFor>>): Finding[] {
  const leads = leaning(c.findings)
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
  return c.findings.map((f, i) => {
    const side = sideOf(f, c.parties)
    return {
      kind: f.clause.kind,
      position: i + 1,
      verdict: f.verdict,
      side: side < 0 ? null : side,
      user: names.person(f.userId),
      territory: names.territory(f.territoryId),
      from: iso(f.from),
      until: iso(f.until),
      evidence: [...f.evidence],
      why: { code: f.why.code, values: { ...f.why.values } },
      leads: f === leads,
    }
  })
}

async function rulingsOf(tx: Tx, actor: Actor, c: CaseRecord): Promise<{ rows: Ruling[] }> {
  const found = await tx.query<{
    n: number
    judge: string
    name: string
    winner: number | null
    reason: string
    at: string
    undone: string | null
    by: string | null
    effect: StoredEffect
  }>(
    `select r.n, r.judge_id::text as judge, u.name, r.winner, r.reason, ${UTC('r.ruled_at')} as at, ${UTC('r.undone_at')} as undone, w.name as by, r.effect
       from case_ruling r join app_user u on u.tenant_id = $1 and u.id = r.judge_id left join app_user w on w.tenant_id = $1 and w.id = r.undone_by where r.tenant_id = $1 and r.case_id = $2 order by r.n desc`,
    [actor.tenantId, c.id],
  )
  const rows: Ruling[] = []
  for (const r of found.rows)
    rows.push({
      n: r.n,
      judge: { id: r.judge, name: r.name },
      winner: r.winner,
      reason: r.reason,
      ruledAt: r.at,
      undoneAt: r.undone,
      undoneBy: r.by,
      effect: await showEffect(tx, actor, r.effect, c.parties),
    })
  return { rows }
}

const LOOKED_AT = 500
const SHOWN = 5
/** Ruled cases that the reader may see, the most alike first. */
async function precedentsOf(tx: Tx, actor: Actor, c: CaseRecord): Promise<Precedent[]> {
  const found = await tx.query<{
    id: string
    number: number
    name: string
    features: Features
    findings: CaseRecord['findings']
    parties: { userId: string; territoryId: string | null }[]
    winner: number | null
    bps: number[]
    months: number | null
  }>(
    `select c.id::text, c.number, c.name, c.features, c.findings, r.winner, (select array_agg((x->>'bps')::int) from jsonb_array_elements(r.credit) x) as bps,
       case when r.until is null then null else round(extract(epoch from r.until - r.ruled_at) / 2629746)::int end as months,
       (select json_agg(json_build_object('userId', p.user_id::text, 'territoryId', p.territory_id::text) order by p.side) from case_party p where p.tenant_id = $1 and p.case_id = c.id) as parties
       from conflict_case c join lateral (select * from case_ruling x where x.tenant_id = $1 and x.case_id = c.id and x.undone_at is null order by x.n desc limit 1) r on true
      where c.tenant_id = $1 and c.state in ('appeal', 'closed') and c.id <> $2 order by c.number desc limit ${LOOKED_AT}`,
    [actor.tenantId, c.id],
  )
  return found.rows
    .map(r => ({ r, ...similarity(c.features, r.features) }))
    .filter(x => x.percent > 0)
    .sort((a, b) => b.percent - a.percent || b.r.number - a.r.number)
    .slice(0, SHOWN)
    .map(({ r, percent, shared }) => ({
      id: r.id,
      number: r.number,
      name: r.name,
      percent,
      shared: [...shared],
      winner: r.winner,
      by: r.winner === null ? null : (r.findings.find(f => f.verdict === 'applies' && sideOf(f, r.parties) === r.winner)?.clause.kind ?? null),
      loserBp: r.winner === null ? (r.bps[1] ?? 0) : 10_000 - (r.bps[r.winner] ?? 10_000),
      months: r.months,
    }))
}
