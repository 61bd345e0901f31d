/** The small map of a change set: the counties that get another territory, in the colour of the one that will have them. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChangeSet } from '../../contract/territory/change-sets.ts'
import { count } from '../app/figures.ts'
import { Skeleton } from '../app/states.tsx'
import { assignCounties } from '../map/assign-counties.ts'
import { loadMap } from '../map/geometry.ts'
import { countyMoves } from '../territory/compare/county-moves.ts'
import { ChangedCounties, shapesOf, useShapes } from '../territory/compare/shapes.tsx'

/** Nothing where no county changes hands: not every change is about places. */
export function ChangeMap({ set, baseId }: { set: ChangeSet; baseId: string }) {
  const { t, i18n } = useTranslation()
  const [selected, setSelected] = useState<string | null>(null)
  const [base, draft] = [useShapes(baseId), useShapes(set.modelId)]
  const map = useQuery({ queryKey: ['map-shapes'], queryFn: loadMap, staleTime: Number.POSITIVE_INFINITY })
  const before = useMemo(() => (base.data ? shapesOf(base.data, i18n.language) : []), [base.data, i18n.language])
  const after = useMemo(() => (draft.data ? shapesOf(draft.data, i18n.language) : []), [draft.data, i18n.language])
  const codes = map.data?.codes
  const changed = useMemo(
    () => new Set(codes ? countyMoves(codes, assignCounties(codes, before), assignCounties(codes, after)).flatMap(m => m.codes) : []),
    [codes, before, after],
  )
  // The table beside it says the same; a map that cannot be drawn is no reason to stop anybody.
  if (base.isError || draft.isError || map.isError) return null
  if (!base.data || !draft.data || !codes) return <Skeleton lines={6} />
  if (changed.size === 0) return null
  return (
    <figure className="jy-card jy-change-map">
      <ChangedCounties territories={after} changed={changed} selected={selected} onSelect={setSelected} />
      <figcaption className="jy-muted">
        {t('change:map.counties', { n: count(changed.size) })} ·{' '}
        <Link to="/territory/compare" search={{ a: baseId, b: set.modelId, tab: 'map' }}>
          {t('change:map.compare')}
        </Link>
      </figcaption>
    </figure>
  )
}
