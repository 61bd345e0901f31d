/** The audit trail: who did what, for whom, when, and what was before and after. Nothing here can be changed. */

import { Drawer, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listAudit } from '../../contract/identity/people.ts'
import { call, type ReplyOf } from '../app/api.ts'
import { BeforeAfter } from '../app/before-after.tsx'
import { DataTable } from '../app/data-table.tsx'
import { moment } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { usePaged, useRested } from '../app/paged.ts'
import { Empty } from '../app/states.tsx'

type Row = ReplyOf<typeof listAudit>['rows'][number]

export function AuditPage() {
  const { t } = useTranslation()
  const me = useMe()
  const [typed, setTyped] = useState('')
  const kind = useRested(typed.trim())
  const [open, setOpen] = useState<Row | null>(null)
  const list = usePaged<Row>(['audit', kind], (cursor, signal) => call(listAudit, { query: { kind: kind || undefined, cursor, limit: 100 }, signal }))
  return (
    <>
      <DataTable
        name="audit"
        label={t('identity:audit.title')}
        list={list}
        rowKey={r => r.id}
        onOpen={setOpen}
        toolbar={
          <Input
            data-page-filter
            allowClear
            style={{ width: 240 }}
            placeholder={t('identity:audit.kind')}
            value={typed}
            onChange={event => setTyped(event.target.value)}
          />
        }
        columns={[
          { key: 'at', title: t('identity:audit.at'), width: 130, render: r => moment(r.at, new Date(), me?.tenant.zone) },
          {
            key: 'actor',
            title: t('identity:audit.actor'),
            width: 170,
            render: r => (r.forName ? t('identity:audit.as', { actor: r.actorName ?? '', name: r.forName }) : (r.actorName ?? '')),
          },
          { key: 'kind', title: t('identity:audit.what'), width: 190, render: r => <code>{r.kind}</code> },
          { key: 'record', title: t('identity:audit.record'), width: 150, render: r => (r.recordKind ? `${r.recordKind} ${r.recordId ?? ''}` : '') },
          { key: 'count', title: t('identity:audit.count'), width: 80, right: true, render: r => r.count ?? '' },
          { key: 'why', title: t('identity:audit.why'), render: r => r.why ?? '' },
        ]}
        empty={<Empty title={t('identity:audit.none')} />}
      />
      <Drawer open={open !== null} size={520} title={open?.kind} onClose={() => setOpen(null)}>
        {open && <BeforeAfter before={open.before} after={open.after} />}
      </Drawer>
    </>
  )
}
