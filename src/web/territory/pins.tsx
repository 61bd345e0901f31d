/** Customers pinned to this territory: held here against every rule, with a reason and an end; taken out here. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { PinOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { territoryPins, unpinAccount } from '../../contract/assignment/endpoints.ts'
import type { Model } from '../../contract/territory/models.ts'
import { AccountLink } from '../app/account-link.tsx'
import { call } from '../app/api.ts'
import { useMayChange } from '../app/me.ts'
import { ErrorState, useProblemText } from '../app/states.tsx'

export function Pins({ model, territoryId }: { model: Model; territoryId: string }) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const plans = useMayChange('territory.plan') && model.active
  const pins = useQuery({
    queryKey: ['pins', territoryId],
    enabled: model.active,
    queryFn: ({ signal }) => call(territoryPins, { params: { id: territoryId }, signal }),
  })
  const remove = useMutation({
    mutationFn: (id: string) => call(unpinAccount, { params: { id } }),
    onSuccess: () => Promise.all(['pins', 'territories', 'map-figures', 'territory'].map(key => queries.invalidateQueries({ queryKey: [key] }))),
    onError: error => void message.error(say(error)),
  })
  if (!model.active) return null
  if (pins.isError) return <ErrorState error={pins.error} onRetry={() => void pins.refetch()} />
  const rows = pins.data?.rows ?? []
  return (
    <section className="jy-pins">
      <h3>{t('territory:pins.title')}</h3>
      {pins.data && rows.length === 0 && <p className="jy-muted">{t('territory:pins.none')}</p>}
      {rows.map(pin => (
        <div className="jy-row" key={pin.id}>
          <span className="jy-grow">
            <AccountLink id={pin.account.id}>{pin.account.name}</AccountLink>
            <small className="jy-muted">
              {pin.reason} · {pin.by ?? ''} · {pin.until ? t('territory:members.until', { day: pin.until.slice(0, 10) }) : t('territory:pins.open')}
            </small>
          </span>
          {plans && (
            <button
              type="button"
              className="jy-plain"
              aria-label={t('territory:pins.remove', { name: pin.account.name })}
              onClick={() =>
                modal.confirm({
                  title: t('territory:pins.removeAsk', { name: pin.account.name }),
                  content: t('territory:pins.removeWhy'),
                  okText: t('territory:pins.removeNow'),
                  cancelText: t('shell:cancel'),
                  onOk: () => remove.mutateAsync(pin.id).catch(() => undefined),
                })
              }
            >
              <PinOff size={14} />
            </button>
          )}
        </div>
      ))}
      {pins.data?.next && <small className="jy-muted">{t('territory:pins.more')}</small>}
    </section>
  )
}
