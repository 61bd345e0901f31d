/** Departments: a tree with leaders; a leader sees what the people below own. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, Modal, Select } from 'antd'
import { Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createDepartment, deleteDepartment, listDepartments, listUsers, updateDepartment } from '../../contract/identity/people.ts'
import { call, type ReplyOf } from '../app/api.ts'
import { useMayChange } from '../app/me.ts'
import { useRested } from '../app/paged.ts'
import { Empty, ErrorState, Skeleton, useProblemText } from '../app/states.tsx'
import { inTreeOrder } from './tree-order.ts'

type Department = ReplyOf<typeof listDepartments>['rows'][number]

export function DepartmentsPage() {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const manages = useMayChange('user.manage')
  const [open, setOpen] = useState<Department | { parentId: string | null } | null>(null)
  const list = useQuery({ queryKey: ['departments'], queryFn: ({ signal }) => call(listDepartments, { signal }) })
  const remove = useMutation({
    mutationFn: (d: Department) => call(deleteDepartment, { params: { id: d.id }, ifMatch: d.rowVersion }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['departments'] }),
    onError: error => void message.error(say(error)),
  })
  if (list.isPending) return <Skeleton />
  if (list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />
  return (
    <section className="jy-card jy-setting-box">
      <header className="jy-row">
        <h2>{t('identity:departments.title')}</h2>
        <span className="jy-grow" />
        {manages && (
          <Button type="primary" icon={<Plus size={14} />} onClick={() => setOpen({ parentId: null })}>
            {t('identity:departments.new')}
          </Button>
        )}
      </header>
      {list.data.rows.length === 0 && <Empty title={t('identity:departments.none')} />}
      <ul className="jy-setting-list">
        {inTreeOrder(list.data.rows).map(({ row, depth }) => (
          <li key={row.id} className="jy-row" style={{ paddingLeft: depth * 20 }}>
            <b>{row.name}</b>
            <small className="jy-muted">
              {row.leaderName ? t('identity:departments.led', { name: row.leaderName }) : t('identity:departments.noLeader')}
            </small>
            <span className="jy-grow" />
            <small className="jy-muted">{t('identity:roles.users', { count: row.users })}</small>
            {manages && (
              <>
                <button
                  type="button"
                  className="jy-plain"
                  aria-label={t('identity:departments.below', { name: row.name })}
                  onClick={() => setOpen({ parentId: row.id })}
                >
                  <Plus size={14} />
                </button>
                <button type="button" className="jy-plain" aria-label={t('shell:edit')} onClick={() => setOpen(row)}>
                  <Pencil size={14} />
                </button>
                <button
                  type="button"
                  className="jy-plain"
                  aria-label={t('shell:remove')}
                  onClick={() =>
                    modal.confirm({
                      title: t('identity:departments.deleteAsk', { name: row.name }),
                      okText: t('shell:remove'),
                      cancelText: t('shell:cancel'),
                      onOk: () => remove.mutateAsync(row).catch(() => undefined),
                    })
                  }
                >
                  <Trash2 size={14} />
                </button>
              </>
            )}
          </li>
        ))}
      </ul>
      {open && <EditDepartment given={open} rows={list.data.rows} onClose={() => setOpen(null)} />}
    </section>
  )
}

type Values = { name: string; parentId?: string | null; leaderId?: string | null }

function EditDepartment({
  given,
  rows,
  onClose,
}: {
  given: Department | { parentId: string | null }
  rows: readonly Department[]
  onClose: () => void
}) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const known = 'id' in given ? given : null
  const [typed, setTyped] = useState('')
  const search = useRested(typed)
  const people = useQuery({
    queryKey: ['people', 'pick', search],
    queryFn: ({ signal }) => call(listUsers, { query: { search: search || undefined, state: 'active', limit: 20 }, signal }),
  })
  const [form] = Form.useForm<Values>()
  const save = useMutation({
    mutationFn: async (v: Values) => {
      const body = { name: v.name, parentId: v.parentId ?? null, leaderId: v.leaderId ?? null }
      if (known) await call(updateDepartment, { params: { id: known.id }, ifMatch: known.rowVersion, body })
      else await call(createDepartment, { body })
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['departments'] })
      onClose()
    },
    onError: error => void message.error(say(error)),
  })
  const leaders = [
    ...(known?.leaderId && !people.data?.rows.some(p => p.id === known.leaderId) ? [{ value: known.leaderId, label: known.leaderName ?? '' }] : []),
    ...(people.data?.rows.map(p => ({ value: p.id, label: `${p.name} ${p.title ?? ''}` })) ?? []),
  ]
  return (
    <Modal
      open
      title={known?.name ?? t('identity:departments.new')}
      okText={t('shell:save')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ loading: save.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ name: known?.name ?? '', parentId: given.parentId, leaderId: known?.leaderId ?? null }}
        onFinish={v => save.mutate(v)}
      >
        <Form.Item
          name="name"
          label={t('identity:departments.name')}
          rules={[{ required: true, whitespace: true, message: t('identity:departments.nameMissing') }]}
        >
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item name="parentId" label={t('identity:departments.parent')}>
          <Select allowClear options={rows.filter(r => r.id !== known?.id).map(r => ({ value: r.id, label: r.name }))} />
        </Form.Item>
        <Form.Item name="leaderId" label={t('identity:departments.leader')}>
          <Select allowClear showSearch={{ filterOption: false, onSearch: setTyped }} options={leaders} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
