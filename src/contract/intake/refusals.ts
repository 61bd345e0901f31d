/** Refusals of intake, in words. */
import type { RefusalWords } from '../kernel/refusals.ts'

export const INTAKE_REFUSALS = {
  'lead.division': {
    status: 400,
    zh: '认不出「{value}」在哪里,请填行政区划代码或带省市的地址。',
    en: '"{value}" is no place we know; give a division code or an address with province and city.',
  },
  'lead.industry': { status: 400, zh: '没有行业代码「{value}」。', en: 'There is no industry code "{value}".' },
  'lead.channel': { status: 400, zh: '没有来源选项「{value}」。', en: 'There is no source option "{value}".' },
  'lead.email': { status: 400, zh: '「{value}」不是邮箱地址。', en: '"{value}" is no e-mail address.' },
  'lead.phone': { status: 400, zh: '「{value}」不是电话号码。', en: '"{value}" is no phone number.' },
  'lead.closed': { status: 409, zh: '这条线索已经结束。', en: 'This lead is closed.' },
  'lead.notYours': {
    status: 403,
    zh: '只有主责、区域经理或管线索分配的人能做这件事。',
    en: 'Only its owner, a manager of its territory or who manages lead routing may do this.',
  },
  'lead.ownerAway': { status: 409, zh: '{name}已停用,不能再接线索。', en: '{name} is inactive and can take no leads.' },
  'lead.ownerFull': {
    status: 409,
    zh: '{name}手上已有 {open} 条未结线索,上限 {most} 条。',
    en: '{name} holds {open} open leads; the limit is {most}.',
  },
  'lead.formClosed': { status: 404, zh: '这个表单不存在或已停用。', en: 'There is no such form, or it is closed.' },
} as const satisfies Record<string, RefusalWords>
