/** As-of: the instant and the version of the map that everything on the page answers for. */
import { Popover } from 'antd'
import { ChevronDown, History } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../contract/identity/session.ts'
import { isoDay } from '../app/format.ts'

export function AsOfPill({ me, open, setOpen }: { me: Me; open: boolean; setOpen: (open: boolean) => void }) {
  const { t } = useTranslation()
  const { name, version } = me.activeModel
  const today = isoDay(new Date(), me.tenant.zone)
  const model = version === null ? name : t('shell:asOf.model', { name, version })
  const panel = (
    <dl className="jy-as-of">
      <dt>{t('shell:asOf.day')}</dt>
      <dd>{t('shell:asOf.today', { day: today })}</dd>
      <dt>{t('shell:asOf.zone')}</dt>
      <dd>{me.tenant.zone}</dd>
      <dt>{t('shell:asOf.map')}</dt>
      <dd>{model}</dd>
      <dd className="jy-as-of-note">{t('shell:asOf.note')}</dd>
    </dl>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger="click" placement="bottomRight" content={panel} title={t('shell:asOf.title')}>
      <button
        type="button"
        className="jy-pill"
        aria-expanded={open}
        aria-keyshortcuts="T"
        onKeyDown={event => event.key === 'Escape' && setOpen(false)}
        title={`${t('shell:asOf.today', { day: today })} · ${model}`}
      >
        <History size={14} aria-hidden />
        <span className="jy-muted">{t('shell:asOf.title')}</span>
        <b>{t('shell:asOf.today', { day: today })}</b>
        <b className="jy-ellipsis jy-pill-model">· {model}</b>
        <ChevronDown size={14} aria-hidden />
      </button>
    </Popover>
  )
}
