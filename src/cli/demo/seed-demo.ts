/** Makes the demo company: people, customers, territories, history. Seeded: the same seed makes the same company, dated from today. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Random, seededRandom } from '../../core/kernel/random.ts'
import { activate, recolour } from '../../server/assignment/activate.ts'
import { correct } from '../../server/assignment/correct.ts'
import { materialise, replace } from '../../server/assignment/run-model.ts'
import { addField } from '../../server/builder/change-catalogue.ts'
import { DEMO_LOGINS, DEMO_PASSWORD } from '../../server/identity/demo-logins.ts'
import { actorOfUser } from '../../server/identity/load-actor.ts'
import { hashPassword } from '../../server/identity/password.ts'
import { bearTenant } from '../../server/identity/tenant.ts'
import type { Actor } from '../../server/kernel/actor.ts'
import type { Database } from '../../server/kernel/databases.ts'
import { inBulk, type Tx } from '../../server/kernel/transaction.ts'
import { type LoadedModel, loadModel } from '../../server/territory/load-model.ts'
import { makeDraft } from '../../server/territory/models.ts'
import { addTerritory } from '../../server/territory/territories.ts'
import { makeAccounts } from './make-accounts.ts'
import { type DemoTerritory, makeTerritories } from './make-territories.ts'
import { CORRECTIONS, GIVEN, SURNAMES } from './words.ts'
import { writeAccounts } from './write-accounts.ts'
import { writeCases } from './write-cases.ts'
import { writeHandovers } from './write-handovers.ts'
import { writeDemoLeads } from './write-leads.ts'
import { writeLife } from './write-life.ts'
import { writePools } from './write-pools.ts'

export type DemoSettings = {
  readonly accounts: number
  readonly people: number
  readonly seed: number
  readonly say: (words: string) => void
  /** False: customers alone, without notes, tasks, deals and history. */
  readonly life?: boolean
}
type Person = { readonly id: string; readonly login: string; readonly region: string }

const CENTRES = path.resolve(import.meta.dirname, '..', '..', '..', 'dist', 'geography', 'centres.json')

export async function seedDemo(db: Database, settings: DemoSettings): Promise<{ accounts: number; people: number; territories: number }> {
  const random = seededRandom(settings.seed)
  const territories = makeTerritories()
  const { tenantId, birthModelId, opsId, people } = await inBulk(db.bulk, tx => makePeople(tx, settings, random, territories))
  settings.say(`${people.length} people in ${REGION_NAMES.size} departments`)
  const asOps = async <T>(work: (tx: Tx, actor: Actor, now: string) => Promise<T>): Promise<T> =>
    inBulk(db.bulk, async tx => {
      await tx.query("select app_set('app.tenant', $1)", [tenantId])
      const actor = await actorOfUser(tx, tenantId, opsId)
      return work(tx, actor!, new Date().toISOString())
    })
  const fieldId = await asOps((tx, actor, now) =>
    addField(tx, actor, now, {
      type: 'option',
      labels: { 'zh-CN': '采购方式', 'zh-TW': '採購方式', en: 'Purchasing' },
      options: [
        { 'zh-CN': '招标', 'zh-TW': '招標', en: 'Tender' },
        { 'zh-CN': '年度框架', 'zh-TW': '年度框架', en: 'Yearly frame' },
        { 'zh-CN': '零星采购', 'zh-TW': '零星採購', en: 'Spot' },
      ],
      personal: false,
    }),
  )
  const centres = existsSync(CENTRES) ? (JSON.parse(readFileSync(CENTRES, 'utf8')) as Record<string, [number, number]>) : {}
  const accounts = makeAccounts(settings.accounts, random, centres)
  await writeAccounts(db.bulk, { tenantId, userIds: people.map(p => p.id), fieldId, random, accounts })
  settings.say(`${accounts.length} customers`)
  const modelId = await asOps((tx, actor, now) => writeModel(tx, actor, now, territories, people, random))
  await asOps((tx, actor) => recolour(tx, actor, modelId))
  const run = await materialise(db.bulk, tenantId, modelId, async () => undefined)
  // The model the company was born with stays live: going back to it must show every customer, unassigned.
  await replace(db.bulk, tenantId, [birthModelId], 'true', async () => undefined)
  await asOps((tx, actor, now) => activate(tx, actor, now, modelId, { why: 'demo' }))
  settings.say(`${territories.length} territories; ${run.accounts} customers placed in ${run.milliseconds} ms, ${run.unassigned} without territory`)
  await db.owner.query('analyze')
  if (settings.life === false) return { accounts: accounts.length, people: people.length, territories: territories.length }
  const life = await writeLife(db.bulk, { tenantId, modelId, birthModelId, opsId, random })
  settings.say(`${life.notes} notes, ${life.tasks} tasks, ${life.deals} deals, ${life.moves} changes of hands`)
  if (accounts.length >= 5_000) {
    await correctSome(db, asOps, tenantId, modelId)
  }
  // For load tests a million customers need no clocks.
  if (accounts.length >= 5_000 && accounts.length <= 100_000) {
    const pools = await writePools(db, { tenantId, modelId, birthModelId, opsId, random })
    settings.say(`${pools.pooled} customers in the public pools, ${pools.clocks} clocks`)
    const handed = await writeHandovers(db, tenantId, modelId, asOps)
    settings.say(`${handed.moved} records handed over by a leaver`)
    const cases = await writeCases(db, { tenantId, modelId, opsId, random })
    settings.say(`${cases.closed} cases ruled, ${cases.open} waiting`)
    settings.say(`${await writeDemoLeads(db, { tenantId, modelId, opsId, random })} leads`)
  }
  await db.owner.query('analyze')
  return { accounts: accounts.length, people: people.length, territories: territories.length }
}

