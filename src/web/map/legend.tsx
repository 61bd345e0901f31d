/** What the lines and colours of the map mean; in a metric layer the classes with their ends, or those that the layer names itself. */
import { useTranslation } from 'react-i18next'
import { useMode } from '../app/appearance.ts'
import { SEQUENCE, SEQUENCE_DARK, stepOf } from './fills.ts'

export type LegendProps = {
  readonly breaks: readonly number[] | null
  /** Classes of another scale, from top to bottom, in place of the breaks. */
  readonly classes?: readonly { readonly colour: string; readonly words: string }[] | null
  readonly title?: string
  readonly figure?: (value: number) => string
  readonly overlap: boolean
  readonly gap: boolean
}

export function Legend({ breaks, classes = null, title, figure, overlap, gap }: LegendProps) {
  const { t } = useTranslation()
  const steps = useMode() === 'dark' ? SEQUENCE_DARK : SEQUENCE
  const words = figure ?? String
  return (
    <div className="jy-map-legend" role="note" aria-label={t('territory:legend.label')}>
      {classes && (
        <>
          <b>{title}</b>
          {classes.map(c => (
            <span key={c.words}>
              <i style={{ background: c.colour }} />
              {c.words}
            </span>
          ))}
        </>
      )}
      {breaks && !classes && (
        <>
          <b>{title}</b>
          {[...breaks].reverse().map((from, i) => (
            <span key={from}>
              <i style={{ background: steps[stepOf(from, breaks)] }} />
              {i === 0 ? `≥ ${words(from)}` : `${words(from)} – ${words([...breaks].reverse()[i - 1]!)}`}
            </span>
          ))}
          <span>
            <i style={{ background: steps[0] }} />
            {breaks[0] === undefined ? t('territory:legend.equal') : `< ${words(breaks[0])}`}
          </span>
        </>
      )}
      {!breaks && !classes && (
        <>
          <span>
            <i data-line="parent" />
            {t('territory:legend.parent')}
          </span>
          <span>
            <i data-line="territory" />
            {t('territory:legend.territory')}
          </span>
          <span>
            <i data-line="county" />
            {t('territory:legend.county')}
          </span>
        </>
      )}
      {overlap && (
        <span>
          <i data-line="overlap" />
          {t('territory:legend.overlap')}
        </span>
      )}
      {gap && (
        <span>
          <i data-line="gap" />
          {t('territory:legend.gap')}
        </span>
      )}
    </div>
  )
}
