/** One account: what it is, what happened, why it is where it is; written, shared, asked for, assigned and pinned from here. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { App, Button, Dropdown, Tabs, Tag } from 'antd'
import { Ellipsis, NotebookPen, Plus } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type AccountDetail, deleteAccount, getAccount, restoreAccount } from '../../contract/account/accounts.ts'
import { listFiles } from '../../contract/account/attached.ts'
import { listApprovals } from '../../contract/approval/approvals.ts'
import { call } from '../app/api.ts'
import { useElsewhen } from '../app/as-of.ts'
import { useKeys } from '../app/keys.ts'
import { useMayChange, useMe } from '../app/me.ts'
import { ErrorState, Skeleton, useProblemText } from '../app/states.tsx'
import { ApprovalLine } from '../approval/approval-line.tsx'
import { DuplicatesCard, MergedStrip } from '../dedupe/account-card.tsx'
import { useCrumb } from '../shell/crumb.ts'
import { AccountHead } from './account-head.tsx'
import { AccountPart } from './account-parts.tsx'
import { AssignDrawer } from './assign-drawer.tsx'
import { Contacts } from './contacts.tsx'
import { DataCard } from './data-card.tsx'
import { Dealings } from './dealings.tsx'
import { EditAccount } from './edit-account.tsx'
import { FactStrip } from './fact-strip.tsx'
import { Files } from './files.tsx'
import { GroupTree } from './group-tree.tsx'
import { DealForm, Opportunities } from './opportunities.tsx'
import { Ownership } from './ownership.tsx'
import { PinDrawer } from './pin-drawer.tsx'
import { RequestDrawer } from './request-drawer.tsx'
import { ShareDrawer } from './share-drawer.tsx'
import { ThenStrip } from './then-strip.tsx'
import { TimelineList } from './timeline-list.tsx'
import { useCatalogue, useWords } from './use-catalogue.ts'
import { WhyDrawer } from './why-drawer.tsx'
import { WhyShort } from './why-short.tsx'
import './account.css'

export function AccountPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  // In the past everything can be read and nothing changed.
  const elsewhen = useElsewhen()
  const account = useQuery({
    queryKey: ['account', id],
    queryFn: ({ signal }) => call(getAccount, { params: { id }, signal }),
    // An import is at work on it: where it stands will change by itself.
    refetchInterval: query => (query.state.data?.pending ? 5_000 : false),
  })
  if (account.isPending) return <Skeleton lines={14} />
  if (account.isError) return <ErrorState error={account.error} onRetry={() => void account.refetch()} />
  return <Page account={elsewhen ? { ...account.data, editable: false } : account.data} />
}

const TABS = ['overview', 'contacts', 'deals', 'files', 'changes'] as const
type Tab = (typeof TABS)[number]
type Layer = 'edit' | 'assign' | 'pin' | 'why' | 'deal' | 'share' | 'ask' | null

function Page({ account }: { account: AccountDetail }) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const me = useMe()
  const name = String(account.values.name ?? '')
  useCrumb(name)
  const note = useRef<HTMLTextAreaElement>(null)
  const [open, setOpen] = useState<Layer>(null)
  const asked = (useSearch({ strict: false }) as { tab?: string }).tab
  const tab: Tab = TABS.find(x => x === asked) ?? 'overview'
  const show = (next: string) =>
    void navigate({ to: '/accounts/$id', params: { id: account.id }, search: next === 'overview' ? {} : { tab: next }, replace: true } as never)
  const catalogue = useCatalogue()
  const words = useWords([account.values.division, account.values.registeredDivision].flatMap(d => (d ? [String(d)] : [])))
  const files = useQuery({ queryKey: ['files', account.id], queryFn: ({ signal }) => call(listFiles, { params: { id: account.id }, signal }) })
  const requests = useQuery({
    queryKey: ['approvals', 'account', account.id],
    queryFn: ({ signal }) => call(listApprovals, { query: { accountId: account.id }, signal }),
  })
  const waiting = requests.data?.rows.filter(r => r.state === 'asked') ?? []
  const assigns = useMayChange('account.assign') && account.editable
  const pins = useMayChange('territory.plan') && account.editable
  const deletes = useMayChange('account.delete') && account.editable
  const elsewhen = useElsewhen()
  const asks = me?.viewAs === null && !elsewhen && !assigns && account.deletedAt === null && !waiting.some(r => r.mayWithdraw)
  const restores = useMutation({
    mutationFn: () => call(restoreAccount, { params: { id: account.id } }),
    onSuccess: () => queries.invalidateQueries(),
    onError: error => void message.error(say(error)),
  })
  const remove = useMutation({
    mutationFn: () => call(deleteAccount, { params: { id: account.id }, ifMatch: account.rowVersion }),
    onSuccess: async () => {
      void message.success(t('account:deleted'))
      await navigate({ to: '/accounts' })
      await queries.invalidateQueries()
    },
    onError: error => void message.error(say(error)),
  })
  const write = () => {
    if (tab !== 'overview') show('overview')
    setTimeout(() => note.current?.focus(), 50)
  }
  useKeys([
    ...(account.editable
      ? [
          { key: 'n', word: 'account:key.note', run: write },
          { key: 'e', word: 'account:key.edit', run: () => setOpen('edit') },
          { key: 'o', word: 'account:key.opportunity', run: () => setOpen('deal') },
        ]
      : []),
    { key: ']', word: 'account:key.tabNext', run: () => show(TABS[Math.min(TABS.length - 1, TABS.indexOf(tab) + 1)]!) },
    { key: '[', word: 'account:key.tabBefore', run: () => show(TABS[Math.max(0, TABS.indexOf(tab) - 1)]!) },
  ])
  const menu = [
    ...(account.editable ? [{ key: 'edit', label: t('account:edit.title') }] : []),
    ...(assigns ? [{ key: 'assign', label: t('account:assign.title') }] : []),
    ...(asks ? [{ key: 'ask', label: t('approval:ask') }] : []),
    ...(account.editable ? [{ key: 'share', label: t('account:share.do') }] : []),
    ...(pins ? [{ key: 'pin', label: t('account:pin.title') }] : []),
    ...(deletes ? [{ key: 'delete', label: t('account:delete'), danger: true }] : []),
  ]
  const askDelete = () =>
    modal.confirm({
      title: t('account:deleteAsk', { name }),
      content: t('account:deleteWhy'),
      okText: t('account:delete'),
      okButtonProps: { danger: true },
      cancelText: t('shell:cancel'),
      onOk: () => remove.mutateAsync().catch(() => undefined),
    })
  const count = { contacts: account.contacts.length, deals: account.opportunities.length, files: files.data?.rows.length ?? 0 }
  return (
    <div className="jy-page jy-account-page">
      <AccountHead account={account} words={words}>
        {account.deletedAt && !account.mergedInto && (
          <Tag color="error">
            {t('account:inBin')}
            {!elsewhen && (
              <Button size="small" type="link" loading={restores.isPending} onClick={() => restores.mutate()}>
                {t('account:restore')}
              </Button>
            )}
          </Tag>
        )}
        {account.editable && (
          <>
            <Button icon={<NotebookPen size={14} />} onClick={write}>
              {t('account:note.write')}
            </Button>
            <Button type="primary" icon={<Plus size={14} />} onClick={() => setOpen('deal')}>
              {t('account:deal.new')}
            </Button>
          </>
        )}
        {account.deletedAt === null && <AccountPart of="acts" account={account} />}
        {menu.length > 0 && (
          <Dropdown trigger={['click']} menu={{ items: menu, onClick: ({ key }) => (key === 'delete' ? askDelete() : setOpen(key as Layer)) }}>
            <Button icon={<Ellipsis size={14} />} aria-label={t('account:more')} />
          </Dropdown>
        )}
      </AccountHead>
      {account.mergedInto && <MergedStrip into={account.mergedInto} />}
      {elsewhen && <ThenStrip accountId={account.id} onWhy={() => setOpen('why')} />}
      {!elsewhen && <FactStrip account={account} requests={waiting} onWhy={() => setOpen('why')} onShare={() => setOpen('share')} />}
      <Tabs
        activeKey={tab}
        onChange={show}
        items={TABS.map(key => ({ key, label: t(`account:tab.${key}`, { n: key in count ? count[key as 'files'] : 0 }) }))}
      />
      {waiting.length > 0 && !elsewhen && (
        <section className="jy-card" style={{ padding: '2px 14px' }} aria-label={t('account:asked')}>
          {waiting.map(row => (
            <ApprovalLine key={row.id} row={row} named={false} />
          ))}
        </section>
      )}
      {tab === 'overview' && (
        <div className="jy-three">
          <div>
            <DataCard account={account} words={words} onEdit={() => setOpen('edit')} />
            <GroupTree account={account} />
          </div>
          <Dealings account={account} noteRef={note} />
          <div>
            <WhyShort
              account={account}
              onWhy={() => setOpen('why')}
              onAssign={assigns ? () => setOpen('assign') : null}
              onAsk={asks ? () => setOpen('ask') : null}
            />
            {!elsewhen && <DuplicatesCard accountId={account.id} editable={account.editable} />}
            <Opportunities account={account} onAdd={() => setOpen('deal')} />
            <Contacts account={account} />
          </div>
        </div>
      )}
      {tab === 'contacts' && <Contacts account={account} wide />}
      {tab === 'deals' && <Opportunities account={account} onAdd={() => setOpen('deal')} wide />}
      {tab === 'files' && <Files account={account} />}
      {tab === 'changes' && (
        <div className="jy-three jy-two">
          <section className="jy-card jy-box jy-dealings">
            <header>
              <h2>{t('account:timeline.changes')}</h2>
            </header>
            <TimelineList accountId={account.id} of="changes" editable={false} />
          </section>
          <div>
            <Ownership account={account} mayPlan={pins} />
          </div>
        </div>
      )}
      {open === 'edit' && catalogue.data && <EditAccount account={account} catalogue={catalogue.data} onClose={() => setOpen(null)} />}
      {open === 'assign' && <AssignDrawer account={account} onClose={() => setOpen(null)} />}
      {open === 'pin' && <PinDrawer account={account} onClose={() => setOpen(null)} />}
      {open === 'share' && <ShareDrawer account={account} onClose={() => setOpen(null)} />}
      {open === 'ask' && <RequestDrawer account={account} onClose={() => setOpen(null)} />}
      {open === 'deal' && <DealForm account={account} deal={null} onClose={() => setOpen(null)} />}
      <WhyDrawer accountId={open === 'why' ? account.id : null} onClose={() => setOpen(null)} />
    </div>
  )
}
