/** Refusals of duplicates, in words. */
import type { RefusalWords } from '../kernel/refusals.ts'

export const DUPLICATE_REFUSALS = {
  'duplicate.self': { status: 400, zh: '不能把一家客户并入它自己。', en: 'A customer cannot be merged into itself.' },
  'duplicate.below': {
    status: 409,
    zh: '两家在集团里是上下级。先改好上级集团,再合并。',
    en: 'One stands below the other in their group. Change the group first, then merge.',
  },
  'duplicate.decided': { status: 409, zh: '这一对已经处理过了。', en: 'This pair has been decided already.' },
  'duplicate.undone': { status: 409, zh: '这次合并已经撤销过了。', en: 'This merge has been undone already.' },
  'duplicate.chain': {
    status: 409,
    zh: '合并之后,留下的那家又并入了 {name}。先撤销后面那次合并。',
    en: 'The one that stayed was merged into {name} afterwards. Undo that merge first.',
  },
  'duplicate.recycled': {
    status: 409,
    zh: '留下的那家已在回收站,先恢复它,再撤销合并。',
    en: 'The one that stayed is in the recycle bin. Restore it first, then undo.',
  },
  'duplicate.aliasSame': {
    status: 400,
    zh: '去掉地区和组织形式后,这些名字是同一个字号。',
    en: 'Without region and legal form these names are one brand already.',
  },
  'duplicate.hidden': {
    status: 403,
    zh: '有一家的联系方式不让你看,你不能合并它。',
    en: 'The private fields of one of them are hidden from you, so you cannot merge it.',
  },
  'duplicate.running': { status: 409, zh: '全库查重正在进行,等它做完。', en: 'A check of the whole base is under way; wait until it is done.' },
} as const satisfies Record<string, RefusalWords>
