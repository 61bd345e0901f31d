/** Home: what needs me today. Figures that lead to their lists, my tasks, customers that want a decision, and the map. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { Check, Flag } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { queryAccounts, type SCOPES } from '../../contract/account/accounts.ts'
import { listTasks, updateTask } from '../../contract/account/attached.ts'
import { listTerritories, listTypes } from '../../contract/territory/models.ts'
import { AccountLink } from '../app/account-link.tsx'
import { call } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { day } from '../app/format.ts'
import { useMay, useMe } from '../app/me.ts'
import { Empty, ErrorState, Skeleton, useProblemText } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { TerritoryMap } from '../map/territory-map.tsx'
import './home.css'

const FIGURES = ['mine', 'unowned', 'unassigned', 'contested', 'undecidable'] as const
type Scope = (typeof SCOPES)[number]

export function HomePage() {
  const { t } = useTranslation()
  const me = useMe()
  const reads = useMay('account.read')
  return (
    <div className="jy-page">
      <div className="jy-page-head">
        <h1>{t('home:hello', { name: me?.user.name ?? '' })}</h1>
        <span className="jy-muted">{t('home:model', { name: me?.activeModel.name ?? '' })}</span>
      </div>
      {reads && (
        <section className="jy-home-figures" aria-label={t('home:figures')}>
          {FIGURES.map(scope => (
            <Figure key={scope} scope={scope} />
          ))}
        </section>
      )}
      <div className="jy-home-grid">
        <TerritoriesNow />
        <div className="jy-home-side">
          <Tasks />
          <Wanting />
        </div>
      </div>
    </div>
  )
}

function Figure({ scope }: { scope: Scope }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const found = useQuery({
    queryKey: ['accounts', 'count', { scope }],
    queryFn: ({ signal }) => call(queryAccounts, { body: { scope, limit: 1, count: true }, signal }),
  })
  const n = found.data?.count
  return (
    <button type="button" className="jy-card jy-home-figure" onClick={() => void navigate({ to: '/accounts', search: { scope } as never })}>
      <small>{t(`home:scope.${scope}`)}</small>
      <b data-warn={(scope !== 'mine' && (n ?? 0) > 0) || undefined}>
        {found.isError ? '!' : n === undefined || n === null ? '…' : n > 1000 ? '1,000+' : count(n)}
      </b>
    </button>
  )
}

function TerritoriesNow() {
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
      .filter(r => r.hasRule && r.typeId === geography)
      .map(r => ({ id: r.id, code: r.code, name: r.name, colour: r.colour, divisions: r.divisions, depth: r.depth, parent: r.parentId }))
  }, [list.data, types.data])
  if (list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />
  if (list.data?.rows.length === 0)
    return (
      <Empty
        title={t('home:noMap')}
        why={t('home:noMapWhy')}
        action={<Button onClick={() => void navigate({ to: '/start' })}>{t('home:toMap')}</Button>}
      />
    )
  return (
    <section className="jy-card jy-home-map" aria-label={t('home:map')}>
      <TerritoryMap territories={shapes} selectedId={null} onSelect={id => id && void navigate({ to: '/map', search: { t: id } as never })} />
    </section>
  )
}

function Tasks() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const me = useMe()
  const queries = useQueryClient()
  const tasks = useQuery({ queryKey: ['tasks', 'mine'], queryFn: ({ signal }) => call(listTasks, { query: {}, signal }) })
  const finish = useMutation({
    mutationFn: (task: { id: string; rowVersion: number }) =>
      call(updateTask, { params: { id: task.id }, ifMatch: task.rowVersion, body: { done: true } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tasks'] }),
    onError: error => void message.error(say(error)),
  })
  return (
    <section className="jy-card jy-home-box">
      <h2>{t('home:tasks')}</h2>
      {tasks.isPending && <Skeleton lines={3} />}
      {tasks.isError && <ErrorState error={tasks.error} onRetry={() => void tasks.refetch()} />}
      {tasks.data?.rows.length === 0 && <Empty title={t('home:noTasks')} why={t('home:noTasksWhy')} />}
      {tasks.data?.rows.slice(0, 8).map(task => (
        <div className="jy-row jy-home-line" key={task.id}>
          <Flag size={13} />
          <span className="jy-grow jy-ellipsis">
            {task.text} · <AccountLink id={task.accountId}>{task.accountName}</AccountLink>
          </span>
          <small>{day(task.dueOn, new Date(), me?.tenant.zone)}</small>
          <Button size="small" icon={<Check size={13} />} aria-label={t('home:finish')} onClick={() => finish.mutate(task)} />
        </div>
      ))}
    </section>
  )
}

/** Customers without owner first, then contested ones: each opens where it can be decided. */
function Wanting() {
  const { t } = useTranslation()
  const unowned = useQuery({
    queryKey: ['accounts', 'wanting', 'unowned'],
    queryFn: ({ signal }) => call(queryAccounts, { body: { scope: 'unowned', sort: 'potential', limit: 6 }, signal }),
  })
  const contested = useQuery({
    queryKey: ['accounts', 'wanting', 'contested'],
    queryFn: ({ signal }) => call(queryAccounts, { body: { scope: 'contested', sort: 'potential', limit: 4 }, signal }),
  })
  const rows = [
    ...(contested.data?.rows.map(r => ({ ...r, why: t('home:scope.contested') })) ?? []),
    ...(unowned.data?.rows.map(r => ({ ...r, why: t('home:scope.unowned') })) ?? []),
  ]
  return (
    <section className="jy-card jy-home-box">
      <h2>{t('home:wanting')}</h2>
      {unowned.isPending && <Skeleton lines={4} />}
      {unowned.isError && <ErrorState error={unowned.error} onRetry={() => void unowned.refetch()} />}
      {unowned.data && rows.length === 0 && <Empty title={t('home:nothing')} />}
      {rows.map(r => (
        <div className="jy-row jy-home-line" key={`${r.why}${r.id}`}>
          <AccountLink id={r.id} className="jy-grow jy-ellipsis">
            {String(r.values.name ?? '')}
          </AccountLink>
          {r.territory && <TerritoryChip code={r.territory.code} colour={r.territory.colour} />}
          <small className="jy-muted">{r.why}</small>
        </div>
      ))}
    </section>
  )
}
