/** Refusals of approvals, in words. */
import type { RefusalWords } from '../kernel/refusals.ts'

export const APPROVAL_REFUSALS = {
  'approval.own': { status: 403, zh: '不能批自己的申请。', en: 'Nobody decides a request of his own.' },
  'approval.decided': { status: 409, zh: '这条申请已经有结果了。', en: 'This request has been decided or withdrawn already.' },
  'approval.notYours': { status: 403, zh: '这条申请不归你批。', en: 'This request is not yours to decide.' },
  'approval.stale': {
    status: 409,
    zh: '申请之后这家客户的归属变了,不能再批准;可以不批,请对方重新申请。',
    en: 'The customer changed hands after this was asked, so it cannot be approved; refuse it and let it be asked again.',
  },
  'approval.nobody': {
    status: 409,
    zh: '没有找到可以批这件事的人,请联系管理员。',
    en: 'Nobody was found who may decide this; ask an administrator.',
  },
  'approval.twice': { status: 409, zh: '你已经提过同样的申请,正等人批。', en: 'You asked the same already; it is waiting for a decision.' },
  'approval.together': {
    status: 409,
    zh: '一次请了几个人批准,不能单独撤回一条;要撤就整单撤回。',
    en: 'Several people were asked together; withdraw the whole, not one of them.',
  },
  'approval.wordsMissing': { status: 400, zh: '不批时请写明原因。', en: 'Say why when you refuse.' },
  'approval.pointless': { status: 409, zh: '已经是这样了,不用申请。', en: 'It is so already; there is nothing to ask for.' },
} as const satisfies Record<string, RefusalWords>
