/** The small company's start: choose people, look at a proposal by customers, move a province, compute, switch on. Ten minutes to a live map. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Input, Progress, Segmented, Select, Steps } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listUsers } from '../../contract/identity/people.ts'
import { activateModel, getJob, runModel } from '../../contract/territory/models.ts'
import { geographyWizard, suggestShares } from '../../contract/territory/wizard.ts'
import { call } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { useRested } from '../app/paged.ts'
import { useProblemText } from '../app/states.tsx'
import { TerritoryMap } from '../map/territory-map.tsx'
import { FirstSteps } from './first-look.tsx'
import { moveDivision, type Shares, totalOf } from './shares.ts'
import '../territory/map-page.css'
import './wizard.css'

type Person = { readonly id: string; readonly name: string }

export function StartPage() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const navigate = useNavigate()
  const [people, setPeople] = useState<readonly Person[]>([])
  const [level, setLevel] = useState<'province' | 'city'>('province')
  const [shares, setShares] = useState<Shares | null>(null)
  const [name, setName] = useState(t('wizard:defaultName'))
  const [made, setMade] = useState<{ modelId: string; jobId: string } | null>(null)
  const fail = (error: unknown) => void message.error(say(error))
  const propose = useMutation({
    mutationFn: () => call(suggestShares, { body: { userIds: people.map(p => p.id), level } }),
    onSuccess: found => setShares(found.shares),
    onError: fail,
  })
  const build = useMutation({
    mutationFn: async () => {
      const draft = await call(geographyWizard, {
        body: { name, shares: (shares ?? []).map(s => ({ userId: s.userId, divisions: s.divisions.map(d => d.code) })) },
      })
      const run = await call(runModel, { params: { id: draft.modelId } })
      return { modelId: draft.modelId, jobId: run.jobId }
    },
    onSuccess: setMade,
    onError: fail,
  })
  const job = useQuery({
    queryKey: ['job', made?.jobId],
    enabled: made !== null,
    queryFn: ({ signal }) => call(getJob, { params: { id: made!.jobId }, signal }),
    refetchInterval: query => (query.state.data && ['done', 'failed'].includes(query.state.data.state) ? false : 500),
  })
  const activate = useMutation({
    mutationFn: () => call(activateModel, { params: { id: made!.modelId }, body: {} }),
    onSuccess: () => void navigate({ to: '/map', reloadDocument: true } as never),
    onError: fail,
  })
  const nameOf = new Map(people.map(p => [p.id, p.name]))
  const drawn = useMemo(
    () =>
      (shares ?? []).map((s, i) => ({
        id: s.userId,
        code: people.find(p => p.id === s.userId)?.name ?? '',
        name: t('wizard:accounts', { n: count(totalOf(s)) }),
        colour: i % 8,
        divisions: s.divisions.map(d => d.code),
        depth: 0,
        parent: s.userId,
      })),
    [shares, people, t],
  )
  const state = job.data?.state
  return (
    <div className="jy-page" style={{ maxWidth: 1000 }}>
      <h1>{t('wizard:title')}</h1>
      <p className="jy-muted">{t('wizard:lead')}</p>
      <Steps size="small" current={made ? 2 : shares ? 1 : 0} items={['people', 'shares', 'live'].map(key => ({ title: t(`wizard:step.${key}`) }))} />
      <FirstSteps />
      {!made && (
        <section className="jy-card jy-wizard-box">
          <h2>{t('wizard:who')}</h2>
          <PeoplePicker chosen={people} onChange={setPeople} />
          <div className="jy-row jy-wrap">
            <Segmented
              value={level}
              onChange={value => setLevel(value as 'province')}
              options={[
                { value: 'province', label: t('wizard:byProvince') },
                { value: 'city', label: t('wizard:byCity') },
              ]}
            />
            <Button type={shares ? 'default' : 'primary'} disabled={people.length === 0} loading={propose.isPending} onClick={() => propose.mutate()}>
              {t('wizard:propose')}
            </Button>
            {propose.data && propose.data.unlocated > 0 && (
              <span className="jy-muted">{t('wizard:unlocated', { n: count(propose.data.unlocated) })}</span>
            )}
          </div>
        </section>
      )}
      {shares && !made && (
        <section className="jy-card jy-wizard-box">
          <h2>{t('wizard:shares')}</h2>
          <div className="jy-wizard-map">
            <TerritoryMap territories={drawn} selectedId={null} onSelect={() => undefined} top={24} />
          </div>
          <div className="jy-wizard-shares">
            {shares.map(share => (
              <div key={share.userId}>
                <header className="jy-row">
                  <i className="jy-swatch" style={{ background: `var(--jy-terr-${shares.indexOf(share) % 8})` }} />
                  <b>{nameOf.get(share.userId)}</b>
                  <span className="jy-grow" />
                  <span>{t('wizard:accounts', { n: count(totalOf(share)) })}</span>
                </header>
                {share.divisions.map(d => (
                  <div className="jy-row" key={d.code}>
                    <span className="jy-grow jy-ellipsis">
                      {d.name} <small className="jy-muted">{count(d.accounts)}</small>
                    </span>
                    <Select
                      size="small"
                      variant="borderless"
                      value={share.userId}
                      aria-label={t('wizard:give', { division: d.name })}
                      style={{ width: 110 }}
                      options={people.map(p => ({ value: p.id, label: p.name }))}
                      onChange={to => setShares(moveDivision(shares, d.code, to))}
                    />
                  </div>
                ))}
              </div>
            ))}
          </div>
          <div className="jy-row jy-wrap">
            <Input style={{ width: 220 }} maxLength={80} value={name} aria-label={t('wizard:name')} onChange={event => setName(event.target.value)} />
            <Button type="primary" disabled={name.trim() === ''} loading={build.isPending} onClick={() => build.mutate()}>
              {t('wizard:build')}
            </Button>
          </div>
        </section>
      )}
      {made && (
        <section className="jy-card jy-wizard-box" aria-live="polite">
          {state !== 'done' && state !== 'failed' && (
            <Progress percent={job.data?.total ? Math.round((job.data.done / job.data.total) * 100) : 5} status="active" />
          )}
          {state === 'failed' && <p>{String(job.data?.note?.message ?? '')}</p>}
          {state === 'done' && (
            <>
              <h2>
                {t('wizard:ready', {
                  accounts: count(Number(job.data?.note?.accounts ?? 0)),
                  unassigned: count(Number(job.data?.note?.unassigned ?? 0)),
                })}
              </h2>
              <p className="jy-muted">{t('wizard:next')}</p>
              <div className="jy-row jy-wrap">
                <Button type="primary" loading={activate.isPending} onClick={() => activate.mutate()}>
                  {t('wizard:activate')}
                </Button>
                <Button onClick={() => void navigate({ to: '/map', search: { model: made.modelId } as never })}>{t('wizard:look')}</Button>
              </div>
            </>
          )}
        </section>
      )}
    </div>
  )
}

function PeoplePicker({ chosen, onChange }: { chosen: readonly Person[]; onChange: (people: readonly Person[]) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const search = useRested(typed)
  const found = useQuery({
    queryKey: ['people', 'pick', search],
    queryFn: ({ signal }) => call(listUsers, { query: { search: search || undefined, state: 'active', limit: 40 }, signal }),
  })
  const known = new Map([...chosen.map(p => [p.id, p] as const), ...(found.data?.rows.map(p => [p.id, { id: p.id, name: p.name }] as const) ?? [])])
  return (
    <Select
      mode="multiple"
      style={{ width: '100%' }}
      placeholder={t('wizard:pick')}
      aria-label={t('wizard:pick')}
      value={chosen.map(p => p.id)}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      onChange={ids => onChange(ids.flatMap(id => known.get(id) ?? []))}
      options={[...known.values()].map(p => ({ value: p.id, label: p.name }))}
    />
  )
}
