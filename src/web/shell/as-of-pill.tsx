/** As of: the moment and the version of the map that the page answers for. Grey is today, ochre the past or what is planned. */
import { useQuery } from '@tanstack/react-query'
import { Drawer, Popover } from 'antd'
import { ChevronDown, History } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../contract/identity/session.ts'
import { modelInUse } from '../../contract/territory/past.ts'
import { call } from '../app/api.ts'
import { usePhone } from '../app/appearance.ts'
import { useAsOf } from '../app/as-of.ts'
import { day, isoDay, moment } from '../app/format.ts'
import type { AsOfSearch } from '../app/instant.ts'
import { may } from '../app/me.ts'
import { AsOfPanel } from './as-of-panel.tsx'

/** What the server makes of the moment: the instant meant, and the map of then. */
export function useModelThen(me: Me, asOf: AsOfSearch) {
  return useQuery({
    queryKey: ['models', 'in-use', asOf],
    enabled: (asOf.at !== undefined || asOf.known !== undefined) && may(me, 'territory.read'),
    queryFn: ({ signal }) => call(modelInUse, { query: asOf, signal }),
  })
}

const DAY = /^\d{4}-\d\d-\d\d$/

export function useMomentWords(me: Me): (at: string) => string {
  const { t } = useTranslation()
  return at => (DAY.test(at) ? t('past:endOf', { day: day(at, new Date(), me.tenant.zone) }) : moment(at, new Date(), me.tenant.zone))
}

export function AsOfPill({ me, open, setOpen }: { me: Me; open: boolean; setOpen: (open: boolean) => void }) {
  const { t } = useTranslation()
  const asOf = useAsOf()
  const words = useMomentWords(me)
  const then = useModelThen(me, asOf)
  const elsewhen = asOf.at !== undefined || asOf.known !== undefined
  const { name, version } = me.activeModel
  const nameOf = (m: { name: string; version: number | null }) => (m.version === null ? m.name : t('past:versionOf', m))
  const model = elsewhen
    ? then.data?.asOf.model
      ? nameOf(then.data.asOf.model)
      : null
    : version === null
      ? name
      : t('past:model', { name, version })
  const plan = then.data?.asOf.when === 'plan'
  const at = asOf.at ?? asOf.known
  const when = at ? t(plan ? 'past:pillPlan' : 'past:pillPast', { at: words(at) }) : t('past:todayIs', { day: isoDay(new Date(), me.tenant.zone) })
  const known = asOf.known && asOf.at !== undefined ? t('past:pillKnown', { known: words(asOf.known) }) : null
  const phone = usePhone()
  const panel = <AsOfPanel me={me} onDone={() => setOpen(false)} />
  const pill = (
    <button
      type="button"
      className="jy-pill"
      data-elsewhen={elsewhen || undefined}
      aria-expanded={open}
      aria-keyshortcuts="T"
      onClick={phone ? () => setOpen(!open) : undefined}
      onKeyDown={event => event.key === 'Escape' && setOpen(false)}
      title={[when, model, known].filter(Boolean).join(' · ')}
    >
      <History size={14} aria-hidden />
      <span className="jy-muted">{t('past:title')}</span>
      <b>{when}</b>
      {model && <b className="jy-ellipsis jy-pill-model">· {model}</b>}
      {known && <b className="jy-ellipsis jy-pill-model">· {known}</b>}
      <ChevronDown size={14} aria-hidden />
    </button>
  )
  if (phone)
    return (
      <>
        {pill}
        <Drawer open={open} placement="bottom" size={440} title={t('past:title')} onClose={() => setOpen(false)} destroyOnHidden>
          {panel}
        </Drawer>
      </>
    )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger="click" placement="bottomRight" destroyOnHidden content={panel}>
      {pill}
    </Popover>
  )
}
