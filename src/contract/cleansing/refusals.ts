/** Refusals of data cleansing, in words. */
import type { RefusalWords } from '../kernel/refusals.ts'

export const CLEANSING_REFUSALS = {
  'cleansing.running': { status: 409, zh: '正在体检,请等它结束。', en: 'A check-up is running; wait until it ends.' },
  'cleansing.wide': {
    status: 403,
    zh: '体检要看全公司的客户,只有看得到全部客户的人可以做。',
    en: 'This is about every customer of the company; only somebody who sees them all may do it.',
  },
  'cleansing.wideSight': {
    status: 409,
    zh: '你看得到的客户超过 {limit} 家,页面上数不过来;待修清单照常可用。',
    en: 'You see more than {limit} customers, too many to count while you wait; the fix lists work all the same.',
  },
  'cleansing.none': { status: 409, zh: '还没有体检过,先做一次体检。', en: 'There has been no check-up yet; run one first.' },
  'cleansing.noProposal': {
    status: 400,
    zh: '「{field}」的这个问题没有现成的建议,请自己填一个值。',
    en: 'This problem of "{field}" has no proposal; give a value.',
  },
  'cleansing.notFixable': { status: 400, zh: '「{field}」要到客户页里改。', en: '"{field}" is mended on the customer’s own page.' },
  'cleansing.gone': { status: 409, zh: '这个问题已经没有了。', en: 'The problem is gone already.' },
  'cleansing.tooMany': {
    status: 400,
    zh: '一次最多处理 {limit} 家,请按来源、部门或负责人分批。',
    en: 'At most {limit} customers at once; narrow by source, department or owner.',
  },
  'cleansing.kind': { status: 400, zh: '没有这种问题「{kind}」。', en: 'There is no problem "{kind}".' },
  'edition.nothing': { status: 400, zh: '没有要改的代码。', en: 'There is no code to change.' },
  'edition.choose': { status: 400, zh: '「{name}」分到了几个区划,请选一个。', en: '"{name}" was divided; choose one of its successors.' },
} as const satisfies Record<string, RefusalWords>
