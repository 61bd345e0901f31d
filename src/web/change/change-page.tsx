/**
 * One change set: who approves must know who gains and who loses what, before any word is said; who plans sees what stands between
 * the draft and its day.
 */
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChangeSet } from '../../contract/territory/change-sets.ts'
import { Problem } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { useKeys } from '../app/keys.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { useCrumb } from '../shell/crumb.ts'
import './change.css'
import './change-parts.css'
import { ChecksTab } from './checks-tab.tsx'
import { type Anchor, CommentsTab } from './comments-tab.tsx'
import { ImpactTab } from './impact-tab.tsx'
import { LinesTable } from './lines-table.tsx'
import { MovesTable } from './moves-table.tsx'
import { RulesTab } from './rules-tab.tsx'
import { SetBanners } from './set-banners.tsx'
import { SetHead } from './set-head.tsx'
import { SideColumn } from './side-column.tsx'
import { useChangeSet } from './use-change-set.ts'
import { WorkTab } from './work-tab.tsx'

const ALL = ['impact', 'moves', 'rules', 'sight', 'work', 'talk', 'checks'] as const
type Tab = (typeof ALL)[number]
/** Whoever is only affected has no rules and no checks to read. */
const tabsOf = (set: ChangeSet): readonly Tab[] => (set.whole ? ALL : ['impact', 'moves', 'sight', 'work', 'talk'])

export function ChangePage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useChangeSet(id)
  useCrumb(query.data ? `#${query.data.id}` : undefined)
  if (query.isPending) return <Skeleton lines={8} />
  // Withdrawn from the reader meanwhile: what was on show no longer holds.
  const gone = query.error instanceof Problem && query.error.status === 404
  if (query.data === undefined || gone) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  return <ChangeBody key={id} set={query.data} />
}

/** Beside the word of a tab: how many it holds. */
function figureOf(tab: Tab, set: ChangeSet): string | null {
  const f = set.figures
  if (tab === 'talk') return set.comments > 0 ? count(set.comments) : null
  if (tab === 'checks') return `${set.checks.filter(c => c.ok).length} / ${set.checks.length}`
  if (f === null) return null
  if (tab === 'moves') return count(Math.max(f.owners, f.territories))
  if (tab === 'rules') return count(f.territoriesChanged)
  if (tab === 'sight') return count(f.seers)
  return tab === 'work' ? count(f.deals + f.tasks + f.requests) : null
}

function ChangeBody({ set }: { set: ChangeSet }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const asked = (useSearch({ strict: false }) as { tab?: string }).tab
  const tabs = tabsOf(set)
  const tab: Tab = tabs.find(x => x === asked) ?? 'impact'
  const [anchor, setAnchor] = useState<Anchor | null>(null)
  const open = (next: Tab) => void navigate({ to: '.', search: (old: object) => ({ ...old, tab: next === 'impact' ? undefined : next }) } as never)
  const step = (by: 1 | -1) => open(tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length]!)
  const comment = (on: Anchor | null) => {
    setAnchor(on)
    open('talk')
  }
  useKeys([
    { key: '[', word: 'change:key.before', run: () => step(-1) },
    { key: ']', word: 'change:key.after', run: () => step(1) },
    { key: 'v', word: 'change:sight.key', run: () => document.activeElement?.closest('tr')?.querySelector<HTMLElement>('[data-view]')?.click() },
    ...(set.may.approve ? [{ key: 'a', word: 'change:key.approve', run: () => document.querySelector<HTMLElement>('[data-approve]')?.click() }] : []),
    ...(set.may.comment
      ? [
          {
            key: 'c',
            word: 'change:key.comment',
            run: () => {
              const row = document.activeElement?.closest('tr')?.querySelector<HTMLElement>('[data-comment]')
              if (row) row.click()
              else comment(null)
            },
          },
        ]
      : []),
  ])
  const onComment = set.may.comment ? comment : undefined
  return (
    <div className="jy-change-page">
      <SetHead set={set} />
      <div className="jy-change-tabs" role="tablist" aria-label={t('change:tabs')}>
        {tabs.map(x => (
          <button key={x} type="button" role="tab" id={`tab-${x}`} aria-selected={x === tab} aria-controls="change-panel" onClick={() => open(x)}>
            {t(`change:tab.${x}`)} {figureOf(x, set) && <small>{figureOf(x, set)}</small>}
          </button>
        ))}
      </div>
      <div className="jy-change-grid">
        <div className="jy-change-main" role="tabpanel" id="change-panel" aria-labelledby={`tab-${tab}`}>
          <SetBanners set={set} />
          {tab === 'impact' && <ImpactTab set={set} onComment={onComment} onOpen={open} />}
          {tab === 'moves' && <MovesTable set={set} onComment={onComment} />}
          {tab === 'rules' && <RulesTab set={set} onComment={onComment} />}
          {tab === 'sight' && <LinesTable key="sight" set={set} by="sight" title={t('change:sight.title')} onComment={onComment} />}
          {tab === 'work' && <WorkTab set={set} />}
          {tab === 'talk' && <CommentsTab set={set} anchor={anchor} onAnchor={setAnchor} />}
          {tab === 'checks' && <ChecksTab set={set} />}
        </div>
        <SideColumn set={set} onTalk={() => open('talk')} talking={tab === 'talk'} />
      </div>
    </div>
  )
}
