/**
 * Guesses which column of a file is which field, by the words people use in headers, in Chinese and English, and by what the sample looks
 * like. One field is given to at most one column; a person confirms before anything is written.
 */
export type TargetField = { readonly key: string; readonly labels: Readonly<Record<string, string>>; readonly several?: boolean }
export type Guess = { readonly column: number; readonly field: string | null; readonly confidence: number }

const WORDS: Readonly<Record<string, readonly string[]>> = {
  name: [
    '客户名称',
    '公司名称',
    '企业名称',
    '单位名称',
    '公司全称',
    '企业全称',
    '全称',
    '名称',
    '客户',
    '公司',
    'name',
    'company',
    'companyname',
    'accountname',
    'fullname',
    'customer',
  ],
  nameEn: ['英文名', '英文名称', 'englishname', 'nameen'],
  shortName: ['简称', '公司简称', '证券简称', 'shortname', 'abbreviation'],
  creditCode: ['统一社会信用代码', '信用代码', '社会信用代码', '税号', '纳税人识别号', 'uscc', 'creditcode', 'taxid'],
  industry: ['行业', '所属行业', '行业门类', '一级行业', '申万行业', 'industry', 'sector', 'swindustry1'],
  division: [
    '行政区划',
    '行政区划代码',
    '地区',
    '所在地区',
    '省市区',
    '区域代码',
    '所在地',
    '省份',
    '省',
    '城市',
    '市',
    '区县',
    'division',
    'region',
    'regioncode',
    'nameregionhintcode',
    'province',
    'city',
  ],
  registeredDivision: ['注册地', '注册地区划', '注册地区', '注册省市', '注册城市', 'registereddivision', 'registeredregion', 'registeredcity'],
  address: ['地址', '详细地址', '注册地址', '办公地址', '公司地址', '联系地址', '经营地址', 'address', 'street'],
  phone: ['电话', '手机', '联系电话', '座机', '电话号码', '手机号', 'phone', 'tel', 'mobile', 'telephone'],
  email: ['邮箱', '电子邮箱', '邮件', 'email', 'mail', 'emailaddress'],
  contactName: ['联系人', '联系人姓名', '对接人', 'contact', 'contactname', 'contactperson'],
  contactTitle: ['联系人职务', '职务', '职位', 'contacttitle', 'jobtitle'],
  size: ['员工数', '人数', '员工人数', '人员规模', '企业规模', '参保人数', 'employees', 'size', 'headcount'],
  revenue: ['年营收', '年收入', '营收', '营业收入', '销售额', 'revenue', 'annualrevenue', 'turnover'],
  potential: ['潜力', '采购潜力', '预计采购额', 'potential'],
  tier: ['等级', '级别', '客户等级', '客户级别', '分级', 'tier', 'level', 'grade'],
  source: ['来源', '客户来源', '线索来源', 'source', 'leadsource'],
  status: ['状态', '客户状态', 'status'],
  website: ['网址', '官网', '网站', '公司网址', 'website', 'url', 'homepage'],
  owner: ['负责人', '销售', '销售代表', '客户经理', '业务员', '归属人', 'owner', 'salesrep', 'accountmanager'],
  externalKey: [
    '客户编号',
    '编号',
    '外部编号',
    '客户编码',
    '客户代码',
    '股票代码',
    '证券代码',
    'id',
    'code',
    'key',
    'externalid',
    'externalkey',
    'customerid',
    'stockcode',
  ],
  parentId: ['上级集团', '母公司编号'],
}

const normal = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-()()【】[\]*::]/g, '')

/** `headings`: the words of each field, best first; without them, those of accounts. */
export function guessColumns(
  headers: readonly string[],
  sample: readonly (readonly string[])[],
  fields: readonly TargetField[],
  headings: Readonly<Record<string, readonly string[]>> = WORDS,
): Guess[] {
  const several = new Set(fields.filter(f => f.several).map(f => f.key))
  const offered = new Set(fields.map(f => f.key))
  const words = new Map<string, { field: string; exact: number }[]>()
  const know = (word: string, field: string, exact: number) => {
    const known = words.get(normal(word)) ?? []
    if (!known.some(k => k.field === field)) words.set(normal(word), [...known, { field, exact }])
  }
  for (const field of fields) {
    for (const [i, word] of (headings[field.key] ?? []).entries()) know(word, field.key, 1 - i * 0.005)
    for (const label of Object.values(field.labels)) know(label, field.key, 1)
  }

  const scores: { column: number; field: string; score: number; exact: boolean }[] = []
  for (const [column, header] of headers.entries()) {
    const text = normal(header)
    const values = sample.map(r => r[column] ?? '').filter(v => v.trim() !== '')
    const exact = words.get(text)
    if (exact) for (const { field, exact: score } of exact) scores.push({ column, field, score, exact: true })
    else
      for (const [word, known] of words)
        if (word.length >= 2 && text.includes(word))
          for (const { field } of known) scores.push({ column, field, score: 0.5 + 0.3 * (word.length / text.length), exact: false })
    const looks = looksLike(values)
    if (looks && offered.has(looks)) scores.push({ column, field: looks, score: 0.6, exact: false })
  }
  scores.sort((a, b) => b.score - a.score || a.column - b.column)
  const byColumn = new Map<number, { field: string; score: number }>()
  const taken = new Set<string>()
  for (const s of scores) {
    // 省, 市 and 县 beside each other are one place.
    if (byColumn.has(s.column) || (taken.has(s.field) && !(s.exact && several.has(s.field)))) continue
    byColumn.set(s.column, s)
    taken.add(s.field)
  }
  return headers.map((_, column) => ({
    column,
    field: byColumn.get(column)?.field ?? null,
    confidence: Math.round((byColumn.get(column)?.score ?? 0) * 100) / 100,
  }))
}

/** Shapes that say what they are whatever the header. */
function looksLike(values: readonly string[]): string | null {
  if (values.length < 3) return null
  const most = (pattern: RegExp) => values.filter(v => pattern.test(v.trim())).length >= values.length * 0.8
  if (most(/^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/)) return 'creditCode'
  if (most(/^[^@\s]+@[^@\s]+\.[a-z]{2,}$/i)) return 'email'
  if (most(/^(\+?86)?1[3-9]\d{9}$/)) return 'phone'
  if (most(/(有限公司|股份公司|集团|合伙企业|事务所|经营部|商行|工厂)$/)) return 'name'
  if (most(/(省|市|区|县).*(路|街|号|道)/)) return 'address'
  return null
}
