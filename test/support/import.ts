/** Imports as a test speaks to them: a text or a file in, mapped as it was guessed, checked, written; what came of it out. */
import { createReadStream } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { type ImportMapping, mapping as mappingShape } from '../../src/contract/import/imports.ts'
import type { ImportObjectKey } from '../../src/contract/import/objects.ts'
import type { Condition } from '../../src/core/condition/condition.ts'
import { activate, startRun } from '../../src/server/assignment/activate.ts'
import { registerJobs } from '../../src/server/compose.ts'
import type { Encoding } from '../../src/server/files/detect-text.ts'
import { actorOfUser } from '../../src/server/identity/load-actor.ts'
import { addUser, bearTenant } from '../../src/server/identity/tenant.ts'
import { readImport, setMapping, startUndo, startWriting, upload } from '../../src/server/import/jobs-of-import.ts'
import { findKept, findRejects } from '../../src/server/import/rejects.ts'
import type { Actor } from '../../src/server/kernel/actor.ts'
import type { Database } from '../../src/server/kernel/databases.ts'
import { runNextJob } from '../../src/server/kernel/jobs.ts'
import { actAs, inBulk, inTenant, type Tx } from '../../src/server/kernel/transaction.ts'
import { seedReference } from '../../src/server/reference/seed-reference.ts'
import { loadModel } from '../../src/server/territory/load-model.ts'
import { addMember } from '../../src/server/territory/members.ts'
import { makeDraft } from '../../src/server/territory/models.ts'
import { addTerritory } from '../../src/server/territory/territories.ts'
import { createTestDatabase } from './database.ts'

export type Change = Partial<Omit<ImportMapping, 'columns' | 'model'>> & {
  readonly fields?: Readonly<Record<string, string | null>>
  readonly model?: { id?: string; name?: string }
}

export async function makeImporter(db: Database) {
  const login = new Map(
    (await db.owner.query<{ login: string; id: string }>(`select login, id::text from app_user where tenant_id = 1`)).rows.map(r => [r.login, r.id]),
  )
  const as = <T>(who: string, work: (tx: Tx, actor: Actor, now: string) => Promise<T>): Promise<T> =>
    inTenant(db.app, '1', async tx => {
      const actor = await actorOfUser(tx, '1', login.get(who) ?? who)
      if (!actor) throw new Error(`${who} is not active`)
      await actAs(tx, actor)
      return work(tx, actor, new Date().toISOString())
    })
  const work = async () => {
    while (await runNextJob(db.bulk));
    const failed = await db.owner.query<{ message: string }>(`select note->>'message' as message from job_run where state = 'failed'`)
    if (failed.rows[0]) throw new Error(failed.rows[0].message)
  }
  const read = (id: string, who = 'ops') => as(who, (tx, actor) => readImport(tx, actor, id))
  const bring = (given: string | Buffer | { file: string }, object: ImportObjectKey = 'account', who = 'ops', encoding?: Encoding) =>
    as(who, (tx, actor, now) =>
      upload(
        tx,
        actor,
        now,
        {
          fieldName: 'file',
          fileName: typeof given === 'object' && 'file' in given ? path.basename(given.file) : 'list.csv',
          stream: typeof given === 'object' && 'file' in given ? createReadStream(given.file) : Readable.from([Buffer.from(given as string)]),
        },
        object,
        encoding,
      ),
    )
  const map = async (id: string, change: Change = {}, who = 'ops') => {
    const job = await read(id, who)
    const { fields, ...rest } = change
    const columns = job.guess.map(g => {
      const header = job.headers[g.column]!
      return { column: g.column, field: fields && Object.hasOwn(fields, header) ? fields[header]! : g.confidence >= 0.5 ? g.field : null }
    })
    const mapped = new Set(columns.map(c => c.field))
    const match =
      mapped.has('externalKey') || mapped.has('accountKey')
        ? 'externalKey'
        : (job.matches.find(m => m !== 'externalKey' && m !== 'creditCode') ?? 'none')
    await as(who, (tx, actor, now) => setMapping(tx, actor, now, id, mappingShape.parse({ columns, match, source: 'test', ...rest })))
  }
  const check = async (id: string, change: Change = {}, who = 'ops') => {
    await map(id, change, who)
    await work()
    return read(id, who)
  }
  const run = async (id: string, who = 'ops') => {
    await as(who, (tx, actor, now) => startWriting(tx, actor, now, id))
    await work()
    return read(id, who)
  }
  const whole = async (given: Parameters<typeof bring>[0], object: ImportObjectKey = 'account', change: Change = {}, who = 'ops') => {
    const id = await bring(given, object, who)
    const checked = await check(id, change, who)
    return checked.state === 'staged' && (checked.stats.good ?? 0) > 0 ? run(id, who) : checked
  }
  const undo = async (id: string, who = 'ops') => {
    await as(who, (tx, actor, now) => startUndo(tx, actor, now, id))
    await work()
    return read(id, who)
  }
  const rejects = (id: string, who = 'ops') => as(who, async (tx, actor) => (await findRejects(tx, actor, id, undefined, 100)).rows)
  const kept = (id: string, who = 'ops') => as(who, async (tx, actor) => (await findKept(tx, actor, id, undefined)).rows)
  const rows = async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> => (await db.owner.query(sql, values)).rows as T[]
  return { as, work, read, bring, map, check, run, whole, undo, rejects, kept, rows }
}

const PEOPLE = [
  ['ops', '顾衡', 'operations'],
  ['admin', '管理员甲', 'administrator'],
  ['manager', '区域经理乙', 'manager'],
  ['rep', '代表丙', 'rep'],
  ['twin1', '同名人', 'rep'],
  ['twin2', '同名人', 'rep'],
] as const

