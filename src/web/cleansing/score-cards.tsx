/** The three scores of the whole, each with its grade in words, what it is a share of, and the line of past check-ups. */
import { useTranslation } from 'react-i18next'
import type { CheckUp, PastCheckUp } from '../../contract/cleansing/check-ups.ts'
import { MEASURES } from '../../core/cleansing/problem.ts'
import { GradeMark } from './grade-mark.tsx'
import { lineOf, percentOf, shown, sumOf } from './shares.ts'

export function ScoreCards({ report, past }: { report: CheckUp; past: readonly PastCheckUp[] }) {
  const { t } = useTranslation()
  const whole = sumOf(report.fields)
  const oldestFirst = [...past].reverse()
  return (
    <section className="jy-card jy-scores">
      {MEASURES.map(measure => {
        const now = shown(measure, whole, report.spec)
        const line = oldestFirst.map(p => p[measure])
        const before = line.at(-2)
        const delta = now.share === null || before === undefined ? null : now.share - before
        const goal = report.spec[measure]
        return (
          <div key={measure}>
            <span className="jy-row">
              <span className="jy-muted jy-grow">{t(`cleansing:measure.${measure}`)}</span>
              <GradeMark grade={now.grade} />
            </span>
            <span className="jy-row">
              <b data-grade={now.grade ?? undefined}>{now.text}</b>
              {line.length > 1 && (
                <svg
                  className="jy-spark"
                  viewBox="-2 -2 94 24"
                  role="img"
                  aria-label={`${t('cleansing:trend', { n: line.length })}: ${line.map(percentOf).join(', ')}`}
                >
                  <polyline points={lineOf(line, 90, 20)} />
                </svg>
              )}
            </span>
            <small className="jy-muted">{t(`cleansing:of.${measure}`)}</small>
            <small className="jy-muted">
              {delta !== null && Math.abs(delta) >= 0.0005
                ? t('cleansing:since', { delta: `${delta > 0 ? '+' : '−'}${(Math.abs(delta) * 100).toFixed(1)}` })
                : t('cleansing:goal', { green: percentOf(goal.green), ochre: percentOf(goal.ochre) })}
            </small>
          </div>
        )
      })}
    </section>
  )
}
