/** Named lists and groups of divisions: the company's own by version, the built-in groups to begin from. */
import { useQuery } from '@tanstack/react-query'
import { Button, Input, Tag } from 'antd'
import { Copy, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listDivisionGroups } from '../../contract/builder/catalogue.ts'
import { listValueLists, type ValueListRow } from '../../contract/territory/lists.ts'
import { call } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { moment } from '../app/format.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { useMayChange, useMe } from '../app/me.ts'
import { usePaged, useRested } from '../app/paged.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { ListDrawer } from './list-drawer.tsx'
import { NewList, type NewListStart } from './new-list.tsx'
import './lists-page.css'

export function ListsPage() {
  const { t } = useTranslation()
  const me = useMe()
  const plans = useMayChange('territory.plan')
  const [typed, setTyped] = useState('')
  const search = useRested(typed)
  const [open, setOpen] = useState<string | null>(null)
  const [making, setMaking] = useState<NewListStart | null>(null)
  const lists = usePaged<ValueListRow>(['value-lists', 'page', search], (cursor, signal) =>
    call(listValueLists, { query: { search: search || undefined, cursor }, signal }),
  )
  const groups = useQuery({
    queryKey: ['division-groups'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => call(listDivisionGroups, { signal }),
  })
  return (
    <section className="jy-card jy-setting-box">
      <header className="jy-row jy-wrap">
        <div className="jy-grow">
          <h2>{t('territory:lists.title')}</h2>
          <p className="jy-muted">{t('territory:lists.lead')}</p>
        </div>
        <Input
          data-page-filter
          allowClear
          style={{ width: 180 }}
          value={typed}
          placeholder={t('territory:lists.find')}
          aria-label={t('territory:lists.find')}
          onChange={event => setTyped(event.target.value)}
        />
        {plans && (
          <Button type="primary" icon={<Plus size={14} />} onClick={() => setMaking({ name: '', type: 'division', lines: '' })}>
            {t('territory:lists.new')}
          </Button>
        )}
      </header>
      {lists.pending ? (
        <Skeleton lines={4} />
      ) : lists.error ? (
        <ErrorState error={lists.error} onRetry={lists.retry} />
      ) : lists.rows.length === 0 ? (
        <Empty title={t(search ? 'territory:tree.nothing' : 'territory:lists.empty')} why={search ? undefined : t('territory:lists.emptyWhy')} />
      ) : (
        <ul className="jy-setting-list jy-lists">
          {lists.rows.map(list => (
            <li key={list.id}>
              <button type="button" className="jy-plain jy-lists-name" data-retired={list.retired || undefined} onClick={() => setOpen(list.id)}>
                {list.name}
              </button>
              <Tag>{t(`territory:lists.type.${list.type}`)}</Tag>
              {list.retired && <Tag color="warning">{t('territory:lists.retired')}</Tag>}
              <span className="jy-grow" />
              <span>{t('territory:value.many', { n: count(list.count), count: list.count })}</span>
              <small className="jy-muted">
                {t('territory:lists.version', { version: list.version })} · {moment(list.updatedAt, new Date(), me?.tenant.zone)}
              </small>
            </li>
          ))}
        </ul>
      )}
      {lists.hasMore && (
        <Button block loading={lists.loadingMore} onClick={lists.more}>
          {t('territory:proof.more')}
        </Button>
      )}
      <h3 className="jy-lists-built">{t('territory:lists.builtIn')}</h3>
      <p className="jy-muted">{t('territory:lists.builtInWhy')}</p>
      <ul className="jy-setting-list jy-lists">
        {(groups.data?.rows ?? []).map(group => (
          <li key={group.key}>
            <b>{labelOf(group.labels, currentLocale())}</b>
            <span className="jy-grow" />
            <span className="jy-muted">{t('territory:value.many', { n: count(group.codes.length), count: group.codes.length })}</span>
            {plans && (
              <Button
                size="small"
                icon={<Copy size={13} />}
                onClick={() => setMaking({ name: labelOf(group.labels, currentLocale()), type: 'division', lines: group.codes.join('\n') })}
              >
                {t('territory:lists.from')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {open && <ListDrawer id={open} onClose={() => setOpen(null)} />}
      {making && (
        <NewList
          start={making}
          onClose={() => setMaking(null)}
          onMade={id => {
            setMaking(null)
            setOpen(id)
          }}
        />
      )}
    </section>
  )
}
