/**
 * Which customers leads come from 匹配客户: the thread of names proposes, the rows decide. A lead belongs to whoever
 * has the customer, also beyond the sender's sight; what is found here goes into the decision and never into the sender's answer.
 */
import type { Pool } from 'pg'
import { checkCreditCode } from '../../core/cleansing/credit-code.ts'
import { readPhone } from '../../core/cleansing/phone.ts'
import { compareNames } from '../../core/dedupe/compare-names.ts'
import { domainKeys, hardKeys } from '../../core/dedupe/record.ts'
import type { Known } from '../../core/intake/route.ts'
import { beyondSight } from '../access/beyond-sight.ts'
import { nameReader, soundOf } from '../dedupe/name-reader.ts'
import { findManyNames } from '../dedupe/names.ts'
import type { Tx } from '../kernel/transaction.ts'

export type Asking = {
  readonly company: string
  readonly phone: string | null
  readonly email: string | null
  readonly creditCode: string | null
  readonly division: string | null
}
type Standing = { id: string; name: string; division: string | null; owner_id: string | null; owner_here: boolean; pool_id: string | null }
type Evidence = {
  id: string
  website: string | null
  phone: string | null
  email: string | null
  credit_code: string | null
  /** Asked numbers that one of its contacts has. */
  phones: readonly string[] | null
}
type Account = Standing & Evidence
const NO_EVIDENCE = { website: null, phone: null, email: null, credit_code: null, phones: null }
/** A name of so much likeness, its places included, is the same name in another spelling. */
const SAME = 0.9
const LIMIT = 6

export async function matchAccounts(
  tx: Tx,
  bulk: Pool,
  of: { readonly tenantId: string; readonly modelId: string },
  leads: readonly Asking[],
  away: ReadonlySet<string>,
): Promise<readonly (readonly Known[])[]> {
  const proposed = await findManyNames(
    bulk,
    of.tenantId,
    leads.map(l => ({ names: [l.company], keys: [...hardKeys([l.phone], [l.email]), ...domainKeys([l.email], null)] })),
    LIMIT,
    SAME,
  )
  const numbers = leads.map(l => (l.phone === null ? null : readPhone(l.phone).value))
  const codes = leads.map(l => (l.creditCode === null ? null : checkCreditCode(l.creditCode).value))
  const stored = await byStored(tx, of.tenantId, filled(numbers), filled(codes))
  const ids = [...new Set([...proposed.flatMap(p => [...p.hits.map(h => h.accountId), ...p.keyed]), ...stored])]
  const all = ids.length === 0 ? [] : await readAccounts(tx, of, ids, filled(numbers))
  return leads.map((lead, i) => {
    const [number, code] = [numbers[i] ?? null, codes[i] ?? null]
    const mine = new Set([...proposed[i]!.hits.map(h => h.accountId), ...proposed[i]!.keyed])
    const near = all.filter(a => mine.has(a.id) || (code !== null && a.credit_code === code) || (number !== null && a.phones?.includes(number)))
    return knownOf(lead, number, code, near, away)
  })
}

/** Open leads of the same phone or mail, by key, as far as the sender may read their numbers. */
export async function findRepeats(tx: Tx, tenantId: string, keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (keys.length === 0) return new Map()
  const found = await tx.query<{ id: string; phone: string | null; email: string | null }>({
    name: 'lead-repeats',
    text: `select l.id::text, p.phone_key as phone, p.email_key as email from (
         select lead_id, phone_key, email_key from lead_private where tenant_id = $1 and phone_key = any($2::text[])
         union select lead_id, phone_key, email_key from lead_private where tenant_id = $1 and email_key = any($2::text[])) p
         join lead l on l.tenant_id = $1 and l.id = p.lead_id and l.closed_at is null order by l.id desc`,
    values: [tenantId, keys],
  })
  return new Map(found.rows.flatMap(r => filled([r.phone, r.email]).map(key => [key, r.id] as const)))
}

const filled = (values: readonly (string | null)[]): readonly string[] => values.filter((v): v is string => v !== null && v !== '')

