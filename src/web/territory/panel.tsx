/** One territory: its rule line by line with the accounts left, who is in charge, its figures, its history. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Tabs, Tag } from 'antd'
import { List, Pencil, Quote, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getTerritory, type Model, type TerritoryRow } from '../../contract/territory/models.ts'
import { call, type ReplyOf } from '../app/api.ts'
import { useAsOf, useElsewhen } from '../app/as-of.ts'
import { count, money } from '../app/figures.ts'
import { useKeys } from '../app/keys.ts'
import { useMayChange } from '../app/me.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { HealthFigures } from './health-figures.tsx'
import type { Figures } from './map-pane.tsx'
import { Members } from './members.tsx'
import { PanelFigures } from './panel-figures.tsx'
import { Pins } from './pins.tsx'
import { RuleHistory } from './rule-history.tsx'
import { TerritoryMenu } from './territory-menu.tsx'

type Props = {
  readonly model: Model
  readonly territory: TerritoryRow
  readonly rows: readonly TerritoryRow[]
  readonly byId: ReadonlyMap<string, TerritoryRow>
  readonly figures: Figures | undefined
  readonly onClose: () => void
  readonly onSelect: (id: string | null) => void
}
type Detail = ReplyOf<typeof getTerritory>

export function TerritoryPanel({ model, territory, rows, byId, figures, onClose, onSelect }: Props) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const plans = useMayChange('territory.plan')
  const asOf = useAsOf()
  const elsewhen = useElsewhen()
  const [tab, setTab] = useState('rule')
  const detail = useQuery({
    queryKey: ['territory', model.id, territory.id, asOf],
    queryFn: ({ signal }) => call(getTerritory, { params: { id: model.id, territoryId: territory.id }, query: asOf, signal }),
  })
  const edit = () => void navigate({ to: '/map/rule/$modelId/$territoryId', params: { modelId: model.id, territoryId: territory.id } as never })
  const draft = model.state === 'draft'
  useKeys([
    { key: 'm', word: 'territory:key.members', run: () => setTab('members') },
    { key: 'h', word: 'territory:key.history', run: () => setTab('history') },
    ...(plans && draft ? [{ key: 'e', word: 'territory:key.edit', run: edit }] : []),
    { key: 'Escape', word: 'territory:key.leave', run: onClose },
  ])
  const d = detail.data
  const name = i18n.language === 'en' && territory.nameEn ? territory.nameEn : territory.name
  const own = d?.members.filter(m => m.inheritedFrom === null) ?? []
  return (
    <aside className="jy-panel" aria-label={`${territory.code} ${name}`}>
      <div className="jy-panel-head">
        <div className="jy-row">
          <i className="jy-swatch" style={{ width: 15, height: 15, background: `var(--jy-terr-${territory.colour % 8})` }} />
          <h1 className="jy-ellipsis" title={`${territory.code} ${name}`}>
            {territory.code} {name}
          </h1>
          {territory.changed === 'same' ? (
            model.active && <Tag color="success">{t('territory:model.active')}</Tag>
          ) : (
            <Tag color="warning">{t(`territory:changed.${territory.changed}`)}</Tag>
          )}
          <span className="jy-grow" />
          {plans && draft && <TerritoryMenu model={model} territory={territory} rows={rows} byId={byId} onSelect={onSelect} />}
          <button type="button" className="jy-icon-button" aria-label={t('shell:close')} onClick={onClose}>
            <X size={15} />
          </button>
        </div>
        <div className="jy-muted jy-panel-path">
          {d?.ancestors.map(a => (
            <span key={a.id}>
              <button type="button" className="jy-plain" onClick={() => onSelect(a.id)}>
                {a.name}
              </button>{' '}
              /{' '}
            </span>
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
            <div data-bad={d.figures.contested > 0 || undefined}>
              <small>{t('territory:panel.contested')}</small>
              {/* Not kept in history: of another moment nothing is said of it. */}
              <b>{elsewhen ? '–' : count(d.figures.contested)}</b>
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
              { key: 'rule', label: t('territory:panel.rule'), children: <Rule detail={d} onSelect={onSelect} /> },
              {
                key: 'members',
                label: t('territory:panel.members', { n: own.length }),
                children: (
                  <>
                    <Members model={model} territoryId={territory.id} members={d.members} />
                    {!elsewhen && <Pins model={model} territoryId={territory.id} />}
                  </>
                ),
              },
              {
                key: 'figures',
                label: t('territory:panel.figures'),
                children: (
                  <>
                    <PanelFigures territory={territory} rows={rows} figures={figures} onSelect={onSelect} />
                    <HealthFigures model={model} territoryId={territory.id} />
                  </>
                ),
              },
              {
                key: 'history',
                label: t('territory:panel.history', { n: d.versions.length }),
                children: <RuleHistory versions={d.versions} current={territory.ruleVersion} />,
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
        {model.active && (
          <Button icon={<List size={14} />} onClick={() => void navigate({ to: '/accounts', search: { territoryId: territory.id } as never })}>
            {t('territory:panel.see', { n: count(territory.accounts), count: territory.accounts })}
          </Button>
        )}
        {plans && !draft && <span className="jy-muted">{t('territory:panel.draftFirst')}</span>}
      </div>
    </aside>
  )
}

