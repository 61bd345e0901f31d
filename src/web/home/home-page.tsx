/** Home: what needs me today. Figures that lead to their lists, the map of what I see, what waits for my decision, my territories. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { homeFigures } from '../../contract/home/home.ts'
import { call } from '../app/api.ts'
import { useMay } from '../app/me.ts'
import { ErrorState, NoPermission, Skeleton } from '../app/states.tsx'
import { Decisions } from './decisions.tsx'
import { Figures } from './figures.tsx'
import { FirstSteps } from './first-steps.tsx'
import { FollowUp } from './follow-up.tsx'
import { HomeMap } from './home-map.tsx'
import { TerritoryTable } from './territory-table.tsx'
import './home.css'

export function HomePage() {
  const { t } = useTranslation()
  const reads = useMay('account.read')
  const maps = useMay('territory.read')
  const [chosen, setChosen] = useState<string | null>(null)
  const figures = useQuery({ queryKey: ['home', 'figures'], enabled: reads, queryFn: ({ signal }) => call(homeFigures, { signal }) })
  if (!reads) return <NoPermission />
  const view = figures.data?.view
  if (view === 'new') return <FirstSteps figures={figures.data!} />
  return (
    <div className="jy-page jy-home" data-view={view}>
      {figures.isPending && (
        <section className="jy-card jy-home-figures">
          <Skeleton lines={2} />
        </section>
      )}
      {figures.isError && (
        <section className="jy-card">
          <ErrorState error={figures.error} part={t('home:figures')} onRetry={() => void figures.refetch()} />
        </section>
      )}
      {figures.data && <Figures figures={figures.data} />}
      <div className="jy-home-grid">
        {maps && <HomeMap chosen={chosen} onChoose={setChosen} />}
        <Decisions />
        {view === 'rep' && <FollowUp />}
      </div>
      {maps && view !== 'rep' && view !== undefined && <TerritoryTable chosen={chosen} onChoose={setChosen} />}
    </div>
  )
}
