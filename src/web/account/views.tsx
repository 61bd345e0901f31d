/** Saved views of the list: mine and those others shared. A view keeps search, filter, sorting and columns; only its maker changes it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox, Dropdown, Form, Input, Modal } from 'antd'
import { Bookmark, ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { deleteView, listViews, saveView, updateView } from '../../contract/account/attached.ts'
import { call, type ReplyOf } from '../app/api.ts'
import { useProblemText } from '../app/states.tsx'

export type View = ReplyOf<typeof listViews>['rows'][number]
type Props = {
  /** What the list shows now. */
  readonly current: () => Record<string, unknown>
  readonly openId: string | null
  readonly onOpen: (view: View | null) => void
}

export function Views({ current, openId, onOpen }: Props) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const [naming, setNaming] = useState<View | 'new' | null>(null)
  const views = useQuery({ queryKey: ['views'], queryFn: ({ signal }) => call(listViews, { signal }) })
  const failed = (error: unknown) => void message.error(say(error))
  const refresh = () => queries.invalidateQueries({ queryKey: ['views'] })
  const update = useMutation({
    mutationFn: (v: View) => call(updateView, { params: { id: v.id }, ifMatch: v.rowVersion, body: { definition: current() } }),
    onSuccess: async () => {
      void message.success(t('shell:saved'))
      await refresh()
    },
    onError: failed,
  })
  const drop = useMutation({
    mutationFn: (v: View) => call(deleteView, { params: { id: v.id }, ifMatch: v.rowVersion }),
    onSuccess: async () => {
      onOpen(null)
      await refresh()
    },
    onError: failed,
  })
  const rows = views.data?.rows ?? []
  const open = rows.find(v => v.id === openId) ?? null
  const group = (label: string, list: readonly View[]) =>
    list.length === 0 ? [] : [{ key: label, type: 'group' as const, label, children: list.map(v => ({ key: `v${v.id}`, label: v.name })) }]
  const items = [
    ...group(
      t('account:view.mine'),
      rows.filter(v => v.mine),
    ),
    ...group(
      t('account:view.shared'),
      rows.filter(v => !v.mine),
    ),
    ...(rows.length > 0 ? [{ type: 'divider' as const, key: 'line' }] : []),
    { key: 'new', label: t('account:view.save') },
    ...(open?.mine
      ? [
          { key: 'update', label: t('account:view.update', { name: open.name }) },
          { key: 'rename', label: t('account:view.rename', { name: open.name }) },
          { key: 'drop', danger: true, label: t('account:view.drop', { name: open.name }) },
        ]
      : []),
    ...(open ? [{ key: 'leave', label: t('account:view.leave') }] : []),
  ]
  const act = (key: string) => {
    if (key === 'new') setNaming('new')
    else if (key === 'leave') onOpen(null)
    else if (open && key === 'update') update.mutate(open)
    else if (open && key === 'rename') setNaming(open)
    else if (open && key === 'drop')
      modal.confirm({
        title: t('account:view.dropAsk', { name: open.name }),
        okText: t('shell:remove'),
        cancelText: t('shell:cancel'),
        onOk: () => drop.mutateAsync(open).catch(() => undefined),
      })
    else onOpen(rows.find(v => `v${v.id}` === key) ?? null)
  }
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => act(key) }}>
        <Button icon={<Bookmark size={14} />}>
          <span className="jy-ellipsis" style={{ maxWidth: 140 }}>
            {open?.name ?? t('account:view.title')}
          </span>
          <ChevronDown size={13} />
        </Button>
      </Dropdown>
      {naming && (
        <Naming view={naming === 'new' ? null : naming} current={current} onClose={() => setNaming(null)} onMade={id => id && onOpen(null)} />
      )}
    </>
  )
}

type NamingProps = { view: View | null; current: () => Record<string, unknown>; onClose: () => void; onMade: (id: string | null) => void }
function Naming({ view, current, onClose }: NamingProps) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const [form] = Form.useForm<{ name: string; shared: boolean }>()
  const save = useMutation({
    mutationFn: async (v: { name: string; shared: boolean }) => {
      if (view) await call(updateView, { params: { id: view.id }, ifMatch: view.rowVersion, body: v })
      else await call(saveView, { body: { ...v, definition: current() } })
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['views'] })
      void message.success(t('shell:saved'))
      onClose()
    },
    onError: error => void message.error(say(error)),
  })
  return (
    <Modal
      open
      title={t('account:view.save')}
      okText={t('shell:save')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ loading: save.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form form={form} layout="vertical" initialValues={{ name: view?.name ?? '', shared: view?.shared ?? false }} onFinish={v => save.mutate(v)}>
        <Form.Item name="name" label={t('account:view.name')} rules={[{ required: true, whitespace: true, message: t('account:view.nameMissing') }]}>
          <Input maxLength={60} autoFocus />
        </Form.Item>
        <Form.Item name="shared" valuePropName="checked" extra={t('account:view.sharedWhy')}>
          <Checkbox>{t('account:view.share')}</Checkbox>
        </Form.Item>
      </Form>
    </Modal>
  )
}
