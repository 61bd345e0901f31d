/** Whose was it on a day: answered from the history of placements, in the company's zone; before the first record it says so. */
import { useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Popover } from 'antd'
import { History } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ownership } from '../../contract/assignment/endpoints.ts'
import { call } from '../app/api.ts'
import { useMe } from '../app/me.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { standingOn } from './standing-on.ts'

export function OwnershipOn({ accountId }: { accountId: string }) {
  const { t } = useTranslation()
  const me = useMe()
  const [open, setOpen] = useState(false)
  const [asked, setAsked] = useState<string | null>(null)
  const history = useQuery({
    queryKey: ['ownership', accountId],
    enabled: open,
    queryFn: ({ signal }) => call(ownership, { params: { id: accountId }, signal }),
  })
  const found = asked && history.data ? standingOn(history.data.intervals, asked, me?.tenant.zone) : undefined
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      placement="bottomLeft"
      content={
        <div className="jy-on">
          <DatePicker
            autoFocus
            style={{ width: '100%' }}
            placeholder={t('account:on.day')}
            disabledDate={d => d.valueOf() > Date.now()}
            onChange={value => setAsked(value ? value.format('YYYY-MM-DD') : null)}
          />
          {history.isPending && <Skeleton lines={2} />}
          {history.isError && <ErrorState error={history.error} onRetry={() => void history.refetch()} />}
          {asked && history.data && (
            <p role="status">
              {found ? (
                <>
                  <b>{found.ownerName ?? t('account:nobody')}</b> · {found.territory ?? t('account:unassigned')}
                  <br />
                  <small className="jy-muted">{t('account:on.end', { day: asked })}</small>
                </>
              ) : (
                t('account:on.unknown', { day: asked })
              )}
            </p>
          )}
        </div>
      }
    >
      <Button size="small" icon={<History size={13} />}>
        {t('account:on.ask')}
      </Button>
    </Popover>
  )
}
