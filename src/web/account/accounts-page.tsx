/** The list of accounts: scopes, search, filter in the condition language, saved views, bulk edit, export, a new account. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { App, Badge, Button, Dropdown, Input, Segmented, Tag } from 'antd'
import { Download, Filter, ListChecks, Plus, Save } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type AccountRow, exportAccounts, queryAccounts, SCOPES } from '../../contract/account/accounts.ts'
import { deleteView, listViews, saveView } from '../../contract/account/attached.ts'
import { childrenOf, isGroup } from '../../core/condition/condition.ts'
import { AccountLink } from '../app/account-link.tsx'
import { call, callFile } from '../app/api.ts'
import { DataTable, type Sorting } from '../app/data-table.tsx'
import type { Column } from '../app/data-table-columns.tsx'
import { count } from '../app/figures.ts'
import { day } from '../app/format.ts'
import { useMay, useMayChange, useMe } from '../app/me.ts'
import { usePaged, useRested } from '../app/paged.ts'
import { Empty, useProblemText } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { WhyChip } from '../app/why-chip.tsx'
import { BulkEdit } from './bulk-edit.tsx'
import { FilterDrawer } from './filter-drawer.tsx'
import { type ListSearch, readSearch, toBody, writeSearch } from './list-search.ts'
import { NewAccount } from './new-account.tsx'
import { useCatalogue, useWords } from './use-catalogue.ts'
import { WhyDrawer } from './why-drawer.tsx'
import './account.css'

const SHOWN = ['tier', 'industry', 'division', 'size', 'revenue', 'potential', 'source', 'status'] as const

export function AccountsPage() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const me = useMe()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const raw = useSearch({ strict: false }) as Record<string, unknown>
  const search = useMemo(() => readSearch(raw), [raw])
  const go = (change: Partial<ListSearch>) =>
    void navigate({ to: '/accounts', search: writeSearch({ ...search, ...change }) as never, replace: true })
  const [typed, setTyped] = useState(search.search)
  const rested = useRested(typed, 300)
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the typing only
  useEffect(() => {
    if (rested !== search.search) go({ search: rested })
  }, [rested])
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [open, setOpen] = useState<'filter' | 'new' | 'bulk' | null>(null)
  const [why, setWhy] = useState<string | null>(null)
  const catalogue = useCatalogue()
  const body = toBody(search)
  const list = usePaged(['accounts', body], (cursor, signal) => call(queryAccounts, { body: { ...body, cursor, limit: 100 }, signal }))
  const total = useQuery({
    queryKey: ['accounts', 'count', body],
    queryFn: ({ signal }) => call(queryAccounts, { body: { ...body, limit: 1, count: true }, signal }),
  })
  const words = useWords(list.rows.flatMap(r => (r.values.division ? [String(r.values.division)] : [])))
  const views = useQuery({ queryKey: ['views'], queryFn: ({ signal }) => call(listViews, { signal }) })
  const creates = useMayChange('account.create')
  const bulks = useMayChange('account.bulk')
  const exports = useMay('account.export')

  const download = useMutation({
    mutationFn: (format: 'csv' | 'xlsx') => callFile(exportAccounts, { body: { ...body, format } }),
    onSuccess: file => {
      const link = document.createElement('a')
      link.href = URL.createObjectURL(file.blob)
      link.download = file.name ?? 'accounts'
      link.click()
      URL.revokeObjectURL(link.href)
    },
    onError: error => void message.error(say(error)),
  })
  const keep = useMutation({
    mutationFn: (name: string) => call(saveView, { body: { name, shared: false, definition: writeSearch(search) } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['views'] }),
    onError: error => void message.error(say(error)),
  })
  const drop = useMutation({
    mutationFn: (v: { id: string; rowVersion: number }) => call(deleteView, { params: { id: v.id }, ifMatch: v.rowVersion }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['views'] }),
  })

  const columns: Column<AccountRow>[] = useMemo(() => {
    const custom = (catalogue.data?.fields ?? []).filter(f => !f.builtIn && !f.retired).map(f => f.key)
    return [
      { key: 'name', title: words.label('name'), sortKey: 'name', render: r => <AccountLink id={r.id}>{String(r.values.name ?? '')}</AccountLink> },
      {
        key: 'territory',
        title: t('account:column.territory'),
        width: 190,
        render: r => (
          <span className="jy-row">
            {r.territory ? (
              <TerritoryChip {...r.territory} />
            ) : (
              <span className="jy-muted">{t(r.undecidable ? 'account:undecidable' : 'account:unassigned')}</span>
            )}
            {r.contested && <Tag color="error">{t('account:contested')}</Tag>}
            <WhyChip of={String(r.values.name ?? '')} onOpen={() => setWhy(r.id)} />
          </span>
        ),
      },
      { key: 'owner', title: t('account:column.owner'), width: 100, render: r => r.owner?.name ?? <span className="jy-muted">–</span> },
      ...[...SHOWN, ...custom].map(
        (key): Column<AccountRow> => ({
          key,
          title: words.label(key),
          width: key === 'division' ? 210 : key === 'industry' ? 170 : 105,
          right: ['size', 'revenue', 'potential'].includes(key),
          sortKey: key,
          hiddenAtFirst: ['source', 'status', 'revenue', ...custom].includes(key),
          render: r => <span className="jy-ellipsis">{words.value(key, r.values[key])}</span>,
        }),
      ),
      {
        key: 'updated',
        title: t('account:column.updated'),
        width: 90,
        sortKey: 'updated',
        render: r => day(r.updatedAt, new Date(), me?.tenant.zone),
      },
    ]
  }, [catalogue.data, words, t, me])

  const criteria = search.filter ? (isGroup(search.filter) ? childrenOf(search.filter).length : 1) : 0
  const sorting: Sorting = { key: search.sort, descending: search.descending }
  const n = total.data?.count
  return (
    <div className="jy-page jy-accounts">
      <div className="jy-page-head">
        <Segmented
          value={search.scope}
          onChange={value => go({ scope: value as ListSearch['scope'] })}
          options={SCOPES.map(value => ({ value, label: t(`account:scope.${value}`) }))}
        />
        <span className="jy-muted">
          {n === undefined || n === null ? '' : n > 1000 ? t('account:many') : t('account:count', { count: n, n: count(n) })}
        </span>
        <span className="jy-grow" />
        {exports && (
          <Dropdown
            menu={{
              items: [
                { key: 'csv', label: 'CSV' },
                { key: 'xlsx', label: 'XLSX' },
              ],
              onClick: ({ key }) => download.mutate(key as 'csv'),
            }}
          >
            <Button icon={<Download size={14} />} loading={download.isPending}>
              {t('account:export')}
            </Button>
          </Dropdown>
        )}
        {bulks && (
          <Button icon={<ListChecks size={14} />} onClick={() => setOpen('bulk')}>
            {t('account:bulk.title')}
          </Button>
        )}
        {creates && (
          <Button type="primary" icon={<Plus size={14} />} onClick={() => setOpen('new')}>
            {t('account:new.title')}
          </Button>
        )}
      </div>
      <DataTable
        name="accounts"
        label={t('account:title')}
        columns={columns}
        list={list}
        rowKey={r => r.id}
        onOpen={r => void navigate({ to: '/accounts/$id', params: { id: r.id } as never })}
        sorting={sorting}
        onSort={s => go({ sort: s.key, descending: s.descending })}
        selection={bulks ? { keys: selected, onChange: setSelected } : undefined}
        selectedBar={
          <Button size="small" icon={<ListChecks size={13} />} onClick={() => setOpen('bulk')}>
            {t('account:bulk.title')}
          </Button>
        }
        toolbar={
          <>
            <Input
              data-page-filter
              allowClear
              style={{ width: 230 }}
              placeholder={t('account:find')}
              value={typed}
              onChange={event => setTyped(event.target.value)}
            />
            <Badge count={criteria} size="small">
              <Button icon={<Filter size={14} />} onClick={() => setOpen('filter')}>
                {t('account:filter.title')}
              </Button>
            </Badge>
            {search.territoryId && (
              <Tag closable onClose={() => go({ territoryId: undefined })}>
                {t('account:oneTerritory')}
              </Tag>
            )}
            {views.data?.rows.map(v => (
              <Tag
                key={v.id}
                closable={v.mine}
                className="jy-view"
                onClose={() => drop.mutate(v)}
                onClick={() => void navigate({ to: '/accounts', search: v.definition as never })}
              >
                {v.name}
              </Tag>
            ))}
            {(criteria > 0 || search.search || search.scope !== 'all') && (
              <Button
                type="text"
                icon={<Save size={14} />}
                onClick={() => {
                  const name = window.prompt(t('account:view.name'))
                  if (name?.trim()) keep.mutate(name.trim())
                }}
              >
                {t('account:view.save')}
              </Button>
            )}
          </>
        }
        empty={<Empty title={t('account:empty')} why={search.search || criteria > 0 ? t('account:emptyFiltered') : t('account:emptyWhy')} />}
      />
      {open === 'filter' && catalogue.data && (
        <FilterDrawer catalogue={catalogue.data} filter={search.filter} onClose={() => setOpen(null)} onDone={filter => go({ filter })} />
      )}
      {open === 'new' && catalogue.data && <NewAccount catalogue={catalogue.data} onClose={() => setOpen(null)} />}
      {open === 'bulk' && catalogue.data && <BulkEdit catalogue={catalogue.data} ids={[...selected]} search={search} onClose={() => setOpen(null)} />}
      <WhyDrawer accountId={why} onClose={() => setWhy(null)} />
    </div>
  )
}
