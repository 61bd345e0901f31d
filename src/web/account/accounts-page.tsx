/** The list of accounts: scopes, search, filter in the condition language, saved views, bulk edit and assignment, export, a new account. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { App, Badge, Button, Dropdown, Input, Segmented, Select, Tag } from 'antd'
import { Copy, Download, Filter, ListChecks, Plus, Stethoscope, UserRoundCog } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { exportAccounts, queryAccounts, SCOPES } from '../../contract/account/accounts.ts'
import { childrenOf, isGroup } from '../../core/condition/condition.ts'
import { call, callFile } from '../app/api.ts'
import { usePhone } from '../app/appearance.ts'
import { useAsOf, useElsewhen } from '../app/as-of.ts'
import { DataTable, type Sorting } from '../app/data-table.tsx'
import { keepShown, shownColumns } from '../app/data-table-columns.tsx'
import { count } from '../app/figures.ts'
import { useMay, useMayChange, useMe } from '../app/me.ts'
import { usePaged, useRested } from '../app/paged.ts'
import { Empty, useProblemText } from '../app/states.tsx'
import { BulkAssign } from './bulk-assign.tsx'
import { BulkEdit } from './bulk-edit.tsx'
import { FilterDrawer } from './filter-drawer.tsx'
import { ImportTag } from './import-tag.tsx'
import { listColumns } from './list-columns.tsx'
import { type ListSearch, readSearch, toBody, writeSearch } from './list-search.ts'
import { NewAccount } from './new-account.tsx'
import { useCatalogue, useWords } from './use-catalogue.ts'
import { Views } from './views.tsx'
import { WhyDrawer } from './why-drawer.tsx'
import './account.css'

const TABLE = 'accounts'
/** What nobody stands under is seen only by those who see everything. */
const FOR_ALL: readonly string[] = ['unassigned', 'undecidable']
const OF_TODAY: readonly string[] = ['contested', 'undecidable']

