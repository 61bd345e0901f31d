/** Refusals of health. */
import type { RefusalWords } from '../kernel/refusals.ts'

export const INSIGHT_REFUSALS = {
  'health.field': { status: 400, zh: '「{field}」不是能相加的数字字段。', en: '"{field}" is no number field that can be summed.' },
  'health.fieldHidden': {
    status: 403,
    zh: '字段「{field}」对你不可见,不能用在指标里;请找能看它的人来定。',
    en: 'The field "{field}" is hidden from you and cannot be part of a measure of yours; ask somebody who may see it.',
  },
  'health.tier': { status: 400, zh: '没有等级「{tier}」;请用等级选项里有的。', en: 'There is no tier "{tier}"; use one of the options of tier.' },
  'health.zero': {
    status: 400,
    zh: '指标「{name}」的数都是 0,算出来永远是 0;至少填一个。',
    en: 'Every number of the measure "{name}" is 0, so it would always be 0; fill in one at least.',
  },
  'health.unit': {
    status: 400,
    zh: '指标「{name}」的单位和算法不配;请改单位。',
    en: 'The unit of the measure "{name}" does not fit the way it is computed; choose another unit.',
  },
  'health.fieldTwice': { status: 400, zh: '指标「{name}」里字段「{field}」写了两次。', en: 'The measure "{name}" names the field "{field}" twice.' },
  'health.many': {
    status: 400,
    zh: '最多 {limit} 项指标(含你看不到的)。',
    en: 'There can be {limit} measures at most, with those that you may not see.',
  },
  'health.reset': {
    status: 403,
    zh: '有 {count} 项指标用到你看不到的字段,不能由你整体恢复默认;请找能看它们的人来做。',
    en: '{count} measures use fields that are hidden from you, so you cannot go back to the defaults; ask somebody who may see them.',
  },
  'health.stale': {
    status: 409,
    zh: '指标刚被别人改过;看过现在的再改。',
    en: 'Someone changed the measures meanwhile; look at them again before you change them.',
  },
  'health.twice': { status: 400, zh: '指标「{key}」写了两次。', en: 'The measure "{key}" is there twice.' },
  'health.notStanding': { status: 409, zh: '草稿要先算好才能体检。', en: 'A draft must be computed before its health can be read.' },
} as const satisfies Record<string, RefusalWords>
