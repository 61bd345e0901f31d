/**
 * The warning while typing 录入查重: which customers may be the one being typed. Names are looked up over the whole company; numbers and mails
 * only where the asker may read them, for else a warning would tell, guess by guess, what a pool hides. Of a customer out of sight it says no
 * more than the company's policy lets it.
 */
import type { z } from 'zod'
import type { checkDuplicates, DuplicateHit } from '../../contract/dedupe/duplicates.ts'
import { readPhone } from '../../core/cleansing/phone.ts'
import { compareNames } from '../../core/dedupe/compare-names.ts'
import type { Frequencies } from '../../core/dedupe/frequencies.ts'
import { type DedupeRecord, hardKeys, readRecord } from '../../core/dedupe/record.ts'
import { scorePair } from '../../core/dedupe/score.ts'
import { visibleTo } from '../access/visible-to.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Databases } from '../kernel/request.ts'
import type { Tx } from '../kernel/transaction.ts'
import { nameReader, soundOf } from './name-reader.ts'
import { findNames } from './names.ts'
import type { FoundName } from './names-worker.ts'
import { loadAliases, loadRecords } from './records.ts'
import { whereaboutsOf } from './whereabouts.ts'

type Input = z.output<NonNullable<typeof checkDuplicates.body>>
const LIMIT = 5
const HARD = new Set(['code', 'phone', 'mail'])
export const LEAST = 0.55
/** From here on a name alone is worth a warning about somebody else's customer. */
const CLEARLY = 0.85

export async function findDuplicates(tx: Tx, actor: Actor, db: Databases, input: Input): Promise<{ hits: DuplicateHit[] }> {
  const mayRead = (field: string) => actor.fieldAccess.get(field) !== 'hidden'
  const aliases = await loadAliases(tx, actor.tenantId)
  const asked = readRecord(
    {
      id: 'asked',
      names: input.names,
      creditCode: mayRead('creditCode') ? input.creditCode : null,
      phones: mayRead('phone') ? input.phones : [],
      emails: mayRead('email') ? input.emails : [],
      website: mayRead('website') ? input.website : null,
      addresses: input.address !== null && mayRead('address') ? [input.address] : [],
      division: input.division,
      industry: input.industry?.slice(0, 1) ?? null,
    },
    nameReader(),
    aliases,
  )
  const {
    hits: named,
    keyed,
    total,
  } = await findNames(db.bulk, { tenantId: actor.tenantId, names: input.names, keys: hardKeys(asked.phones, asked.emails), limit: 20, least: LEAST })
  const stored = await byStored(tx, actor, asked, input, mayRead)
  const candidates = [...new Set([...named.map(h => h.accountId), ...keyed, ...stored])].filter(id => id !== input.exceptId)
  const seenIds = new Set(
    (
      await tx.query<{ id: string }>(
        `select a.id::text from account a where a.tenant_id = $1 and a.id = any($2::bigint[]) and a.deleted_at is null and ${visibleTo(actor, 'a.id')}`,
        [actor.tenantId, candidates],
      )
    ).rows.map(r => r.id),
  )
  const records = (await loadRecords(tx, actor.tenantId, [...seenIds], aliases)).map(r => withoutHidden(r, mayRead))
  const brands = new Map(named.map(h => [h.accountId, h.brandCount]))
  const scored = records.flatMap(record => {
    const pair = scorePair(asked, record, typical(total, brands.get(record.id) ?? 2), soundOf)
    // One number or mail under two names is worth a look before it is stored again.
    const shared = pair.evidence.some(e => HARD.has(e.feature) && e.level === 'same')
    if (pair.decision === 'no' && !shared) return []
    return [
      {
        accountId: record.id,
        score: pair.score,
        decision: pair.decision === 'merge' ? ('merge' as const) : ('review' as const),
        evidence: [...pair.evidence],
      },
    ]
  })
  const hits: DuplicateHit[] = await tellSeen(tx, actor, scored)
  hits.push(
    ...(await tellUnseen(
      tx,
      actor,
      asked,
      named.filter(h => h.accountId !== input.exceptId && !seenIds.has(h.accountId)),
    )),
  )
  return { hits: hits.sort((a, b) => b.score - a.score).slice(0, LIMIT) }
}