function Rule({ detail, onSelect }: { detail: Detail; onSelect: (id: string) => void }) {
  const { t } = useTranslation()
  if (detail.lines.length === 0) return <p className="jy-muted">{t('territory:panel.noRule')}</p>
  const { members } = detail
  // Of those above only who manages matters here: their own leads have their own accounts.
  const here = members.filter(m => m.inheritedFrom === null || m.role === 'manager')
  const sum = members.filter(m => m.inheritedFrom === null).reduce((n, m) => n + m.creditBp, 0) / 100
  return (
    <>
      <div className="jy-row">
        <span>{t('territory:panel.all', { count: detail.lines.length })}</span>
        <span className="jy-grow" />
        <small className="jy-muted">{t('territory:panel.left')}</small>
      </div>
      {detail.lines.map((line, i) => (
        <div className="jy-rule-line" key={`${line.inheritedFrom?.id ?? ''}${line.path}`}>
          <i>{i + 1}</i>
          <span>{line.words}</span>
          <b className="jy-number" title={line.remaining === null ? t('territory:block.notCounted') : undefined}>
            {line.remaining === null ? '–' : count(line.remaining)}
          </b>
          <small>
            {line.inheritedFrom ? (
              <button type="button" className="jy-plain" onClick={() => onSelect(line.inheritedFrom!.id)}>
                {t('territory:panel.inherited', { name: line.inheritedFrom.name })}
              </button>
            ) : (
              t('territory:panel.own')
            )}
            {line.missing !== null && line.missing > 0 && ` · ${t('territory:panel.missing', { n: count(line.missing), count: line.missing })}`}
          </small>
        </div>
      ))}
      <p className="jy-reads jy-panel-reads">
        <Quote size={13} /> {t('territory:rule.reads', { sentence: detail.sentence })}
      </p>
      <div className="jy-row jy-panel-who">
        <b>{t('territory:members.who')}</b>
        <span className="jy-grow" />
        <small className="jy-muted">{t('territory:members.credit', { sum })}</small>
      </div>
      {here.length === 0 && <p className="jy-muted">{t('territory:members.none')}</p>}
      {here.slice(0, 8).map(m => (
        <div className="jy-row" key={m.id}>
          <span>{m.name}</span>
          <small className="jy-muted">
            {t(`territory:role.${m.role}`)}
            {m.inheritedFrom && ` · ${m.inheritedFrom}`}
          </small>
          <span className="jy-grow" />
          <small className="jy-muted">{t(`territory:access.${m.access}`)}</small>
          <b className="jy-number jy-panel-credit">{m.creditBp > 0 ? `${m.creditBp / 100}%` : '–'}</b>
        </div>
      ))}
    </>
  )
}
