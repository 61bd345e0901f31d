/** The audit trail: who did what to which record, newest first, with what was before and after. Nobody can change it, the viewer included. */

import { Link } from '@tanstack/react-router'
import { Drawer, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listAudit } from '../../contract/identity/people.ts'
import type { ReplyOf } from '../app/api.ts'
import { call } from '../app/api.ts'
import { BeforeAfter } from '../app/before-after.tsx'
import { DataTable } from '../app/data-table.tsx'
import type { Column } from '../app/data-table-columns.tsx'
import { moment, NOTHING } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { usePaged } from '../app/paged.ts'
import { Empty } from '../app/states.tsx'
import { actWords, THINGS } from './audit-words.ts'
import type { Person } from './person-select.tsx'
import { PersonSelect } from './person-select.tsx'

type Row = ReplyOf<typeof listAudit>['rows'][number]

export function AuditPage() {
  const { t, i18n } = useTranslation()
  const zone = useMe()?.tenant.zone
  const [thing, setThing] = useState<string | null>(null)
  const [actor, setActor] = useState<Person | null>(null)
  const [open, setOpen] = useState<Row | null>(null)
  const list = usePaged<Row>(['audit', thing, actor?.id], (cursor, signal) =>
    call(listAudit, { query: { kind: thing ? `${thing}.` : undefined, actorId: actor?.id, cursor, limit: 100 }, signal }),
  )
  const words = (kind: string) => actWords(kind, t, key => i18n.exists(key))
  const who = (row: Row) =>
    row.forId
      ? t('identity:audit.for', { actor: row.actorName ?? `#${row.actorId}`, name: row.forName ?? `#${row.forId}` })
      : (row.actorName ?? `#${row.actorId}`)
  const recordOf = (row: Row) => {
    if (row.recordKind === null) return NOTHING
    const key = `identity:thing.${row.recordKind}`
    const name = `${i18n.exists(key) ? t(key) : row.recordKind}${row.recordId ? ` #${row.recordId}` : ''}`
    return row.recordKind === 'account' && row.recordId ? <Link to={`/accounts/${row.recordId}`}>{name}</Link> : name
  }
  const columns: readonly Column<Row>[] = [
    { key: 'kind', title: t('identity:audit.act'), render: row => words(row.kind) },
    { key: 'at', title: t('identity:audit.at'), width: 140, render: row => moment(row.at, new Date(), zone) },
    { key: 'actor', title: t('identity:audit.actor'), render: who },
    { key: 'record', title: t('identity:audit.record'), render: recordOf },
    { key: 'count', title: t('identity:audit.count'), width: 90, right: true, render: row => row.count ?? NOTHING },
    { key: 'why', title: t('identity:audit.why'), render: row => row.why ?? NOTHING },
  ]
  return (
    <div className="jy-page jy-page-fill">
      <div className="jy-page-head">
        <h1>{t('identity:audit.title')}</h1>
        <p className="jy-muted jy-grow">{t('identity:audit.lead')}</p>
      </div>
      <DataTable
        name="audit"
        label={t('identity:audit.title')}
        columns={columns}
        list={list}
        rowKey={row => row.id}
        onOpen={setOpen}
        toolbar={
          <>
            <Select
              allowClear
              style={{ width: 160 }}
              placeholder={t('identity:audit.anyThing')}
              aria-label={t('identity:audit.anyThing')}
              value={thing}
              onChange={value => setThing(value ?? null)}
              options={THINGS.map(value => ({ value, label: t(`identity:thing.${value}`) }))}
            />
            <span style={{ width: 200 }}>
              <PersonSelect value={actor} onChange={setActor} placeholder={t('identity:audit.anyone')} aria-label={t('identity:audit.anyone')} />
            </span>
          </>
        }
        empty={<Empty title={t('identity:audit.empty')} why={t('identity:audit.emptyWhy')} />}
      />
      <Drawer open={open !== null} onClose={() => setOpen(null)} size={560} title={open && words(open.kind)}>
        {open && (
          <div style={{ display: 'grid', gap: 16 }}>
            <dl className="jy-facts">
              <dt>{t('identity:audit.at')}</dt>
              <dd>{moment(open.at, new Date(), zone)}</dd>
              <dt>{t('identity:audit.actor')}</dt>
              <dd>{who(open)}</dd>
              <dt>{t('identity:audit.record')}</dt>
              <dd>{recordOf(open)}</dd>
              <dt>{t('identity:audit.why')}</dt>
              <dd>{open.why ?? NOTHING}</dd>
            </dl>
            <BeforeAfter before={open.before} after={open.after} />
          </div>
        )}
      </Drawer>
    </div>
  )
}
