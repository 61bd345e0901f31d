/** Figures of a territory and of those directly below it, so that one sees where they come from; the sum is the territory's own line. */
import { useTranslation } from 'react-i18next'
import type { TerritoryRow } from '../../contract/territory/models.ts'
import { count, money } from '../app/figures.ts'
import type { Figures } from './map-pane.tsx'

type Props = {
  readonly territory: TerritoryRow
  readonly rows: readonly TerritoryRow[]
  readonly figures: Figures | undefined
  readonly onSelect: (id: string) => void
}

export function PanelFigures({ territory, rows, figures, onSelect }: Props) {
  const { t, i18n } = useTranslation()
  const byId = new Map(figures?.figures.map(f => [f.id, f]))
  const children = rows.filter(r => r.parentId === territory.id)
  const own = byId.get(territory.id)
  const line = (id: string) => {
    const f = byId.get(id)
    return (
      <>
        <td className="jy-number">{count(f?.accounts ?? 0)}</td>
        <td className="jy-number">{money(f?.potential ?? '', i18n.language)}</td>
        <td className="jy-number">{money(f?.revenue ?? '', i18n.language)}</td>
        <td className="jy-number">{f?.unowned === null || f === undefined ? '–' : count(f.unowned)}</td>
      </>
    )
  }
  const kept = (own?.accounts ?? 0) - children.reduce((sum, c) => sum + (byId.get(c.id)?.accounts ?? 0), 0)
  return (
    <table className="jy-panel-table">
      <thead>
        <tr>
          <th />
          <th className="jy-number">{t('territory:metric.accounts')}</th>
          <th className="jy-number">{t('territory:metric.potential')}</th>
          <th className="jy-number">{t('territory:metric.revenue')}</th>
          <th className="jy-number">{t('territory:metric.unowned')}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">Σ {territory.code}</th>
          {line(territory.id)}
        </tr>
        {children.map(c => (
          <tr key={c.id}>
            <th scope="row">
              <button type="button" className="jy-plain" onClick={() => onSelect(c.id)} title={c.name}>
                {c.code} {c.name}
              </button>
            </th>
            {line(c.id)}
          </tr>
        ))}
        {children.length > 0 && kept > 0 && (
          <tr>
            <th scope="row" className="jy-muted">
              {t('territory:panel.ownOnly')}
            </th>
            <td className="jy-number">{count(kept)}</td>
            <td colSpan={3} />
          </tr>
        )}
      </tbody>
    </table>
  )
}
