/** What happened that concerns me: read when seen. The server sends kinds and ids, the words are made here. */
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Badge, Button, Popover } from 'antd'
import { Bell as BellIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../contract/identity/session.ts'
import { listNotifications, readNotifications } from '../../contract/identity/session.ts'
import { call } from '../app/api.ts'
import { moment } from '../app/format.ts'
import { ME_KEY } from '../app/me.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'

function Notices({ me, onLeave }: { me: Me; onLeave: () => void }) {
  const { t, i18n } = useTranslation()
  const client = useQueryClient()
  const list = useInfiniteQuery({
    queryKey: ['notifications'],
    queryFn: ({ pageParam, signal }) => call(listNotifications, { query: { cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: last => last.next ?? undefined,
    staleTime: 0,
  })
  const read = useMutation({
    mutationFn: (upTo: string) => call(readNotifications, { body: { upTo } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ME_KEY })
      void client.invalidateQueries({ queryKey: ['notifications'] })
    },
  })
  if (list.isPending) return <Skeleton lines={3} />
  if (list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />
  const rows = list.data.pages.flatMap(p => p.rows)
  if (rows.length === 0) return <Empty title={t('shell:bell.empty')} why={t('shell:bell.emptyWhy')} />
  const wordsOf = (kind: string, payload: Record<string, unknown>) => {
    const key = `shell:notice.${kind.replaceAll('.', '_')}`
    return i18n.exists(key) ? t(key, payload) : t('shell:notice.other', { kind })
  }
  return (
    <div className="jy-notices">
      <ul>
        {rows.map(row => (
          <li key={row.id} data-unread={row.readAt === null || undefined}>
            {row.accountId ? (
              <Link to={`/accounts/${row.accountId}`} onClick={onLeave}>
                {wordsOf(row.kind, row.payload)}
              </Link>
            ) : typeof row.payload.changeSetId === 'string' ? (
              <Link to={'/changes/$id' as never} params={{ id: row.payload.changeSetId } as never} onClick={onLeave}>
                {wordsOf(row.kind, row.payload)}
              </Link>
            ) : typeof row.payload.handoverId === 'string' ? (
              <Link to={'/handovers/$id' as never} params={{ id: row.payload.handoverId } as never} onClick={onLeave}>
                {wordsOf(row.kind, row.payload)}
              </Link>
            ) : typeof row.payload.caseId === 'string' ? (
              <Link to={'/cases/$id' as never} params={{ id: row.payload.caseId } as never} onClick={onLeave}>
                {wordsOf(row.kind, row.payload)}
              </Link>
            ) : typeof row.payload.leadId === 'string' ? (
              <Link to={'/leads' as never} search={{ lead: row.payload.leadId } as never} onClick={onLeave}>
                {wordsOf(row.kind, row.payload)}
              </Link>
            ) : (
              <span>{wordsOf(row.kind, row.payload)}</span>
            )}
            <time dateTime={row.createdAt}>{moment(row.createdAt, new Date(), me.tenant.zone)}</time>
          </li>
        ))}
      </ul>
      <div className="jy-row">
        {me.unread > 0 && !me.viewAs && (
          <Button size="small" loading={read.isPending} onClick={() => read.mutate(rows[0]!.id)}>
            {t('shell:bell.read')}
          </Button>
        )}
        {list.hasNextPage && (
          <Button size="small" type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('shell:more')}
          </Button>
        )}
      </div>
    </div>
  )
}

export function Bell({ me }: { me: Me }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomRight"
      title={t('shell:bell.title')}
      content={open ? <Notices me={me} onLeave={() => setOpen(false)} /> : null}
      destroyOnHidden
    >
      <button type="button" className="jy-top-icon" aria-label={t('shell:bell.label', { count: me.unread })} aria-expanded={open}>
        <Badge count={me.unread} size="small" overflowCount={99}>
          <BellIcon size={17} aria-hidden />
        </Badge>
      </button>
    </Popover>
  )
}
