/** One handover on one page: who, when, by which rule, what goes to whom; started, followed, and brought back from here. */
import { useParams } from '@tanstack/react-router'
import { Alert, App, Button, Tag } from 'antd'
import { Play, Undo2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { cancelHandover, type HandoverDetail, returnHandover, startHandover } from '../../contract/assignment/handover.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { day, moment } from '../app/format.ts'
import { useMayChange, useMe } from '../app/me.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { useCrumb } from '../shell/crumb.ts'
import './handover.css'
import { ItemsTable } from './items-table.tsx'
import { RulesCard } from './rules-card.tsx'
import { Standing, Totals } from './totals.tsx'
import { STATE_COLOURS, TOUCHED, useHandover } from './use-handover.ts'

export function HandoverPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { t } = useTranslation()
  const query = useHandover(id)
  useCrumb(query.data?.from.name)
  if (query.isPending) return <Skeleton lines={8} />
  if (query.data === undefined) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  const handover = query.data
  const editable = handover.manages && handover.state === 'draft'
  return (
    <div className="jy-page jy-page-fill">
      <Head handover={handover} />
      <div className="jy-handover" data-alone={!handover.manages || undefined}>
        {handover.manages && <RulesCard key={handover.state} handover={handover} editable={editable} />}
        <div className="jy-handover-main">
          {handover.stopped && <Alert type="warning" showIcon title={t('handover:stopped')} />}
          <Standing handover={handover} />
          <Totals handover={handover} />
          <ItemsTable key={handover.state} handover={handover} editable={editable} />
        </div>
      </div>
    </div>
  )
}

function Head({ handover }: { handover: HandoverDetail }) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const zone = useMe()?.tenant.zone
  const acts = useMayChange('account.assign') && handover.manages
  const params = { id: handover.id }
  const start = useChange({ run: () => call(startHandover, { params }), touches: TOUCHED, said: null })
  const cancel = useChange({ run: () => call(cancelHandover, { params }), touches: TOUCHED, said: t('handover:cancelled') })
  const back = useChange({ run: () => call(returnHandover, { params }), touches: TOUCHED, said: null })
  const { state, kind, rule } = handover
  const going = handover.kinds.reduce((s, k) => s + k.going, 0)
  const ready = rule.heirId !== null && (rule.rest !== null || !rule.kinds.includes('account'))
  const later = handover.startsOn !== null && Date.parse(handover.startsOn) > Date.now()
  const ask = () =>
    modal.confirm({
      title: t('handover:startAsk', { name: handover.from.name, n: going }),
      content: later ? t('handover:startLater', { day: day(handover.startsOn, new Date()) }) : t('handover:startNow'),
      okText: t(later ? 'handover:schedule' : 'handover:start'),
      cancelText: t('shell:cancel'),
      onOk: () => start.mutateAsync().catch(() => undefined),
    })
  const askBack = () =>
    modal.confirm({
      title: t(kind === 'absence' ? 'handover:backAsk' : 'handover:undoAsk', { name: handover.from.name }),
      content: t('handover:backWhy'),
      okText: t(kind === 'absence' ? 'handover:back' : 'handover:undo'),
      cancelText: t('shell:cancel'),
      onOk: () => back.mutateAsync().catch(() => undefined),
    })
  return (
    <header className="jy-page-head">
      <div className="jy-grow">
        <h1 className="jy-row jy-wrap">
          <Tag color={STATE_COLOURS[state]}>{t(`handover:state.${state}`)}</Tag>
          {t('handover:head', { name: handover.from.name, why: t(`handover:why.${kind}`) })}
          {!handover.from.active && <Tag>{t('identity:state.inactive')}</Tag>}
        </h1>
        <p className="jy-muted">
          {[
            t('handover:by', { name: handover.by.name, at: moment(handover.createdAt, new Date(), zone) }),
            handover.doneAt && t('handover:doneAt', { at: moment(handover.doneAt, new Date(), zone) }),
            handover.returnedAt && t('handover:returnedAt', { at: moment(handover.returnedAt, new Date(), zone) }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      {acts && (
        <span className="jy-row">
          {(state === 'draft' || state === 'scheduled') && (
            <Button loading={cancel.isPending} onClick={() => cancel.mutate()}>
              {t(state === 'draft' ? 'handover:drop' : 'handover:unschedule')}
            </Button>
          )}
          {state === 'draft' && (
            <Button
              type="primary"
              icon={<Play size={14} />}
              disabled={!ready}
              title={ready ? undefined : t('handover:notReady')}
              loading={start.isPending}
              onClick={ask}
            >
              {t(later ? 'handover:schedule' : 'handover:start')}
            </Button>
          )}
          {handover.stopped && (
            <Button type="primary" icon={<Play size={14} />} loading={start.isPending} onClick={() => start.mutate()}>
              {t('handover:goOn')}
            </Button>
          )}
          {handover.mayReturn && (
            <Button icon={<Undo2 size={14} />} loading={back.isPending} onClick={askBack}>
              {t(kind === 'absence' ? 'handover:back' : 'handover:undo')}
            </Button>
          )}
        </span>
      )}
    </header>
  )
}
