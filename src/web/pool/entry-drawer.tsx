/** One entry as the pool shows it: what is known before a claim, whether I may claim it, and for who looks after the pool, where else it may go. */
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Drawer, Input, Select } from 'antd'
import { Hand } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { moveEntry } from '../../contract/pool/clocks.ts'
import { type PoolSummary, readEntry } from '../../contract/pool/entries.ts'
import type { Words } from '../account/use-catalogue.ts'
import { AccountLink } from '../app/account-link.tsx'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { money } from '../app/figures.ts'
import { day } from '../app/format.ts'
import { useMayChange, useMe } from '../app/me.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { Opening } from './opening.tsx'
import { useReason } from './reason.ts'
import { Tier } from './tier.tsx'

type Props = {
  pool: PoolSummary
  pools: readonly PoolSummary[]
  id: string | null
  words: Words
  onClose: () => void
  onClaim: ((id: string) => void) | null
}

export function EntryDrawer({ pool, pools, id, words, onClose, onClaim }: Props) {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const reasonOf = useReason()
  const entry = useQuery({
    queryKey: ['pool', pool.id, 'entry', id],
    enabled: id !== null,
    queryFn: ({ signal }) => call(readEntry, { params: { id: pool.id, accountId: id! }, signal }),
  })
  const r = entry.data
  const moves = useMayChange('account.edit') && pool.admin
  return (
    <Drawer open={id !== null} onClose={onClose} size={420} title={r?.name ?? pool.name}>
      {entry.isPending && id !== null && <Skeleton lines={8} />}
      {entry.isError && <ErrorState error={entry.error} onRetry={() => void entry.refetch()} />}
      {r && (
        <>
          {r.masked && <Alert type="info" title={t('pool:maskedWhy')} style={{ marginBottom: 12 }} />}
          <dl className="jy-facts">
            <dt>{t('pool:column.tier')}</dt>
            <dd>
              <Tier tier={r.tier} />
            </dd>
            <dt>{words.label('division')}</dt>
            <dd>{words.value('division', r.division)}</dd>
            <dt>{words.label('industry')}</dt>
            <dd>{words.value('industry', r.industry)}</dd>
            <dt>{t('pool:column.potential')}</dt>
            <dd>{r.potential === null ? '–' : money(String(r.potential), i18n.language)}</dd>
            <dt>{t('pool:column.contact')}</dt>
            <dd>{[r.contact, r.phone].filter(Boolean).join(' ') || '–'}</dd>
            <dt>{words.label('source')}</dt>
            <dd>{words.value('source', r.source)}</dd>
            <dt>{t('account:column.territory')}</dt>
            <dd>{r.territory ? <TerritoryChip {...r.territory} /> : '–'}</dd>
            <dt>{t('pool:entered')}</dt>
            <dd>{day(r.enteredAt, new Date(), me?.tenant.zone)}</dd>
            <dt>{t('pool:column.reason')}</dt>
            <dd>{reasonOf(r)}</dd>
            <dt>{t('pool:priorOwner')}</dt>
            <dd>{r.priorOwner?.name ?? '–'}</dd>
            <dt>{t('pool:column.opening')}</dt>
            <dd>
              <Opening opening={r.opening} />
            </dd>
          </dl>
          <div className="jy-pool-drawer-act">
            {r.eligibility.ok
              ? onClaim && (
                  <Button
                    type="primary"
                    icon={<Hand size={14} />}
                    onClick={() => {
                      onClaim(r.id)
                      onClose()
                    }}
                  >
                    {t('pool:claim')}
                  </Button>
                )
              : r.eligibility.words && <Alert type="warning" showIcon title={r.eligibility.words} />}
            {r.readable && (
              <p>
                <AccountLink id={r.id}>{t('pool:openIt')}</AccountLink>
              </p>
            )}
            {moves && <Move pool={pool} pools={pools} id={r.id} onDone={onClose} />}
          </div>
        </>
      )}
    </Drawer>
  )
}

function Move({ pool, pools, id, onDone }: { pool: PoolSummary; pools: readonly PoolSummary[]; id: string; onDone: () => void }) {
  const { t } = useTranslation()
  const [to, setTo] = useState<string>()
  const [why, setWhy] = useState('')
  const move = useChange({
    run: () => call(moveEntry, { params: { id: pool.id, accountId: id }, body: { poolId: to!, reason: why.trim() } }),
    touches: [['pools'], ['pool']],
    said: t('pool:moved'),
    onDone,
  })
  const others = pools.filter(p => p.id !== pool.id && p.open)
  if (others.length === 0) return null
  return (
    <fieldset className="jy-pool-move">
      <legend>{t('pool:move')}</legend>
      <Select
        aria-label={t('pool:moveTo')}
        placeholder={t('pool:moveTo')}
        value={to}
        onChange={setTo}
        options={others.map(p => ({ value: p.id, label: p.deadEnd ? `${p.name} · ${t('pool:deadEnd')}` : p.name }))}
      />
      <Input placeholder={t('pool:extend.why')} maxLength={400} value={why} onChange={event => setWhy(event.target.value)} />
      <Button disabled={!to || !why.trim()} loading={move.isPending} onClick={() => move.mutate()}>
        {t('pool:move')}
      </Button>
    </fieldset>
  )
}
