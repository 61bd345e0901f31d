/** Fields across, sources, departments or owners down: where the data are bad, and whose they are. A cell opens the fix list of just that. */
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type CheckUp, type Dimension, readMatrix } from '../../contract/cleansing/check-ups.ts'
import { MEASURES, type Measure } from '../../core/cleansing/problem.ts'
import { call } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { MoreButton } from '../app/more-button.tsx'
import { usePaged } from '../app/paged.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { type Slice, shown } from './shares.ts'

type Props = { report: CheckUp; dimension: Dimension; onPick: (pick: Slice) => void }

export function MatrixTable({ report, dimension, onPick }: Props) {
  const { t } = useTranslation()
  const [measure, setMeasure] = useState<Measure>('completeness')
  const list = usePaged(['cleansing', 'matrix', dimension], (cursor, signal) => call(readMatrix, { query: { dimension, cursor }, signal }))
  if (list.pending) return <Skeleton lines={8} />
  if (list.error) return <ErrorState error={list.error} onRetry={list.retry} />
  if (list.rows.length === 0) return <Empty title={t('cleansing:matrixEmpty')} />
  return (
    <>
      <div className="jy-check-bar">
        <Segmented value={measure} onChange={setMeasure} options={MEASURES.map(value => ({ value, label: t(`cleansing:measure.${value}`) }))} />
        <small className="jy-muted">{t(`cleansing:of.${measure}`)}</small>
      </div>
      <div className="jy-check-scroll">
        <table className="jy-check-table jy-check-matrix">
          <thead>
            <tr>
              <th>{t(`cleansing:by.${dimension}`)}</th>
              <th className="jy-number">{t('cleansing:customers')}</th>
              {report.fields.map(f => (
                <th key={f.key} title={f.label}>
                  <span className="jy-ellipsis">{f.label}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {list.rows.map(row => (
              <tr key={row.value}>
                <th scope="row">{row.label}</th>
                <td className="jy-number">{count(row.accounts)}</td>
                {report.fields.map(f => {
                  const cell = shown(measure, row.fields[f.key], report.spec)
                  return (
                    <td key={f.key} data-grade={cell.grade ?? undefined}>
                      <button
                        type="button"
                        className="jy-plain jy-number"
                        aria-label={`${t('cleansing:pickOf', { field: f.label, value: row.label })}: ${cell.text}${cell.grade ? `, ${t(`cleansing:grade.${cell.grade}`)}` : ''}`}
                        onClick={() =>
                          onPick({ field: f.key, dimension, value: row.value, ...(measure === 'completeness' ? { kind: 'missing' } : {}) })
                        }
                      >
                        {cell.text}
                      </button>
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <MoreButton list={list} />
    </>
  )
}
