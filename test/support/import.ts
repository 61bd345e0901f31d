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
