/**
 * The columns that files of each kind of record have 导入列, and the words people write above them, in Chinese and English. Account fields
 * come from the company's own catalogue; what stands here for accounts is only what a row says beside its fields.
 */
export type ColumnType =
  | 'text'
  | 'key'
  | 'login'
  | 'number'
  | 'count'
  | 'percent'
  | 'date'
  | 'option'
  | 'options'
  | 'flag'
  | 'division'
  | 'divisions'
  | 'industry'
  | 'industries'
  | 'account'
  | 'point'
  | 'person'
  | 'phone'
  | 'email'
  | 'creditCode'
  | 'condition'

export type Column = {
  readonly key: string
  readonly zh: string
  readonly en: string
  readonly type: ColumnType
  readonly required?: boolean
  readonly several?: boolean
  readonly max?: number
  /** Headings, best first. */
  readonly words: readonly string[]
  /** Cells of the template's two example rows. */
  readonly examples: readonly [string, string]
}

const ACCOUNT_REF: readonly Column[] = [
  {
    key: 'accountKey',
    zh: '客户外部编号',
    en: 'Account external key',
    type: 'key',
    max: 120,
    words: [
      '客户编号',
      '客户外部编号',
      '客户编码',
      '客户代码',
      '公司编号',
      '外部编号',
      'accountkey',
      'accountid',
      'customerid',
      'companyid',
      'externalkey',
    ],
    examples: ['K1001', 'K1002'],
  },
  {
    key: 'accountCode',
    zh: '客户信用代码',
    en: 'Account credit code',
    type: 'creditCode',
    words: ['统一社会信用代码', '信用代码', '客户信用代码', '税号', 'creditcode', 'uscc', 'taxid'],
    examples: ['', ''],
  },
  {
    key: 'accountName',
    zh: '客户名称',
    en: 'Account name',
    type: 'text',
    max: 200,
    words: ['客户名称', '公司名称', '企业名称', '单位名称', '客户', '公司', '单位', 'accountname', 'account', 'company', 'companyname', 'customer'],
    examples: ['苏州示例精密机械有限公司', '杭州示例软件有限公司'],
  },
]

export const ACCOUNT_COLUMNS: readonly Column[] = [
  { key: 'externalKey', zh: '外部编号', en: 'External key', type: 'key', max: 120, words: [], examples: ['K1001', 'K1002'] },
  { key: 'owner', zh: '负责人(登录名或姓名)', en: 'Owner (login or name)', type: 'person', words: [], examples: ['', ''] },
  { key: 'contactName', zh: '联系人', en: 'Contact', type: 'text', max: 80, words: [], examples: ['陈示例', '王示例'] },
  { key: 'contactTitle', zh: '联系人职务', en: "Contact's job title", type: 'text', max: 60, words: [], examples: ['采购经理', '总经理'] },
]

export const CONTACT_COLUMNS: readonly Column[] = [
  ...ACCOUNT_REF,
  {
    key: 'name',
    zh: '联系人姓名',
    en: 'Contact name',
    type: 'text',
    required: true,
    max: 80,
    words: ['联系人姓名', '联系人', '姓名', '名字', '对接人', 'contactname', 'contact', 'name', 'fullname'],
    examples: ['陈示例', '王示例'],
  },
  {
    key: 'title',
    zh: '职务',
    en: 'Job title',
    type: 'text',
    max: 60,
    words: ['职务', '职位', '岗位', '头衔', 'title', 'jobtitle', 'position'],
    examples: ['采购经理', '总经理'],
  },
  {
    key: 'phone',
    zh: '电话',
    en: 'Phone',
    type: 'phone',
    words: ['手机', '电话', '手机号', '联系电话', '手机号码', '座机', 'mobile', 'phone', 'tel', 'telephone', 'cell'],
    examples: ['13800138000', '0571-88889999'],
  },
  {
    key: 'email',
    zh: '邮箱',
    en: 'E-mail',
    type: 'email',
    words: ['邮箱', '电子邮箱', '邮件', '电子邮件', 'email', 'mail', 'emailaddress'],
    examples: ['chen@example.com', ''],
  },
  { key: 'leftAt', zh: '离职日期', en: 'Left on', type: 'date', words: ['离职日期', '离开日期', 'lefton', 'leftat', 'enddate'], examples: ['', ''] },
  { key: 'note', zh: '备注', en: 'Note', type: 'text', max: 2000, words: ['备注', '说明', 'note', 'remark', 'comment', 'notes'], examples: ['', ''] },
]

