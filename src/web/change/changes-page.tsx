/** Change sets: those that are under way and those that are done, newest first; a click opens one. */
import { useNavigate } from '@tanstack/react-router'
import { Button, Segmented, Tag } from 'antd'
import { GitCompareArrows, Map as MapIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ChangeSetRow, listChangeSets } from '../../contract/territory/change-sets.ts'
import { call } from '../app/api.ts'
import { DataTable } from '../app/data-table.tsx'
import type { Column } from '../app/data-table-columns.tsx'
import { Face } from '../app/face.tsx'
import { count } from '../app/figures.ts'
import { moment, NOTHING } from '../app/format.ts'
import { useMay, useMayChange, useMe } from '../app/me.ts'
import { usePaged } from '../app/paged.ts'
import { Empty } from '../app/states.tsx'
import './change.css'
import { STATE_COLOURS } from './use-change-set.ts'

const BOXES = ['open', 'done'] as const

export function ChangesPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const me = useMe()
  const plans = useMayChange('territory.plan')
  const compares = useMay('territory.plan')
  const [box, setBox] = useState<(typeof BOXES)[number]>('open')
  const list = usePaged(['change-sets', box], (cursor, signal) => call(listChangeSets, { query: { box, cursor }, signal }))
  const columns: readonly Column<ChangeSetRow>[] = [
    {
      key: 'title',
      title: t('change:list.title'),
      render: row => (
        <span className="jy-row jy-tight">
          <b className="jy-ellipsis" title={row.title}>
            {row.title}
          </b>
          <span className="jy-muted">#{row.id}</span>
        </span>
      ),
    },
    {
      key: 'state',
      title: t('change:list.state'),
      width: 120,
      render: row => <Tag color={STATE_COLOURS[row.state]}>{t(`change:state.${row.state}`)}</Tag>,
    },
    {
      key: 'author',
      title: t('change:list.author'),
      width: 140,
      render: row => (
        <span className="jy-row jy-tight">
          <Face name={row.createdBy.name} size={20} />
          <span className="jy-ellipsis">{row.createdBy.name}</span>
        </span>
      ),
    },
    {
      key: 'owners',
      title: t('change:list.owners'),
      width: 130,
      right: true,
      render: row => (row.owners === null ? <span className="jy-muted">{NOTHING}</span> : count(row.owners)),
    },
    {
      key: 'approvals',
      title: t('change:list.approvals'),
      width: 110,
      right: true,
      render: row => (row.approvals.asked === 0 ? <span className="jy-muted">{NOTHING}</span> : `${row.approvals.approved} / ${row.approvals.asked}`),
    },
    {
      key: 'effective',
      title: t('change:list.effective'),
      width: 150,
      right: true,
      render: row => moment(row.effectiveAt, new Date(), me?.tenant.zone),
    },
    {
      key: 'made',
      title: t('change:list.made'),
      width: 140,
      right: true,
      hiddenAtFirst: true,
      render: row => moment(row.createdAt, new Date(), me?.tenant.zone),
    },
  ]
  const open = (row: ChangeSetRow) => void navigate({ to: '/changes/$id' as never, params: { id: row.id } as never })
  return (
    <div className="jy-page jy-page-fill">
      <DataTable
        name="change-sets"
        label={t('change:title')}
        columns={columns}
        list={list}
        rowKey={row => row.id}
        onOpen={open}
        toolbar={
          <>
            <Segmented value={box} onChange={setBox} options={BOXES.map(value => ({ value, label: t(`change:box.${value}`) }))} />
            {compares && (
              <Button icon={<GitCompareArrows size={14} />} onClick={() => void navigate({ to: '/territory/compare' as never })}>
                {t('compare:title')}
              </Button>
            )}
            {plans && (
              <Button icon={<MapIcon size={14} />} onClick={() => void navigate({ to: '/map' })}>
                {t('change:list.make')}
              </Button>
            )}
          </>
        }
        empty={
          <Empty
            title={t(`change:none.${box}`)}
            why={t(plans ? 'change:noneWhy.plans' : 'change:noneWhy.others')}
            action={
              plans && box === 'open' ? (
                <Button type="primary" onClick={() => void navigate({ to: '/map' })}>
                  {t('change:list.make')}
                </Button>
              ) : undefined
            }
          />
        }
      />
    </div>
  )
}
