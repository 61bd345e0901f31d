/** Every field with its three scores and the problems found in it, the worst first; a row opens its fix list. */
import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import type { CheckUp, KindCount } from '../../contract/cleansing/check-ups.ts'
import { MEASURES } from '../../core/cleansing/problem.ts'
import { count } from '../app/figures.ts'
import { ScoreCell } from './score-cell.tsx'
import { type Shown, type Slice, shown } from './shares.ts'

const MOST = 4

export function FieldTable({ report, onPick }: { report: CheckUp; onPick: (pick: Slice) => void }) {
  const { t } = useTranslation()
  const kinds = new Map<string, KindCount[]>()
  for (const k of report.kinds) kinds.set(k.field, [...(kinds.get(k.field) ?? []), k])
  const worst = (shares: readonly Shown[]) => Math.min(...shares.map(s => s.share ?? 2))
  const rows = report.fields
    .map(f => ({ field: f, shares: MEASURES.map(m => shown(m, f.counts, report.spec)) }))
    .sort((a, b) => worst(a.shares) - worst(b.shares))
  return (
    <div className="jy-check-scroll">
      <table className="jy-check-table">
        <thead>
          <tr>
            <th>{t('cleansing:field')}</th>
            {MEASURES.map(m => (
              <th key={m}>{t(`cleansing:measure.${m}`)}</th>
            ))}
            <th>{t('cleansing:problems')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ field, shares }) => {
            const found = kinds.get(field.key) ?? []
            return (
              <tr key={field.key}>
                <th scope="row">
                  <button
                    type="button"
                    className="jy-plain"
                    aria-label={t('cleansing:pick', { field: field.label })}
                    onClick={() => onPick({ field: field.key })}
                  >
                    {field.label}
                  </button>
                </th>
                {MEASURES.map((m, i) => (
                  <td key={m}>
                    <ScoreCell shown={shares[i]!} />
                  </td>
                ))}
                <td className="jy-check-kinds">
                  {found.length === 0 && <span className="jy-muted">{t('cleansing:noProblems')}</span>}
                  {found.slice(0, MOST).map(k => (
                    <button key={k.kind} type="button" className="jy-plain" onClick={() => onPick({ field: field.key, kind: k.kind })}>
                      <Tag data-measure={k.measure}>
                        {k.label} {k.count > 0 && <span className="jy-number">{count(k.count)}</span>}
                      </Tag>
                    </button>
                  ))}
                  {found.length > MOST && (
                    <button type="button" className="jy-plain jy-muted" onClick={() => onPick({ field: field.key })}>
                      {t('cleansing:more', { count: found.length - MOST })}
                    </button>
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