async function byStored(tx: Tx, tenantId: string, phones: readonly string[], codes: readonly string[]): Promise<readonly string[]> {
  if (phones.length + codes.length === 0) return []
  const found = await tx.query<{ id: string }>({
    name: 'lead-stored',
    text: `select account_id::text as id from account_private where tenant_id = $1 and credit_code = any($2::text[])
     union select account_id::text from contact where tenant_id = $1 and deleted_at is null and phone = any($3::text[]) limit 1000`,
    values: [tenantId, codes, phones],
  })
  return found.rows.map(r => r.id)
}

/**
 * What may serve as evidence is read behind the sender's own fence, for else he would learn from where his leads go, guess by guess, which numbers
 * others' customers have. Only name, owner and pool are looked up beyond it; what a pool hides from him is no evidence either.
 */
async function readAccounts(
  tx: Tx,
  of: { tenantId: string; modelId: string },
  ids: readonly string[],
  phones: readonly string[],
): Promise<readonly Account[]> {
  const read = await tx.query<Evidence>({
    name: 'lead-evidence',
    text: `select a.id::text, a.website, pr.phone, pr.email, pr.credit_code,
            (select array_agg(c.phone) from contact c where c.tenant_id = $1 and c.account_id = a.id and c.deleted_at is null and c.phone = any($3::text[])) as phones
       from account a left join account_private pr on pr.tenant_id = $1 and pr.account_id = a.id where a.tenant_id = $1 and a.id = any($2::bigint[])`,
    values: [of.tenantId, ids, phones],
  })
  const evidence = new Map(read.rows.map(r => [r.id, r]))
  const found = await beyondSight(tx, () =>
    tx.query<Standing>({
      name: 'lead-accounts',
      text: `select a.id::text, a.name, a.division, p.owner_id::text, coalesce(u.state <> 'inactive', false) as owner_here, p.pool_id::text
         from account a join account_placement p on p.tenant_id = $1 and p.model_id = $2 and p.account_id = a.id left join app_user u on u.tenant_id = $1 and u.id = p.owner_id
        where a.tenant_id = $1 and a.id = any($3::bigint[]) and a.deleted_at is null and a.merged_into is null order by a.id`,
      values: [of.tenantId, of.modelId, ids],
    }),
  )
  return found.rows.flatMap(a => {
    const mine = evidence.get(a.id)
    if (mine === undefined && a.pool_id !== null) return []
    return [{ ...NO_EVIDENCE, ...mine, ...a }]
  })
}

/** The strongest evidence alone speaks: a number before a mail, a mail before its domain, a domain before a name. */
function knownOf(lead: Asking, number: string | null, code: string | null, near: readonly Account[], away: ReadonlySet<string>): readonly Known[] {
  const keys = { phone: hardKeys([lead.phone], [])[0], email: hardKeys([], [lead.email])[0], domain: domainKeys([lead.email], null)[0] }
  const name = nameReader().read(lead.company)
  const tests: readonly (readonly [Known['by'], (a: Account) => boolean])[] = [
    ['creditCode', a => code !== null && a.credit_code === code],
    [
      'phone',
      a => keys.phone !== undefined && (hardKeys([a.phone], []).includes(keys.phone) || (number !== null && (a.phones?.includes(number) ?? false))),
    ],
    ['email', a => keys.email !== undefined && hardKeys([], [a.email]).includes(keys.email)],
    ['domain', a => keys.domain !== undefined && domainKeys([a.email], a.website).includes(keys.domain)],
    ['name', a => sameCity(lead.division, a.division) && compareNames(name, nameReader().read(a.name), soundOf) === 'same'],
  ]
  for (const [by, holds] of tests) {
    const found = near.filter(holds)
    if (found.length > 0)
      return found
        .slice(0, LIMIT)
        .map(a => ({
          accountId: a.id,
          by,
          ownerId: a.owner_id,
          ownerHere: a.owner_here && !(a.owner_id !== null && away.has(a.owner_id)),
          inPool: a.pool_id !== null,
        }))
  }
  return []
}
const sameCity = (a: string | null, b: string | null): boolean => a === null || b === null || a.slice(0, 4) === b.slice(0, 4)
