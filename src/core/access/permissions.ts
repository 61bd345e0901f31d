/** What a role may do. Sight (which records) is decided by tokens; a permission decides which acts. */
export const PERMISSIONS = [
  'account.read',
  'account.create',
  'account.edit',
  'account.delete',
  'account.export',
  'account.import',
  'account.bulk',
  'account.assign',
  'account.merge',
  'territory.read',
  'territory.plan',
  'territory.activate',
  'user.manage',
  'role.manage',
  'field.manage',
  'pool.manage',
  'handover.manage',
  'case.judge',
  'engagement.manage',
  'lead.edit',
  'intake.manage',
  'audit.read',
  'viewAs',
  'tenant.manage',
] as const
export type Permission = (typeof PERMISSIONS)[number]

export type FieldAccess = 'hidden' | 'read' | 'edit'

export type RoleTemplate = {
  readonly key: string
  readonly labels: Readonly<Record<'zh-CN' | 'zh-TW' | 'en', string>>
  readonly permissions: readonly Permission[]
  readonly seesAll: boolean
}

const READ: readonly Permission[] = ['account.read', 'territory.read']
const SELL: readonly Permission[] = [...READ, 'account.create', 'account.edit', 'account.export', 'lead.edit']

/** The roles a tenant is born with; all may be edited afterwards. */
export const ROLE_TEMPLATES: readonly RoleTemplate[] = [
  { key: 'administrator', labels: { 'zh-CN': '管理员', 'zh-TW': '管理員', en: 'Administrator' }, permissions: PERMISSIONS, seesAll: true },
  {
    key: 'operations',
    labels: { 'zh-CN': '销售运营', 'zh-TW': '銷售營運', en: 'Sales operations' },
    permissions: [
      ...SELL,
      'account.delete',
      'account.import',
      'account.bulk',
      'account.assign',
      'account.merge',
      'territory.plan',
      'territory.activate',
      'field.manage',
      'pool.manage',
      'handover.manage',
      'case.judge',
      'engagement.manage',
      'intake.manage',
      'audit.read',
    ],
    seesAll: true,
  },
  {
    key: 'leadership',
    labels: { 'zh-CN': '总部管理层', 'zh-TW': '總部管理層', en: 'Leadership' },
    permissions: [...READ, 'account.export'],
    seesAll: true,
  },
  {
    key: 'manager',
    labels: { 'zh-CN': '区域经理', 'zh-TW': '區域經理', en: 'Regional manager' },
    permissions: [...SELL, 'account.assign', 'account.bulk', 'case.judge'],
    seesAll: false,
  },
  { key: 'rep', labels: { 'zh-CN': '销售代表', 'zh-TW': '業務代表', en: 'Sales rep' }, permissions: SELL, seesAll: false },
]
