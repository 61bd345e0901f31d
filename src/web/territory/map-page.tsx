/** The map page: tree, map and panel with one selection. A model in use is read; changes are made in a draft, counted at once, run and switched on. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Segmented } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { updateTerritory } from '../../contract/territory/models.ts'
import type { WITNESS_KINDS } from '../../contract/territory/picture.ts'
import { call } from '../app/api.ts'
import { usePhone } from '../app/appearance.ts'
import { count, money } from '../app/figures.ts'
import { useKeys } from '../app/keys.ts'
import { useMayChange, useMe } from '../app/me.ts'
import { Empty, ErrorState, Skeleton, useProblemText } from '../app/states.tsx'
import { loadMap } from '../map/geometry.ts'
import { AddTerritory } from './add-territory.tsx'
import { CoverageDrawer, useCoverage } from './coverage-drawer.tsx'
import { percent, useHealthLayer } from './health-layer.tsx'
import { MapPane, type Metric, valuesFor } from './map-pane.tsx'
import { ModelBar } from './model-bar.tsx'
import { TerritoryPanel } from './panel.tsx'
import { Precedence } from './precedence.tsx'
import { ProofDrawer } from './proof-drawer.tsx'
import { TreePane } from './tree-pane.tsx'
import { ancestorsOf, arrow, mayDrop, takersBelow, visibleRows } from './tree-rows.ts'
import { useMapFigures, useMapSearch, useModels, useModelThen, usePlaces, useTerritories, useTypes } from './use-model.ts'
import { type FindingKind, useFindings, useProof } from './use-proof.ts'
import { WitnessDrawer } from './witness-drawer.tsx'
import './map-page.css'

type Kind = (typeof WITNESS_KINDS)[number]
const NONE: never[] = []
// The shapes are on their way while the model is read.
void loadMap().catch(() => undefined)

export function MapPage() {
  const { t, i18n } = useTranslation()
  const { search, go } = useMapSearch()
  const navigate = useNavigate()
  const me = useMe()
  const models = useModels()
  // At another moment the map of then answers, whichever the address names.
  const then = useModelThen()
  const model =
    then === null ? (models.data?.rows.find(m => m.id === search.model) ?? models.data?.rows.find(m => m.active)) : (then?.model ?? undefined)
  const list = useTerritories(model?.id)
  const types = useTypes(model?.id)
  const figures = useMapFigures(model?.id)
  const phone = usePhone()
  const plans = useMayChange('territory.plan')
  const [needle, setNeedle] = useState('')
  const [typeId, setTypeId] = useState<string | null>(null)
  const [opened, setOpened] = useState<ReadonlySet<string> | null>(null)
  const [adding, setAdding] = useState(false)
  const [chosen, setChosen] = useState<Metric>('territory')
  const health = useHealthLayer(model)
  const metric: Metric = health?.key ? 'health' : chosen
  const setMetric = (next: Metric) => {
    if (next !== 'health') setChosen(next)
    health?.show(next === 'health' ? (health.measures[0]?.key ?? null) : null)
  }
  const [pane, setPane] = useState<'map' | 'tree'>('map')
  const [witnesses, setWitnesses] = useState<Kind | null>(null)
  const [ordering, setOrdering] = useState(false)
  const [covering, setCovering] = useState(false)
  const coverage = useCoverage(model?.id)
  const [overlap, setOverlap] = useState(0)
  const [findings, setFindings] = useState<FindingKind | null>(null)
  const proof = useProof(model?.id, list.dataUpdatedAt)
  const proved = proof.data?.result ?? null
  // What O walks through: the overlaps that are proved, whether a customer stands there or not.
  const pairs = useFindings(model?.id ?? '', 'overlap', proved && proved.overlaps.total > 0 ? `${proved.stamp}${proved.provedAt}` : undefined)

  const rows = list.data?.rows ?? NONE
  const byId = useMemo(() => new Map(rows.map(r => [r.id, r])), [rows])
  const shownTypes = useMemo(
    () => (types.data?.rows ?? []).filter(x => rows.some(r => r.typeId === x.id) || x.key === 'geography'),
    [types.data, rows],
  )
  const geography = useMemo(() => {
    const exclusive = shownTypes.filter(x => x.layer === 'exclusive')
    return exclusive.find(x => x.key === 'geography')?.id ?? exclusive.at(-1)?.id ?? shownTypes[0]?.id ?? null
  }, [shownTypes])
  const shownType = (typeId !== null && shownTypes.some(x => x.id === typeId) ? typeId : null) ?? geography
  const ofType = useMemo(() => rows.filter(r => r.typeId === shownType), [rows, shownType])
  const places = usePlaces(ofType, needle)
  // Open down to what one sees whole: a manager begins at his region, not at the country.
  const open = useMemo(
    () =>
      opened ??
      new Set([
        ...ofType.filter(r => r.depth < 1 || r.seen === 'path' || ofType.length < 40).map(r => r.id),
        ...(search.t ? ancestorsOf(byId, search.t) : []),
      ]),
    [opened, ofType, byId, search.t],
  )
  const tree = useMemo(() => visibleRows(ofType, open, needle, places), [ofType, open, needle, places])
  const below = useMemo(() => takersBelow(rows), [rows])
  const quarrels = figures.data?.overlaps ?? NONE
  const contested = useMemo(() => new Set(quarrels.flatMap(o => o.rivals)), [quarrels])
  const values = useMemo(
    () => (metric === 'territory' || metric === 'accounts' || metric === 'health' ? null : valuesFor(figures.data, metric)),
    [figures.data, metric],
  )
  const selectedId = search.t ?? null
  const selected = byId.get(selectedId ?? '') ?? null

  const select = (id: string | null) => {
    if (id) setOpened(new Set([...open, ...ancestorsOf(byId, id)]))
    const type = byId.get(id ?? '')?.typeId
    if (type && type !== shownType) setTypeId(type)
    go({ t: id ?? undefined } as { t?: string })
  }
  const toggle = (id: string, on: boolean) => {
    const next = new Set(open)
    if (on) next.add(id)
    else next.delete(id)
    setOpened(next)
  }
  const walk = (key: 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight') => {
    const move = arrow(key, tree, selectedId)
    if (move.select) select(move.select)
    if (move.open) toggle(move.open, true)
    if (move.close) toggle(move.close, false)
  }
  const move = useMove(model?.id)
  useKeys([
    { key: 'ArrowDown', word: 'territory:key.walk', run: () => walk('ArrowDown') },
    { key: 'ArrowUp', word: 'territory:key.walk', run: () => walk('ArrowUp') },
    { key: 'ArrowRight', word: 'territory:key.open', run: () => walk('ArrowRight') },
    { key: 'ArrowLeft', word: 'territory:key.close', run: () => walk('ArrowLeft') },
    {
      key: 'o',
      word: 'territory:key.overlap',
      run: () => {
        const rivals = [...(pairs.data?.pages.flatMap(p => p.rows) ?? []).map(r => r.territories.map(x => x.id)), ...quarrels.map(q => q.rivals)]
        const known = rivals.filter((r, i) => r.length > 0 && rivals.findIndex(o => [...o].sort().join() === [...r].sort().join()) === i)
        if (known.length === 0) return
        // One rival after the other, so that both rules of an overlap are seen.
        const stops = known.flat()
        const at = stops[overlap % stops.length] === selectedId ? overlap + 1 : overlap
        setOverlap(at)
        select(stops[at % stops.length]!)
      },
    },
  ])

  if (models.isError) return <ErrorState error={models.error} onRetry={() => void models.refetch()} />
  if (then?.error) return <ErrorState error={then.error} onRetry={() => window.location.reload()} />
  if (then && !then.model) return <Empty title={t('past:strip.noModel')} />
  if (list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />
  if (!model || list.isPending) return <Skeleton lines={12} />
  const draft = plans && model.state === 'draft'
  const { unassigned, contested: contestedCount, undecidable } = list.data
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
        {(!phone || pane === 'tree') && (
          <TreePane
            types={shownTypes}
            typeId={shownType}
            onType={setTypeId}
            needle={needle}
            onNeedle={setNeedle}
            figureTitle={health?.key ? t('insight:off') : t(`territory:metric.${metric === 'territory' ? 'accounts' : metric}`)}
            unassigned={unassigned}
            onUnassigned={() =>
              then
                ? void navigate({ to: '/accounts', search: { scope: 'unassigned' } as never })
                : setWitnesses(undecidable === unassigned && unassigned > 0 ? 'undecidable' : 'unassigned')
            }
            onAdd={draft ? () => setAdding(true) : null}
            begin={plans && rows.length === 0}
            keys={[
              ['↑ ↓', 'territory:key.walk'],
              ...(draft ? ([['E', 'territory:key.edit']] as const) : []),
              ['M', 'territory:key.members'],
              ['H', 'territory:key.history'],
              ['O', 'territory:key.overlap'],
            ]}
            rows={tree}
            selectedId={selectedId}
            figure={id => {
              if (health?.key) {
                const share = health.shares.get(id)
                return share === undefined || share === null ? '–' : percent(share)
              }
              if (values === null) return count(byId.get(id)?.accounts ?? 0)
              const value = values.get(id)
              return value === undefined || value === null ? '–' : metric === 'unowned' ? count(value) : money(String(value), i18n.language)
            }}
            below={below}
            contested={contested}
            onSelect={select}
            onToggle={toggle}
            onDrop={
              draft
                ? {
                    may: (dragged, target) => mayDrop(byId, dragged, target),
                    run: (dragged, target) => move.mutate({ id: dragged, parentId: target, rowVersion: byId.get(dragged)!.rowVersion }),
                  }
                : null
            }
          />
        )}
        {(!phone || pane === 'map') && (
          <MapPane
            modelId={model.id}
            typeId={shownType}
            rows={ofType}
            byId={byId}
            figures={figures.data}
            counts={{ unassigned, contested: contestedCount, undecidable }}
            metric={metric}
            onMetric={setMetric}
            health={health}
            selectedId={selectedId}
            onSelect={select}
            overlap={overlap}
            onWitnesses={setWitnesses}
            proof={proof}
            onFindings={setFindings}
            missing={coverage.data?.missing ?? NONE}
            live={model.active}
            onPrecedence={() => setOrdering(true)}
            leaderless={coverage.data?.territoriesWithout.length ?? 0}
            onCoverage={() => setCovering(true)}
            places={shownType === geography}
            whole={me?.seesAll ?? false}
          />
        )}
        {selected && (
          <TerritoryPanel
            key={`${model.id}/${selected.id}`}
            model={model}
            territory={selected}
            rows={rows}
            byId={byId}
            figures={figures.data}
            onClose={() => select(null)}
            onSelect={select}
          />
        )}
      </div>
      {adding && <AddTerritory model={model} rows={rows} parent={selected} onClose={() => setAdding(false)} onAdded={id => select(id)} />}
      {witnesses && <WitnessDrawer modelId={model.id} kind={witnesses} onKind={setWitnesses} onClose={() => setWitnesses(null)} />}
      {findings && proved && (
        <ProofDrawer
          modelId={model.id}
          result={proved}
          kind={findings}
          onKind={setFindings}
          mends={draft}
          live={plans && !draft}
          onPrecedence={() => {
            setFindings(null)
            setOrdering(true)
          }}
          onSelect={select}
          onClose={() => setFindings(null)}
        />
      )}
      {covering && <CoverageDrawer model={model} byId={byId} selected={selected} onSelect={select} onClose={() => setCovering(false)} />}
      {ordering && types.data && <Precedence model={model} types={types.data.rows} byId={byId} onClose={() => setOrdering(false)} />}
    </div>
  )
}

/** Puts a territory below another one, and says so where the server refuses. */
function useMove(modelId: string | undefined) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (move: { id: string; parentId: string; rowVersion: number }) =>
      call(updateTerritory, { params: { id: modelId!, territoryId: move.id }, ifMatch: move.rowVersion, body: { parentId: move.parentId } }),
    onSuccess: async () => {
      await Promise.all(['territories', 'territory', 'map-figures', 'type-grid'].map(key => queries.invalidateQueries({ queryKey: [key] })))
      void message.success(t('territory:move.done'))
    },
    onError: error => void message.error(say(error)),
  })
}
