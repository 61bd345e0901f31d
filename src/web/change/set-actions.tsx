/** What may be done with a change set now: the server says which; each asks for the words and the instant that belong to it. */
import { useNavigate } from '@tanstack/react-router'
import { Button, Modal } from 'antd'
import { CalendarClock, Check, CopyPlus, MessageSquareWarning, Pencil, RotateCw, Send, Undo2, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { decideApproval } from '../../contract/approval/approvals.ts'
import { type ChangeSet, cancelSchedule, withdrawChangeSet } from '../../contract/territory/change-sets.ts'
import { copyChangeSet } from '../../contract/territory/merge.ts'
import { undoActivation } from '../../contract/territory/models.ts'
import { call } from '../app/api.ts'
import { useElsewhen } from '../app/as-of.ts'
import { useChange } from '../app/change.ts'
import { useMayChange } from '../app/me.ts'
import { useCompute } from './set-banners.tsx'
import { EditDialog, ScheduleDialog, SendBackDialog, SubmitDialog } from './set-dialogs.tsx'
import { TOUCHED } from './use-change-set.ts'

/** Whoever wants the same again begins with what was there. */
const ENDED: readonly ChangeSet['state'][] = ['refused', 'active', 'undone', 'past']
type Open = 'edit' | 'submit' | 'back' | 'schedule' | 'withdraw' | 'cancel' | 'undo' | null

export function SetActions({ set }: { set: ChangeSet }) {
  const { t } = useTranslation()
  const elsewhen = useElsewhen()
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const compute = useCompute(set)
  const mine = set.approvers.find(a => a.mine && a.state === 'asked')
  const approve = useChange({
    run: () => call(decideApproval, { params: { id: mine!.requestId }, ifMatch: mine!.rowVersion, body: { approve: true, answer: null } }),
    touches: TOUCHED,
    said: t('change:did.approve'),
  })
  const plans = useMayChange('territory.plan')
  const navigate = useNavigate()
  const copy = useChange({
    run: () => call(copyChangeSet, { params: { id: set.id }, body: { title: t('change:copyOf', { title: set.title }).slice(0, 80) } }),
    touches: TOUCHED,
    said: t('change:did.copy'),
    onDone: made => void navigate({ to: `/changes/${made.id}` }),
  })
  const { may } = set
  if (elsewhen) return null
  const idle = set.job === null
  return (
    <div className="jy-change-actions">
      {may.edit && (
        <Button icon={<Pencil size={14} />} onClick={() => setOpen('edit')}>
          {t('shell:edit')}
        </Button>
      )}
      {may.edit && !set.drifted && (
        <Button icon={<RotateCw size={14} />} loading={compute.isPending} onClick={() => compute.mutate()}>
          {t(set.figures ? 'change:do.recompute' : 'change:do.compute')}
        </Button>
      )}
      {may.withdraw && (
        <Button icon={<Undo2 size={14} />} onClick={() => setOpen('withdraw')}>
          {t('change:do.withdraw')}
        </Button>
      )}
      {may.cancel && (
        <Button icon={<X size={14} />} onClick={() => setOpen('cancel')}>
          {t('change:do.cancel')}
        </Button>
      )}
      {ENDED.includes(set.state) && set.whole && plans && (
        <Button icon={<CopyPlus size={14} />} loading={copy.isPending} onClick={() => copy.mutate()}>
          {t('change:do.copy')}
        </Button>
      )}
      {may.undo && (
        <Button icon={<Undo2 size={14} />} onClick={() => setOpen('undo')}>
          {t('change:do.undo')}
        </Button>
      )}
      {may.submit && (
        <Button type="primary" icon={<Send size={14} />} onClick={() => setOpen('submit')}>
          {t('change:do.submit')}
        </Button>
      )}
      {may.approve && idle && (
        <>
          <Button icon={<MessageSquareWarning size={14} />} onClick={() => setOpen('back')}>
            {t('change:do.sendBack')}
          </Button>
          <span className="jy-change-do">
            <Button
              data-approve
              type="primary"
              icon={<Check size={14} />}
              disabled={set.outdated}
              loading={approve.isPending}
              onClick={() => mine && approve.mutate()}
            >
              {t('change:do.approve')}
            </Button>
            {set.outdated && <small className="jy-warn">{t('change:not.outdated')}</small>}
          </span>
        </>
      )}
      {may.schedule && (
        <Button type="primary" icon={<CalendarClock size={14} />} onClick={() => setOpen('schedule')}>
          {t('change:do.schedule')}
        </Button>
      )}
      {open === 'edit' && <EditDialog set={set} onClose={close} />}
      {open === 'submit' && <SubmitDialog set={set} onClose={close} />}
      {open === 'back' && <SendBackDialog set={set} onClose={close} />}
      {open === 'schedule' && <ScheduleDialog set={set} onClose={close} />}
      {(open === 'withdraw' || open === 'cancel' || open === 'undo') && <Ask set={set} what={open} onClose={close} />}
    </div>
  )
}

/** Taking something back is asked once, with what follows from it in words. */
function Ask({ set, what, onClose }: { set: ChangeSet; what: 'withdraw' | 'cancel' | 'undo'; onClose: () => void }) {
  const { t } = useTranslation()
  const run = useChange({
    run: (): Promise<unknown> => {
      if (what === 'withdraw') return call(withdrawChangeSet, { params: { id: set.id }, body: {} })
      return what === 'cancel' ? call(cancelSchedule, { params: { id: set.id } }) : call(undoActivation, { body: {} })
    },
    touches: TOUCHED,
    said: t(`change:did.${what}`),
    onDone: onClose,
  })
  return (
    <Modal
      open
      title={t(`change:ask.${what}`)}
      okText={t(`change:do.${what}`)}
      cancelText={t('shell:cancel')}
      okButtonProps={{ loading: run.isPending, danger: what === 'undo' }}
      onOk={() => run.mutate()}
      onCancel={onClose}
    >
      <p>{t(`change:ask.${what}Why`)}</p>
      {what === 'undo' && set.strands.length > 0 && <p className="jy-warn">{t('change:ask.strands', { names: set.strands.join(', ') })}</p>}
      {what === 'undo' && <p className="jy-muted">{t('change:regret.cannot')}</p>}
    </Modal>
  )
}
