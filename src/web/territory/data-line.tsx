/** What the customers one has show: who stands in a gap, is contested or cannot be decided, and which value is missing how often. */
import { Link } from '@tanstack/react-router'
import { UserX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { WITNESS_KINDS } from '../../contract/territory/picture.ts'
import type { getCoverage } from '../../contract/territory/wizard.ts'
import { readSearch, writeSearch } from '../account/list-search.ts'
import type { ReplyOf } from '../app/api.ts'
import { useElsewhen } from '../app/as-of.ts'
import { count } from '../app/figures.ts'

type Kind = (typeof WITNESS_KINDS)[number]
export type Missing = ReplyOf<typeof getCoverage>['missing']
const SHOWN = 2

type Props = {
  readonly counts: { readonly unassigned: number; readonly contested: number; readonly undecidable: number }
  readonly missing: Missing
  readonly leaderless: number
  readonly live: boolean
  readonly onWitnesses: (kind: Kind) => void
  readonly onCoverage: () => void
}

export function DataLine({ counts, missing, leaderless, live, onWitnesses, onCoverage }: Props) {
  const { t } = useTranslation()
  const elsewhen = useElsewhen()
  if (elsewhen)
    return (
      <div className="jy-proof-data">
        <span className="jy-muted">{t('past:mapRest')}</span>
      </div>
    )
  const gaps = Math.max(0, counts.unassigned - counts.undecidable)
  const figure = (kind: Kind, key: string, n: number) => (
    <button type="button" className="jy-plain" data-bad={(n > 0 && kind !== 'undecidable') || undefined} onClick={() => onWitnesses(kind)}>
      {t(`territory:proof.${key}`, { count: n, n: count(n) })}
    </button>
  )
  const lacking = (field: string) => writeSearch({ ...readSearch({}), scope: 'undecidable', filter: { all: [{ field, op: 'empty' }] } })
  return (
    <div className="jy-proof-data">
      <span className="jy-muted">{t('proof:data')}</span>
      {figure('unassigned', 'gaps', gaps)}
      {figure('contested', 'contested', counts.contested)}
      {figure('undecidable', 'undecidable', counts.undecidable)}
      {missing.slice(0, SHOWN).map(m => {
        const words = t('proof:dataMissing', { field: m.label, n: count(m.accounts), count: m.accounts })
        return live ? (
          <Link key={m.field} className="jy-muted" to={'/accounts' as never} search={lacking(m.field) as never}>
            {words}
          </Link>
        ) : (
          <span key={m.field} className="jy-muted">
            {words}
          </span>
        )
      })}
      {leaderless > 0 && (
        <button type="button" className="jy-plain jy-warn" onClick={onCoverage}>
          <UserX size={14} />
          {t('territory:proof.leaderless', { n: count(leaderless), count: leaderless })}
        </button>
      )}
    </div>
  )
}
