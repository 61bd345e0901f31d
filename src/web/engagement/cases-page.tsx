/** Cases: those I am to rule by their end, those I am a party of, open ones, all that I may see. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Segmented, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { BOXES, type CaseRow, listCases } from '../../contract/engagement/cases.ts'
import { call } from '../app/api.ts'
import { DataTable } from '../app/data-table.tsx'
import type { Column } from '../app/data-table-columns.tsx'
import { count } from '../app/figures.ts'
import { day, moment } from '../app/format.ts'
import { useMay, useMe } from '../app/me.ts'
import { usePaged } from '../app/paged.ts'
import { Empty } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'

type Box = (typeof BOXES)[number]
const TONE = { statements: 'processing', ruling: 'error', appeal: 'warning', closed: 'default' } as const

export function CasesPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const judges = useMay('case.judge')
  const zone = useMe()?.tenant.zone
  const boxes = BOXES.filter(b => judges || b !== 'judge')
  const asked = (useSearch({ strict: false }) as { box?: string }).box
  const box: Box = boxes.find(b => b === asked) ?? (judges ? 'judge' : 'party')
  const [counts, setCounts] = useState<{ judge: number; party: number; open: number } | null>(null)
  const list = usePaged<CaseRow>(['cases', box], async (cursor, signal) => {
    const page = await call(listCases, { query: { box, cursor }, signal })
    setCounts(page.counts)
    return page
  })
  const now = new Date()
  const columns: readonly Column<CaseRow>[] = [
    { key: 'number', title: t('engagement:list.number'), width: 76, render: r => `#${r.number}` },
    { key: 'name', title: t('engagement:list.name'), render: r => <b>{r.name}</b> },
    { key: 'why', title: t('engagement:list.why'), width: 140, render: r => t(`engagement:why.${r.why}`) },
    {
      key: 'parties',
      title: t('engagement:list.parties'),
      render: r => (
        <span className="jy-row jy-tight jy-wrap">
          {r.parties.map((p, i) => (
            <span key={p.user.id} className="jy-row jy-tight">
              {p.territory && <TerritoryChip code={p.territory.code} colour={p.territory.colour} />}
              {r.winner === i ? <b>{p.user.name}</b> : p.user.name}
            </span>
          ))}
        </span>
      ),
    },
    { key: 'judge', title: t('engagement:list.judge'), width: 110, render: r => r.judge?.name ?? t('engagement:list.nobody') },
    {
      key: 'due',
      title: t('engagement:list.due'),
      width: 120,
      render: r =>
        r.state === 'closed' || r.state === 'appeal' ? (
          day(r.closedAt, now, zone)
        ) : (
          <span className={Date.parse(r.dueAt) < now.getTime() + 12 * 3_600_000 ? 'jy-late' : undefined}>{moment(r.dueAt, now, zone)}</span>
        ),
    },
    { key: 'state', title: t('engagement:list.state'), width: 110, render: r => <Tag color={TONE[r.state]}>{t(`engagement:state.${r.state}`)}</Tag> },
  ]
  const n = (b: Box) => (counts && b !== 'all' ? (counts[b] >= 1000 ? '1,000+' : count(counts[b])) : '')
  return (
    <div className="jy-page jy-page-fill">
      <DataTable
        name="cases"
        label={t('engagement:title')}
        columns={columns}
        list={list}
        rowKey={r => r.id}
        onOpen={r => void navigate({ to: '/cases/$id', params: { id: r.id } } as never)}
        toolbar={
          <Segmented
            value={box}
            onChange={value => void navigate({ to: '/cases', search: { box: value }, replace: true } as never)}
            options={boxes.map(value => ({ value, label: t(`engagement:list.box.${value}`, { n: n(value) }) }))}
          />
        }
        empty={<Empty title={t(`engagement:list.none.${box}`)} why={t('engagement:list.noneWhy')} />}
      />
    </div>
  )
}
