/**
 * Two models side by side: any draft, the one in use, or one that was. A is before, B is after. Each tab asks its own question of the
 * server; the workbook holds them all.
 */
import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { ArrowLeftRight, Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { compareModels, exportComparison } from '../../../contract/territory/compare.ts'
import { listModels, type Model } from '../../../contract/territory/models.ts'
import { call, callFile, type ReplyOf } from '../../app/api.ts'
import { count } from '../../app/figures.ts'
import { useKeys } from '../../app/keys.ts'
import { useMay } from '../../app/me.ts'
import { usePaged } from '../../app/paged.ts'
import { Empty, ErrorState, Skeleton, useProblemText } from '../../app/states.tsx'
import { MapTab } from './map-tab.tsx'
import { ModelPicker } from './model-picker.tsx'
import { NumbersTab } from './numbers-tab.tsx'
import { PeopleTab } from './people-tab.tsx'
import { RulesTab } from './rules-tab.tsx'
import { StructureTab } from './structure-tab.tsx'
import { TABS, type Tab, useCompareSearch } from './use-compare.ts'
import './compare.css'

type Head = ReplyOf<typeof compareModels>

/** The one in use against the newest other one, until somebody chooses. */
function firstPair(models: readonly Model[]): readonly [string | undefined, string | undefined] {
  const a = models.find(m => m.active) ?? models[0]
  return [a?.id, models.find(m => m.id !== a?.id)?.id]
}

export function ComparePage() {
  const { t } = useTranslation()
  const { search, go } = useCompareSearch()
  const models = usePaged<Model>(['models', 'paged'], (cursor, signal) => call(listModels, { query: { cursor }, signal }))
  const [firstA, firstB] = firstPair(models.rows)
  const b = search.b ?? (search.a !== undefined && search.a === firstB ? firstA : firstB)
  const a = search.a ?? (b !== undefined && b === firstA ? firstB : firstA)
  const head = useQuery({
    queryKey: ['compare', a, b, 'head'],
    enabled: a !== undefined && b !== undefined,
    queryFn: ({ signal }) => call(compareModels, { query: { a: a!, b: b! }, signal }),
  })
  const tab = search.tab!
  const step = (by: 1 | -1) => go({ a, b, tab: TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length]! })
  useKeys([
    { key: '[', word: 'compare:key.before', run: () => step(-1) },
    { key: ']', word: 'compare:key.after', run: () => step(1) },
    { key: 'x', word: 'compare:swap', run: () => go({ a: b, b: a, tab }) },
  ])
  if (models.pending) return <Skeleton lines={8} />
  if (models.error) return <ErrorState error={models.error} onRetry={models.retry} />
  if (a === undefined || b === undefined) return <Empty title={t('compare:one')} why={t('compare:oneWhy')} />
  return (
    <div className="jy-page jy-compare">
      <header className="jy-compare-head">
        <div>
          <span className="jy-muted">{t('compare:a')}</span>
          <ModelPicker label={t('compare:a')} value={a} chosen={head.data?.a} list={models} onChange={id => go({ a: id, b, tab })} />
        </div>
        <Button
          className="jy-compare-swap"
          icon={<ArrowLeftRight size={14} />}
          aria-label={t('compare:swap')}
          title={t('compare:swap')}
          onClick={() => go({ a: b, b: a, tab })}
        />
        <div>
          <span className="jy-muted">{t('compare:b')}</span>
          <ModelPicker label={t('compare:b')} value={b} chosen={head.data?.b} list={models} onChange={id => go({ a, b: id, tab })} />
        </div>
        <span className="jy-grow" />
        {head.data && a !== b && <ExportButton a={a} b={b} />}
      </header>
      {a === b ? (
        <Empty title={t('compare:same')} why={t('compare:sameWhy')} />
      ) : head.isError ? (
        <ErrorState error={head.error} onRetry={() => void head.refetch()} />
      ) : (
        <>
          <Figures head={head.data} />
          <div className="jy-compare-tabs" role="tablist" aria-label={t('compare:tabs')}>
            {TABS.map(x => (
              <button
                key={x}
                type="button"
                role="tab"
                id={`compare-${x}`}
                aria-selected={x === tab}
                aria-controls="compare-panel"
                onClick={() => go({ a, b, tab: x })}
              >
                {t(`compare:tab.${x}`)}
              </button>
            ))}
          </div>
          <div role="tabpanel" id="compare-panel" aria-labelledby={`compare-${tab}`}>
            <Panel key={`${a}/${b}`} tab={tab} a={a} b={b} types={head.data?.types ?? []} />
          </div>
        </>
      )}
    </div>
  )
}

function Panel({ tab, types, ...pair }: { tab: Tab; a: string; b: string; types: Head['types'] }) {
  if (tab === 'structure') return <StructureTab {...pair} types={types} />
  if (tab === 'rules') return <RulesTab {...pair} />
  if (tab === 'people') return <PeopleTab {...pair} />
  return tab === 'numbers' ? <NumbersTab {...pair} /> : <MapTab {...pair} />
}

function Figures({ head }: { head: Head | undefined }) {
  const { t } = useTranslation()
  const figures = [
    ['added', head?.summary.added],
    ['removed', head?.summary.removed],
    ['changed', head?.summary.changed],
    ['rules', head?.parts.rules],
    ['members', head?.parts.members],
    ['types', head?.types.length],
  ] as const
  return (
    <section className="jy-card jy-compare-figures" aria-label={t('compare:figures')}>
      {figures.map(([key, value]) => (
        <div key={key} data-zero={value === 0 || undefined}>
          <span className="jy-muted">{t(`compare:figure.${key}`)}</span>
          <b className="jy-number">{value === undefined ? '–' : count(value)}</b>
        </div>
      ))}
    </section>
  )
}

function ExportButton({ a, b }: { a: string; b: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const allowed = useMay('account.export')
  const load = useMutation({
    mutationFn: () => callFile(exportComparison, { query: { a, b } }),
    onSuccess: file => {
      const link = document.createElement('a')
      link.href = URL.createObjectURL(file.blob)
      link.download = file.name ?? `compare-${a}-${b}.xlsx`
      link.click()
      URL.revokeObjectURL(link.href)
    },
    onError: error => void message.error(say(error)),
  })
  if (!allowed) return null
  return (
    <Button className="jy-compare-export" icon={<Download size={14} />} loading={load.isPending} onClick={() => load.mutate()}>
      {t('compare:export')}
    </Button>
  )
}
