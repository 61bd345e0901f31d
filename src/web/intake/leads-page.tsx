/** Leads: those I work, those that press, those nobody has; one opens with the reason it stands where it stands. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Input, Segmented, Select } from 'antd'
import { ListTodo, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { countQueue, LEAD_STATES, type LeadRow, listLeads } from '../../contract/intake/leads.ts'
import { useWords } from '../account/use-catalogue.ts'
import { call } from '../app/api.ts'
import { usePhone } from '../app/appearance.ts'
import { DataTable, type Sorting } from '../app/data-table.tsx'
import { count } from '../app/figures.ts'
import { useMayChange, useMe } from '../app/me.ts'
import { usePaged, useRested } from '../app/paged.ts'
import { Empty } from '../app/states.tsx'
import { type Person, PersonSelect } from '../identity/person-select.tsx'
import { leadColumns } from './lead-columns.tsx'
import { LeadDrawer } from './lead-drawer.tsx'
import { NewLead } from './new-lead.tsx'
import './intake.css'

const SCOPES = ['mine', 'open', 'over', 'soon', 'all'] as const
type Scope = (typeof SCOPES)[number]

export function LeadsPage() {
  const { t } = useTranslation()
  const me = useMe()
  const phone = usePhone()
  const navigate = useNavigate()
  const asked = useSearch({ strict: false }) as { scope?: string; lead?: string | number; state?: string }
  const scope: Scope = SCOPES.find(s => s === asked.scope) ?? (me?.seesAll ? 'open' : 'mine')
  const state = LEAD_STATES.find(s => s === asked.state)
  const shown = asked.lead === undefined ? null : String(asked.lead)
  const go = (change: Record<string, string | undefined>) =>
    void navigate({ to: '/leads' as never, search: { scope, state, lead: shown ?? undefined, ...change } as never, replace: true })
  const [typed, setTyped] = useState('')
  const search = useRested(typed).trim() || undefined
  const [sorting, setSorting] = useState<Sorting>({ key: 'created', descending: true })
  const [adding, setAdding] = useState(false)
  const [owner, setOwner] = useState<Person | null>(null)
  const query = {
    search,
    sort: scope === 'over' || scope === 'soon' || sorting.key === 'due' ? ('due' as const) : ('created' as const),
    ...(scope === 'mine' ? { ownerId: me?.user.id } : owner ? { ownerId: owner.id } : {}),
    ...(scope === 'over' || scope === 'soon' ? { due: scope } : {}),
    ...(state ? { state } : scope === 'mine' || scope === 'open' ? { state: 'open' as const } : {}),
  }
  const list = usePaged<LeadRow>(['leads', query], (cursor, signal) => call(listLeads, { query: { ...query, cursor, limit: 50 }, signal }))
  const queue = useQuery({ queryKey: ['leads', 'queue-counts'], queryFn: ({ signal }) => call(countQueue, { signal }) })
  const waiting = (queue.data?.rows ?? []).reduce((sum, r) => sum + r.count, 0)
  const words = useWords(list.rows.flatMap(r => (r.division ? [r.division] : [])))
  const columns = useMemo(() => leadColumns(t, words, me?.tenant.zone), [t, words, me])
  const works = useMayChange('lead.edit')
  const scopes = SCOPES.map(value => ({ value, label: t(`intake:scope.${value}`) }))
  return (
    <div className="jy-page">
      <div className="jy-page-head">
        {phone ? (
          <Select
            aria-label={t('intake:scopeLabel')}
            value={scope}
            onChange={value => go({ scope: value })}
            options={scopes}
            style={{ width: 130 }}
          />
        ) : (
          <Segmented value={scope} onChange={value => go({ scope: value })} options={scopes} />
        )}
        <span className="jy-grow" />
        <Button icon={<ListTodo size={14} />} onClick={() => void navigate({ to: '/leads/queue' as never })}>
          {waiting > 0 ? t('intake:toQueueN', { n: waiting > 1000 ? '1,000+' : count(waiting) }) : t('intake:queue.title')}
        </Button>
        {works && (
          <Button type="primary" icon={<Plus size={14} />} onClick={() => setAdding(true)}>
            {t('intake:new.title')}
          </Button>
        )}
      </div>
      <DataTable
        name="leads"
        label={t('intake:title')}
        columns={columns}
        list={list}
        rowKey={r => r.id}
        onOpen={r => go({ lead: r.id })}
        sorting={scope === 'over' || scope === 'soon' ? { key: 'due', descending: false } : { ...sorting, descending: sorting.key !== 'due' }}
        onSort={setSorting}
        toolbar={
          <>
            <Input
              data-page-filter
              allowClear
              style={{ width: 220 }}
              placeholder={t('intake:find')}
              value={typed}
              onChange={event => setTyped(event.target.value)}
            />
            <Select
              allowClear
              aria-label={t('intake:column.state')}
              placeholder={t('intake:column.state')}
              style={{ width: 120 }}
              value={state}
              onChange={value => go({ state: value })}
              options={LEAD_STATES.map(value => ({ value, label: t(`intake:state.${value}`) }))}
            />
            {scope !== 'mine' && (
              <div style={{ width: 140 }}>
                <PersonSelect aria-label={t('intake:column.owner')} placeholder={t('intake:column.owner')} value={owner} onChange={setOwner} />
              </div>
            )}
          </>
        }
        empty={<Empty title={t(search || state || owner ? 'intake:emptyFiltered' : `intake:empty.${scope}`)} why={t('intake:emptyWhy')} />}
      />
      <LeadDrawer id={shown} onClose={() => go({ lead: undefined })} />
      {adding && <NewLead onClose={() => setAdding(false)} onMade={id => go({ lead: id })} />}
    </div>
  )
}
