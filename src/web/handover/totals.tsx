/** What each receiver has before and after, and what the handover leaves behind. */
import { Alert, Progress, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import type { HandoverDetail } from '../../contract/assignment/handover.ts'
import { Face } from '../app/face.tsx'
import { amount, count } from '../app/format.ts'
import { currentLocale } from '../app/i18n.ts'

const sum = (handover: HandoverDetail, of: (k: HandoverDetail['kinds'][number]) => number) => handover.kinds.reduce((s, k) => s + of(k), 0)

export function Totals({ handover }: { handover: HandoverDetail }) {
  const { t } = useTranslation()
  const locale = currentLocale()
  if (handover.receivers.length === 0) return null
  return (
    <section className="jy-card jy-handover-totals" aria-label={t('handover:totals.title')}>
      {handover.receivers.map(r => (
        <div key={r.id}>
          <span className="jy-row jy-tight">
            <Face name={r.name} size={22} />
            <b className="jy-ellipsis">{r.name}</b>
            {r.absent && <Tag color="warning">{t('handover:totals.absent')}</Tag>}
          </span>
          <span className="jy-number">
            {t('handover:totals.accounts', {
              before: count(r.before, locale),
              after: count(r.before + r.accounts, locale),
              n: count(r.accounts, locale),
            })}
          </span>
          <small className="jy-muted">
            {[
              r.others > 0 && t('handover:totals.others', { n: count(r.others, locale) }),
              r.potential ? t('handover:totals.potential', { n: amount(r.potential, locale) }) : null,
              r.revenue ? t('handover:totals.revenue', { n: amount(r.revenue, locale) }) : null,
            ]
              .filter(Boolean)
              .join(' · ')}
          </small>
        </div>
      ))}
    </section>
  )
}

export function Standing({ handover }: { handover: HandoverDetail }) {
  const { t } = useTranslation()
  const moved = sum(handover, k => k.moved)
  const going = sum(handover, k => k.going)
  const refused = sum(handover, k => k.refused)
  const words = (list: HandoverDetail['left']) => list.map(k => `${t(`handover:kind.${k.kind}`)} ${k.n}`).join(' · ')
  if (handover.state === 'running' || handover.state === 'returning') {
    const done = handover.state === 'running' ? moved : sum(handover, k => k.returned)
    const all = handover.state === 'running' ? going : moved
    return (
      <div className="jy-card jy-handover-standing" role="status">
        <span>{t(`handover:progress.${handover.state}`, { done, all })}</span>
        <Progress percent={all === 0 ? 0 : Math.round((100 * done) / all)} status={handover.stopped ? 'exception' : 'active'} />
      </div>
    )
  }
  if (handover.state === 'done') {
    if (!handover.manages) return null
    if (handover.kind === 'absence')
      return (
        <Alert
          type="success"
          showIcon
          title={t('handover:result.lent', { moved, day: handover.endsOn })}
          description={refused > 0 ? t('handover:result.refused', { n: refused }) : undefined}
        />
      )
    return handover.left.length === 0 ? (
      <Alert type="success" showIcon title={t('handover:result.clean', { name: handover.from.name, moved })} />
    ) : (
      <Alert type="warning" showIcon title={t('handover:result.left', { name: handover.from.name })} description={words(handover.left)} />
    )
  }
  if (handover.state === 'returned')
    return (
      <Alert
        type="info"
        showIcon
        title={t('handover:result.returned', { n: sum(handover, k => k.returned) })}
        description={moved > sum(handover, k => k.returned) ? t('handover:result.kept', { n: moved - sum(handover, k => k.returned) }) : undefined}
      />
    )
  if (handover.state === 'cancelled') return <Alert type="info" showIcon title={t('handover:result.cancelled')} />
  return (
    <p className="jy-muted jy-handover-sum">
      {t('handover:sum', { going, contacts: handover.contacts })}
      {refused > 0 && <b className="jy-warn">{t('handover:sumRefused', { n: refused })}</b>}
    </p>
  )
}
