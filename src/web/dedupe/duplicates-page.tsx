/** Duplicates to work through: the sure ones in one go, the others one by one, what was called different, and the merges that can be undone. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Progress, Segmented, Tag } from 'antd'
import { Merge, ScanSearch, Settings2, Undo2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  type DuplicatePair,
  listDuplicates,
  listMerges,
  type MergeRow,
  mergeSure,
  reopenPair,
  runDuplicates,
} from '../../contract/dedupe/duplicates.ts'
import { AccountLink } from '../app/account-link.tsx'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { count } from '../app/figures.ts'
import { moment } from '../app/format.ts'
import { useKeys } from '../app/keys.ts'
import { useMayChange, useMe } from '../app/me.ts'
import { type Paged, usePaged } from '../app/paged.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { CompareDrawer, TOUCHES, useUndoMerge } from './compare-drawer.tsx'
import { EvidenceTags, percent } from './evidence.tsx'
import './dedupe.css'

const BOXES = ['merge', 'review', 'different', 'merges'] as const
type Box = (typeof BOXES)[number]
const WORKING = 1500

export function DuplicatesPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const asked = (useSearch({ strict: false }) as { box?: string }).box
  const box: Box = BOXES.find(b => b === asked) ?? 'merge'
  const merges = useMayChange('account.merge')
  const [open, setOpen] = useState<string | null>(null)
  const head = useQuery({
    queryKey: ['duplicates', 'head'],
    queryFn: ({ signal }) => call(listDuplicates, { query: {}, signal }),
    refetchInterval: query => (isWorking(query.state.data?.run?.state) ? WORKING : false),
  })
  const client = useQueryClient()
  const working = isWorking(head.data?.run?.state)
  // What the check found is on show as soon as it has ended.
  useEffect(() => {
    if (!working) void client.invalidateQueries({ queryKey: ['duplicates', 'list'] })
  }, [working, client])
  const touches = TOUCHES.map(key => [...key])
  const run = useChange({ run: () => call(runDuplicates, {}), touches: [['duplicates', 'head']], said: null })
  const [done, setDone] = useState<number | null>(null)
  const sure = useChange<void, number>({
    run: async () => {
      let merged = 0
      setDone(0)
      for (;;) {
        const answer = await call(mergeSure, { body: { limit: 20 } })
        merged += answer.merged
        setDone(merged)
        if (answer.merged === 0) return merged
      }
    },
    touches,
    said: t('dedupe:mergedSure'),
    onDone: () => setDone(null),
    onRefused: () => {
      setDone(null)
      return false
    },
  })
  const { counts, run: last } = head.data ?? {}
  const figure = (n: number | undefined) => (n === undefined ? '' : n >= 1000 ? '1,000+' : count(n))
  return (
    <div className="jy-page">
      <div className="jy-page-head">
        <Segmented
          value={box}
          onChange={next => void navigate({ to: '/duplicates', search: { box: next } as never, replace: true })}
          options={BOXES.map(b => ({ value: b, label: t(`dedupe:box.${b}`, { n: b === 'merge' || b === 'review' ? figure(counts?.[b]) : '' }) }))}
        />
        <span className="jy-grow" />
        <LastRun run={last ?? null} />
        {merges && (
          <>
            <Button icon={<ScanSearch size={14} />} loading={run.isPending || working} onClick={() => run.mutate()}>
              {t('dedupe:check')}
            </Button>
            {box === 'merge' && (counts?.merge ?? 0) > 0 && (
              <Button type="primary" icon={<Merge size={14} />} loading={sure.isPending} onClick={() => sure.mutate()}>
                {done === null ? t('dedupe:mergeSure') : t('dedupe:mergedSoFar', { n: done })}
              </Button>
            )}
            <Button
              icon={<Settings2 size={14} />}
              aria-label={t('dedupe:policy.title')}
              onClick={() => void navigate({ to: '/settings/duplicates' })}
            />
          </>
        )}
      </div>
      {box === 'merges' ? <Merges mayUndo={merges} /> : <Pairs key={box} box={box} onOpen={setOpen} neverRun={last === null} />}
      {open !== null && <CompareDrawer pairId={open} onClose={() => setOpen(null)} />}
    </div>
  )
}

const isWorking = (state: string | undefined): boolean => state === 'waiting' || state === 'running'

function LastRun({ run }: { run: { state: string; done: number; total: number | null; at: string; pairs: number | null } | null }) {
  const { t } = useTranslation()
  const me = useMe()
  if (run === null) return <span className="jy-muted">{t('dedupe:neverRun')}</span>
  if (isWorking(run.state))
    return <Progress className="jy-dup-progress" size="small" percent={run.total ? Math.round((100 * run.done) / run.total) : 0} />
  return (
    <span className="jy-muted">
      {t(run.state === 'failed' ? 'dedupe:runFailed' : 'dedupe:lastRun', { at: moment(run.at, new Date(), me?.tenant.zone), n: run.pairs ?? 0 })}
    </span>
  )
}

function Pairs({ box, onOpen, neverRun }: { box: 'merge' | 'review' | 'different'; onOpen: (id: string) => void; neverRun: boolean }) {
  const { t } = useTranslation()
  const [at, setAt] = useState(0)
  const list = usePaged<DuplicatePair>(['duplicates', 'list', box], (cursor, signal) =>
    call(listDuplicates, { query: { cursor, ...(box === 'different' ? { state: 'different' } : { decision: box }) }, signal }),
  )
  const reopen = useChange({ run: (id: string) => call(reopenPair, { params: { id } }), touches: [['duplicates']], said: null })
  const row = list.rows[Math.min(at, list.rows.length - 1)]
  useKeys([
    { key: 'j', word: 'dedupe:key.next', run: () => setAt(Math.min(at + 1, list.rows.length - 1)) },
    { key: 'k', word: 'dedupe:key.before', run: () => setAt(Math.max(0, at - 1)) },
    { key: 'Enter', word: 'dedupe:key.compare', run: () => row && onOpen(row.id) },
  ])
  if (list.pending) return <Skeleton lines={8} />
  if (list.error) return <ErrorState error={list.error} onRetry={list.retry} />
  if (list.rows.length === 0) return <Empty title={t(`dedupe:none.${box}`)} why={neverRun ? t('dedupe:noneWhy') : undefined} />
  return (
    <section className="jy-card jy-dup-list" aria-label={t(`dedupe:box.${box}`, { n: '' })}>
      {list.rows.map((pair, i) => (
        <article key={pair.id} data-active={i === at || undefined}>
          <Tag color={pair.score >= 0.95 ? 'warning' : 'default'}>{percent(pair.score)}</Tag>
          <div className="jy-grow">
            {([pair.a, pair.b] as const).map(side => (
              <div key={side.id} className="jy-row jy-wrap">
                <AccountLink id={side.id}>{side.name}</AccountLink>
                {side.territory && <TerritoryChip {...side.territory} />}
                <span className="jy-muted">{side.owner ?? t('account:nobody')}</span>
              </div>
            ))}
            <EvidenceTags evidence={pair.evidence} />
            {pair.state === 'different' && (
              <small className="jy-muted">
                {t('dedupe:state.different', { by: pair.decidedBy ?? '–' })} {pair.reason}
              </small>
            )}
          </div>
          <div className="jy-row">
            {pair.state === 'different' && (
              <Button size="small" onClick={() => reopen.mutate(pair.id)}>
                {t('dedupe:reopen')}
              </Button>
            )}
            <Button size="small" onClick={() => onOpen(pair.id)}>
              {t('dedupe:compare')}
            </Button>
          </div>
        </article>
      ))}
      <More list={list} />
    </section>
  )
}

function More({ list }: { list: Paged<unknown> }) {
  const { t } = useTranslation()
  if (!list.hasMore) return null
  return (
    <Button block type="text" loading={list.loadingMore} onClick={list.more}>
      {t('territory:proof.more')}
    </Button>
  )
}

function Merges({ mayUndo }: { mayUndo: boolean }) {
  const { t } = useTranslation()
  const me = useMe()
  const list = usePaged<MergeRow>(['merges'], (cursor, signal) => call(listMerges, { query: { cursor }, signal }))
  const undo = useUndoMerge()
  if (list.pending) return <Skeleton lines={8} />
  if (list.error) return <ErrorState error={list.error} onRetry={list.retry} />
  if (list.rows.length === 0) return <Empty title={t('dedupe:none.merges')} />
  return (
    <section className="jy-card jy-dup-list" aria-label={t('dedupe:box.merges', { n: '' })}>
      {list.rows.map(row => (
        <article key={row.id}>
          <div className="jy-grow">
            <div className="jy-row jy-wrap">
              <s className={row.undoneAt ? 'jy-dup-undone' : undefined}>{row.merged}</s> →{' '}
              <AccountLink id={row.survivorId}>{row.survivor}</AccountLink>
            </div>
            <small className="jy-muted">
              {t('dedupe:mergeLine', { by: row.by ?? '–', at: moment(row.at, new Date(), me?.tenant.zone), n: row.moved })}
              {row.undoneAt && ` · ${t('dedupe:undoneAt', { at: moment(row.undoneAt, new Date(), me?.tenant.zone) })}`}
            </small>
          </div>
          {mayUndo && row.undoneAt === null && (
            <Button size="small" icon={<Undo2 size={13} />} loading={undo.isPending && undo.variables === row.id} onClick={() => undo.mutate(row.id)}>
              {t('dedupe:undo')}
            </Button>
          )}
        </article>
      ))}
      <More list={list} />
    </section>
  )
}
