/** The one thing to look at: figures that no longer hold, a base that was left behind, a job at work. Each with its way out. */
import { Button, Progress } from 'antd'
import { RotateCw, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type ChangeSet, computeChangeSet } from '../../contract/territory/change-sets.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { useMayChange } from '../app/me.ts'
import { TOUCHED } from './use-change-set.ts'

export function useCompute(set: ChangeSet) {
  return useChange({ run: () => call(computeChangeSet, { params: { id: set.id } }), touches: TOUCHED, said: null })
}

export function SetBanners({ set }: { set: ChangeSet }) {
  const { t } = useTranslation()
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
      {set.outdated && (
        <div className="jy-change-banner" role="status">
          <TriangleAlert size={15} aria-hidden />
          <span className="jy-grow">
            <b>{t('change:outdated.title')}</b> {t('change:outdated.why')}
          </span>
        </div>
      )}
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
