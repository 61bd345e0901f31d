/**
 * The catalogue of fields 字段: built-in and custom ones alike. Everything that lists fields (forms, filters, rules, import, export,
 * masks) reads it, so a company's own field works wherever a built-in one does.
 */
import type { Labels } from '../../contract/kernel/shapes.ts'
import type { FieldType } from '../../core/condition/condition.ts'
import { toTraditional } from '../kernel/traditional.ts'
import type { Tx } from '../kernel/transaction.ts'

export type CatalogueField = {
  readonly id: string
  /** Key in conditions, facts, masks and the API: the built-in name, or f<id> for a custom field. */
  readonly key: string
  readonly type: FieldType
  readonly labels: Labels
  readonly optionList: string | null
  readonly builtIn: boolean
  readonly personal: boolean
  readonly inRules: boolean
  readonly maskable: boolean
  readonly position: number
  readonly retired: boolean
  readonly rowVersion: number
}

type Seed = readonly [
  key: string,
  type: FieldType,
  zh: string,
  en: string,
  rest?: { list?: string; personal?: boolean; rules?: boolean; masks?: boolean },
]

const FIELDS: readonly Seed[] = [
  ['name', 'text', '客户名称', 'Name'],
  ['nameEn', 'text', '英文名', 'English name', { rules: false }],
  ['shortName', 'text', '简称', 'Short name', { rules: false }],
  ['id', 'account', '点名客户', 'Named account'],
  ['parentId', 'account', '上级集团', 'Group parent'],
  ['tier', 'option', '等级', 'Tier', { list: 'tier' }],
  ['industry', 'industry', '行业', 'Industry'],
  ['division', 'division', '行政区划', 'Division'],
  ['registeredDivision', 'division', '注册地区划', 'Registered division'],
  ['point', 'point', '坐标', 'Coordinates'],
  ['size', 'number', '员工数', 'Employees'],
  ['revenue', 'number', '年营收', 'Annual revenue'],
  ['potential', 'number', '潜力', 'Potential'],
  ['source', 'option', '来源', 'Source', { list: 'source' }],
  ['status', 'option', '状态', 'Status', { list: 'status' }],
  ['website', 'text', '网址', 'Website', { rules: false }],
  ['address', 'text', '地址', 'Address', { rules: false }],
  ['creditCode', 'text', '统一社会信用代码', 'Credit code', { rules: false, masks: true }],
  ['phone', 'text', '电话', 'Phone', { rules: false, personal: true, masks: true }],
  ['email', 'text', '邮箱', 'E-mail', { rules: false, personal: true, masks: true }],
]

const OPTIONS: Readonly<Record<string, readonly (readonly [key: string, zh: string, en: string])[]>> = {
  tier: [
    ['KA', 'KA 大客户', 'KA'],
    ['A', 'A 级', 'A'],
    ['B', 'B 级', 'B'],
    ['C', 'C 级', 'C'],
    ['SMB', '中小客户', 'SMB'],
  ],
  source: [
    ['import', '导入', 'Import'],
    ['exhibition', '展会', 'Exhibition'],
    ['referral', '转介绍', 'Referral'],
    ['web', '官网', 'Website'],
    ['outbound', '主动开发', 'Outbound'],
    ['partner', '渠道', 'Partner'],
    ['other', '其他', 'Other'],
  ],
  status: [
    ['prospect', '潜在', 'Prospect'],
    ['active', '合作中', 'Active'],
    ['paused', '暂停', 'Paused'],
    ['lost', '流失', 'Lost'],
  ],
}

const labelsOf = (zh: string, en: string): string => JSON.stringify({ 'zh-CN': zh, 'zh-TW': toTraditional(zh), en })

/** What a company is born with; every label and option may be changed afterwards, and options are retired, never deleted. */
export async function seedCatalogue(tx: Tx, tenantId: string): Promise<void> {
  await tx.query(
    `insert into field (tenant_id, object, key, type, labels, option_list, built_in, personal, in_rules, maskable, position)
     select $1, 'account', key, type, labels::jsonb, list, true, personal, rules, masks, position
       from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bool[], $7::bool[], $8::bool[], $9::int[]) as seed(key, type, labels, list, personal, rules, masks, position)`,
    [
      tenantId,
      FIELDS.map(f => f[0]),
      FIELDS.map(f => f[1]),
      FIELDS.map(f => labelsOf(f[2], f[3])),
      FIELDS.map(f => f[4]?.list ?? null),
      FIELDS.map(f => f[4]?.personal ?? false),
      FIELDS.map(f => f[4]?.rules ?? true),
      FIELDS.map(f => f[4]?.masks ?? false),
      FIELDS.map((_, i) => i),
    ],
  )
  const rows = Object.entries(OPTIONS).flatMap(([list, options]) => options.map(([key, zh, en], i) => ({ list, key, labels: labelsOf(zh, en), i })))
  await tx.query(
    `insert into option_row (tenant_id, list, key, labels, position)
     select $1, list, key, labels::jsonb, position from unnest($2::text[], $3::text[], $4::text[], $5::int[]) as seed(list, key, labels, position)`,
    [tenantId, rows.map(r => r.list), rows.map(r => r.key), rows.map(r => r.labels), rows.map(r => r.i)],
  )
}

const FIELD = `id::text, case when built_in then key else 'f' || id end as key, type, labels, option_list as "optionList", built_in as "builtIn", personal,
  in_rules as "inRules", maskable, position, retired_at is not null as retired, row_version as "rowVersion"`

/** Fields of accounts in their order, retired ones too (a rule may still name one). */
export async function loadFields(tx: Tx, tenantId: string): Promise<readonly CatalogueField[]> {
  const found = await tx.query<CatalogueField>(`select ${FIELD} from field where tenant_id = $1 and object = 'account' order by position, id`, [
    tenantId,
  ])
  return found.rows
}

export type OptionRow = {
  readonly id: string
  readonly list: string
  readonly key: string
  readonly labels: Labels
  readonly position: number
  readonly retired: boolean
  readonly rowVersion: number
}

export async function loadOptions(tx: Tx, tenantId: string): Promise<readonly OptionRow[]> {
  const found = await tx.query<OptionRow>(
    `select id::text, list, key, labels, position, retired_at is not null as retired, row_version as "rowVersion"
       from option_row where tenant_id = $1 order by list, position, id`,
    [tenantId],
  )
  return found.rows
}
