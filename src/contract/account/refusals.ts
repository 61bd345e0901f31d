/** Refusals of accounts, in words. */
import type { RefusalWords } from '../kernel/refusals.ts'

export const ACCOUNT_REFUSALS = {
  'field.unknown': { status: 400, zh: '没有字段「{field}」。', en: 'There is no field "{field}".' },
  'field.hidden': {
    status: 403,
    zh: '你的角色看不到字段「{field}」,不能用它筛选或导出。',
    en: 'Your role may not see the field "{field}", so it cannot be used here.',
  },
  'field.unsortable': { status: 400, zh: '不能按字段「{field}」排序。', en: 'The list cannot be sorted by "{field}".' },
  'field.readOnly': { status: 403, zh: '你的角色不能改字段「{field}」。', en: 'Your role may not change the field "{field}".' },
  'field.type': { status: 400, zh: '字段「{field}」应为{expected},收到「{value}」。', en: 'The field "{field}" takes {expected}; got "{value}".' },
  'field.option': { status: 400, zh: '字段「{field}」没有选项「{value}」。', en: 'The field "{field}" has no option "{value}".' },
  'field.required': { status: 400, zh: '请填写「{field}」。', en: 'Fill in "{field}".' },
  'filter.invalid': { status: 400, zh: '筛选条件有误:{problem}', en: 'The filter is not valid: {problem}' },
  'account.parentCycle': {
    status: 409,
    zh: '上级集团不能是自己或自己的下级。',
    en: 'The group parent cannot be the account itself or one below it.',
  },
  'account.keyTaken': { status: 409, zh: '外部编号「{key}」已属于另一家客户。', en: 'The external key "{key}" belongs to another account.' },
  'address.empty': { status: 400, zh: '请填写地址、区划或坐标之一。', en: 'Give the address, its division or its coordinates.' },
  'address.oneOfKind': {
    status: 409,
    zh: '这家客户已有这种地址,请直接修改它。',
    en: 'This account has an address of this kind already; change that one.',
  },
  'bulk.tooMany': { status: 400, zh: '一次最多修改 {limit} 家,请缩小范围。', en: 'At most {limit} accounts at once; narrow the selection.' },
  'bulk.nothing': { status: 400, zh: '没有可改的客户或字段。', en: 'There is nothing to change.' },
  'bulk.undone': { status: 409, zh: '这次批量修改已撤回。', en: 'This bulk edit was undone already.' },
  'bulk.stale': {
    status: 409,
    zh: '这些客户刚被别人改过,请看过再改。',
    en: 'Somebody changed these accounts meanwhile; look again before you change them.',
  },
  'share.one': { status: 400, zh: '请选一个人或一个小组。', en: 'Choose one person or one team.' },
  'attachment.tooLarge': { status: 413, zh: '文件超过 20 MB。', en: 'The file is larger than 20 MB.' },
  'asOf.range': { status: 400, zh: '日期要在 {from} 年到 {to} 年之间。', en: 'The date must lie between the years {from} and {to}.' },
  'asOf.knownAhead': {
    status: 400,
    zh: '「当时以为」的日期还没到:没有人知道以后的人会怎么想。',
    en: 'What will be known later is not known yet; ask with a day up to today.',
  },
  'asOf.plan': {
    status: 403,
    zh: '那一天的版图还在计划中,启用之后才看得到。',
    en: 'The model of that day is still a plan; it can be read when it is in use.',
  },
  'asOf.scope': {
    status: 400,
    zh: '「{scope}」只看今天,过去没有留下这一项;请回到今天,或换一个范围。',
    en: 'The list "{scope}" is about today only, the past does not keep it; go back to today or choose another list.',
  },
  'asOf.none': {
    status: 404,
    zh: '{day} 还没有记录:这家客户那时不在系统里,或还没有分配。',
    en: 'There is no record for {day}: this customer was not here yet, or not placed.',
  },
  'asOf.otherModel': {
    status: 409,
    zh: '{day} 用的是版图「{model}」,不是这一版;请看那一版。',
    en: 'On {day} the model "{model}" was in use, not this one; look at that one.',
  },
  'correction.dates': { status: 400, zh: '「到」要晚于「从」。', en: 'The end must be after the beginning.' },
  'correction.future': {
    status: 400,
    zh: '只能更正已经过去的时间;要改现在和以后,请指派或点名。',
    en: 'Only what is past can be corrected; assign or pin the customer to change now and later.',
  },
  'correction.person': { status: 400, zh: '没有这个人。', en: 'There is no such person.' },
  'correction.territory': { status: 400, zh: '没有一版用过的版图里有这个区域。', en: 'No model that was ever in use has this territory.' },
  'correction.same': { status: 409, zh: '记录里本来就是这样,没有要更正的。', en: 'The record says so already; there is nothing to correct.' },
  'file.missing': { status: 400, zh: '请选择一个文件。', en: 'Choose a file.' },
} as const satisfies Record<string, RefusalWords>
