/**
 * Health on the map: how far each territory is off the mean of one measure. Only a model whose placements stand has figures, and only
 * today; which measure is shown stands in the address.
 */
import { useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { RotateCw } from 'lucide-react'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { getMeasures, type HealthMap, type HealthMeasure, healthMap } from '../../contract/insight/health.ts'
import type { Model } from '../../contract/territory/models.ts'
import { call } from '../app/api.ts'
import { useMode } from '../app/appearance.ts'
import { useElsewhen } from '../app/as-of.ts'
import { count, money } from '../app/figures.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { useProblemText } from '../app/states.tsx'
import { DEVIATION, DEVIATION_DARK, deviationStep, deviationsFrom, FAR } from '../map/fills.ts'
import { useMapSearch } from './use-model.ts'

/** As the page of health begins. */
export const TOLERANCE = 0.2
const PREFIX = 'health.'

export const percent = (share: number): string => `${share > 0 ? '+' : share < 0 ? '−' : ''}${count(Math.abs(Math.round(share * 100)))}%`
export const sayMeasure = ({ unit }: Pick<HealthMeasure, 'unit'>, value: number, language: string): string =>
  unit === 'money' ? money(String(Math.round(value)), language) : count(Math.round(value))

const useStands = (model: Pick<Model, 'state'> | undefined): boolean => {
  const elsewhen = useElsewhen()
  return model?.state === 'ready' && !elsewhen
}

/** Nothing is asked of a draft, of an archived model, or of another moment; and nothing before somebody looks, for it sums every customer. */
export function useHealthMap(model: Pick<Model, 'id' | 'state'> | undefined, wanted = true) {
  const stands = useStands(model)
  return useQuery({
    queryKey: ['health-map', model?.id],
    enabled: stands && wanted,
    staleTime: 30_000,
    queryFn: ({ signal }) => call(healthMap, { params: { id: model!.id }, query: { tolerance: TOLERANCE }, signal }),
  })
}

export type HealthLayer = {
  readonly measures: readonly HealthMeasure[]
  /** Key of the measure that is asked for; null: another layer is shown. */
  readonly key: string | null
  /** The same with its spread, once it is there. */
  readonly shown: HealthMap['measures'][number] | null
  /** By territory; null where there is no mean. */
  readonly shares: ReadonlyMap<string, number | null>
  readonly error: unknown
  readonly retry: () => void
  readonly show: (key: string | null) => void
}

/** null: there is nothing to show of this model. */
export function useHealthLayer(model: Pick<Model, 'id' | 'state'> | undefined): HealthLayer | null {
  const { search, go } = useMapSearch()
  const stands = useStands(model)
  const asked = search.layer?.startsWith(PREFIX) ? search.layer.slice(PREFIX.length) : null
  const measures = useQuery({ queryKey: ['health-measures'], enabled: stands, queryFn: ({ signal }) => call(getMeasures, { signal }) })
  const key = measures.data?.rows.find(m => m.key === asked)?.key ?? null
  const health = useHealthMap(model, key !== null)
  const data = key === null ? undefined : health.data
  const at = data?.measures.findIndex(m => m.key === key) ?? -1
  const shares = useMemo(
    () =>
      data && at >= 0
        ? deviationsFrom(new Map(data.rows.map(r => [r.id, r.values[at]!])), data.measures[at]!.spread.mean)
        : new Map<string, number | null>(),
    [data, at],
  )
  if (!stands || !measures.data || measures.data.rows.length === 0) return null
  return {
    measures: measures.data.rows,
    key,
    shown: data?.measures[at] ?? null,
    shares,
    error: key !== null && health.isError ? health.error : null,
    retry: () => void health.refetch(),
    show: next => go({ layer: next === null ? undefined : `${PREFIX}${next}` } as { layer?: string }),
  }
}

/** Colours by territory for the map, and the same as classes for the legend. */
export function useDeviationFill(layer: HealthLayer | null) {
  const { t, i18n } = useTranslation()
  const colours = useMode() === 'dark' ? DEVIATION_DARK : DEVIATION
  const shares = layer?.shares
  const fill = useCallback(
    (id: string) => {
      const share = shares?.get(id)
      return share === undefined || share === null ? null : colours[deviationStep(share, TOLERANCE)]!
    },
    [shares, colours],
  )
  const shown = layer?.shown ?? null
  if (shown === null) return null
  const [near, far] = [percent(TOLERANCE).slice(1), percent(FAR).slice(1)]
  const classes = [`> +${far}`, `+${near} – +${far}`, `±${near}`, `−${far} – −${near}`, `< −${far}`].map((words, i) => ({
    colour: colours[4 - i]!,
    words,
  }))
  const title = t('insight:map.legend', {
    name: labelOf(shown.labels, currentLocale()),
    n: count(shown.spread.n),
    mean: sayMeasure(shown, shown.spread.mean, i18n.language),
  })
  return { fill, classes, title }
}

export function MeasurePicker({ layer }: { layer: HealthLayer }) {
  const { t } = useTranslation()
  const say = useProblemText()
  return (
    <div className="jy-row">
      <Select
        size="small"
        className="jy-map-layer"
        aria-label={t('insight:map.measure')}
        value={layer.key}
        popupMatchSelectWidth={180}
        onChange={layer.show}
        options={layer.measures.map(m => ({ value: m.key, label: labelOf(m.labels, currentLocale()) }))}
      />
      {layer.error !== null && (
        <Button size="small" danger title={say(layer.error)} icon={<RotateCw size={13} />} onClick={layer.retry}>
          {t('shell:state.retry')}
        </Button>
      )}
    </div>
  )
}