export const OWNER_COLUMNS: readonly Column[] = [
  ...ACCOUNT_REF,
  {
    key: 'owner',
    zh: '负责人(登录名或姓名)',
    en: 'Owner (login or name)',
    type: 'person',
    required: true,
    words: ['负责人', '归属人', '客户经理', '销售', '销售代表', '业务员', '跟进人', '所有者', 'owner', 'accountmanager', 'salesrep', 'accountowner'],
    examples: ['zhangsan', 'lisi'],
  },
  { key: 'reason', zh: '原因', en: 'Reason', type: 'text', max: 200, words: ['原因', '理由', '备注', 'reason', 'note'], examples: ['', ''] },
]

export const USER_COLUMNS: readonly Column[] = [
  {
    key: 'login',
    zh: '登录名',
    en: 'Login',
    type: 'login',
    required: true,
    max: 120,
    words: ['登录名', '账号', '帐号', '用户名', '登录账号', '工号', '邮箱', 'login', 'username', 'account', 'userid', 'email'],
    examples: ['zhangsan', 'lisi'],
  },
  {
    key: 'name',
    zh: '姓名',
    en: 'Name',
    type: 'text',
    required: true,
    max: 80,
    words: ['姓名', '名字', '员工姓名', '中文名', 'name', 'fullname', 'displayname'],
    examples: ['张三', '李四'],
  },
  {
    key: 'nameEn',
    zh: '英文名',
    en: 'English name',
    type: 'text',
    max: 80,
    words: ['英文名', '英文姓名', 'englishname', 'nameen'],
    examples: ['', ''],
  },
  {
    key: 'title',
    zh: '职务',
    en: 'Job title',
    type: 'text',
    max: 80,
    words: ['职务', '职位', '岗位', '头衔', 'title', 'jobtitle', 'position'],
    examples: ['销售代表', '大区经理'],
  },
  {
    key: 'department',
    zh: '部门(上级/下级)',
    en: 'Department (parent/child)',
    type: 'text',
    max: 400,
    words: ['部门', '所属部门', '部门路径', '组织', '组织架构', 'department', 'departmentpath', 'team', 'orgunit', 'dept'],
    examples: ['销售中心/华东大区', '销售中心/华东大区'],
  },
  {
    key: 'roles',
    zh: '角色',
    en: 'Roles',
    type: 'options',
    words: ['角色', '权限', '系统角色', 'role', 'roles', 'permission'],
    examples: ['销售代表', '区域经理'],
  },
]

export const TERRITORY_COLUMNS: readonly Column[] = [
  {
    key: 'code',
    zh: '区域编码',
    en: 'Territory code',
    type: 'key',
    required: true,
    max: 40,
    words: ['区域编码', '区域代码', '编码', '编号', '代码', 'territorycode', 'code', 'id', 'key'],
    examples: ['EAST', 'EAST-JS'],
  },
  {
    key: 'name',
    zh: '区域名称',
    en: 'Territory name',
    type: 'text',
    required: true,
    max: 80,
    words: ['区域名称', '区域名', '名称', '区域', 'territoryname', 'territory', 'name'],
    examples: ['华东', '江苏'],
  },
  {
    key: 'nameEn',
    zh: '英文名',
    en: 'English name',
    type: 'text',
    max: 80,
    words: ['英文名', '英文名称', 'englishname', 'nameen'],
    examples: ['East', 'Jiangsu'],
  },
  {
    key: 'parent',
    zh: '上级编码',
    en: 'Parent code',
    type: 'key',
    max: 40,
    words: ['上级编码', '上级代码', '上级', '上级区域', '父级', '父编码', '上级编号', 'parentcode', 'parent', 'parentid', 'parentterritory'],
    examples: ['', 'EAST'],
  },
  {
    key: 'type',
    zh: '类型',
    en: 'Type',
    type: 'option',
    words: ['类型', '区域类型', '层', 'type', 'territorytype', 'layer'],
    examples: ['地理', '地理'],
  },
  { key: 'colour', zh: '颜色(1 到 8)', en: 'Colour (1 to 8)', type: 'count', words: ['颜色', '色号', 'colour', 'color'], examples: ['', ''] },
  { key: 'priority', zh: '优先级', en: 'Priority', type: 'count', words: ['优先级', '优先', 'priority'], examples: ['', ''] },
  {
    key: 'divisions',
    zh: '行政区划(多个用、分开)',
    en: 'Divisions (separated by ;)',
    type: 'divisions',
    several: true,
    words: [
      '行政区划',
      '区划',
      '地区',
      '省份',
      '覆盖地区',
      '省市',
      '省',
      '城市',
      'divisions',
      'division',
      'regions',
      'provinces',
      'province',
      'city',
    ],
    examples: ['', '江苏省'],
  },
  {
    key: 'industries',
    zh: '行业(多个用;分开)',
    en: 'Industries (separated by ;)',
    type: 'industries',
    words: ['行业', '所属行业', '覆盖行业', 'industries', 'industry'],
    examples: ['', 'C34;C35'],
  },
  {
    key: 'tiers',
    zh: '等级(多个用、分开)',
    en: 'Tiers (separated by ;)',
    type: 'options',
    words: ['等级', '客户等级', '级别', 'tiers', 'tier', 'grade'],
    examples: ['', ''],
  },
  {
    key: 'condition',
    zh: '条件(JSON)',
    en: 'Condition (JSON)',
    type: 'condition',
    words: ['条件', '规则', '条件json', 'condition', 'rule', 'rulejson'],
    examples: ['', ''],
  },
]

