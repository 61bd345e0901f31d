/** Each measure of one territory beside the mean of all: what the health layer of the map paints, in numbers. */
import { useTranslation } from 'react-i18next'
import type { Model } from '../../contract/territory/models.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { percent, sayMeasure, TOLERANCE, useHealthMap } from './health-layer.tsx'

export function HealthFigures({ model, territoryId }: { model: Model; territoryId: string }) {
  const { t, i18n } = useTranslation()
  const health = useHealthMap(model)
  if (health.isError) return <ErrorState error={health.error} onRetry={() => void health.refetch()} />
  // Not asked of a draft or another moment: then there is nothing to wait for.
  if (!health.data) return health.isFetching ? <Skeleton lines={3} /> : null
  const row = health.data.rows.find(r => r.id === territoryId)
  return (
    <section className="jy-panel-health" aria-label={t('insight:title')}>
      <h3>
        {t('insight:title')} <small className="jy-muted">{t('insight:map.of', { n: health.data.measures[0]?.spread.n ?? 0 })}</small>
      </h3>
      {!row && <p className="jy-muted">{t('insight:map.none')}</p>}
      {row && (
        <table className="jy-panel-table">
          <thead>
            <tr>
              <th />
              <th className="jy-number">{t('insight:map.here')}</th>
              <th className="jy-number">{t('insight:map.mean')}</th>
              <th className="jy-number">{t('insight:off')}</th>
            </tr>
          </thead>
          <tbody>
            {health.data.measures.map((m, i) => {
              const { mean } = m.spread
              const share = mean === 0 ? null : (row.values[i]! - mean) / mean
              return (
                <tr key={m.key}>
                  <th scope="row">{labelOf(m.labels, currentLocale())}</th>
                  <td className="jy-number">{sayMeasure(m, row.values[i]!, i18n.language)}</td>
                  <td className="jy-number jy-muted">{sayMeasure(m, mean, i18n.language)}</td>
                  <td className={`jy-number ${share !== null && Math.abs(share) > TOLERANCE ? 'jy-warn' : ''}`}>
                    {share === null ? '–' : percent(share)}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
    </section>
  )
}