type AsOps = <T>(work: (tx: Tx, actor: Actor, now: string) => Promise<T>) => Promise<T>

/** Of a few customers it was learnt late whose they had been: one sees what was believed beside what is known today. */
async function correctSome(db: Database, asOps: AsOps, tenantId: string, modelId: string): Promise<void> {
  const found = await db.owner.query<{ id: string; territory: string; mate: string }>(
    `select * from (
       select p.account_id::text as id, p.territory_id::text as territory,
              (select m.user_id::text from territory_member m where m.tenant_id = p.tenant_id and m.territory_id = p.territory_id and m.user_id <> p.owner_id and m.member_role <> 'viewer' order by m.user_id limit 1) as mate
         from account_placement p where p.tenant_id = $1 and p.model_id = $2 and p.valid_from < now() - interval '150 days' order by p.account_id % 997, p.account_id limit 60) s
      where mate is not null limit 6`,
    [tenantId, modelId],
  )
  for (const [i, { id, territory, mate }] of found.rows.entries()) {
    const day = (back: number) => new Date(Date.now() - back * 86_400_000).toISOString()
    await asOps((tx, actor) =>
      correct(tx, actor, id, {
        from: day(120 - i * 9),
        to: day(95 - i * 9),
        ownerId: mate,
        territoryId: territory,
        reason: CORRECTIONS[i % CORRECTIONS.length]!,
      }),
    )
  }
}

const REGION_NAMES: ReadonlyMap<string, string> = new Map([
  ['E', '华东大区'],
  ['S', '华南大区'],
  ['N', '华北大区'],
  ['M', '华中大区'],
  ['W', '西南大区'],
  ['D', '东北大区'],
  ['X', '西北大区'],
  ['I', '行业部'],
  ['K', '大客户部'],
  ['O', '解决方案部'],
])

async function makePeople(
  tx: Tx,
  settings: DemoSettings,
  random: Random,
  territories: readonly DemoTerritory[],
): Promise<{ tenantId: string; birthModelId: string; opsId: string; people: readonly Person[] }> {
  const {
    tenantId,
    roleIds,
    modelId: birthModelId,
  } = await bearTenant(tx, { name: '衡岳工业(演示)', currency: 'CNY', zone: 'Asia/Shanghai', fiscalStartMonth: 1, locale: 'zh-CN', demo: true })
  const hash = await hashPassword(DEMO_PASSWORD)
  const departments = new Map<string, string>()
  const add = async (name: string, parent: string | null) =>
    (
      await tx.query<{ id: string }>('insert into department (tenant_id, name, parent_id) values ($1, $2, $3) returning id::text', [
        tenantId,
        name,
        parent,
      ])
    ).rows[0]!.id
  const head = await add('总部', null)
  const sales = await add('销售中心', head)
  for (const [region, name] of REGION_NAMES) departments.set(region, await add(name, sales))

  const rows: { login: string; name: string; title: string; department: string; role: string; region: string }[] = []
  const taken = new Set<string>(DEMO_LOGINS.map(d => d.name))
  const newName = (): string => {
    for (;;) {
      const name = SURNAMES[random.int(SURNAMES.length)]! + GIVEN[random.int(GIVEN.length)]!
      if (!taken.has(name)) {
        taken.add(name)
        return name
      }
    }
  }
  const [ops, manager, rep, hq, admin] = DEMO_LOGINS
  rows.push(
    { ...ops, department: head, role: 'operations', region: '' },
    { ...manager, department: departments.get('E')!, role: 'manager', region: 'E' },
  )
  rows.push(
    { ...rep, department: departments.get('E')!, role: 'rep', region: 'E' },
    { ...hq, department: head, role: 'leadership', region: '' },
    { ...admin, department: head, role: 'administrator', region: '' },
  )
  for (const [region, name] of REGION_NAMES)
    if (region !== 'E')
      rows.push({
        login: `director.${region.toLowerCase()}`,
        name: newName(),
        title: `${name}总监`,
        department: departments.get(region)!,
        role: 'manager',
        region,
      })
  // People stand where the territories are.
  const places = territories.filter(t => t.staff.startsWith('lead')).map(t => t.region)
  while (rows.length < settings.people) {
    const region = places[(rows.length * 7) % places.length]!
    rows.push({
      login: `rep${String(rows.length).padStart(4, '0')}`,
      name: newName2(newName, taken, rows.length),
      title: '销售代表',
      department: departments.get(region)!,
      role: 'rep',
      region,
    })
  }
  const made = await tx.query<{ id: string; login: string }>(
    `insert into app_user (tenant_id, login, name, title, department_id, state) select $1, login, name, title, department, 'active' from unnest($2::text[], $3::text[], $4::text[], $5::bigint[]) as p(login, name, title, department) returning id::text, login`,
    [tenantId, rows.map(r => r.login), rows.map(r => r.name), rows.map(r => r.title), rows.map(r => r.department)],
  )
  const ids = new Map(made.rows.map(r => [r.login, r.id]))
  await tx.query(
    'insert into login (name, tenant_id, user_id, password_hash) select login, $1, id, $4 from unnest($2::text[], $3::bigint[]) as l(login, id)',
    [tenantId, [...ids.keys()], [...ids.values()], hash],
  )
  await tx.query('insert into user_role (tenant_id, user_id, role_id) select $1, id, role from unnest($2::bigint[], $3::bigint[]) as r(id, role)', [
    tenantId,
    rows.map(r => ids.get(r.login)!),
    rows.map(r => roleIds.get(r.role)!),
  ])
  for (const [region] of REGION_NAMES) {
    const leader = region === 'E' ? ids.get('manager')! : ids.get(`director.${region.toLowerCase()}`)!
    await tx.query('update department set leader_id = $3 where tenant_id = $1 and id = $2', [tenantId, departments.get(region), leader])
  }
  return { tenantId, birthModelId, opsId: ids.get('ops')!, people: rows.map(r => ({ id: ids.get(r.login)!, login: r.login, region: r.region })) }
}

