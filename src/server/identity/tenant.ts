/** A company is born: its row, its roles, its first administrator, and an empty active territory model, all or nothing. */

import type { Locale } from '../../contract/kernel/shapes.ts'
import { ROLE_TEMPLATES } from '../../core/access/permissions.ts'
import { seedCatalogue } from '../builder/catalogue.ts'
import { stop } from '../kernel/refusal-error.ts'
import { actAs, type Tx } from '../kernel/transaction.ts'
import { hashPassword } from './password.ts'
import { normaliseLogin } from './session.ts'

export type NewTenant = {
  readonly name: string
  readonly currency: string
  readonly zone: string
  readonly fiscalStartMonth: number
  readonly locale: Locale
  readonly demo: boolean
}

/** Runs in a transaction outside tenants; afterwards the transaction stands inside the new one. Returns ids of tenant, roles and model. */
export async function bearTenant(tx: Tx, tenant: NewTenant): Promise<{ tenantId: string; roleIds: ReadonlyMap<string, string>; modelId: string }> {
  const made = await tx.query<{ id: string }>(
    'insert into tenant (name, currency, zone, fiscal_start_month, locale, demo) values ($1, $2, $3, $4, $5, $6) returning id::text',
    [tenant.name, tenant.currency, tenant.zone, tenant.fiscalStartMonth, tenant.locale, tenant.demo],
  )
  const tenantId = made.rows[0]!.id
  await tx.query("select app_set('app.tenant', $1)", [tenantId])
  const roleIds = new Map<string, string>()
  for (const role of ROLE_TEMPLATES) {
    const row = await tx.query<{ id: string }>(
      'insert into role (tenant_id, key, labels, permissions, sees_all, built_in) values ($1, $2, $3, $4, $5, true) returning id::text',
      [tenantId, role.key, JSON.stringify(role.labels), role.permissions, role.seesAll],
    )
    roleIds.set(role.key, row.rows[0]!.id)
  }
  await seedCatalogue(tx, tenantId)
  const model = await tx.query<{ id: string }>(
    `insert into territory_model (tenant_id, name, state, flat, version, created_at, ready_at) values ($1, $2, 'ready', true, 0, now(), now()) returning id::text`,
    [tenantId, tenant.locale === 'en' ? 'Start' : '初始'],
  )
  const modelId = model.rows[0]!.id
  await tx.query('update territory_model set lineage = array[id] where tenant_id = $1 and id = $2', [tenantId, modelId])
  for (const [key, layer, precedence, zh, tw, en] of TYPES) {
    await tx.query('insert into territory_type (tenant_id, model_id, key, labels, layer, precedence) values ($1, $2, $3, $4, $5, $6)', [
      tenantId,
      modelId,
      key,
      JSON.stringify({ 'zh-CN': zh, 'zh-TW': tw, en }),
      layer,
      precedence,
    ])
  }
  await tx.query(`insert into activation (tenant_id, model_id, effective_at, created_at, why) values ($1, $2, now(), now(), 'birth')`, [
    tenantId,
    modelId,
  ])
  return { tenantId, roleIds, modelId }
}

/** Types inside the exclusive layer by precedence: key accounts before industry teams before geography; overlays never compete. */
const TYPES = [
  ['key-account', 'exclusive', 1, '大客户', '大客戶', 'Key accounts'],
  ['industry', 'exclusive', 2, '行业', '產業', 'Industry'],
  ['geography', 'exclusive', 3, '地理', '地理', 'Geography'],
  ['overlay', 'overlay', 9, '叠加', '疊加', 'Overlay'],
] as const

export type NewUser = {
  readonly login: string
  readonly name: string
  readonly nameEn?: string | null
  readonly title?: string | null
  readonly departmentId?: string | null
  readonly roleIds: readonly string[]
  readonly passwordHash: string | null
  readonly locale?: Locale
}

export async function addUser(tx: Tx, tenantId: string, user: NewUser): Promise<string> {
  const login = normaliseLogin(user.login)
  const taken = await tx.query('select 1 from login where name = $1', [login])
  if (taken.rowCount) stop('login.taken', { login }, '/login')
  const made = await tx.query<{ id: string }>(
    `insert into app_user (tenant_id, login, name, name_en, title, department_id, state, locale) values ($1, $2, $3, $4, $5, $6, $7, $8) returning id::text`,
    [
      tenantId,
      login,
      user.name,
      user.nameEn ?? null,
      user.title ?? null,
      user.departmentId ?? null,
      user.passwordHash ? 'active' : 'invited',
      user.locale ?? 'zh-CN',
    ],
  )
  const userId = made.rows[0]!.id
  await tx.query('insert into login (name, tenant_id, user_id, password_hash) values ($1, $2, $3, $4)', [login, tenantId, userId, user.passwordHash])
  await giveRoles(tx, tenantId, userId, user.roleIds)
  return userId
}

export async function giveRoles(tx: Tx, tenantId: string, userId: string, roleIds: readonly string[]): Promise<void> {
  await tx.query('delete from user_role where tenant_id = $1 and user_id = $2', [tenantId, userId])
  for (const roleId of new Set(roleIds)) {
    const known = await tx.query('select 1 from role where tenant_id = $1 and id = $2 and deleted_at is null', [tenantId, roleId])
    if (known.rowCount === 0) stop('record.notFound', undefined, '/roleIds')
    await tx.query('insert into user_role (tenant_id, user_id, role_id) values ($1, $2, $3)', [tenantId, userId, roleId])
  }
}

export async function firstAdministrator(
  tx: Tx,
  input: NewTenant & { readonly administrator: { readonly name: string; readonly login: string; readonly password: string } },
): Promise<{ tenantId: string; userId: string }> {
  await tx.query("select pg_advisory_xact_lock(hashtext('jiangyu first tenant'))")
  const existing = await tx.query('select 1 from tenant limit 1')
  if (existing.rowCount) stop('tenant.exists')
  const { tenantId, roleIds, modelId } = await bearTenant(tx, input)
  const userId = await addUser(tx, tenantId, {
    ...input.administrator,
    roleIds: [roleIds.get('administrator')!],
    passwordHash: await hashPassword(input.administrator.password),
    locale: input.locale,
  })
  await actAs(tx, { tenantId, userId, modelId, tokens: ['0'] })
  return { tenantId, userId }
}
