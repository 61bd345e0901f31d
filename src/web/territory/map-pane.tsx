/** The middle of the map page: what is proved of the model, the metric layers, the map, or the grid of a type that is not about places. */
import { useQuery } from '@tanstack/react-query'
import { Button, Segmented, Select } from 'antd'
import { ArrowUpDown } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { boundaryShapes, listBoundarySets } from '../../contract/geography/boundaries.ts'
import type { TerritoryRow } from '../../contract/territory/models.ts'
import type { mapFigures, WITNESS_KINDS } from '../../contract/territory/picture.ts'
import { addressOf, call, Problem, type ReplyOf } from '../app/api.ts'
import { count, money } from '../app/figures.ts'
import { Legend } from '../map/legend.tsx'
import { breaksOf } from '../map/paint.ts'
import { TerritoryMap } from '../map/territory-map.tsx'
import { DataLine, type Missing } from './data-line.tsx'
import { DimensionGrid } from './dimension-grid.tsx'
import { type HealthLayer, MeasurePicker, useDeviationFill } from './health-layer.tsx'
import { ProofBanner } from './proof-banner.tsx'
import { ancestorsOf } from './tree-rows.ts'
import type { FindingKind, useProof } from './use-proof.ts'

export const METRICS = ['territory', 'accounts', 'potential', 'revenue', 'unowned'] as const
/** `health`: how far off the mean, by a measure of the company's. */
export type Metric = (typeof METRICS)[number] | 'health'
export type Figures = ReplyOf<typeof mapFigures>
type Kind = (typeof WITNESS_KINDS)[number]

type Props = {
  readonly modelId: string
  readonly typeId: string | null
  readonly rows: readonly TerritoryRow[]
  readonly byId: ReadonlyMap<string, TerritoryRow>
  readonly figures: Figures | undefined
  readonly counts: { readonly unassigned: number; readonly contested: number; readonly undecidable: number }
  readonly metric: Metric
  readonly onMetric: (metric: Metric) => void
  readonly health: HealthLayer | null
  readonly selectedId: string | null
  readonly onSelect: (id: string | null) => void
  readonly overlap: number
  readonly onWitnesses: (kind: Kind) => void
  readonly proof: ReturnType<typeof useProof>
  readonly onFindings: (kind: FindingKind) => void
  /** Among the undecidable: how many lack each field. */
  readonly missing: Missing
  /** The model is the active one: lists of customers answer for it. */
  readonly live: boolean
  readonly onPrecedence: () => void
  /** Territories that take accounts and have no lead. */
  readonly leaderless: number
  readonly onCoverage: () => void
  /** Whether the type shown is the one that is about places. */
  readonly places: boolean
  /** Whether gaps are the reader's business: he sees the whole company. */
  readonly whole: boolean
}

export const valuesFor = (figures: Figures | undefined, metric: Exclude<Metric, 'territory' | 'health'>): ReadonlyMap<string, number | null> =>
  new Map(
    (figures?.figures ?? []).map(f => {
      const value = f[metric]
      return [f.id, value === null || value === '' ? null : Number(value)]
    }),
  )

/** What a territory holds itself: its figure without those drawn inside it, so that the colour speaks of the ground it covers. */
export function ownValues(rows: readonly TerritoryRow[], values: ReadonlyMap<string, number | null>): ReadonlyMap<string, number | null> {
  const below = new Map<string, number>()
  for (const r of rows) if (r.parentId !== null) below.set(r.parentId, (below.get(r.parentId) ?? 0) + (values.get(r.id) ?? 0))
  return new Map([...values].map(([id, value]) => [id, value === null ? null : Math.max(0, value - (below.get(id) ?? 0))]))
}

async function readShapes(id: string, signal: AbortSignal): Promise<unknown> {
  const answer = await fetch(addressOf(boundaryShapes.path, { id }), { signal, credentials: 'same-origin' })
  if (!answer.ok) throw new Problem(answer.status, {})
  return answer.json()
}

