/** The map of what I see: it opens on my territories and leaves the others grey; a press chooses the row of the table below. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import { Maximize2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { homeTerritories, type TerritoryLine } from '../../contract/home/home.ts'
import { listTerritories, listTypes } from '../../contract/territory/models.ts'
import { call } from '../app/api.ts'
import { useMe } from '../app/me.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { TerritoryMap } from '../map/territory-map.tsx'

const METRICS = ['territory', 'reach', 'potential', 'unowned'] as const
type HomeMetric = (typeof METRICS)[number]
const VALUE: Readonly<Record<Exclude<HomeMetric, 'territory'>, (row: TerritoryLine) => number | null>> = {
  reach: r => (r.accounts === 0 ? null : (r.accounts - r.silent) / r.accounts),
  potential: r => (r.potential === null ? null : Number(r.potential)),
  unowned: r => r.unowned + r.contested,
}

export function HomeMap({ chosen, onChoose }: { chosen: string | null; onChoose: (id: string | null) => void }) {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const modelId = me?.activeModel.id
  const types = useQuery({
    queryKey: ['types', modelId],
    enabled: modelId !== undefined,
    queryFn: ({ signal }) => call(listTypes, { params: { id: modelId! }, signal }),
  })
  const list = useQuery({
    queryKey: ['territories', modelId, 'home'],
    enabled: modelId !== undefined,
    queryFn: ({ signal }) => call(listTerritories, { params: { id: modelId! }, query: { limit: 5000 }, signal }),
  })
  const shapes = useMemo(() => {
    const geography = types.data?.rows.find(x => x.key === 'geography')?.id ?? types.data?.rows.filter(x => x.layer === 'exclusive').at(-1)?.id
    return (list.data?.rows ?? [])
      .filter(r => r.hasRule && r.typeId === geography && r.seen === 'whole')
      .map(r => ({ id: r.id, code: r.code, name: r.name, colour: r.colour, divisions: r.divisions, depth: r.depth, parent: r.parentId }))
  }, [list.data, types.data])
  const lines = useQuery({ queryKey: ['home', 'territories'], queryFn: ({ signal }) => call(homeTerritories, { signal }) })
  const [metric, setMetric] = useState<HomeMetric>('territory')
  const painted = useMemo(
    () =>
      metric === 'territory'
        ? null
        : new Map(
            shapes.map(s => {
              const row = lines.data?.rows.find(r => r.territory.id === s.id)
              return [s.id, row ? VALUE[metric](row) : null] as const
            }),
          ),
    [metric, shapes, lines.data],
  )
  const waiting = list.isPending || types.isPending
  return (
    <section className="jy-card jy-home-map" aria-label={t('home:map')}>
      {waiting && <Skeleton lines={8} />}
      {list.isError && <ErrorState error={list.error} part={t('home:map')} onRetry={() => void list.refetch()} />}
      {!waiting && !list.isError && shapes.length === 0 && (
        <Empty
          title={t('home:noMap')}
          why={t('home:noMapWhy')}
          action={<Button onClick={() => void navigate({ to: '/map' })}>{t('home:toMap')}</Button>}
        />
      )}
      {shapes.length > 0 && (
        <>
          <TerritoryMap territories={shapes as never} metric={painted} selectedId={chosen} onSelect={onChoose} top={52} />
          <div className="jy-home-map-bar">
            {lines.data && !lines.data.regions && shapes.length > 1 && (
              <Segmented
                size="small"
                aria-label={t('home:metric.label')}
                value={metric}
                onChange={setMetric}
                options={METRICS.map(value => ({ value, label: t(`home:metric.${value}`) }))}
              />
            )}
            <Button
              size="small"
              aria-label={t('home:openMap')}
              title={t('home:openMap')}
              icon={<Maximize2 size={13} />}
              onClick={() => void navigate({ to: '/map', search: (chosen ? { t: chosen } : {}) as never })}
            />
          </div>
        </>
      )}
    </section>
  )
}
