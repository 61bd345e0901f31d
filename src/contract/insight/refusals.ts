/** Refusals of health. */
import type { RefusalWords } from '../kernel/refusals.ts'

export const INSIGHT_REFUSALS = {
  'health.field': { status: 400, zh: '「{field}」不是能相加的数字字段。', en: '"{field}" is no number field that can be summed.' },
  'health.twice': { status: 400, zh: '指标「{key}」写了两次。', en: 'The measure "{key}" is there twice.' },
  'health.notStanding': { status: 409, zh: '草稿要先算好才能体检。', en: 'A draft must be computed before its health can be read.' },
} as const satisfies Record<string, RefusalWords>
