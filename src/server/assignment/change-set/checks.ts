/** What must be right before a change set takes effect 核验, each line with its answer in words. */

import type { Locale } from '../../../contract/kernel/shapes.ts'
import type { ChangeFigures, ChangeSet } from '../../../contract/territory/change-sets.ts'
import { inLocale } from '../../territory/check-rule.ts'

export function checksOf(
  locale: Locale,
  facts: {
    readonly figures: ChangeFigures | null
    readonly faults: readonly string[]
    readonly outdated: boolean
    readonly approvers: ChangeSet['approvers']
    /** Limits reached that only the author could answer for. */
    readonly unanswered: number
    readonly state: ChangeSet['state']
    readonly free: boolean
    /** While a job works, nobody has been chosen yet. */
    readonly busy: boolean
  },
): ChangeSet['checks'] {
  const say = (zh: string, en: string) => (locale === 'en' ? en : inLocale(zh, locale))
  const { figures, faults, outdated, approvers, unanswered, state, free, busy } = facts
  const checks: ChangeSet['checks'] = [
    faults.length === 0
      ? { code: 'faults', ok: true, words: say('结构和规则没有错误。', 'Structure and rules have no faults.') }
      : { code: 'faults', ok: false, words: say(`还有 ${faults.length} 处错误:${faults[0]}`, `${faults.length} faults: ${faults[0]}`) },
    outdated
      ? {
          code: 'base',
          ok: false,
          words: say('现行版图在草稿建立后变过,先并入新版图。', 'The active model changed after the draft was made; merge the draft into it first.'),
        }
      : { code: 'base', ok: true, words: say('基于现行版图。', 'Made on the active model.') },
  ]
  if (figures) {
    const { unassigned, contested } = figures
    checks.push(
      {
        code: 'sum',
        ok: true,
        words: say(`前后都是 ${figures.accounts} 家客户,一家不少。`, `${figures.accounts} customers before and after; none is lost.`),
      },
      {
        code: 'gaps',
        ok: unassigned.after <= unassigned.before,
        words: say(
          `没有区域的客户:${unassigned.before} → ${unassigned.after} 家。`,
          `Customers without a territory: ${unassigned.before} → ${unassigned.after}.`,
        ),
      },
      {
        code: 'overlaps',
        ok: contested.after <= contested.before,
        words: say(`有争议的客户:${contested.before} → ${contested.after} 家。`, `Contested customers: ${contested.before} → ${contested.after}.`),
      },
    )
  }
  if (unanswered > 0)
    checks.push({
      code: 'nobody',
      ok: false,
      words: say(
        `达到 ${unanswered} 条门槛,而能批准的只有提交人自己;请管理员在「变更审批」里添人,再重新核算。`,
        `${unanswered} limits are reached that only the author could approve; ask an administrator to name somebody else, then compute again.`,
      ),
    })
  else if (state !== 'draft' && state !== 'refused' && !free && !busy && !approvers.some(a => a.state === 'asked' || a.state === 'approved'))
    checks.push({
      code: 'nobody',
      ok: state === 'approved' || state === 'scheduled' || state === 'active' || state === 'past' || state === 'undone',
      words: say('影响没有达到任何一条审批门槛。', 'The change reaches no limit that asks for approval.'),
    })
  return checks
}