export const MEMBER_COLUMNS: readonly Column[] = [
  {
    key: 'territory',
    zh: '区域编码',
    en: 'Territory code',
    type: 'key',
    required: true,
    max: 40,
    words: ['区域编码', '区域代码', '区域编号', '区域', '编码', 'territorycode', 'territory', 'code'],
    examples: ['EAST', 'EAST-JS'],
  },
  {
    key: 'person',
    zh: '成员(登录名或姓名)',
    en: 'Person (login or name)',
    type: 'person',
    required: true,
    words: ['成员', '人员', '登录名', '姓名', '负责人', '销售', '员工', 'person', 'login', 'member', 'user', 'name', 'rep'],
    examples: ['lisi', 'zhangsan'],
  },
  { key: 'role', zh: '角色', en: 'Role', type: 'option', words: ['角色', '成员角色', '职责', 'role', 'memberrole'], examples: ['管理', '主责'] },
  { key: 'access', zh: '权限', en: 'Access', type: 'option', words: ['权限', '访问', '可见', 'access', 'permission'], examples: ['可写', '可写'] },
  {
    key: 'credit',
    zh: '业绩比例 %',
    en: 'Credit %',
    type: 'percent',
    words: ['业绩比例', '业绩', '比例', '分成', '业绩占比', 'credit', 'creditpercent', 'share', 'split'],
    examples: ['', '100'],
  },
  {
    key: 'from',
    zh: '开始日期',
    en: 'From',
    type: 'date',
    words: ['开始日期', '开始', '生效日期', '起', 'from', 'start', 'startdate', 'startsat'],
    examples: ['', ''],
  },
  {
    key: 'to',
    zh: '结束日期',
    en: 'To',
    type: 'date',
    words: ['结束日期', '结束', '失效日期', '止', 'to', 'end', 'enddate', 'endsat', 'until'],
    examples: ['', ''],
  },
]

/** Words for choices that code decides on: the key, and what people write. */
export const MEMBER_ROLES = [
  { key: 'owner', zh: '主责', en: 'Owner', words: ['负责人', '主负责', '销售'] },
  { key: 'collaborator', zh: '协同', en: 'Collaborator', words: ['协作', '协办', '支持'] },
  { key: 'manager', zh: '管理', en: 'Manager', words: ['主管', '经理'] },
  { key: 'viewer', zh: '旁观', en: 'Viewer', words: ['查看', '只看', '只读'] },
] as const
export const MEMBER_ACCESS = [
  { key: 'read', zh: '只读', en: 'Read', words: ['可看', '查看'] },
  { key: 'private', zh: '可见隐私字段', en: 'Read private', words: ['可看联系方式', '联系方式'] },
  { key: 'edit', zh: '可写', en: 'Edit', words: ['编辑', '可改', '可编辑', '读写'] },
] as const
