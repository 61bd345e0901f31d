/** One row of the decision list: what it is, why it waits, and its buttons. */
import { Button, Tooltip } from 'antd'
import { AlarmClock, Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Snooze } from '../../contract/home/home.ts'
import { useElsewhen } from '../app/as-of.ts'
import { day } from '../app/format.ts'
import { useMe } from '../app/me.ts'

type LineProps = { tone: 'bad' | 'warn' | 'plain'; icon: ReactNode; title: ReactNode; text: ReactNode; children: ReactNode; later: ReactNode }
export function Line({ tone, icon, title, text, children, later }: LineProps) {
  return (
    <div className="jy-home-line" data-tone={tone}>
      <i aria-hidden>{icon}</i>
      <div className="jy-grow">
        <b>{title}</b>
        <p className="jy-muted">{text}</p>
      </div>
      <span className="jy-row" data-first>
        {children}
      </span>
      {later}
    </div>
  )
}

type LaterProps = { of: Snooze | undefined; onSnooze: () => void; onWake: () => void; busy: boolean }
/** Putting the row off; or, where it was, until when and why, and bringing it back. */
export function Later({ of, onSnooze, onWake, busy }: LaterProps) {
  const { t } = useTranslation()
  const me = useMe()
  const elsewhen = useElsewhen()
  if (me?.viewAs !== null || elsewhen) return null
  if (!of)
    return (
      <Tooltip title={t('home:snooze.do')}>
        <Button data-snooze type="text" className="jy-later" aria-label={t('home:snooze.do')} icon={<AlarmClock size={14} />} onClick={onSnooze} />
      </Tooltip>
    )
  return (
    <span className="jy-later-said">
      <small className="jy-muted">
        {t('home:snooze.until', { day: day(of.until, new Date(), me.tenant.zone) })} · {of.reason}
      </small>
      <Button size="small" icon={<Undo2 size={13} />} loading={busy} onClick={onWake}>
        {t('home:snooze.wake')}
      </Button>
    </span>
  )
}
