/** A demo company in which the rep holds something of every kind that a handover knows. */
import { runNextJob } from '../../src/server/kernel/jobs.ts'
import { makeCompany } from '../support/company.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever came back and compares it
type Anything = any

export async function makeHandoverCompany(size: { accounts?: number; people?: number; seed?: number } = {}) {
  const company = await makeCompany(size)
  const must = async (
    login: string,
    method: 'GET' | 'POST' | 'PATCH' | 'PUT',
    url: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Anything> => {
    const got = await company.send(login, method, url, body, headers)
    if (got.status !== 200) throw new Error(`${method} ${url}: ${got.status} ${got.text}`)
    return got.body
  }
  const settle = async () => {
    while (await runNextJob(company.db.bulk));
    const failed = await company.rows(`select kind, note from job_run where state = 'failed'`)
    if (failed.length > 0) throw new Error(JSON.stringify(failed))
  }
  await settle()
  const model = (
    await company.one<{ id: string }>('select model_id::text as id from activation where cancelled_at is null order by seq desc limit 1')
  ).id
  const draft = (login: string, kind: string, fromId: string, change: object = {}): Promise<{ id: string }> =>
    must(login, 'POST', '/api/handovers', { kind, fromId, ...change })
  const kinds = [
    'account',
    'opportunity',
    'task',
    'approval',
    'request',
    'protection',
    'case',
    'lead',
    'share',
    'membership',
    'department',
    'team',
    'draft',
    'view',
    'substitute',
  ]
  const ids = {
    rep: await company.idOf('rep'),
    manager: await company.idOf('manager'),
    ops: await company.idOf('ops'),
    admin: await company.idOf('admin'),
  }
  return {
    ...company,
    must,
    settle,
    model,
    ids,
    kinds,
    draft,
    rule: (heirId: string, change: object = {}) => ({ kinds, when: [], rest: { to: 'person', userId: heirId }, heirId, ...change }),
    lentRule: (heirId: string) => ({
      kinds: ['account', 'opportunity', 'task', 'approval'],
      when: [],
      rest: { to: 'person', userId: heirId },
      heirId,
    }),
    /** Two active people below the manager, other than the rep. */
    others: () =>
      company.rows<{ id: string; login: string }>(
        `select distinct u.id::text, u.login, u.id from app_user u join territory_member m on m.user_id = u.id and m.ends_at is null join territory t on t.id = m.territory_id and t.model_id = $1
          where u.state = 'active' and m.member_role = 'owner' and u.login <> 'rep' and t.parent_id in (select parent_id from territory x join territory_member y on y.territory_id = x.id where y.user_id = $2 and x.model_id = $1) order by u.id limit 2`,
        [model, ids.rep],
      ),
    owner: async (id: string) =>
      (
        await company.one<{ owner: string | null }>('select owner_id::text as owner from account_placement where model_id = $1 and account_id = $2', [
          model,
          id,
        ])
      ).owner,
    detail: (login: string, id: string) => must(login, 'GET', `/api/handovers/${id}`),
    items: async (login: string, id: string, kind = 'account', more = '') =>
      (await must(login, 'GET', `/api/handovers/${id}/items?kind=${kind}&limit=200${more}`)).rows as Anything[],
    run: async (login: string, id: string) => {
      await must(login, 'POST', `/api/handovers/${id}/start`)
      await settle()
    },
    back: async (login: string, id: string) => {
      await must(login, 'POST', `/api/handovers/${id}/return`)
      await settle()
    },
    /** One of every kind for a person, past every fence. */
    burden: async (userId: string) => {
      const accounts = (
        await company.rows<{ id: string }>(
          'select account_id::text as id from account_placement where model_id = $1 and owner_id = $2 order by 1 limit 2',
          [model, userId],
        )
      ).map(r => r.id)
      const [first, second] = accounts as [string, string]
      const q = (sql: string, values: unknown[] = []) => company.db.owner.query(sql, values)
      await q(
        `insert into opportunity (tenant_id, account_id, name, stage, amount, owner_id, created_at, updated_at) values (1, $1, '续约', 'open', 4200, $2, now() - interval '9 days', now() - interval '9 days'), (1, $1, '老单', 'won', 99, $2, now(), now())`,
        [first, userId],
      )
      await q(
        `insert into task (tenant_id, account_id, assignee_id, text, created_by, created_at, done_at) values (1, $1, $2, '回访', $2, now(), null), (1, $1, $2, '已办', $2, now(), now())`,
        [first, userId],
      )
      await q(
        `insert into approval_request (tenant_id, kind, record_kind, record_id, account_id, asked_by, approver_id, payload, created_at) values (1, 'account.share', 'account', $1, $1, $3, $2, '{"access":"edit"}', now()), (1, 'account.extension', 'account', $1, $1, $2, $4, '{"days":7}', now())`,
        [second, userId, ids.ops, ids.admin],
      )
      await q(
        `insert into pool_protection (tenant_id, account_id, kind, owner_id, starts_at, until, created_by) values (1, $1, 'lock', $2, now(), null, $2)`,
        [first, userId],
      )
      await q(
        `insert into account_share (tenant_id, account_id, user_id, access, created_by, created_at) select 1, account_id, $1, 'edit', $2, now() from account_placement where model_id = $3 and owner_id is distinct from $1 order by account_id limit 1`,
        [userId, ids.ops, model],
      )
      await q(`insert into department (tenant_id, name, leader_id) values (1, '新部门', $1)`, [userId])
      await q(
        `with t as (insert into team (tenant_id, name) values (1, '大客户组') returning id) insert into team_member (tenant_id, team_id, user_id) select 1, id, $1 from t`,
        [userId],
      )
      await q(`insert into saved_view (tenant_id, user_id, object, name, shared, definition) values (1, $1, 'account', '我的重点', true, '{}')`, [
        userId,
      ])
      const { login } = await company.one<{ login: string }>('select login from app_user where id = $1', [userId])
      await must(login, 'POST', '/api/leads', { leads: [{ company: '他的线索', mine: true }] })
      const claimant = await company.one<{ id: string }>(
        `select id::text from app_user where login like 'rep0%' and state = 'active' and id <> $1 order by id limit 1`,
        [userId],
      )
      await must('ops', 'POST', `/api/accounts/${second}/cases`, { why: 'manual', claimantId: claimant.id })
      const made = await must('ops', 'POST', '/api/models', { name: '他的草稿' })
      await q('update change_set set created_by = $1 where model_id = $2', [userId, made.id])
      return { first, second }
    },
  }
}
export type HandoverCompany = Awaited<ReturnType<typeof makeHandoverCompany>>
