/** Columns of a list of leads by their headings, in Chinese, English, or as the interface names them. */
const HEADINGS: Readonly<Record<string, string>> = {
  externalKey: 'externalkey id key 外部编号 编号 外部主键',
  company: 'company companyname account 公司 公司名称 客户 客户名称 企业名称 单位',
  contact: 'contact name contactname 联系人 姓名 联系人姓名',
  title: 'title jobtitle 职务 职位',
  phone: 'phone mobile tel 电话 手机 手机号 联系电话',
  email: 'email mail 邮箱 电子邮箱',
  creditCode: 'creditcode 统一社会信用代码 信用代码',
  division: 'division address city place 行政区划 地址 所在地 城市 地区',
  industry: 'industry 行业 行业代码',
  channel: 'channel 来源 渠道',
  campaign: 'campaign 活动 市场活动',
  need: 'need message remark 需求 留言 备注',
}
const FIELD_OF = new Map(Object.entries(HEADINGS).flatMap(([field, words]) => words.split(' ').map(word => [word, field] as const)))

/** The field of each heading, or null; a field is taken once. */
export function leadFields(headings: readonly string[]): readonly (string | null)[] {
  const taken = new Set<string>()
  return headings.map(heading => {
    const field =
      FIELD_OF.get(
        heading
          .normalize('NFKC')
          .toLowerCase()
          .replace(/[\s_\-*]/g, ''),
      ) ?? null
    if (field === null || taken.has(field)) return null
    taken.add(field)
    return field
  })
}
