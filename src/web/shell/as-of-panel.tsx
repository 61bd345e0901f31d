/** Choosing the moment: today, a day with or without a time, or a version of the map; and, on request, as it was known on another day. */
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, DatePicker, Segmented, TimePicker } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../contract/identity/session.ts'
import { type ActivationRow, listActivations } from '../../contract/territory/past.ts'
import { call } from '../app/api.ts'
import { useAsOf, useGoTo } from '../app/as-of.ts'
import { day, isoDay } from '../app/format.ts'
import { type AsOfSearch, instantIn } from '../app/instant.ts'
import { may } from '../app/me.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'

type Way = 'today' | 'day' | 'version'

export function AsOfPanel({ me, onDone }: { me: Me; onDone: () => void }) {
  const { t } = useTranslation()
  const asOf = useAsOf()
  const goTo = useGoTo()
  const elsewhen = asOf.at !== undefined || asOf.known !== undefined
  const [way, setWay] = useState<Way>(elsewhen ? 'day' : 'today')
  const go = (to: AsOfSearch) => {
    goTo(to)
    onDone()
  }
  const ways: Way[] = may(me, 'territory.read') ? ['today', 'day', 'version'] : ['today', 'day']
  const words: Record<Way, string> = { today: t('past:today'), day: t('past:ofDay'), version: t('past:ofVersion') }
  return (
    <div className="jy-as-of-panel">
      <Segmented
        block
        value={way}
        onChange={next => (next === 'today' && elsewhen ? go({}) : setWay(next))}
        options={ways.map(value => ({ value, label: words[value] }))}
      />
      {way === 'today' && <Today me={me} />}
      {way === 'day' && <OfDay me={me} asOf={asOf} onGo={go} />}
      {way === 'version' && <Versions me={me} onGo={go} />}
      {elsewhen && (
        <Button type="link" size="small" onClick={() => go({})}>
          {t('past:back')}
        </Button>
      )}
    </div>
  )
}

function Today({ me }: { me: Me }) {
  const { t } = useTranslation()
  const { name, version } = me.activeModel
  return (
    <dl className="jy-as-of">
      <dt>{t('past:day')}</dt>
      <dd>{t('past:todayIs', { day: isoDay(new Date(), me.tenant.zone) })}</dd>
      <dt>{t('past:zone')}</dt>
      <dd>{me.tenant.zone}</dd>
      <dt>{t('past:map')}</dt>
      <dd>{version === null ? name : t('past:model', { name, version })}</dd>
      <dd className="jy-as-of-note">{t('past:note')}</dd>
    </dl>
  )
}

/** A moment in the address as the two fields show it, by the company's clock. */
function fieldsOf(moment: string | undefined, zone: string): { date: string; time: string } {
  if (!moment) return { date: '', time: '' }
  if (moment.length === 10) return { date: moment, time: '' }
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit' })
  return { date: isoDay(new Date(moment), zone), time: clock.format(new Date(moment)) }
}

/** Days and times as text, by the company's clock: nothing of the browser's zone comes in between. What is chosen already stands as the hint. */
function OfDay({ me, asOf, onGo }: { me: Me; asOf: AsOfSearch; onGo: (to: AsOfSearch) => void }) {
  const { t } = useTranslation()
  const { zone } = me.tenant
  const [{ date, time }, setFields] = useState(fieldsOf(asOf.at, zone))
  const [believing, setBelieving] = useState(asOf.known !== undefined)
  const [known, setKnown] = useState(fieldsOf(asOf.known, zone).date)
  const ready = date !== '' && (!believing || known !== '')
  const go = () => onGo({ at: time ? instantIn(date, time, zone) : date, ...(believing ? { known } : {}) })
  return (
    <div className="jy-as-of-form">
      <div className="jy-row">
        <DatePicker
          autoFocus
          aria-label={t('past:day')}
          placeholder={date || t('past:day')}
          style={{ flex: 3 }}
          onChange={value => setFields({ date: value?.format('YYYY-MM-DD') ?? '', time })}
        />
        <TimePicker
          aria-label={t('past:timeNone')}
          placeholder={time || t('past:timeNone')}
          format="HH:mm"
          needConfirm={false}
          style={{ flex: 2 }}
          onChange={value => setFields({ date, time: value?.format('HH:mm') ?? '' })}
        />
      </div>
      <small className="jy-muted">
        {t('past:zone')} {zone}
      </small>
      <Checkbox checked={believing} onChange={event => setBelieving(event.target.checked)}>
        {t('past:known')}
        <small className="jy-muted jy-block">{t('past:knownWhy')}</small>
      </Checkbox>
      {believing && (
        <DatePicker
          aria-label={t('past:knownDay')}
          placeholder={known || t('past:knownDay')}
          disabledDate={d => d.valueOf() > Date.now()}
          onChange={value => setKnown(value?.format('YYYY-MM-DD') ?? '')}
        />
      )}
      <Button type="primary" block disabled={!ready} title={ready ? undefined : t('past:pickDay')} onClick={go}>
        {t('past:look')}
      </Button>
    </div>
  )
}

/** A version that ended is shown at its last moment, one that is scheduled at its first. */
function momentIn(row: ActivationRow): AsOfSearch {
  if (row.planned) return { at: row.from }
  return row.until === null ? {} : { at: new Date(Date.parse(row.until) - 1).toISOString() }
}

function Versions({ me, onGo }: { me: Me; onGo: (to: AsOfSearch) => void }) {
  const { t } = useTranslation()
  const list = useQuery({ queryKey: ['models', 'activations'], queryFn: ({ signal }) => call(listActivations, { signal }) })
  if (list.isPending) return <Skeleton lines={3} />
  if (list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />
  const on = (at: string | null) => day(at, new Date(), me.tenant.zone)
  if (list.data.rows.length === 0) return <p className="jy-muted">{t('past:noVersions')}</p>
  return (
    <ul className="jy-as-of-versions">
      {list.data.rows.map(row => (
        <li key={row.seq}>
          <button type="button" className="jy-plain" data-planned={row.planned || undefined} onClick={() => onGo(momentIn(row))}>
            <b className="jy-ellipsis">{row.version === null ? row.name : t('past:versionOf', { name: row.name, version: row.version })}</b>
            <small className="jy-muted">
              {row.planned
                ? t('past:planned', { from: on(row.from) })
                : row.until
                  ? t('past:fromTo', { from: on(row.from), to: on(row.until) })
                  : t('past:since', { from: on(row.from) })}
              {row.undo && ` · ${t('past:undone')}`}
            </small>
          </button>
        </li>
      ))}
    </ul>
  )
}
