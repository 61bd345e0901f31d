/** White space: places whose customers nobody takes, and industries × provinces by what they are worth; a cell with a ring has uncovered ones. */
import { useTranslation } from 'react-i18next'
import type { ModelHealth } from '../../contract/insight/health.ts'
import { count, money } from '../app/figures.ts'
import { Empty } from '../app/states.tsx'

const STEPS = 5

export function WhiteGrid({ health }: { health: ModelHealth }) {
  const { t, i18n } = useTranslation()
  const { grid, provinces, sections, white } = health
  const worth = (cell: (typeof grid)[number]): number => cell.potential ?? cell.accounts
  const most = Math.max(1, ...grid.map(worth))
  const cells = new Map(grid.map(c => [`${c.section}/${c.province}`, c]))
  const columns = Object.keys(provinces).sort()
  const rows = Object.keys(sections).sort()
  const say = (value: number | null): string => (value === null ? '–' : money(String(Math.round(value)), i18n.language))
  return (
    <div className="jy-health-white">
      <section className="jy-card">
        <h2>{t('insight:places')}</h2>
        {white.places.length === 0 ? (
          <Empty title={t('insight:noWhite')} />
        ) : (
          <ul>
            {white.places.map(p => (
              <li key={p.code}>
                <span>{p.name}</span>
                <span className="jy-number">{t('insight:accounts', { n: count(p.accounts) })}</span>
                <span className="jy-number jy-muted">{say(p.potential)}</span>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section className="jy-card jy-health-grid">
        <h2>
          {t('insight:grid')} <small className="jy-muted">{t('insight:gridWhy')}</small>
        </h2>
        <div className="jy-health-scroll">
          <table>
            <thead>
              <tr>
                <th />
                {columns.map(c => (
                  <th key={c} title={provinces[c]}>
                    {provinces[c]!.slice(0, i18n.language === 'en' ? 6 : 2)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(r => (
                <tr key={r}>
                  <th title={sections[r]}>{sections[r]}</th>
                  {columns.map(c => {
                    const cell = cells.get(`${r}/${c}`)
                    const step = cell ? Math.max(1, Math.ceil(Math.sqrt(worth(cell) / most) * STEPS)) : 0
                    const words = cell
                      ? t('insight:cell', {
                          section: sections[r],
                          province: provinces[c],
                          accounts: count(cell.accounts),
                          uncovered: count(cell.uncovered),
                          potential: say(cell.potential),
                        })
                      : t('insight:cellEmpty', { section: sections[r], province: provinces[c] })
                    return (
                      <td key={c} data-step={step} data-white={(cell?.uncovered ?? 0) > 0 || undefined} title={words}>
                        {cell && cell.uncovered > 0 ? cell.uncovered : ''}
                      </td>
                    )
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </div>
  )
}
