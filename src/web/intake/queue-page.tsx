/** The queue: leads that nobody has, shelf by shelf of the reason, worked through one by one or many at once. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Alert, Button, Segmented, Select } from 'antd'
import { CircleOff, Route as RouteIcon, Settings2, UserRoundCog } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { countQueue, type LeadRow, listLeads, routeLeads } from '../../contract/intake/leads.ts'
import { WAITING } from '../../core/intake/route.ts'
import { useWords } from '../account/use-catalogue.ts'
import { call, type ReplyOf } from '../app/api.ts'
import { usePhone } from '../app/appearance.ts'
import { useChange } from '../app/change.ts'
import { DataTable } from '../app/data-table.tsx'
import { count } from '../app/figures.ts'
import { useMayChange, useMe } from '../app/me.ts'
import { usePaged } from '../app/paged.ts'
import { Empty } from '../app/states.tsx'
import { AssignLeads } from './assign-leads.tsx'
import { CloseLeads } from './close-leads.tsx'
import { leadColumns } from './lead-columns.tsx'
import { LEAD_TOUCHES, LeadDrawer } from './lead-drawer.tsx'
import './intake.css'

type Refused = ReplyOf<typeof routeLeads>['refused']

export function QueuePage() {
  const { t } = useTranslation()
  const me = useMe()
  const phone = usePhone()
  const navigate = useNavigate()
  const asked = useSearch({ strict: false }) as { reason?: string; lead?: string | number }
  const reason = WAITING.find(r => r === asked.reason)
  const shown = asked.lead === undefined ? null : String(asked.lead)
  const go = (change: Record<string, string | undefined>) =>
    void navigate({ to: '/leads/queue' as never, search: { reason, lead: shown ?? undefined, ...change } as never, replace: true })
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [open, setOpen] = useState<'assign' | 'close' | null>(null)
  const [refused, setRefused] = useState<Refused>([])
  const counts = useQuery({ queryKey: ['leads', 'queue-counts'], queryFn: ({ signal }) => call(countQueue, { signal }) })
  const of = new Map((counts.data?.rows ?? []).map(r => [r.reason as string, r.count]))
  const all = [...of.values()].reduce((a, b) => a + b, 0)
  const list = usePaged<LeadRow>(['leads', 'queue', reason], (cursor, signal) =>
    call(listLeads, { query: { queue: 'true', reason, cursor, limit: 50 }, signal }),
  )
  const words = useWords(list.rows.flatMap(r => (r.division ? [r.division] : [])))
  const columns = useMemo(() => leadColumns(t, words, me?.tenant.zone).filter(c => c.key !== 'owner' && c.key !== 'state'), [t, words, me])
  const works = useMayChange('lead.edit')
  const manages = useMayChange('intake.manage')
  const done = (reply: { refused: Refused }) => {
    setSelected(new Set(reply.refused.map(r => r.id)))
    setRefused(reply.refused)
    setOpen(null)
  }
  const ids = [...selected].slice(0, 200)
  const route = useChange({ run: () => call(routeLeads, { body: { ids } }), touches: LEAD_TOUCHES, said: t('intake:queue.routed'), onDone: done })
  const figure = (n: number) => (n > 1000 ? '1,000+' : count(n))
  const shelves = [
    { value: 'all', label: `${t('intake:queue.all')} ${figure(all)}` },
    ...WAITING.filter(r => of.has(r) || r === reason).map(r => ({
      value: r as string,
      label: `${t(`intake:reason.${r}`)} ${figure(of.get(r) ?? 0)}`,
    })),
  ]
  const choose = (value: string) => {
    setSelected(new Set())
    go({ reason: value === 'all' ? undefined : value })
  }
  return (
    <div className="jy-page">
      <div className="jy-page-head">
        {phone ? (
          <Select aria-label={t('intake:queue.title')} value={reason ?? 'all'} onChange={choose} options={shelves} style={{ width: 190 }} />
        ) : (
          <Segmented value={reason ?? 'all'} onChange={choose} options={shelves} />
        )}
        <span className="jy-grow" />
        {manages && (
          <Button icon={<Settings2 size={14} />} onClick={() => void navigate({ to: '/settings/intake' as never })}>
            {t('intake:settings.title')}
          </Button>
        )}
      </div>
      {reason && <p className="jy-muted jy-lead-shelf">{t(`intake:shelf.${reason}`)}</p>}
      {refused.length > 0 && (
        <Alert
          type="warning"
          closable={{ onClose: () => setRefused([]) }}
          title={t('intake:queue.refused', { n: refused.length })}
          description={[...new Set(refused.map(r => r.words))].slice(0, 3).join(' ')}
        />
      )}
      <DataTable
        name="lead-queue"
        label={t('intake:queue.title')}
        columns={columns}
        list={list}
        rowKey={r => r.id}
        onOpen={r => go({ lead: r.id })}
        {...(works ? { selection: { keys: selected, onChange: setSelected } } : {})}
        selectedBar={
          <>
            <Button type="primary" icon={<UserRoundCog size={14} />} onClick={() => setOpen('assign')}>
              {t('intake:assign.title')}
            </Button>
            <Button icon={<RouteIcon size={14} />} loading={route.isPending} onClick={() => route.mutate()}>
              {t('intake:queue.route')}
            </Button>
            <Button icon={<CircleOff size={14} />} onClick={() => setOpen('close')}>
              {t('intake:close.title')}
            </Button>
          </>
        }
        empty={<Empty title={t('intake:queue.empty')} why={t('intake:queue.emptyWhy')} />}
      />
      <LeadDrawer id={shown} onClose={() => go({ lead: undefined })} />
      {open === 'assign' && <AssignLeads ids={ids} onClose={() => setOpen(null)} onDone={done} />}
      {open === 'close' && <CloseLeads ids={ids} onClose={() => setOpen(null)} onDone={done} />}
    </div>
  )
}