/** A small company with a tree of territories in use: 华东 above 苏州, 杭州, 上海 and 精密制造; made through the product's own functions. */
export async function makeSmallCompany(db: Database): Promise<void> {
  await seedReference(db.owner)
  await inBulk(db.bulk, async tx => {
    const born = await bearTenant(tx, { name: '示例公司', currency: 'CNY', zone: 'Asia/Shanghai', fiscalStartMonth: 1, locale: 'zh-CN', demo: false })
    for (const [login, name, role] of PEOPLE) await addUser(tx, born.tenantId, { login, name, roleIds: [born.roleIds.get(role)!], passwordHash: 'x' })
  })
  const { as, work } = await makeImporter(db)
  const at = async (tx: Tx) =>
    (await tx.query<{ at: string }>('select to_char(clock_timestamp() at time zone \'UTC\', \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\') as at')).rows[0]!.at
  const draft = await as('ops', async (tx, actor) => {
    const now = await at(tx)
    const id = await makeDraft(tx, actor, now, '版图')
    const { types } = await loadModel(tx, '1', id)
    const type = (key: string) => types.find(t => t.key === key)!.id
    const add = (code: string, name: string, parentId: string | null, condition?: Condition, key = 'geography') =>
      addTerritory(tx, actor, now, id, { parentId, typeId: type(key), code, name, inherit: true, priority: 0, condition })
    const east = await add('E', '华东', null)
    const where = (code: string): Condition => ({ field: 'division', op: 'in', values: [code] })
    const suzhou = await add('E-SZ', '苏州', east, where('320500'))
    await add('E-HZ', '杭州', east, where('330100'))
    await add('E-SH', '上海', east, where('310000'))
    await add(
      'E-PM',
      '精密制造',
      east,
      { all: [where('320000'), { field: 'industry', op: 'in', values: ['C34', 'C35'] }, { field: 'size', op: 'between', min: 100 }] },
      'industry',
    )
    await add('O-1', '叠加', null, { field: 'tier', op: 'in', values: ['A'] }, 'overlay')
    const person = (login: string) =>
      tx.query<{ id: string }>('select id::text from app_user where tenant_id = 1 and login = $1', [login]).then(r => r.rows[0]!.id)
    await addMember(tx, actor, now, id, suzhou, { userId: await person('rep'), role: 'owner', access: 'edit', creditBp: 0 })
    await addMember(tx, actor, now, id, east, { userId: await person('manager'), role: 'manager', access: 'edit', creditBp: 0 })
    return id
  })
  await as('ops', (tx, actor, now) => startRun(tx, actor, now, draft))
  await work()
  await as('ops', async (tx, actor) => activate(tx, actor, await at(tx), draft, {}))
  await work()
}

export async function makeImportWorld() {
  const db = await createTestDatabase()
  registerJobs(db.bulk)
  await makeSmallCompany(db)
  return { db, ...(await makeImporter(db)) }
}

/** What an import may touch, as people see it: without the bin, versions and trails. */
const WORLD = [
  [
    'account',
    'select tenant_id, id, name, name_en, short_name, parent_id, tier, industry, division, lng, lat, size, revenue, potential, source, status, website, custom, placed from account where deleted_at is null order by id',
  ],
  ['account_private', 'select p.* from account_private p join account a on a.id = p.account_id where a.deleted_at is null order by p.account_id'],
  [
    'account_address',
    'select d.account_id, d.kind, d.text, d.division, d.lng, d.lat, d.verified_at, d.row_version from account_address d join account a on a.id = d.account_id where a.deleted_at is null order by d.account_id, d.id',
  ],
  ['account_key', 'select * from account_key order by source, external_key'],
  [
    'account_field',
    'select f.* from account_field f join account a on a.id = f.account_id where a.deleted_at is null order by f.account_id, f.field_id',
  ],
  ['account_search', 'select s.* from account_search s join account a on a.id = s.account_id where a.deleted_at is null order by s.account_id'],
  [
    'contact',
    'select c.id, c.account_id, c.name, c.title, c.phone, c.email, c.left_at, c.note from contact c join account a on a.id = c.account_id where a.deleted_at is null and c.deleted_at is null order by c.id',
  ],
  [
    'ownership_act',
    'select o.account_id, o.kind, o.owner_id from ownership_act o join account a on a.id = o.account_id where a.deleted_at is null and o.cancelled_at is null order by o.id',
  ],
  [
    'account_placement',
    'select p.model_id, p.account_id, p.owner_id, p.territory_id, p.tokens, p.private_tokens, p.edit_tokens, p.source, p.contested, p.undecidable from account_placement p join account a on a.id = p.account_id where a.deleted_at is null order by p.model_id, p.account_id',
  ],
  ['app_user', 'select id, login, name, name_en, title, department_id, state from app_user order by id'],
  ['login', 'select name, user_id from login order by name'],
  ['user_role', 'select * from user_role order by user_id, role_id'],
  ['department', 'select * from department order by id'],
  ['territory_model', 'select id, name, state from territory_model order by id'],
  ['territory', 'select model_id, id, parent_id, type_id, code, name, colour, rule_version, removed from territory order by model_id, id'],
  [
    'territory_member',
    'select id, territory_id, user_id, member_role, access, credit_bp, starts_at, ends_at, model_id from territory_member order by id',
  ],
] as const

export async function worldOf(rows: <T extends object>(sql: string) => Promise<T[]>): Promise<Record<string, unknown[]>> {
  const world: Record<string, unknown[]> = {}
  for (const [table, sql] of WORLD) world[table] = await rows(sql)
  return world
}