/** Credit codes, and phones of contacts, as they are stored; the fence of private rows leaves out what this person may not read. */
async function byStored(tx: Tx, actor: Actor, asked: DedupeRecord, input: Input, mayRead: (field: string) => boolean): Promise<readonly string[]> {
  const phones = mayRead('phone') ? input.phones.flatMap(p => [p.trim(), readPhone(p).value]) : []
  const codes = asked.codes.map(c => c.value)
  if (phones.length + codes.length === 0) return []
  const found = await tx.query<{ id: string }>(
    `select account_id::text as id from account_private where tenant_id = $1 and credit_code = any($2::text[])
     union select account_id::text from contact where tenant_id = $1 and deleted_at is null and phone = any($3::text[]) limit 40`,
    [actor.tenantId, codes, phones],
  )
  return found.rows.map(r => r.id)
}

/** A field hidden by the role is no evidence either: its weight would tell what it holds. */
export function withoutHidden(r: DedupeRecord, mayRead: (field: string) => boolean): DedupeRecord {
  return {
    ...r,
    codes: mayRead('creditCode') ? r.codes : [],
    phones: mayRead('phone') ? r.phones : [],
    emails: mayRead('email') ? r.emails : [],
    domains: mayRead('email') && mayRead('website') ? r.domains : [],
    addresses: mayRead('address') ? r.addresses : [],
    divisions: mayRead('division') ? r.divisions : [],
    industries: mayRead('industry') ? r.industries : [],
  }
}

/** What one record can be weighed by without counting the whole base: the brand is counted, the rest is taken as rare as it mostly is. */
export function typical(total: number, brand: number): Frequencies {
  const n = Math.max(total, 100)
  return {
    total: n,
    brand: () => brand,
    business: () => Math.ceil(n / 30),
    phone: () => 2,
    domain: () => 2,
    email: () => 2,
    contact: () => Math.max(2, Math.ceil(n / 2000)),
    street: () => 2,
    division: () => Math.max(2, Math.ceil(n / 300)),
    code: () => 2,
  }
}

type Scored = Pick<DuplicateHit, 'score' | 'decision' | 'evidence'> & { readonly accountId: string }

async function tellSeen(tx: Tx, actor: Actor, scored: readonly Scored[]): Promise<DuplicateHit[]> {
  const told = await whereaboutsOf(
    tx,
    actor,
    scored.map(s => s.accountId),
  )
  const names = await tx.query<{ id: string; name: string }>(`select id::text, name from account where tenant_id = $1 and id = any($2::bigint[])`, [
    actor.tenantId,
    scored.map(s => s.accountId),
  ])
  const nameOf = new Map(names.rows.map(r => [r.id, r.name]))
  return scored.map(s => ({
    ...s,
    name: nameOf.get(s.accountId) ?? null,
    where: {
      kind: 'seen' as const,
      ownerName: told.get(s.accountId)?.owner ?? null,
      territory: told.get(s.accountId)?.territory ?? null,
      protectedUntil: told.get(s.accountId)?.protectedUntil ?? null,
    },
  }))
}

async function tellUnseen(tx: Tx, actor: Actor, asked: DedupeRecord, named: readonly FoundName[]): Promise<DuplicateHit[]> {
  const hints = await loadHints(tx, actor.tenantId)
  if (hints === 'none') return []
  const clear = named.filter(h => clearlyNamed(asked, h))
  const told = await whereaboutsOf(
    tx,
    actor,
    clear.map(h => h.accountId),
  )
  return clear.flatMap(h => {
    const there = told.get(h.accountId)
    // A pool hides the name until it is claimed: a warning would tell it, guess by guess.
    if (!there || there.hidden) return []
    const kind = there.inPool ? ('pool' as const) : there.owner === null ? ('unowned' as const) : ('owned' as const)
    const open = hints === 'owner'
    return [
      {
        accountId: null,
        // The asker knows what was typed; how the other one is spelt is not told.
        name: null,
        score: h.score,
        decision: 'review' as const,
        evidence: [],
        where: {
          kind: open ? kind : ('hidden' as const),
          ownerName: open ? there.owner : null,
          territory: open ? there.territory : null,
          protectedUntil: null,
        },
      },
    ]
  })
}
const SAME_NAME = new Set(['same', 'typo', 'alias', 'sound'])
export const clearlyNamed = (asked: DedupeRecord, hit: FoundName): boolean =>
  hit.score >= CLEARLY && asked.names.some(n => SAME_NAME.has(compareNames(n, nameReader().read(hit.name), soundOf)))

/** How much a warning may tell of customers out of sight. */
export async function loadHints(tx: Tx, tenantId: string): Promise<'none' | 'exists' | 'owner'> {
  const policy = await tx.query<{ hints: 'none' | 'exists' | 'owner' }>('select hints from duplicate_policy where tenant_id = $1', [tenantId])
  return policy.rows[0]?.hints ?? 'owner'
}
