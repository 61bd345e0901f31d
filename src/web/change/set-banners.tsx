/** The one thing to look at: figures that no longer hold, a base that was left behind, a job at work. Each with its way out. */
import { Button, Progress } from 'antd'
import { GitMerge, MessageSquarePlus, RotateCw, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ChangeSet, computeChangeSet } from '../../contract/territory/change-sets.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { useMayChange } from '../app/me.ts'
import { MergeDialog } from './merge-dialog.tsx'
import { TOUCHED } from './use-change-set.ts'

const ASKS: ReadonlySet<ChangeSet['state']> = new Set(['draft', 'submitted', 'approved', 'scheduled'])

export function useCompute(set: ChangeSet) {
  return useChange({ run: () => call(computeChangeSet, { params: { id: set.id } }), touches: TOUCHED, said: null })
}

export function SetBanners({ set }: { set: ChangeSet }) {
  const { t } = useTranslation()
  const [merging, setMerging] = useState(false)
  const compute = useCompute(set)
  const plans = useMayChange('territory.plan')
  const { job } = set
  if (job)
    return (
      <div className="jy-change-banner" data-tone="busy" role="status">
        <span className="jy-grow">{t(`change:job.${job.kind.replace('changeSet.', '')}`)}</span>
        <Progress
          percent={job.total ? Math.round((job.done / job.total) * 100) : 0}
          size="small"
          status="active"
          showInfo={job.total !== null}
          style={{ width: 160 }}
        />
      </div>
    )
  return (
    <>
      {!set.whole && set.feedback && ASKS.has(set.state) && (
        <div className="jy-change-banner" data-tone="note">
          <MessageSquarePlus size={15} aria-hidden />
          <span className="jy-grow">{t('change:asked', { name: set.createdBy.name })}</span>
        </div>
      )}
      {set.outdated && (
        <div className="jy-change-banner" role="status">
          <TriangleAlert size={15} aria-hidden />
          <span className="jy-grow">
            <b>{t('change:outdated.title')}</b> {t(set.state === 'draft' ? 'change:outdated.draft' : 'change:outdated.why')}
          </span>
          {set.may.edit && (
            <Button icon={<GitMerge size={13} />} onClick={() => setMerging(true)}>
              {t('change:do.merge')}
            </Button>
          )}
        </div>
      )}
      {!set.outdated && (set.after !== null || (set.movable && set.may.edit)) && (
        <div className="jy-change-banner" data-tone="note">
          <GitMerge size={15} aria-hidden />
          <span className="jy-grow">{set.after === null ? t('change:merge.could') : t('change:merge.after', { name: set.after })}</span>
          {set.movable && set.may.edit && (
            <Button icon={<GitMerge size={13} />} onClick={() => setMerging(true)}>
              {t('change:do.move')}
            </Button>
          )}
        </div>
      )}
      {merging && <MergeDialog set={set} onClose={() => setMerging(false)} />}
      {set.drifted && (
        <div className="jy-change-banner" role="status">
          <TriangleAlert size={15} aria-hidden />
          <span className="jy-grow">
            <b>{t('change:drift.title')}</b> {t(set.state === 'draft' ? 'change:drift.draft' : 'change:drift.why')}
          </span>
          {plans && (
            <Button icon={<RotateCw size={13} />} loading={compute.isPending} onClick={() => compute.mutate()}>
              {t('change:do.recompute')}
            </Button>
          )}
        </div>
      )}
    </>
  )
}
