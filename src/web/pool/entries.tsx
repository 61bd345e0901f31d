/** The pool's card: which pool, how many, filters, order, drawing and claiming many; the table below. */
import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Dropdown, Input, Select } from 'antd'
import { BookOpen, ChevronDown, Hand, Shuffle } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ClaimOutcome, claimEntries, drawEntries, listEntries, POOL_SORTS, type PoolRow, type PoolSummary } from '../../contract/pool/entries.ts'
import { useCatalogue, useWords } from '../account/use-catalogue.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { count } from '../app/figures.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { useMayChange } from '../app/me.ts'
import { usePaged, useRested } from '../app/paged.ts'
import { WhyChip } from '../app/why-chip.tsx'
import { EntriesTable } from './entries-table.tsx'
import { EntryDrawer } from './entry-drawer.tsx'
import { FitWhy } from './fit-why.tsx'
import { PoolRulesDrawer } from './pool-rules.tsx'

type Props = { pool: PoolSummary; pools: readonly PoolSummary[]; onChoose: (id: string) => void }
const REASONS = ['new', 'return', 'reclaim', 'unowned'] as const
export const POOL_TOUCHES = [['pools'], ['pool'], ['pool-clocks'], ['accounts'], ['account']] as const

export function Entries({ pool, pools, onChoose }: Props) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [typed, setTyped] = useState('')
  const search = useRested(typed)
  const [tier, setTier] = useState<string>()
  const [reason, setReason] = useState<(typeof REASONS)[number]>()
  const [sort, setSort] = useState<(typeof POOL_SORTS)[number]>('fit')
  const [open, setOpen] = useState<'rules' | 'fit' | null>(null)
  const [shown, setShown] = useState<string | null>(null)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  /** What became of the rows pressed: it stays in the row until the list is read again. */
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, ClaimOutcome>>(new Map())
  const query = { search: search.trim() || undefined, tier, reason, sort }
  const list = usePaged<PoolRow>(['pool', pool.id, 'entries', query], (cursor, signal) =>
    call(listEntries, { params: { id: pool.id }, query: { ...query, cursor, limit: 50 }, signal }),
  )
  const words = useWords(list.rows.flatMap(r => (r.division ? [r.division] : [])))
  const catalogue = useCatalogue()
  const tiers = (catalogue.data?.options ?? []).filter(o => o.list === 'tier' && !o.retired)
  const claims = useMayChange('account.edit')
  const keep = (made: readonly ClaimOutcome[]) => {
    setOutcomes(new Map([...outcomes, ...made.map(o => [o.id, o] as const)]))
    setSelected(new Set([...selected].filter(id => !made.some(o => o.id === id && o.ok))))
    // The rows stay as they are, with what became of them; everything else is read again.
    for (const queryKey of [['pools'], ['pool', pool.id, 'quota'], ['pool-clocks'], ['accounts'], ['home']])
      void client.invalidateQueries({ queryKey: [...queryKey] })
  }
  const claim = useChange({
    run: (ids: readonly string[]) => call(claimEntries, { body: { ids: [...ids] } }),
    touches: [],
    said: null,
    onDone: reply => keep(reply.outcomes),
  })
  const draw = useChange({
    run: () => call(drawEntries, { params: { id: pool.id } }),
    touches: [],
    said: null,
    onDone: reply => {
      keep(reply.outcomes)
      setShown(null)
    },
  })
  const results = [...outcomes.values()]
  const drawn = draw.data?.outcomes ?? []
  return (
    <section className="jy-card jy-pool-box" aria-label={pool.name}>
      <header className="jy-pool-head">
        <Dropdown
          trigger={['click']}
          menu={{
            items: pools.map(p => ({ key: p.id, label: `${p.name} · ${p.count > 1000 ? t('pool:many') : count(p.count)}` })),
            onClick: ({ key }) => onChoose(key),
          }}
        >
          <button type="button" className="jy-plain jy-pool-name" aria-label={t('pool:choose')}>
            <h1>{pool.name}</h1>
            <ChevronDown size={15} aria-hidden />
          </button>
        </Dropdown>
        <span className="jy-muted">
          {t('pool:counts', { n: pool.count > 1000 ? t('pool:many') : count(pool.count), today: count(pool.today) })}
          {!pool.open && ` · ${t('pool:closed')}`}
        </span>
        <span className="jy-grow" />
        <Button icon={<BookOpen size={14} />} onClick={() => setOpen('rules')}>
          {t('pool:rules')}
        </Button>
        {claims && pool.member && pool.open && (
          <Button icon={<Shuffle size={14} />} loading={draw.isPending} onClick={() => draw.mutate()}>
            {t('pool:draw')}
          </Button>
        )}
        {claims && (
          <Button
            icon={<Hand size={14} />}
            disabled={selected.size === 0}
            loading={claim.isPending && selected.size > 1}
            onClick={() => claim.mutate([...selected])}
          >
            {selected.size > 0 ? t('pool:claimMany', { n: selected.size }) : t('pool:batch')}
          </Button>
        )}
      </header>
      <div className="jy-pool-tools">
        <Input
          data-page-filter
          allowClear
          style={{ width: 210 }}
          placeholder={t('pool:find')}
          value={typed}
          onChange={event => setTyped(event.target.value)}
        />
        <Select
          allowClear
          aria-label={t('pool:tier')}
          placeholder={t('pool:tier')}
          style={{ width: 120 }}
          value={tier}
          onChange={setTier}
          options={tiers.map(o => ({ value: o.key, label: labelOf(o.labels, currentLocale()) }))}
        />
        <Select
          allowClear
          aria-label={t('pool:column.reason')}
          placeholder={t('pool:column.reason')}
          style={{ width: 140 }}
          value={reason}
          onChange={setReason}
          options={REASONS.map(value => ({ value, label: t(`pool:came.${value}`) }))}
        />
        <span className="jy-grow" />
        <span className="jy-muted">{t('pool:sort')}</span>
        <Select
          aria-label={t('pool:sort')}
          style={{ width: 130 }}
          value={sort}
          onChange={setSort}
          options={POOL_SORTS.map(value => ({ value, label: t(`pool:sortBy.${value}`) }))}
        />
        {sort === 'fit' && <WhyChip of={t('pool:sortBy.fit')} onOpen={() => setOpen('fit')} />}
      </div>
      {results.length > 1 && (
        <Alert
          type="info"
          closable={{ onClose: () => setOutcomes(new Map()) }}
          title={t('pool:result', { won: results.filter(o => o.ok).length, lost: results.filter(o => !o.ok).length })}
        />
      )}
      {results.length <= 1 && drawn[0]?.ok && <Alert type="success" closable title={t('pool:drawn', { n: drawn.length })} />}
      <EntriesTable
        list={list}
        words={words}
        outcomes={outcomes}
        selected={selected}
        onSelect={setSelected}
        onOpen={setShown}
        onClaim={claims ? id => claim.mutate([id]) : null}
        busy={claim.isPending ? (claim.variables?.length === 1 ? claim.variables[0]! : null) : null}
        filtered={Boolean(query.search || tier || reason)}
      />
      <EntryDrawer
        pool={pool}
        id={shown}
        words={words}
        onClose={() => setShown(null)}
        onClaim={claims ? id => claim.mutate([id]) : null}
        pools={pools}
      />
      <PoolRulesDrawer pool={pool} open={open === 'rules'} onClose={() => setOpen(null)} />
      <FitWhy open={open === 'fit'} onClose={() => setOpen(null)} />
    </section>
  )
}
