/** Approvals: what waits for me, what I asked, what I decided. */
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listApprovals } from '../../contract/approval/approvals.ts'
import { call } from '../app/api.ts'
import { MoreButton } from '../app/more-button.tsx'
import { usePaged } from '../app/paged.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { ApprovalLine } from './approval-line.tsx'

const BOXES = ['decide', 'asked', 'done'] as const

export function ApprovalsPage() {
  const { t } = useTranslation()
  const [box, setBox] = useState<(typeof BOXES)[number]>('decide')
  const list = usePaged(['approvals', box], (cursor, signal) => call(listApprovals, { query: { box, cursor }, signal }))
  return (
    <div className="jy-page">
      <div className="jy-page-head">
        <Segmented value={box} onChange={value => setBox(value)} options={BOXES.map(value => ({ value, label: t(`approval:box.${value}`) }))} />
      </div>
      <section className="jy-card" style={{ padding: '4px 14px' }}>
        {list.pending && <Skeleton />}
        {list.error !== null && list.rows.length === 0 && <ErrorState error={list.error} onRetry={list.retry} />}
        {!list.pending && list.error === null && list.rows.length === 0 && <Empty title={t(`approval:none.${box}`)} why={t('approval:noneWhy')} />}
        {list.rows.map(row => (
          <ApprovalLine key={row.id} row={row} />
        ))}
        <MoreButton list={list} />
      </section>
    </div>
  )
}
