/** A company with a public pool over its Suzhou and Jiangsu, for tests that speak to it as people do. */
import { DEFAULT_COMPANY_RULES } from '../../src/core/pool/company.ts'
import { DEFAULT_MASKS, DEFAULT_RULES, EVERYONE_MEMBERS } from '../../src/core/pool/pool.ts'
import { runNextJob } from '../../src/server/kernel/jobs.ts'
import { type Company, makeCompany } from '../support/company.ts'

export const POOL = {
  name: '总池',
  position: 1,
  open: true,
  deadEnd: false,
  condition: { all: [] },
  territoryId: null,
  admins: [],
  members: EVERYONE_MEMBERS,
  masks: DEFAULT_MASKS,
  steps: [],
  rules: { ...DEFAULT_RULES, perDay: 100, coolDays: 14, coolTeamDays: 0, group: 'free' },
}
export const TERMS = {
  triggers: [{ kind: 'followUp', days: 30 }],
  all: false,
  workingDays: false,
  guards: ['openDeal', 'pendingApproval', 'contract', 'lock'],
  warnDays: [7, 3],
  escalateDays: null,
}
export const POLICY = { id: null, name: '30 天未跟进', enabled: true, condition: { all: [] }, terms: TERMS, toPoolId: null }
export const RULES = DEFAULT_COMPANY_RULES

export async function makePoolCompany(size: { accounts?: number; people?: number; seed?: number } = {}) {
  const company = await makeCompany(size)
  return withPool(company)
}
export function withPool(company: Company) {
  const settle = async () => {
    while (await runNextJob(company.db.bulk));
    const failed = await company.rows(`select kind, note from job_run where state = 'failed'`)
    if (failed.length > 0) throw new Error(JSON.stringify(failed))
  }
  const must = async (answer: Promise<{ status: number; body: unknown; text: string }>) => {
    const got = await answer
    if (got.status !== 200) throw new Error(`${got.status} ${got.text}`)
    return got.body as never
  }
  return {
    ...company,
    settle,
    must,
    makePool: async (change: object = {}): Promise<string> => {
      const made = await must(company.send('ops', 'POST', '/api/pools', { ...POOL, ...change }))
      await settle()
      return (made as { id: string }).id
    },
    changePool: async (id: string, change: object) => {
      const { v } = await company.one<{ v: number }>('select row_version as v from pool where id = $1', [id])
      await must(company.send('ops', 'PATCH', `/api/pools/${id}`, change, { 'if-match': String(v) }))
      await settle()
    },
    savePolicies: async (policies: object[], grace = 0) => {
      const version = async () => (await company.rows<{ v: number }>('select row_version as v from pool_setting'))[0]?.v ?? 0
      await must(company.send('ops', 'PUT', '/api/pool-policies', { policies }, { 'if-match': String(await version()) }))
      if (grace === 0) {
        await company.db.owner.query('update pool_policy set grace_until = null')
        await company.db.owner.query('update pool_setting set stamp = stamp + 1')
      }
      await settle()
    },
    saveRules: async (change: object) => {
      const v = (await company.rows<{ v: number }>('select row_version as v from pool_setting'))[0]?.v ?? 0
      await must(company.send('ops', 'PUT', '/api/pool-settings', { ...RULES, ...change }, { 'if-match': String(v) }))
      await settle()
    },
    model: async () =>
      (
        await company.one<{ id: string }>(
          'select model_id::text as id from activation where cancelled_at is null order by effective_at desc, seq desc limit 1',
        )
      ).id,
    /** What stands in a pool, past every fence. */
    entries: (poolId: string) =>
      company.rows<{ id: string; name: string; phone: string | null }>(
        `select e.account_id::text as id, e.name, e.phone from pool_entry e where e.pool_id = $1 and e.model_id = (select model_id from activation order by effective_at desc, seq desc limit 1) order by e.account_id`,
        [poolId],
      ),
    give: (login: string, id: string, reason = 'noBudget') =>
      company.send(login, 'POST', `/api/accounts/${id}/return`, { reason, remark: null, poolId: null }),
  }
}
export type PoolCompany = ReturnType<typeof withPool>
