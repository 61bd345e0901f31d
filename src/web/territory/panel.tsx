/** One territory: its rule line by line with the accounts left, who is in charge, its history. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Tabs, Tag } from 'antd'
import { List, Pencil, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getTerritory, type Model, type TerritoryRow } from '../../contract/territory/models.ts'
import { call } from '../app/api.ts'
import { count, money } from '../app/figures.ts'
import { moment } from '../app/format.ts'
import { useKeys } from '../app/keys.ts'
import { useMayChange, useMe } from '../app/me.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { Members } from './members.tsx'

type Props = { readonly model: Model; readonly territory: TerritoryRow; readonly onClose: () => void; readonly onSelect: (id: string) => void }

export function TerritoryPanel({ model, territory, onClose, onSelect }: Props) {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const plans = useMayChange('territory.plan')
  const [tab, setTab] = useState('rule')
  const detail = useQuery({
    queryKey: ['territory', model.id, territory.id],
    queryFn: ({ signal }) => call(getTerritory, { params: { id: model.id, territoryId: territory.id }, signal }),
  })
  const edit = () => void navigate({ to: '/map/rule/$modelId/$territoryId', params: { modelId: model.id, territoryId: territory.id } as never })
  const draft = model.state === 'draft'
  useKeys([
    { key: 'm', word: 'territory:key.members', run: () => setTab('members') },
    { key: 'h', word: 'territory:key.history', run: () => setTab('history') },
    ...(plans && draft ? [{ key: 'e', word: 'territory:key.edit', run: edit }] : []),
  ])
  const d = detail.data
  return (
    <aside className="jy-panel" aria-label={territory.name}>
      <div className="jy-panel-head">
        <div className="jy-row">
          <i className="jy-swatch" style={{ width: 15, height: 15, background: `var(--jy-terr-${territory.colour % 8})` }} />
          <h1 className="jy-ellipsis">
            {territory.code} {territory.name}
          </h1>
          {territory.changed !== 'same' && <Tag color="warning">{t(`territory:changed.${territory.changed}`)}</Tag>}
          <span className="jy-grow" />
          <button type="button" className="jy-plain" aria-label={t('shell:close')} onClick={onClose}>
            <X size={16} />
          </button>
        </div>
        <div className="jy-muted">
          {d?.ancestors.map(a => (
            <button key={a.id} type="button" className="jy-plain" onClick={() => onSelect(a.id)}>
              {a.name} /{' '}
            </button>
          ))}
          {territory.ruleVersion ? t('territory:panel.version', { version: territory.ruleVersion }) : t('territory:panel.structure')}
        </div>
        {d && (
          <div className="jy-figures">
            <div>
              <small>{t('territory:panel.accounts')}</small>
              <b>{count(d.figures.accounts)}</b>
            </div>
            <div>
              <small>{t('territory:panel.potential')}</small>
              <b>{money(d.figures.potential, i18n.language)}</b>
            </div>
            <div>
              <small>{t('territory:panel.revenue')}</small>
              <b>{money(d.figures.revenue, i18n.language)}</b>
            </div>
            <div>
              <small>{t('territory:panel.contested')}</small>
              <b>{count(d.figures.contested)}</b>
            </div>
          </div>
        )}
      </div>
      <div className="jy-panel-body" style={{ paddingTop: 0 }}>
        {detail.isPending && <Skeleton />}
        {detail.isError && <ErrorState error={detail.error} onRetry={() => void detail.refetch()} />}
        {d && (
          <Tabs
            activeKey={tab}
            onChange={setTab}
            items={[
              {
                key: 'rule',
                label: t('territory:panel.rule'),
                children:
                  d.lines.length === 0 ? (
                    <p className="jy-muted">{t('territory:panel.noRule')}</p>
                  ) : (
                    <>
                      <div className="jy-row jy-muted">
                        <span>{t('territory:panel.all', { count: d.lines.length })}</span>
                        <span className="jy-grow" />
                        <span>{t('territory:panel.left')}</span>
                      </div>
                      {d.lines.map((line, i) => (
                        <div className="jy-rule-line" key={`${line.inheritedFrom?.id ?? ''}${line.path}`}>
                          <i>{i + 1}</i>
                          <span>{line.words}</span>
                          <b className="jy-number">{count(line.remaining)}</b>
                          <small>
                            {line.inheritedFrom ? t('territory:panel.inherited', { name: line.inheritedFrom.name }) : t('territory:panel.own')}
                            {line.missing > 0 && ` · ${t('territory:panel.missing', { n: count(line.missing) })}`}
                          </small>
                        </div>
                      ))}
                    </>
                  ),
              },
              {
                key: 'members',
                label: t('territory:panel.members', { n: d.members.filter(m => m.inheritedFrom === null).length }),
                children: <Members model={model} territoryId={territory.id} members={d.members} />,
              },
              {
                key: 'history',
                label: t('territory:panel.history', { n: d.versions.length }),
                children: (
                  <ol className="jy-muted">
                    {d.versions.map(v => (
                      <li key={v.version} value={v.version}>
                        {moment(v.createdAt, new Date(), me?.tenant.zone)} {v.createdBy ?? ''} {v.why ?? ''}
                      </li>
                    ))}
                  </ol>
                ),
              },
            ]}
          />
        )}
      </div>
      <div className="jy-panel-foot">
        {plans && draft && (
          <Button type="primary" icon={<Pencil size={14} />} onClick={edit}>
            {t(territory.hasRule ? 'territory:panel.edit' : 'territory:panel.write')}
          </Button>
        )}
        {plans && !draft && <span className="jy-muted">{t('territory:panel.draftFirst')}</span>}
        {model.active && (
          <Button icon={<List size={14} />} onClick={() => void navigate({ to: '/accounts', search: { territoryId: territory.id } as never })}>
            {t('territory:panel.see', { n: count(territory.accounts) })}
          </Button>
        )}
      </div>
    </aside>
  )
}