/** Names run out in large companies; then a number tells namesakes apart. */
const newName2 = (draw: () => string, taken: ReadonlySet<string>, n: number): string =>
  taken.size < 3500 ? draw() : `${SURNAMES[n % SURNAMES.length]}${GIVEN[n % GIVEN.length]}${n}`

async function writeModel(
  tx: Tx,
  actor: Actor,
  now: string,
  territories: readonly DemoTerritory[],
  people: readonly Person[],
  random: Random,
): Promise<string> {
  const modelId = await makeDraft(tx, actor, now, '2026 版图')
  const loaded = await loadModel(tx, actor.tenantId, modelId)
  const known: LoadedModel = { ...loaded, territories: [] }
  const ids = new Map<string, string>()
  const reps = new Map<string, Person[]>()
  for (const p of people) if (/^rep\d/.test(p.login) && p.region) reps.set(p.region, [...(reps.get(p.region) ?? []), p])
  const next = (region: string): Person | undefined => {
    const list = reps.get(region)
    const person = list?.shift()
    if (person && list!.length === 0)
      reps.set(
        region,
        people.filter(p => /^rep\d/.test(p.login) && p.region === region),
      )
    return person
  }
  for (const t of territories) {
    const typeId = loaded.types.find(type => type.key === t.type)!.id
    const id = await addTerritory(
      tx,
      actor,
      now,
      modelId,
      {
        parentId: t.parent === null ? null : ids.get(t.parent)!,
        typeId,
        code: t.code,
        name: t.name,
        nameEn: t.nameEn,
        inherit: true,
        priority: 0,
        ...(t.condition ? { condition: t.condition } : {}),
      },
      known,
    )
    ids.set(t.code, id)
    ;(known.territories as unknown as object[]).push({
      id,
      parentId: t.parent === null ? null : ids.get(t.parent)!,
      typeId,
      code: t.code,
      name: t.name,
      colour: known.territories.length % 8,
      inherit: true,
      priority: 0,
      condition: t.condition,
      ruleVersion: null,
    })
    const staff: { person: Person | undefined; role: string; access: string }[] = []
    const director = people.find(p => p.login === (t.region === 'E' ? 'manager' : `director.${t.region.toLowerCase()}`))
    if (t.staff === 'manager') staff.push({ person: director, role: 'manager', access: 'edit' })
    if (t.staff.startsWith('lead'))
      staff.push({ person: t.name === '苏州' ? people.find(p => p.login === 'rep') : next(t.region), role: 'owner', access: 'edit' })
    if (t.staff === 'lead+1' && random.next() < 0.7) staff.push({ person: next(t.region), role: 'collaborator', access: 'edit' })
    for (const s of staff) {
      if (!s.person) continue
      await tx.query(
        `insert into territory_member (tenant_id, territory_id, user_id, member_role, access, credit_bp, starts_at, created_by, known_from) values ($1, $2, $3, $4, $5, $6, $7::timestamptz - interval '300 days', $8, $7::timestamptz - interval '300 days')`,
        [actor.tenantId, id, s.person.id, s.role, s.access, s.role === 'owner' ? 8000 : s.role === 'collaborator' ? 2000 : 0, now, actor.userId],
      )
    }
  }
  return modelId
}
