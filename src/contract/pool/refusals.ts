/** Refusals of the public pool, in words: each says why, and until when where it ends. */
import type { RefusalWords } from '../kernel/refusals.ts'

export const POOL_REFUSALS = {
  'pool.closed': { status: 409, zh: '这个公海已停用,暂时不能领取。', en: 'This pool is closed; nothing can be claimed for now.' },
  'pool.notMember': { status: 403, zh: '你不是这个公海的成员。', en: 'You are not a member of this pool.' },
  'pool.embargo': { status: 409, zh: '新数据保护中,{until} 后才能领取。', en: 'New data is under embargo; it can be claimed after {until}.' },
  'pool.notOpen': { status: 409, zh: '还没开放到你这里,{until} 开放。', en: 'It is not open to you yet; it opens on {until}.' },
  'pool.cooling': {
    status: 409,
    zh: '你放手不到 {days} 天,冷却到 {until}。',
    en: 'You let it go less than {days} days ago; you may claim it after {until}.',
  },
  'pool.coolingTeam': {
    status: 409,
    zh: '同组的人放手不到 {days} 天,冷却到 {until}。',
    en: 'Somebody of your group let it go less than {days} days ago; you may claim it after {until}.',
  },
  'pool.groupOwned': { status: 409, zh: '同集团有主责,不能直接领取,请申请。', en: 'Another company of its group has an owner: ask for it instead.' },
  'pool.dayFull': {
    status: 409,
    zh: '今天已领满 {most} 家,{until} 后再来。',
    en: 'You claimed {most} today, the most there is; come again after {until}.',
  },
  'pool.heldFull': { status: 409, zh: '手上已有 {used} 家,上限 {most} 家。', en: 'The owner holds {used} customers; the limit is {most}.' },
  'pool.groupFull': {
    status: 409,
    zh: '「{name}」合计已有 {used} 家,上限 {most} 家。',
    en: '"{name}" holds {used} customers together; its limit is {most}.',
  },
  'pool.lost': { status: 409, zh: '{at} 被{name}领走,你的次数未扣。', en: '{name} took it at {at}; your count is untouched.' },
  'pool.yours': { status: 409, zh: '已经在你名下。', en: 'It is yours already.' },
  'pool.gone': { status: 409, zh: '它已不在公海里。', en: 'It is in the pool no longer.' },
  'pool.batch': { status: 400, zh: '一次最多领 {most} 家。', en: 'At most {most} at once.' },
  'pool.viewsFull': {
    status: 409,
    zh: '今天已看满 {most} 家,{until} 后再看。',
    en: 'You looked into {most} today, the most there is; look again after {until}.',
  },
  'pool.nothingToDraw': { status: 409, zh: '现在没有你能领的客户。', en: 'There is nothing here that you may claim now.' },
  'pool.notOwner': { status: 409, zh: '只有主责能做这件事。', en: 'Only the owner may do this.' },
  'pool.reason': { status: 400, zh: '请选一个退回原因。', en: 'Choose the reason for giving it back.' },
  'pool.notPool': { status: 404, zh: '没有这个公海,或它已停用。', en: 'There is no such pool, or it is closed.' },
  'pool.noPool': { status: 409, zh: '没有公海能接住这家客户,请选一个。', en: 'No pool takes this customer; choose one.' },
  'pool.referenced': { status: 409, zh: '它还有{what},不能放进死海。', en: 'It still has {what} and cannot go to the dead-end pool.' },
  'pool.protectFull': { status: 409, zh: '保护中的客户已有 {used} 家,上限 {most} 家。', en: 'You protect {used} customers; the limit is {most}.' },
  'pool.protectLong': { status: 400, zh: '最长保护 {most} 天。', en: 'At most {most} days of protection.' },
  'pool.noClock': { status: 409, zh: '这家客户没有回收时钟,不用延期。', en: 'No clock runs for this customer; there is nothing to extend.' },
  'pool.extendLong': { status: 400, zh: '一次最多延 {most} 天。', en: 'At most {most} days at once.' },
  'pool.extendTimes': { status: 409, zh: '已延过 {most} 次,不能再延。', en: 'It was extended {most} times, the most there is.' },
  'pool.inUse': {
    status: 409,
    zh: '公海里还有 {n} 家客户,先转走再删除。',
    en: 'There are {n} customers in the pool; move them before you remove it.',
  },
  'pool.tooMany': { status: 400, zh: '最多 {most} 个。', en: 'At most {most}.' },
  'pool.steps': {
    status: 400,
    zh: '开放步骤要从 0 小时开始,一步比一步晚。',
    en: 'The steps of opening begin at 0 hours, each later than the one before.',
  },
} as const satisfies Record<string, RefusalWords>
