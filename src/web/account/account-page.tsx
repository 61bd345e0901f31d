/** One account: what it is, what happened, why it is where it is; written, shared, assigned and pinned from here. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { App, Button, Dropdown, Tag } from 'antd'
import { Ellipsis, NotebookPen, Pencil, Plus } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type AccountDetail, deleteAccount, getAccount, restoreAccount } from '../../contract/account/accounts.ts'
import { whyAccount } from '../../contract/assignment/endpoints.ts'
import { AccountLink } from '../app/account-link.tsx'
import { call } from '../app/api.ts'
import { useKeys } from '../app/keys.ts'
import { useMayChange } from '../app/me.ts'
import { ErrorState, Skeleton, useProblemText } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { WhyChip } from '../app/why-chip.tsx'
import { useCrumb } from '../shell/crumb.ts'
import { AssignDrawer } from './assign-drawer.tsx'
import { Contacts } from './contacts.tsx'
import { Dealings } from './dealings.tsx'
import { EditAccount } from './edit-account.tsx'
import { Files } from './files.tsx'
import { Opportunities } from './opportunities.tsx'
import { Ownership } from './ownership.tsx'
import { PinDrawer } from './pin-drawer.tsx'
import { useCatalogue, useWords } from './use-catalogue.ts'
import { WhyDrawer } from './why-drawer.tsx'
import { WhyView } from './why-view.tsx'
import './account.css'

const APART = new Set(['name', 'shortName', 'nameEn'])

export function AccountPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const account = useQuery({ queryKey: ['account', id], queryFn: ({ signal }) => call(getAccount, { params: { id }, signal }) })
  if (account.isPending) return <Skeleton lines={14} />
  if (account.isError) return <ErrorState error={account.error} onRetry={() => void account.refetch()} />
  return <Page account={account.data} />
}

function Page({ account }: { account: AccountDetail }) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const name = String(account.values.name ?? '')
  useCrumb(name)
  const note = useRef<HTMLTextAreaElement>(null)
  const [open, setOpen] = useState<'edit' | 'assign' | 'pin' | 'why' | 'deal' | null>(null)
  const catalogue = useCatalogue()
  const words = useWords(account.values.division ? [String(account.values.division)] : [])
  const why = useQuery({
    queryKey: ['why', account.id, 'active'],
    queryFn: ({ signal }) => call(whyAccount, { params: { id: account.id }, query: {}, signal }),
  })
  const assigns = useMayChange('account.assign') && account.editable
  const pins = useMayChange('territory.plan') && account.editable
  const deletes = useMayChange('account.delete') && account.editable
  const refresh = () =>
    Promise.all(['account', 'accounts', 'why', 'timeline', 'ownership', 'tasks', 'files'].map(key => queries.invalidateQueries({ queryKey: [key] })))
  const restore = useMutation({ mutationFn: () => call(restoreAccount, { params: { id: account.id } }), onSuccess: refresh })
  const remove = useMutation({
    mutationFn: () => call(deleteAccount, { params: { id: account.id }, ifMatch: account.rowVersion }),
    onSuccess: async () => {
      await refresh()
      void message.success(t('account:deleted'))
      void navigate({ to: '/accounts' })
    },
    onError: error => void message.error(say(error)),
  })
  useKeys([
    { key: 'n', word: 'account:key.note', run: () => note.current?.focus() },
    { key: 'e', word: 'account:key.edit', run: () => account.editable && setOpen('edit') },
    { key: 'o', word: 'account:key.opportunity', run: () => account.editable && setOpen('deal') },
  ])
  const { values } = account
  const menu = [
    ...(assigns ? [{ key: 'assign', label: t('account:assign.title') }] : []),
    ...(pins ? [{ key: 'pin', label: t('account:pin.title') }] : []),
    ...(deletes ? [{ key: 'delete', label: t('account:delete'), danger: true }] : []),
  ]
  return (
    <div className="jy-page">
      <div className="jy-page-head">
        <h1>{name}</h1>
        {values.tier && <Tag color="processing">{words.value('tier', values.tier)}</Tag>}
        {values.status && <Tag>{words.value('status', values.status)}</Tag>}
        {account.deletedAt && (
          <Tag color="error">
            {t('account:inBin')}{' '}
            <Button size="small" type="link" onClick={() => restore.mutate()}>
              {t('account:restore')}
            </Button>
          </Tag>
        )}
        <span className="jy-grow" />
        {account.editable && (
          <>
            <Button icon={<NotebookPen size={14} />} onClick={() => note.current?.focus()}>
              {t('account:note.write')}
            </Button>
            <Button icon={<Pencil size={14} />} onClick={() => setOpen('edit')}>
              {t('shell:edit')}
            </Button>
            <Button type="primary" icon={<Plus size={14} />} onClick={() => setOpen('deal')}>
              {t('account:deal.new')}
            </Button>
          </>
        )}
        {menu.length > 0 && (
          <Dropdown
            menu={{
              items: menu,
              onClick: ({ key }) =>
                key === 'delete'
                  ? modal.confirm({
                      title: t('account:deleteAsk', { name }),
                      content: t('account:deleteWhy'),
                      okText: t('account:delete'),
                      okButtonProps: { danger: true },
                      cancelText: t('shell:cancel'),
                      onOk: () => remove.mutateAsync().catch(() => undefined),
                    })
                  : setOpen(key as 'assign'),
            }}
          >
            <Button icon={<Ellipsis size={14} />} aria-label={t('account:more')} />
          </Dropdown>
        )}
      </div>
      <section className="jy-facts" aria-label={t('account:facts')}>
        <div>
          <small>
            {t('account:column.owner')} <WhyChip of={t('account:column.owner')} onOpen={() => setOpen('why')} />
          </small>
          <b>{account.owner?.name ?? t('account:nobody')}</b>
        </div>
        <div>
          <small>
            {t('account:column.territory')} <WhyChip of={t('account:column.territory')} onOpen={() => setOpen('why')} />
          </small>
          {account.territory ? (
            <TerritoryChip {...account.territory} />
          ) : (
            <b>{t(account.undecidable ? 'account:undecidable' : 'account:unassigned')}</b>
          )}
          {account.contested && <Tag color="error">{t('account:contested')}</Tag>}
        </div>
        <div>
          <small>{t('account:collaborators')}</small>
          {account.collaborators.length === 0
            ? '–'
            : account.collaborators
                .slice(0, 3)
                .map(c => `${c.name} ${t(`account:role.${c.role}`)}`)
                .join(' · ')}
        </div>
        <div>
          <small>{t('account:shared')}</small>
          {account.shares.length === 0 ? '–' : account.shares.map(s => s.name).join(', ')}
        </div>
      </section>
      <div className="jy-three">
        <div>
          <section className="jy-card jy-box">
            <header>
              <h2>{t('account:data')}</h2>
            </header>
            {words.fields
              .filter(f => !f.retired && !APART.has(f.key) && f.key !== 'id' && values[f.key] !== undefined)
              .map(f => (
                <div className="jy-field" key={f.key}>
                  <span>{words.label(f.key)}</span>
                  <span>{words.value(f.key, values[f.key])}</span>
                </div>
              ))}
            {!account.privateVisible && <p className="jy-muted">{t('account:masked')}</p>}
            {account.keys.map(k => (
              <div className="jy-field" key={k.source + k.key}>
                <span>{k.source}</span>
                <span>{k.key}</span>
              </div>
            ))}
          </section>
          <Contacts account={account} />
          {account.group.length > 0 && (
            <section className="jy-card jy-box">
              <header>
                <h2>{t('account:group')}</h2>
              </header>
              {account.group.map(r => (
                <div className="jy-row" key={r.id}>
                  <AccountLink id={r.id}>{r.name}</AccountLink>
                  <span className="jy-grow" />
                  {r.territory && <TerritoryChip code={r.territory.code} colour={r.territory.colour} />}
                </div>
              ))}
            </section>
          )}
          <Files account={account} />
        </div>
        <Dealings account={account} noteRef={note} />
        <div>
          <section className="jy-card jy-box">
            <header>
              <h2>{account.territory ? t('account:why.here', { code: account.territory.code }) : t('account:why.title')}</h2>
            </header>
            {why.isPending && <Skeleton lines={4} />}
            {why.isError && <ErrorState error={why.error} onRetry={() => void why.refetch()} />}
            {why.data && <WhyView why={why.data} />}
          </section>
          <Ownership account={account} mayUnpin={pins} />
          <Opportunities account={account} adding={open === 'deal'} onClose={() => setOpen(null)} />
        </div>
      </div>
      {open === 'edit' && catalogue.data && <EditAccount account={account} catalogue={catalogue.data} onClose={() => setOpen(null)} />}
      {open === 'assign' && <AssignDrawer account={account} onClose={() => setOpen(null)} />}
      {open === 'pin' && <PinDrawer account={account} onClose={() => setOpen(null)} />}
      <WhyDrawer accountId={open === 'why' ? account.id : null} onClose={() => setOpen(null)} />
    </div>
  )
}