export function MapPane(props: Props) {
  const {
    modelId,
    typeId,
    rows,
    byId,
    figures,
    counts,
    metric,
    onMetric,
    health,
    selectedId,
    onSelect,
    overlap,
    onWitnesses,
    proof,
    onFindings,
    missing,
    live,
    onPrecedence,
    leaderless,
    onCoverage,
    places,
    whole,
  } = props
  const { t, i18n } = useTranslation()
  const shapes = useMemo(
    () =>
      rows
        .filter(r => r.divisions.length > 0)
        .map(r => ({
          id: r.id,
          code: r.code,
          name: i18n.language === 'en' && r.nameEn ? r.nameEn : r.name,
          colour: r.colour,
          divisions: r.divisions,
          depth: r.depth,
          priority: r.priority,
          parent: r.parentId,
          ancestors: ancestorsOf(byId, r.id),
        })),
    [rows, byId, i18n.language],
  )
  const painted = useMemo(() => {
    if (metric === 'territory' || metric === 'health') return null
    const shown = new Set(shapes.map(s => s.id))
    return new Map([...ownValues(rows, valuesFor(figures, metric))].filter(([id]) => shown.has(id)))
  }, [figures, metric, shapes, rows])
  const known = useMemo(() => METRICS.filter(m => m === 'territory' || [...valuesFor(figures, m).values()].some(v => v !== null)), [figures])
  const off = useDeviationFill(health)
  const quarrel = figures?.overlaps[overlap % Math.max(1, figures.overlaps.length)]
  const callout = quarrel
    ? {
        division: quarrel.division,
        title: t('territory:map.overlap', { n: count(quarrel.accounts), count: quarrel.accounts }),
        text: quarrel.rivals.map(id => byId.get(id)?.code ?? '').join(' ∩ '),
        onPress: () => onWitnesses('contested'),
      }
    : null
  const [layer, setLayer] = useState<string | null>(null)
  const sets = useQuery({ queryKey: ['boundary-sets'], queryFn: ({ signal }) => call(listBoundarySets, { signal }) })
  const layers = sets.data?.rows ?? []
  const areas = useQuery({
    queryKey: ['boundary-shapes', layer],
    enabled: layer !== null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => readShapes(layer!, signal),
  })
  const [view, setView] = useState<{ typeId: string | null; as: 'map' | 'grid' } | null>(null)
  const isMap = view?.typeId === typeId ? view.as === 'map' : places
  return (
    <section className="jy-map-middle" aria-label={t('territory:map.label')}>
      <div className="jy-map-top">
        <ProofBanner
          proof={proof.data}
          error={proof.isError ? proof.error : null}
          onRetry={() => void proof.refetch()}
          onFindings={onFindings}
          actions={
            <>
              {whole && (
                <Button size="small" className="jy-proof-order" icon={<ArrowUpDown size={13} />} onClick={onPrecedence}>
                  {t('territory:proof.precedence')}
                </Button>
              )}
              {!places && shapes.length > 0 && (
                <Segmented
                  size="small"
                  value={isMap ? 'map' : 'grid'}
                  onChange={value => setView({ typeId, as: value as 'map' })}
                  options={(['grid', 'map'] as const).map(value => ({ value, label: t(`territory:grid.as.${value}`) }))}
                />
              )}
            </>
          }
        >
          <DataLine counts={counts} missing={missing} leaderless={leaderless} live={live} onWitnesses={onWitnesses} onCoverage={onCoverage} />
        </ProofBanner>
        {isMap && (
          <>
            <Segmented
              className="jy-map-metric"
              value={metric}
              onChange={value => onMetric(value as Metric)}
              options={[
                ...known.map(value => ({ value: value as Metric, label: t(`territory:metric.${value}`) })),
                ...(health ? [{ value: 'health' as const, label: t('insight:map.layer') }] : []),
              ]}
            />
            {health?.key && <MeasurePicker layer={health} />}
            {layers.length > 0 && (
              <Select
                size="small"
                className="jy-map-layer"
                value={layer ?? ''}
                aria-label={t('territory:boundaries.layer')}
                popupMatchSelectWidth={180}
                onChange={value => setLayer(value || null)}
                options={[{ value: '', label: t('territory:boundaries.layer') }, ...layers.map(s => ({ value: s.id, label: s.name }))]}
              />
            )}
          </>
        )}
      </div>
      {isMap ? (
        <TerritoryMap
          territories={shapes}
          metric={painted}
          tint={off?.fill ?? null}
          gaps={whole ? (figures?.gaps ?? []) : []}
          overlaps={figures?.overlaps ?? []}
          selectedId={selectedId}
          onSelect={onSelect}
          callout={callout}
          areas={areas.data}
          top={104}
        >
          <Legend
            breaks={painted ? breaksOf(painted) : null}
            classes={off?.classes ?? null}
            title={off?.title ?? (metric === 'territory' || metric === 'health' ? undefined : t(`territory:metric.${metric}`))}
            figure={value => (metric === 'potential' || metric === 'revenue' ? money(String(value), i18n.language) : count(value))}
            overlap={(figures?.overlaps.length ?? 0) > 0}
            gap={whole && (figures?.gaps.length ?? 0) > 0}
          />
        </TerritoryMap>
      ) : (
        <DimensionGrid modelId={modelId} typeId={typeId} byId={byId} selectedId={selectedId} onSelect={onSelect} />
      )}
    </section>
  )
}
