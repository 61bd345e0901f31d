/** The map page: tree, map and panel with one selection. A model in use is read; changes are made in a draft, counted at once, run and switched on. */
import { Link } from '@tanstack/react-router'
import { Input, Segmented, Tooltip } from 'antd'
import { CircleDashed, Layers, Plus, ShieldCheck } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePhone } from '../app/appearance.ts'
import { count } from '../app/figures.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { useKeys } from '../app/keys.ts'
import { useMayChange } from '../app/me.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { TerritoryMap } from '../map/territory-map.tsx'
import { AddTerritory } from './add-territory.tsx'
import { ModelBar } from './model-bar.tsx'
import { TerritoryPanel } from './panel.tsx'
import { TerritoryTree } from './tree.tsx'
import { ancestorsOf, visibleRows } from './tree-rows.ts'
import { useMapSearch, useModels, useTerritories, useTypes } from './use-model.ts'
import './map-page.css'

export function MapPage() {
  const { t } = useTranslation()
  const { search, go } = useMapSearch()
  const models = useModels()
  const model = models.data?.rows.find(m => m.id === search.model) ?? models.data?.rows.find(m => m.active)
  const list = useTerritories(model?.id)
  const types = useTypes(model?.id)
  const phone = usePhone()
  const plans = useMayChange('territory.plan')
  const [needle, setNeedle] = useState('')
  const [typeId, setTypeId] = useState<string | null>(null)
  const [opened, setOpened] = useState<ReadonlySet<string> | null>(null)
  const [adding, setAdding] = useState(false)
  const [shading, setShading] = useState<'territory' | 'accounts'>('territory')
  const [pane, setPane] = useState<'map' | 'tree'>('map')

  const rows = useMemo(() => list.data?.rows ?? [], [list.data])
  const geography = useMemo(() => {
    const exclusive = (types.data?.rows ?? []).filter(x => x.layer === 'exclusive')
    return exclusive.find(x => x.key === 'geography')?.id ?? exclusive.at(-1)?.id ?? null
  }, [types.data])
  const shownType = typeId ?? geography
  const ofType = useMemo(() => rows.filter(r => r.typeId === shownType), [rows, shownType])
  const open = useMemo(() => opened ?? new Set(ofType.filter(r => r.depth < 1).map(r => r.id)), [opened, ofType])
  const tree = useMemo(() => visibleRows(ofType, open, needle), [ofType, open, needle])
  const selectedId = search.t ?? null
  const selected = rows.find(r => r.id === selectedId) ?? null

  const shapes = useMemo(() => {
    const parents = new Map(ofType.map(r => [r.id, r]))
    const topOf = (id: string): string | null => {
      const chain = [id, ...ancestorsOf(ofType, id)]
      return chain[Math.max(0, chain.length - 2)] ?? null
    }
    return ofType
      .filter(r => r.hasRule && parents.has(r.id))
      .map(r => ({ id: r.id, code: r.code, name: r.name, colour: r.colour, divisions: r.divisions, depth: r.depth, parent: topOf(r.id) }))
  }, [ofType])
  const shade = useMemo(() => {
    if (shading === 'territory') return null
    const most = Math.max(1, ...shapes.map(s => rows.find(r => r.id === s.id)?.accounts ?? 0))
    return new Map(shapes.map(s => [s.id, Math.sqrt((rows.find(r => r.id === s.id)?.accounts ?? 0) / most)]))
  }, [shading, shapes, rows])

  const select = (id: string | null) => {
    if (id) setOpened(new Set([...open, ...ancestorsOf(rows, id)]))
    const type = rows.find(r => r.id === id)?.typeId
    if (type && type !== shownType) setTypeId(type)
    go({ t: id ?? undefined } as { t?: string })
  }
  useKeys([{ key: 'o', word: 'territory:key.accounts', run: () => setShading(s => (s === 'territory' ? 'accounts' : 'territory')) }])

  if (models.isError) return <ErrorState error={models.error} onRetry={() => void models.refetch()} />
  if (!model || list.isPending) return <Skeleton lines={12} />
  if (list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />
  const draft = model.state === 'draft'
  const { unassigned, contested, undecidable } = list.data
  const treePane = (
    <aside className="jy-map-tree">
      <div className="jy-row jy-wrap jy-tree-head">
        <Segmented
          size="small"
          value={shownType ?? ''}
          onChange={value => setTypeId(String(value))}
          options={(types.data?.rows ?? [])
            .filter(x => rows.some(r => r.typeId === x.id) || x.id === geography)
            .map(x => ({ value: x.id, label: labelOf(x.labels, currentLocale()) }))}
        />
        <span className="jy-grow" />
        {plans && draft && (
          <Tooltip title={t('territory:add.title')}>
            <button type="button" className="jy-icon-button" aria-label={t('territory:add.title')} onClick={() => setAdding(true)}>
              <Plus size={15} />
            </button>
          </Tooltip>
        )}
      </div>
      <Input
        data-page-filter
        allowClear
        size="small"
        placeholder={t('territory:tree.find')}
        value={needle}
        onChange={event => setNeedle(event.target.value)}
      />
      <div className="jy-row jy-tree-title jy-muted">
        <span>{t('territory:tree.columns')}</span>
        <span className="jy-grow" />
        <span>{t('territory:tree.accounts')}</span>
      </div>
      {tree.length === 0 ? (
        <Empty
          title={t('territory:tree.empty')}
          why={needle ? undefined : t('territory:tree.emptyWhy')}
          action={plans && rows.length === 0 ? <Link to={'/start' as never}>{t('territory:tree.start')}</Link> : undefined}
        />
      ) : (
        <TerritoryTree
          rows={tree}
          selectedId={selectedId}
          onSelect={select}
          onToggle={(id, on) => {
            const next = new Set(open)
            if (on) next.add(id)
            else next.delete(id)
            setOpened(next)
          }}
        />
      )}
      <Link className="jy-row jy-tree-rest" to={'/accounts' as never} search={{ scope: 'unassigned' } as never}>
        <CircleDashed size={14} />
        {t('territory:tree.unassigned')}
        <span className="jy-grow" />
        <b>{count(unassigned)}</b>
      </Link>
    </aside>
  )
  return (
    <div className="jy-map-page">
      <ModelBar model={model} models={models.data?.rows ?? []} />
      {phone && (
        <Segmented
          block
          value={pane}
          onChange={value => setPane(value as 'map')}
          options={[
            { value: 'map', label: t('territory:pane.map') },
            { value: 'tree', label: t('territory:pane.tree') },
          ]}
        />
      )}
      <div className="jy-map-body">
        {(!phone || pane === 'tree') && treePane}
        {(!phone || pane === 'map') && (
          <section className="jy-map-middle" aria-label={t('territory:map.label')}>
            <div className="jy-map-proof">
              <span data-good={unassigned === 0 || undefined}>
                <ShieldCheck size={16} />
                {t('territory:proof.unassigned', { count: unassigned, n: count(unassigned) })}
              </span>
              <Link data-bad={contested > 0 || undefined} to={'/accounts' as never} search={{ scope: 'contested' } as never}>
                <Layers size={16} />
                {t('territory:proof.contested', { count: contested, n: count(contested) })}
              </Link>
              <Link className="jy-muted" to={'/accounts' as never} search={{ scope: 'undecidable' } as never}>
                {t('territory:proof.undecidable', { count: undecidable, n: count(undecidable) })}
              </Link>
              <span className="jy-grow" />
              <Segmented
                size="small"
                value={shading}
                onChange={value => setShading(value as 'territory')}
                options={[
                  { value: 'territory', label: t('territory:shade.territory') },
                  { value: 'accounts', label: t('territory:shade.accounts') },
                ]}
              />
            </div>
            <TerritoryMap territories={shapes} selectedId={selectedId} onSelect={select} shade={shade} />
          </section>
        )}
        {selected && (
          <TerritoryPanel key={`${model.id}/${selected.id}`} model={model} territory={selected} onClose={() => select(null)} onSelect={select} />
        )}
      </div>
      {adding && <AddTerritory model={model} rows={rows} parent={selected} onClose={() => setAdding(false)} onAdded={id => select(id)} />}
    </div>
  )
}
