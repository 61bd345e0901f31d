/** The rows of a pool: two lines each, the opening as dots, and one button that claims or says in its place why not and until when. */
import { Button, Checkbox, Modal } from 'antd'
import { Hand, Snowflake } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClaimOutcome, PoolRow } from '../../contract/pool/entries.ts'
import type { Words } from '../account/use-catalogue.ts'
import { AccountLink } from '../app/account-link.tsx'
import { isOwnControl, toggled } from '../app/data-table.tsx'
import { money } from '../app/figures.ts'
import { day } from '../app/format.ts'
import { useKeys } from '../app/keys.ts'
import { useMe } from '../app/me.ts'
import { MoreButton } from '../app/more-button.tsx'
import type { Paged } from '../app/paged.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { Opening } from './opening.tsx'
import { useReason } from './reason.ts'
import { Tier } from './tier.tsx'
import { useAgo } from './time-left.ts'

type Props = {
  list: Paged<PoolRow>
  words: Words
  outcomes: ReadonlyMap<string, ClaimOutcome>
  selected: ReadonlySet<string>
  onSelect: (keys: ReadonlySet<string>) => void
  onOpen: (id: string) => void
  onClaim: ((id: string) => void) | null
  busy: string | null
  filtered: boolean
}

export function EntriesTable({ list, words, outcomes, selected, onSelect, onOpen, onClaim, busy, filtered }: Props) {
  const { t, i18n } = useTranslation()
  const body = useRef<HTMLTableSectionElement>(null)
  const [active, setActive] = useState(-1)
  const [whyNot, setWhyNot] = useState<string | null>(null)
  const reasonOf = useReason()
  const ago = useAgo()
  const { rows } = list
  const focusRow = (index: number) => {
    const to = Math.max(0, Math.min(rows.length - 1, index))
    setActive(to)
    body.current?.querySelector<HTMLElement>(`[data-row="${to}"]`)?.focus()
  }
  const current = rows[active]
  const claimable = (row: PoolRow) => row.eligibility.ok && !outcomes.has(row.id)
  const wordsOf = (row: PoolRow): string | null => outcomes.get(row.id)?.words ?? row.eligibility.words
  useKeys([
    { key: 'j', word: 'shell:key.next', run: () => focusRow(active + 1) },
    { key: 'k', word: 'shell:key.previous', run: () => focusRow(active - 1) },
    { key: 'Enter', word: 'shell:key.open', run: () => current && onOpen(current.id) },
    ...['x', ' '].map(key => ({
      key,
      word: 'shell:key.select',
      run: () => current && claimable(current) && onSelect(toggled(selected, current.id)),
    })),
    ...(onClaim ? [{ key: 'c', word: 'pool:key.claim', run: () => current && claimable(current) && onClaim(current.id) }] : []),
    // Only where a row is in hand: else the key shows the sheet of keys as everywhere.
    ...(current ? [{ key: '?', word: 'pool:key.whyNot', run: () => setWhyNot(wordsOf(current) ?? t('pool:mayClaim')) }] : []),
  ])
  const onRowKey = (event: KeyboardEvent, index: number) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0 || event.target !== event.currentTarget) return
    event.preventDefault()
    focusRow(index + step)
  }
  if (list.pending) return <Skeleton lines={9} />
  if (list.error && rows.length === 0) return <ErrorState error={list.error} onRetry={list.retry} />
  if (rows.length === 0) return <Empty title={t(filtered ? 'pool:emptyFiltered' : 'pool:empty')} why={t('pool:emptyWhy')} />
  const choosable = rows.filter(claimable)
  const all = choosable.length > 0 && choosable.every(r => selected.has(r.id))
  return (
    <>
      <div className="jy-pool-scroll" data-stale={list.stale || undefined}>
        <table className="jy-pool-table">
          <thead>
            <tr>
              {onClaim && (
                <th className="jy-pool-check">
                  <Checkbox
                    aria-label={t('shell:table.selectAll')}
                    checked={all}
                    indeterminate={!all && selected.size > 0}
                    onChange={() => onSelect(all ? new Set() : new Set(choosable.map(r => r.id)))}
                  />
                </th>
              )}
              <th>{t(rows.some(r => r.masked) ? 'pool:column.masked' : 'pool:column.name')}</th>
              <th>{t('pool:column.tier')}</th>
              <th className="jy-number">{t('pool:column.potential')}</th>
              <th>{t('pool:column.contact')}</th>
              <th>{t('pool:column.followed')}</th>
              <th>{t('pool:column.reason')}</th>
              <th>{t('pool:column.opening')}</th>
              <th className="jy-pool-act" aria-label={t('pool:column.act')} />
            </tr>
          </thead>
          <tbody ref={body}>
            {rows.map((r, index) => (
              <tr
                key={r.id}
                data-row={index}
                data-gone={outcomes.has(r.id) || undefined}
                tabIndex={index === Math.max(active, 0) ? 0 : -1}
                aria-selected={selected.has(r.id)}
                onFocus={() => setActive(index)}
                onKeyDown={event => onRowKey(event, index)}
                onClick={event => {
                  if (!isOwnControl(event)) onOpen(r.id)
                }}
              >
                {onClaim && (
                  <td className="jy-pool-check">
                    <Checkbox
                      aria-label={t('shell:table.selectRow')}
                      disabled={!claimable(r)}
                      checked={selected.has(r.id)}
                      onChange={() => onSelect(toggled(selected, r.id))}
                    />
                  </td>
                )}
                <td className="jy-pool-name-cell">
                  {r.readable || outcomes.get(r.id)?.ok ? <AccountLink id={r.id}>{r.name}</AccountLink> : <span>{r.name}</span>}
                  <small className="jy-muted">
                    {[
                      r.division && (words.value('division', r.division).split(' · ').at(-1) ?? ''),
                      r.industry && words.value('industry', r.industry).replace(/^\S+ /, ''),
                    ]
                      .filter(Boolean)
                      .join(' · ') || '–'}
                  </small>
                </td>
                <td>
                  <Tier tier={r.tier} />
                </td>
                <td className="jy-number">{r.potential === null ? '–' : money(String(r.potential), i18n.language)}</td>
                <td className="jy-pool-contact">{[r.contact, r.phone].filter(Boolean).join(' ') || '–'}</td>
                <td className="jy-pool-line">
                  {r.lastFollowUpAt ? ago(r.lastFollowUpAt) : t('pool:neverFollowed')}
                  <small className="jy-muted">
                    {r.priorOwner ? t('pool:prior', { name: r.priorOwner.name }) : r.source ? words.value('source', r.source) : ''}
                  </small>
                </td>
                <td className="jy-pool-line">{reasonOf(r)}</td>
                <td>
                  <Opening opening={r.opening} />
                </td>
                <td className="jy-pool-act">
                  <Act row={r} outcome={outcomes.get(r.id)} onClaim={onClaim} busy={busy === r.id} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <footer className="jy-pool-foot">
        {['J', 'K'].map(k => (
          <kbd key={k}>{k}</kbd>
        ))}
        {t('pool:hint.move')} <kbd>{t('pool:hint.space')}</kbd> {t('pool:hint.select')} {onClaim && <kbd>C</kbd>} {onClaim && t('pool:hint.claim')}{' '}
        <kbd>?</kbd> {t('pool:hint.whyNot')}
        <span className="jy-grow" />
        <MoreButton list={list} />
      </footer>
      <Modal open={whyNot !== null} title={t('pool:whyNot')} footer={null} onCancel={() => setWhyNot(null)} width={420}>
        <p>{whyNot}</p>
      </Modal>
    </>
  )
}

function Act({ row, outcome, onClaim, busy }: { row: PoolRow; outcome: ClaimOutcome | undefined; onClaim: Props['onClaim']; busy: boolean }) {
  const { t } = useTranslation()
  const me = useMe()
  if (outcome?.ok)
    return (
      <span className="jy-pool-won">
        {t('pool:won')} <AccountLink id={row.id}>{t('pool:openIt')}</AccountLink>
      </span>
    )
  if (outcome) return <span className="jy-pool-lost">{outcome.words}</span>
  const { ok, code, until, words } = row.eligibility
  if (ok)
    return onClaim ? (
      <Button type="primary" size="small" icon={<Hand size={13} />} loading={busy} onClick={() => onClaim(row.id)}>
        {t('pool:claim')}
      </Button>
    ) : null
  const on = until ? day(until, new Date(), me?.tenant.zone) : ''
  const short = `pool:short.${(code ?? '').replace('pool.', '')}`
  const cold = code === 'pool.cooling' || code === 'pool.coolingTeam'
  return (
    <span className="jy-pool-not" title={words ?? ''}>
      {cold && <Snowflake size={12} aria-hidden />}
      {t(short, { day: on })}
    </span>
  )
}
