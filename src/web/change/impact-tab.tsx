/** Impact: six figures before any text, who wins and loses by territory, person and customer, and how the rules change. */
import { Button, Segmented } from 'antd'
import { BriefcaseBusiness, Building2, Eye, ListTodo, type LucideIcon, Star, Unplug } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChangeSet } from '../../contract/territory/change-sets.ts'
import { count, money } from '../app/figures.ts'
import { useMe } from '../app/me.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { ChangeMap } from './change-map.tsx'
import { Checks } from './checks-tab.tsx'
import { LinesTable, type OnComment } from './lines-table.tsx'
import { ExportButton, MovesTable } from './moves-table.tsx'
import { RuleCard, useRules } from './rules-tab.tsx'
import { useCompute } from './set-banners.tsx'
import { signed } from './use-change-set.ts'

const BY = ['territory', 'owner', 'account'] as const
type Props = { set: ChangeSet; onComment: OnComment; onOpen: (tab: 'moves' | 'rules' | 'sight' | 'work' | 'checks') => void }

export function ImpactTab({ set, onComment, onOpen }: Props) {
  const { t } = useTranslation()
  const [by, setBy] = useState<(typeof BY)[number]>('territory')
  const compute = useCompute(set)
  const rules = useRules(set)
  if (!set.whole)
    return (
      <>
        <p className="jy-muted">{t('change:nothing.ownPart')}</p>
        <MovesTable set={set} title={t('change:lines.title')} tools={<ExportButton set={set} />} onComment={onComment} />
        <LinesTable key="sight" set={set} by="sight" title={t('change:sight.title')} onComment={onComment} />
      </>
    )
  if (set.figures === null)
    return (
      <section className="jy-card">
        {set.job ? (
          <Skeleton lines={5} />
        ) : (
          <Empty
            title={t('change:nothing.uncomputed')}
            why={t('change:nothing.uncomputedWhy')}
            action={
              set.may.edit && (
                <Button type="primary" loading={compute.isPending} onClick={() => compute.mutate()}>
                  {t('change:do.compute')}
                </Button>
              )
            }
          />
        )}
      </section>
    )
  const tools = (
    <>
      <Segmented value={by} onChange={setBy} options={BY.map(value => ({ value, label: t(`change:by.${value}`) }))} />
      <ExportButton set={set} />
    </>
  )
  const shown = rules.rows[0]
  return (
    <>
      <SixFigures set={set} onOpen={onOpen} />
      {by === 'account' ? (
        <MovesTable set={set} title={t('change:lines.title')} tools={tools} onComment={onComment} />
      ) : (
        <LinesTable key={by} set={set} by={by} title={t('change:lines.title')} tools={tools} onComment={onComment} />
      )}
      {rules.error !== null && rules.rows.length === 0 && <ErrorState error={rules.error} part={t('change:tab.rules')} onRetry={rules.retry} />}
      {shown && (
        <>
          <div className="jy-change-where">
            <RuleCard rule={shown} />
            {set.baseModelId !== null && <ChangeMap set={set} baseId={set.baseModelId} />}
          </div>
          {set.figures.territoriesChanged > 1 && (
            <Button type="link" className="jy-change-all" onClick={() => onOpen('rules')}>
              {t('change:rules.all', { n: count(set.figures.territoriesChanged) })}
            </Button>
          )}
        </>
      )}
      <ul className="jy-change-checks">
        <Checks set={set} only={['gaps', 'overlaps', 'faults']} />
      </ul>
    </>
  )
}

function SixFigures({ set, onOpen }: Pick<Props, 'set' | 'onOpen'>) {
  const { t, i18n } = useTranslation()
  const currency = useMe()?.tenant.currency ?? ''
  const f = set.figures!
  const boxes: readonly { key: string; icon: LucideIcon; value: string; note: string; to: Parameters<Props['onOpen']>[0]; tone?: string }[] = [
    { key: 'owners', icon: Building2, value: count(f.owners), note: t('change:figure.ownersNote', { share: f.shareBp / 100 }), to: 'moves' },
    {
      key: 'sight',
      icon: Eye,
      value: [signed(f.sightGained), signed(-f.sightLost)].join(' '),
      note: t('change:figure.sightNote', { n: count(f.seers) }),
      to: 'sight',
    },
    {
      key: 'deals',
      icon: BriefcaseBusiness,
      value: count(f.deals),
      note: t('change:figure.dealsNote', { amount: money(String(f.dealAmount / 100), i18n.language), currency }),
      to: 'work',
    },
    { key: 'tasks', icon: ListTodo, value: count(f.tasks + f.requests), note: t('change:figure.tasksNote', { n: count(f.requests) }), to: 'work' },
    {
      key: 'key',
      icon: Star,
      value: count(f.keyAccounts),
      note: t('change:figure.keyNote'),
      to: 'moves',
      ...(f.keyAccounts > 0 ? { tone: 'warn' } : {}),
    },
    {
      key: 'gaps',
      icon: Unplug,
      value: signed(f.unassigned.after - f.unassigned.before),
      note: t('change:figure.gapsNote', { before: count(f.unassigned.before), after: count(f.unassigned.after) }),
      to: 'checks',
      ...(f.unassigned.after > f.unassigned.before ? { tone: 'warn' } : f.unassigned.after < f.unassigned.before ? { tone: 'ok' } : {}),
    },
  ]
  return (
    <section className="jy-card jy-change-figures" aria-label={t('change:figure.label')}>
      {boxes.map(({ key, icon: Icon, value, note, to, tone }) => (
        <button key={key} type="button" className="jy-plain" onClick={() => onOpen(to)}>
          <span>
            <Icon size={14} aria-hidden /> {t(`change:figure.${key}`)}
          </span>
          <b data-tone={tone}>
            {value} <small>{t(`change:figure.${key}Unit`)}</small>
          </b>
          <small>{note}</small>
        </button>
      ))}
    </section>
  )
}
