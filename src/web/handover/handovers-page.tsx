/** Handovers I am responsible for, made, or receive in; and inactive people who still hold something. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Segmented, Tag } from 'antd'
import { ArrowRightLeft, Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { createHandover, type HandoverRow, listHandovers, listLeftBehind } from '../../contract/assignment/handover.ts'
import { call, type ReplyOf } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { DataTable } from '../app/data-table.tsx'
import { Face } from '../app/face.tsx'
import { count, day, moment, NOTHING } from '../app/format.ts'
import { currentLocale } from '../app/i18n.ts'
import { useMay, useMayChange, useMe } from '../app/me.ts'
import { usePaged } from '../app/paged.ts'
import { Empty } from '../app/states.tsx'
import { STATE_COLOURS } from './use-handover.ts'

type Box = 'all' | 'left'
export function HandoversPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const asked = (useSearch({ strict: false }) as { box?: Box }).box
  const assigns = useMay('account.assign')
  const begins = useMayChange('account.assign')
  const box: Box = asked === 'left' && assigns ? 'left' : 'all'
  const toolbar = (
    <>
      {assigns && (
        <Segmented
          value={box}
          onChange={next => void navigate({ to: '/handovers' as never, search: { box: next } as never, replace: true })}
          options={(['all', 'left'] as const).map(value => ({ value, label: t(`handover:box.${value}`) }))}
        />
      )}
      <span className="jy-grow" />
      {begins && (
        <Button type="primary" icon={<Plus size={14} />} onClick={() => void navigate({ to: '/handovers/new' as never })}>
          {t('handover:new')}
        </Button>
      )}
    </>
  )
  return <div className="jy-page jy-page-fill">{box === 'left' ? <LeftBehind toolbar={toolbar} /> : <All toolbar={toolbar} />}</div>
}

function All({ toolbar }: { toolbar: ReactNode }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const zone = useMe()?.tenant.zone
  const locale = currentLocale()
  const list = usePaged<HandoverRow>(['handovers', 'all'], (cursor, signal) => call(listHandovers, { query: { cursor }, signal }))
  return (
    <DataTable
      name="handovers"
      label={t('handover:title')}
      list={list}
      rowKey={r => r.id}
      onOpen={r => void navigate({ to: '/handovers/$id' as never, params: { id: r.id } as never })}
      toolbar={toolbar}
      columns={[
        {
          key: 'from',
          title: t('handover:form.from'),
          render: r => (
            <span className="jy-row jy-tight">
              <Face name={r.from.name} size={22} />
              <b className="jy-ellipsis">{r.from.name}</b>
              {!r.from.active && <Tag>{t('identity:state.inactive')}</Tag>}
            </span>
          ),
        },
        { key: 'kind', title: t('handover:form.kind'), width: 100, render: r => t(`handover:why.${r.kind}`) },
        {
          key: 'state',
          title: t('handover:column.state'),
          width: 110,
          render: r => <Tag color={STATE_COLOURS[r.state]}>{t(`handover:state.${r.state}`)}</Tag>,
        },
        {
          key: 'days',
          title: t('handover:form.days'),
          width: 150,
          render: r => (r.startsOn || r.endsOn ? `${day(r.startsOn, new Date())} ${r.endsOn ? `→ ${day(r.endsOn, new Date())}` : ''}` : NOTHING),
        },
        { key: 'moved', title: t('handover:column.moved'), width: 90, right: true, render: r => (r.total === 0 ? NOTHING : count(r.moved, locale)) },
        {
          key: 'left',
          title: t('handover:column.left'),
          width: 90,
          right: true,
          render: r => (r.left === 0 ? NOTHING : <span className="jy-warn">{count(r.left, locale)}</span>),
        },
        { key: 'by', title: t('handover:column.by'), width: 110, render: r => r.by.name },
        { key: 'at', title: t('handover:column.at'), width: 120, right: true, render: r => moment(r.createdAt, new Date(), zone) },
      ]}
      empty={<Empty title={t('handover:noneYet')} why={t('handover:noneYetWhy')} />}
    />
  )
}

type Left = ReplyOf<typeof listLeftBehind>['rows'][number]
function LeftBehind({ toolbar }: { toolbar: ReactNode }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const zone = useMe()?.tenant.zone
  const acts = useMayChange('account.assign')
  const list = usePaged<Left>(['left-behind'], (cursor, signal) => call(listLeftBehind, { query: { cursor }, signal }))
  const begin = useChange<string, { id: string }>({
    run: fromId => call(createHandover, { body: { kind: 'leaver', fromId } }),
    touches: [['handovers']],
    said: null,
    onDone: made => void navigate({ to: '/handovers/$id' as never, params: { id: made.id } as never }),
  })
  return (
    <DataTable
      name="left-behind"
      label={t('handover:box.left')}
      list={list}
      rowKey={r => r.id}
      toolbar={toolbar}
      columns={[
        {
          key: 'name',
          title: t('handover:column.person'),
          width: 170,
          render: r => (
            <span className="jy-row jy-tight">
              <Face name={r.name} size={22} />
              <b className="jy-ellipsis">{r.name}</b>
            </span>
          ),
        },
        { key: 'leftAt', title: t('handover:column.leftAt'), width: 130, render: r => moment(r.leftAt, new Date(), zone) },
        {
          key: 'held',
          title: t('handover:column.held'),
          render: r => r.held.map(k => `${t(`handover:kind.${k.kind}`)} ${k.n > 1000 ? '1,000+' : k.n}`).join(' · '),
        },
        {
          key: 'act',
          title: '',
          width: 110,
          render: r =>
            acts && (
              <Button
                size="small"
                icon={<ArrowRightLeft size={13} />}
                loading={begin.isPending && begin.variables === r.id}
                onClick={() => begin.mutate(r.id)}
              >
                {t('handover:begin')}
              </Button>
            ),
        },
      ]}
      empty={<Empty title={t('handover:nothingLeft')} why={t('handover:nothingLeftWhy')} />}
    />
  )
}
