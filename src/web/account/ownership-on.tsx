/** Whose was it on a day, by the company's calendar; and beside it what one believed on another day, where that was something else. */
import { useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Popover } from 'antd'
import { History } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { accountStanding } from '../../contract/assignment/endpoints.ts'
import { call } from '../app/api.ts'
import { useGoTo } from '../app/as-of.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { StandingLine } from './then-strip.tsx'

export function OwnershipOn({ accountId }: { accountId: string }) {
  const { t } = useTranslation()
  const goTo = useGoTo()
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState<string | null>(null)
  const [known, setKnown] = useState<string | null>(null)
  const asked = { at: at ?? undefined, known: known ?? undefined }
  const then = useQuery({
    queryKey: ['account', accountId, 'standing', asked],
    enabled: open && at !== null,
    queryFn: ({ signal }) => call(accountStanding, { params: { id: accountId }, query: asked, signal }),
  })
  const nothing = t('past:on.none', { day: at ?? '' })
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
            placeholder={t('past:on.day')}
            disabledDate={d => d.valueOf() > Date.now()}
            onChange={value => setAt(value ? value.format('YYYY-MM-DD') : null)}
          />
          {at !== null && (
            <DatePicker
              style={{ width: '100%' }}
              placeholder={t('past:on.known')}
              disabledDate={d => d.valueOf() > Date.now()}
              onChange={value => setKnown(value ? value.format('YYYY-MM-DD') : null)}
            />
          )}
          {then.isLoading && <Skeleton lines={2} />}
          {then.isError && <ErrorState error={then.error} onRetry={() => void then.refetch()} />}
          {at !== null && then.data && (
            <div role="status" className="jy-on-answer">
              <small className="jy-muted">{known === null ? t('past:on.end', { day: at }) : t('past:account.believed')}</small>
              <StandingLine standing={then.data.standing} nothing={nothing} />
              {then.data.standing && <small>{then.data.standing.sentence}</small>}
              {known !== null && (
                <>
                  <small className="jy-muted">{t('past:account.truth')}</small>
                  {then.data.differs ? (
                    <StandingLine standing={then.data.knownNow} nothing={nothing} />
                  ) : (
                    <span className="jy-muted">{t('past:account.same')}</span>
                  )}
                </>
              )}
              <Button
                type="link"
                size="small"
                onClick={() => {
                  setOpen(false)
                  goTo(asked)
                }}
              >
                {t('past:on.open')}
              </Button>
            </div>
          )}
        </div>
      }
    >
      <Button size="small" icon={<History size={13} />}>
        {t('past:on.ask')}
      </Button>
    </Popover>
  )
}
