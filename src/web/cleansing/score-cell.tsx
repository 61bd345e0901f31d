/** One score in a table: the figure and a short bar in the colour of its grade. */
import { useTranslation } from 'react-i18next'
import type { Shown } from './shares.ts'

export function ScoreCell({ shown }: { shown: Shown }) {
  const { t } = useTranslation()
  return (
    <span className="jy-score" data-grade={shown.grade ?? undefined} title={shown.grade ? t(`cleansing:grade.${shown.grade}`) : undefined}>
      <span className="jy-number">{shown.text}</span>
      <i aria-hidden>{shown.share !== null && <em style={{ width: `${shown.share * 100}%` }} />}</i>
    </span>
  )
}
