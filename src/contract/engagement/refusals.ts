/** Refusals of conflict cases and of the rules of engagement. */
import type { RefusalWords } from '../kernel/refusals.ts'

export const ENGAGEMENT_REFUSALS = {
  'engagement.exists': { status: 409, zh: '这家客户已有裁决中的案子 #{number}。', en: 'There is already case #{number} about this customer.' },
  'engagement.existsHidden': { status: 409, zh: '这家客户已有裁决中的案子。', en: 'There is already a case about this customer.' },
  'engagement.oneOwner': { status: 409, zh: '争的两方是同一个人,没有可裁的。', en: 'Both sides are the same person: there is nothing to rule.' },
  'engagement.noOwner': {
    status: 409,
    zh: '这家客户现在没有主责,不需要裁决;请申请或领取。',
    en: 'Nobody owns this customer: ask for it or claim it instead.',
  },
  'engagement.notContested': { status: 409, zh: '这家客户没有被两个区域争。', en: 'No two territories contest this customer.' },
  'engagement.needsOther': { status: 400, zh: '请指出重复的另一条客户。', en: 'Name the other record of the same company.' },
  'engagement.notParty': { status: 403, zh: '只有当事双方可以这样做。', en: 'Only the parties may do this.' },
  'engagement.notJudge': { status: 403, zh: '这个案子不由你裁。', en: 'This case is not yours to rule.' },
  'engagement.mustRecuse': { status: 409, zh: '你与其中一方有关系,须回避。', en: 'You are bound to one side and must recuse yourself.' },
  'engagement.closed': { status: 409, zh: '这个案子已裁,不能再改。', en: 'This case is ruled; nothing can be added.' },
  'engagement.notRuled': { status: 409, zh: '这个案子现在没有可撤销的裁决。', en: 'There is no ruling to take back.' },
  'engagement.moved': { status: 409, zh: '归属刚变了,请再看一遍效果。', en: 'The customer has just moved; look at the effect again.' },
  'engagement.stoodOn': {
    status: 409,
    zh: '裁决之后又有归属变动,不能撤销;请另行调整。',
    en: 'Something later stands on this ruling; it cannot be taken back.',
  },
  'engagement.capped': { status: 400, zh: '让给败方的记功最多 {most}%。', en: 'The losing side may keep {most}% of the credit at most.' },
  'engagement.otherSide': {
    status: 409,
    zh: '接手人是对方当事人,请换一个人接。',
    en: 'The receiver is the other side of the case: choose somebody else.',
  },
  'engagement.gone': { status: 409, zh: '{name} 已停用,不能再归他。', en: '{name} is no longer active and cannot be given it.' },
  'engagement.accountGone': {
    status: 409,
    zh: '客户已被删除或并入别家,没有可裁的。',
    en: 'The customer was deleted or merged away: there is nothing to rule.',
  },
  'engagement.noOtherJudge': {
    status: 409,
    zh: '没有别人可以裁这个案子,请管理员给一位总部的人裁决权限。',
    en: 'Nobody else may rule this case; give somebody at headquarters the permission.',
  },
  'engagement.appealed': { status: 409, zh: '已申诉过一次,再裁就是终裁。', en: 'It was appealed once; the second ruling is final.' },
  'engagement.appealOver': { status: 409, zh: '申诉期已过。', en: 'The time to appeal is over.' },
  'engagement.future': { status: 400, zh: '证据的日期不能在将来。', en: 'Evidence cannot be dated in the future.' },
  'engagement.order': { status: 400, zh: '每种条款只能有一条。', en: 'Each kind of clause stands once.' },
  'registration.dates': { status: 400, zh: '报备的结束要晚于开始。', en: 'A registration must end after it begins.' },
  'registration.taken': { status: 409, zh: '这家客户在这段时间已有报备。', en: 'This customer is already registered for that time.' },
  'registration.decided': { status: 409, zh: '这条报备已处理过。', en: 'This registration was decided already.' },
} satisfies Readonly<Record<string, RefusalWords>>
