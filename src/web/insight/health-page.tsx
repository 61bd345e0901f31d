/**
 * Territory health: how evenly work and opportunity are spread over territories, branches or owners, what nobody covers, and where.
 * Every number is today's, within the reader's sight.
 */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Segmented, Select } from 'antd'
import { Download, Map as MapIcon, Ruler } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { exportHealth, type HealthMeasure, type ModelHealth, modelHealth } from '../../contract/insight/health.ts'
import type { Locale } from '../../contract/kernel/shapes.ts'
import { listModels } from '../../contract/territory/models.ts'
import { call } from '../app/api.ts'
import { count, money } from '../app/figures.ts'
import { useMay } from '../app/me.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { useFormula } from './measure-words.ts'
import { MeasuresDrawer } from './measures-drawer.tsx'
import { WhiteGrid } from './white-grid.tsx'
import './health.css'

const BY = ['territory', 'branch', 'owner'] as const
const TOLERANCES = [0.1, 0.2, 0.3, 0.5]
const percent = (share: number): string => `${share > 0 ? '+' : share < 0 ? '−' : ''}${Math.abs(Math.round(share * 100))}%`

export function HealthPage() {
  const { t, i18n } = useTranslation()
  const [by, setBy] = useState<(typeof BY)[number]>('branch')
  const [tolerance, setTolerance] = useState(0.2)
  const [measuring, setMeasuring] = useState(false)
  const exports = useMay('account.export')
  const models = useQuery({ queryKey: ['models'], queryFn: ({ signal }) => call(listModels, { query: {}, signal }) })
  const modelId = models.data?.rows.find(m => m.active)?.id
  const health = useQuery({
    queryKey: ['health', modelId, by, tolerance],
    enabled: modelId !== undefined,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call(modelHealth, { params: { id: modelId! }, query: { by, tolerance }, signal }),
  })
  const show = (m: Pick<HealthMeasure, 'unit'>, value: number): string =>
    m.unit === 'money' ? money(String(Math.round(value)), i18n.language) : count(Math.round(value))
  const error = models.error ?? health.error
  return (
    <div className="jy-page jy-health">
      <div className="jy-page-head">
        <Segmented value={by} onChange={setBy} options={BY.map(value => ({ value, label: t(`insight:by.${value}`) }))} />
        <span className="jy-muted">{t('insight:tolerance')}</span>
        <Select
          size="small"
          aria-label={t('insight:tolerance')}
          value={tolerance}
          onChange={setTolerance}
          options={TOLERANCES.map(value => ({ value, label: `±${value * 100}%` }))}
        />
        <span className="jy-grow" />
        <Button icon={<Ruler size={14} />} onClick={() => setMeasuring(true)}>
          {t('insight:measures')}
        </Button>
        {exports && modelId && (
          <Button icon={<Download size={14} />} href={`${exportHealth.path.replace(':id', modelId)}?by=${by}&tolerance=${tolerance}`}>
            {t('insight:export')}
          </Button>
        )}
      </div>
      {(models.isPending || (health.isPending && !error)) && <Skeleton lines={8} />}
      {error !== null && !health.data && <ErrorState error={error} onRetry={() => void (models.error ? models.refetch() : health.refetch())} />}
      {health.data && (
        <>
          <Cards health={health.data} tolerance={tolerance} show={show} locale={i18n.language as Locale} />
          <section className="jy-card jy-health-table">
            <h2>
              {t(`insight:tableOf.${by}`)}{' '}
              <small className="jy-muted">{t('insight:farFirst', { n: health.data.rows.length, total: health.data.total })}</small>
            </h2>
            {health.data.rows.length === 0 ? (
              <Empty title={t('insight:none')} />
            ) : (
              <Lines health={health.data} tolerance={tolerance} show={show} locale={i18n.language as Locale} />
            )}
          </section>
          <WhiteGrid health={health.data} />
        </>
      )}
      {measuring && <MeasuresDrawer onClose={() => setMeasuring(false)} />}
    </div>
  )
}

type Shown = {
  readonly health: ModelHealth
  readonly tolerance: number
  readonly show: (m: Pick<HealthMeasure, 'unit'>, value: number) => string
  readonly locale: Locale
}

function Cards({ health, tolerance, show, locale }: Shown) {
  const { t } = useTranslation()
  const formula = useFormula()
  return (
    <section className="jy-card jy-health-cards">
      {health.measures.map(m => (
        <div key={m.key} title={formula(m.spec)}>
          <span className="jy-row">
            <span className="jy-muted jy-grow">{m.labels[locale]}</span>
            <Link className="jy-health-map" to="/map" search={{ layer: `health.${m.key}` } as never}>
              <MapIcon size={13} aria-hidden /> {t('insight:onMap')}
            </Link>
          </span>
          <b className={m.spread.maxDeviation > tolerance ? 'jy-warn' : ''}>{percent(m.spread.maxDeviation).replace('+', '±')}</b>
          <small className="jy-muted">
            {t('insight:card', { mean: show(m, m.spread.mean), outside: m.spread.outside, n: m.spread.n, gini: m.spread.gini.toFixed(2) })}
          </small>
        </div>
      ))}
      <div>
        <span className="jy-muted">{t('insight:white')}</span>
        <b className={health.white.accounts > 0 ? 'jy-warn' : ''}>{count(health.white.accounts)}</b>
        <small className="jy-muted">
          {health.white.potential === null
            ? t('insight:whiteWhy')
            : t('insight:whitePotential', { potential: show({ unit: 'money' }, health.white.potential) })}
        </small>
      </div>
    </section>
  )
}

function Lines({ health, tolerance, show, locale }: Shown) {
  const { t } = useTranslation()
  return (
    <div className="jy-health-scroll">
      <table>
        <thead>
          <tr>
            <th>{t('insight:who')}</th>
            <th>{t('insight:owner')}</th>
            {health.measures.flatMap(m => [
              <th key={m.key} className="jy-number">
                {m.labels[locale]}
              </th>,
              <th key={`${m.key}-d`} aria-label={t('insight:off')} />,
            ])}
            <th className="jy-number">{t('insight:contested')}</th>
            <th className="jy-number">{t('insight:unowned')}</th>
          </tr>
        </thead>
        <tbody>
          {health.rows.map(row => (
            <tr key={row.id}>
              <td>{row.code === null ? row.name : <TerritoryChip code={row.code} name={row.name} colour={row.colour} />}</td>
              <td className="jy-muted">{row.owners.join(', ') || '–'}</td>
              {health.measures.flatMap((m, i) => {
                const share = m.spread.mean === 0 ? 0 : (row.values[i]! - m.spread.mean) / m.spread.mean
                const out = Math.abs(share) > tolerance
                return [
                  <td key={`${m.key}-v`} className="jy-number">
                    {show(m, row.values[i]!)}
                  </td>,
                  <td key={`${m.key}-d`} className="jy-health-bar" data-out={out || undefined} title={percent(share)}>
                    <div>
                      <em style={{ left: `${50 - tolerance * 25}%`, width: `${tolerance * 50}%` }} />
                      <i style={{ [share < 0 ? 'right' : 'left']: '50%', width: `${Math.min(50, Math.abs(share) * 25)}%` }} />
                    </div>
                    <span className="jy-number">{percent(share)}</span>
                  </td>,
                ]
              })}
              <td className="jy-number">{row.contested}</td>
              <td className="jy-number">{row.unowned}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