export function AccountsPage() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const me = useMe()
  const phone = usePhone()
  const navigate = useNavigate()
  const raw = useSearch({ strict: false }) as Record<string, unknown>
  const asOf = useAsOf()
  const elsewhen = useElsewhen()
  // Overlaps and what could not be decided are about today.
  const search = useMemo(() => {
    const read = readSearch(raw)
    return elsewhen && OF_TODAY.includes(read.scope) ? { ...read, scope: 'all' as const } : read
  }, [raw, elsewhen])
  const go = (change: Partial<ListSearch>) =>
    void navigate({ to: '/accounts', search: { ...writeSearch({ ...search, ...change }), view: raw.view } as never, replace: true })
  const [typed, setTyped] = useState(search.search)
  const rested = useRested(typed, 300)
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the typing only
  useEffect(() => {
    if (rested !== search.search) go({ search: rested })
  }, [rested])
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [open, setOpen] = useState<'filter' | 'new' | 'bulk' | 'assign' | null>(null)
  const [why, setWhy] = useState<string | null>(null)
  const [drawn, setDrawn] = useState(0)
  const catalogue = useCatalogue()
  const body = { ...toBody(search), ...asOf }
  const list = usePaged(['accounts', body], (cursor, signal) => call(queryAccounts, { body: { ...body, cursor, limit: 100 }, signal }))
  const total = useQuery({
    queryKey: ['accounts', 'count', body],
    queryFn: ({ signal }) => call(queryAccounts, { body: { ...body, limit: 1, count: true }, signal }),
  })
  const words = useWords(list.rows.flatMap(r => [r.values.division, r.values.registeredDivision].flatMap(d => (d ? [String(d)] : []))))
  const creates = useMayChange('account.create')
  const bulks = useMayChange('account.bulk')
  const assigns = useMayChange('account.assign')
  const exports = useMay('account.export')
  const pending = list.rows.some(r => r.pending)
  const columns = useMemo(() => listColumns(words, t, me?.tenant.zone, setWhy, pending), [words, t, me, pending])

  const download = useMutation({
    mutationFn: (format: 'csv' | 'xlsx') => callFile(exportAccounts, { body: { ...body, format, fields: [...shownColumns(TABLE, columns)] } }),
    onSuccess: file => {
      const link = document.createElement('a')
      link.href = URL.createObjectURL(file.blob)
      link.download = file.name ?? 'accounts'
      link.click()
      URL.revokeObjectURL(link.href)
    },
    onError: error => void message.error(say(error)),
  })
  const criteria = search.filter ? (isGroup(search.filter) ? childrenOf(search.filter).length : 1) : 0
  const sorting: Sorting = { key: search.sort, descending: search.descending }
  const n = total.data?.count
  const scopes = SCOPES.filter(s => !(elsewhen && OF_TODAY.includes(s)) && (me?.seesAll || !FOR_ALL.includes(s) || s === search.scope)).map(
    value => ({ value, label: t(`account:scope.${value}`) }),
  )
  const chosen = [...selected]
  const { sort: _, descending: __, ...where } = body
  return (
    <div className="jy-page jy-accounts">
      <div className="jy-page-head">
        {phone ? (
          <Select
            aria-label={t('account:scopeLabel')}
            value={search.scope}
            onChange={scope => go({ scope })}
            options={scopes}
            style={{ width: 130 }}
          />
        ) : (
          <Segmented value={search.scope} onChange={value => go({ scope: value as ListSearch['scope'] })} options={scopes} />
        )}
        <span className="jy-muted">
          {n === undefined || n === null ? '' : n > 1000 ? t('account:many') : t('account:count', { count: n, n: count(n) })}
        </span>
        <span className="jy-grow" />
        <Button className="jy-desk" icon={<Copy size={14} />} onClick={() => void navigate({ to: '/duplicates' })}>
          {t('dedupe:title')}
        </Button>
        {!elsewhen && (
          <Button className="jy-desk" icon={<Stethoscope size={14} />} onClick={() => void navigate({ to: '/accounts/check-up' as never })}>
            {t('cleansing:toIt')}
          </Button>
        )}
        {exports && (
          <Dropdown
            trigger={['click']}
            menu={{
              items: [
                { key: 'csv', label: t('account:exportAs', { format: 'CSV' }) },
                { key: 'xlsx', label: t('account:exportAs', { format: 'XLSX' }) },
              ],
              onClick: ({ key }) => download.mutate(key as 'csv'),
            }}
          >
            <Button className="jy-desk" icon={<Download size={14} />} loading={download.isPending}>
              {t('account:export')}
            </Button>
          </Dropdown>
        )}
        {assigns && (
          <Button className="jy-desk" icon={<UserRoundCog size={14} />} onClick={() => setOpen('assign')}>
            {t('account:assign.manyShort')}
          </Button>
        )}
        {bulks && (
          <Button className="jy-desk" icon={<ListChecks size={14} />} onClick={() => setOpen('bulk')}>
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
        key={drawn}
        name={TABLE}
        label={t('account:title')}
        columns={columns}
        list={list}
        rowKey={r => r.id}
        onOpen={r => void navigate({ to: '/accounts/$id', params: { id: r.id } as never })}
        sorting={sorting}
        onSort={s => go({ sort: s.key, descending: s.descending })}
        selection={bulks || assigns ? { keys: selected, onChange: setSelected } : undefined}
        selectedBar={
          <>
            {bulks && (
              <Button size="small" icon={<ListChecks size={13} />} onClick={() => setOpen('bulk')}>
                {t('account:bulk.title')}
              </Button>
            )}
            {assigns && (
              <Button size="small" icon={<UserRoundCog size={13} />} onClick={() => setOpen('assign')}>
                {t('account:assign.manyShort')}
              </Button>
            )}
          </>
        }
        toolbar={
          <>
            <Input
              data-page-filter
              allowClear
              style={{ width: phone ? '100%' : 230 }}
              placeholder={t('account:find')}
              value={typed}
              onChange={event => setTyped(event.target.value)}
            />
            <Badge count={criteria} size="small">
              <Button icon={<Filter size={14} />} onClick={() => setOpen('filter')}>
                {t('account:filter.title')}
              </Button>
            </Badge>
            <Views
              current={() => ({ ...writeSearch(search), columns: [...shownColumns(TABLE, columns)] })}
              openId={raw.view === undefined ? null : String(raw.view)}
              onOpen={view => {
                const { columns: shown, ...definition } = (view?.definition ?? {}) as { columns?: readonly string[] }
                if (Array.isArray(shown)) keepShown(TABLE, columns, shown)
                setTyped(String((definition as { search?: string }).search ?? ''))
                setDrawn(drawn + 1)
                void navigate({ to: '/accounts', search: { ...definition, ...(view ? { view: view.id } : {}) } as never })
              }}
            />
            {search.territoryId && (
              <Tag closable onClose={() => go({ territoryId: undefined })}>
                {list.rows.find(r => r.territory?.id === search.territoryId)?.territory?.name ?? t('account:oneTerritory')}
              </Tag>
            )}
            {search.importId && <ImportTag id={search.importId} onClose={() => go({ importId: undefined })} />}
            {search.ownerId && (
              <Tag closable onClose={() => go({ ownerId: undefined })}>
                {list.rows.find(r => r.owner?.id === search.ownerId)?.owner?.name ?? t('account:oneOwner')}
              </Tag>
            )}
          </>
        }
        empty={
          <Empty
            title={t('account:empty')}
            why={
              search.search || criteria > 0 || search.scope !== 'all' || search.importId
                ? t('account:emptyFiltered')
                : t(elsewhen ? 'past:emptyList' : 'account:emptyWhy')
            }
            action={
              search.search || criteria > 0 || search.importId ? (
                <Button
                  onClick={() => {
                    setTyped('')
                    go({ search: '', filter: null, territoryId: undefined, ownerId: undefined, importId: undefined })
                  }}
                >
                  {t('account:filter.clear')}
                </Button>
              ) : undefined
            }
          />
        }
      />
      {open === 'filter' && catalogue.data && (
        <FilterDrawer catalogue={catalogue.data} filter={search.filter} onClose={() => setOpen(null)} onDone={filter => go({ filter })} />
      )}
      {open === 'new' && catalogue.data && <NewAccount catalogue={catalogue.data} onClose={() => setOpen(null)} />}
      {open === 'bulk' && catalogue.data && <BulkEdit catalogue={catalogue.data} ids={chosen} search={search} onClose={() => setOpen(null)} />}
      {open === 'assign' && <BulkAssign selection={chosen.length > 0 ? { ids: chosen } : where} onClose={() => setOpen(null)} />}
      <WhyDrawer accountId={why} onClose={() => setWhy(null)} />
    </div>
  )
}
