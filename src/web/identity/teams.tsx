/** Teams: groups of people that accounts can be shared with. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, Modal, Select } from 'antd'
import { Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createTeam, deleteTeam, listTeams, listUsers, updateTeam } from '../../contract/identity/people.ts'
import { call, type ReplyOf } from '../app/api.ts'
import { useMayChange } from '../app/me.ts'
import { useRested } from '../app/paged.ts'
import { Empty, ErrorState, Skeleton, useProblemText } from '../app/states.tsx'

type Team = ReplyOf<typeof listTeams>['rows'][number]

export function TeamsPage() {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const manages = useMayChange('user.manage')
  const [open, setOpen] = useState<Team | 'new' | null>(null)
  const list = useQuery({ queryKey: ['teams'], queryFn: ({ signal }) => call(listTeams, { signal }) })
  const remove = useMutation({
    mutationFn: (team: Team) => call(deleteTeam, { params: { id: team.id }, ifMatch: team.rowVersion }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['teams'] }),
    onError: error => void message.error(say(error)),
  })
  if (list.isPending) return <Skeleton />
  if (list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />
  return (
    <section className="jy-card jy-setting-box">
      <header className="jy-row">
        <h2>{t('identity:teams.title')}</h2>
        <span className="jy-grow" />
        {manages && (
          <Button type="primary" icon={<Plus size={14} />} onClick={() => setOpen('new')}>
            {t('identity:teams.new')}
          </Button>
        )}
      </header>
      {list.data.rows.length === 0 && <Empty title={t('identity:teams.none')} why={t('identity:teams.noneWhy')} />}
      <ul className="jy-setting-list">
        {list.data.rows.map(team => (
          <li key={team.id} className="jy-row">
            <b>{team.name}</b>
            <span className="jy-grow" />
            <small className="jy-muted">{t('identity:roles.users', { count: team.memberIds.length })}</small>
            {manages && (
              <>
                <button type="button" className="jy-plain" aria-label={t('shell:edit')} onClick={() => setOpen(team)}>
                  <Pencil size={14} />
                </button>
                <button
                  type="button"
                  className="jy-plain"
                  aria-label={t('shell:remove')}
                  onClick={() =>
                    modal.confirm({
                      title: t('identity:departments.deleteAsk', { name: team.name }),
                      okText: t('shell:remove'),
                      cancelText: t('shell:cancel'),
                      onOk: () => remove.mutateAsync(team).catch(() => undefined),
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
      {open && <EditTeam team={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </section>
  )
}

function EditTeam({ team, onClose }: { team: Team | null; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const [typed, setTyped] = useState('')
  const search = useRested(typed)
  const people = useQuery({
    queryKey: ['people', 'pick', search],
    queryFn: ({ signal }) => call(listUsers, { query: { search: search || undefined, limit: 200 }, signal }),
  })
  const [form] = Form.useForm<{ name: string; memberIds: string[] }>()
  const save = useMutation({
    mutationFn: async (v: { name: string; memberIds: string[] }) => {
      if (team) await call(updateTeam, { params: { id: team.id }, ifMatch: team.rowVersion, body: v })
      else await call(createTeam, { body: v })
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['teams'] })
      onClose()
    },
    onError: error => void message.error(say(error)),
  })
  return (
    <Modal
      open
      title={team?.name ?? t('identity:teams.new')}
      okText={t('shell:save')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ loading: save.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form form={form} layout="vertical" initialValues={{ name: team?.name ?? '', memberIds: team?.memberIds ?? [] }} onFinish={v => save.mutate(v)}>
        <Form.Item
          name="name"
          label={t('identity:departments.name')}
          rules={[{ required: true, whitespace: true, message: t('identity:departments.nameMissing') }]}
        >
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item name="memberIds" label={t('identity:teams.members')}>
          <Select
            mode="multiple"
            showSearch={{ filterOption: false, onSearch: setTyped }}
            options={people.data?.rows.map(p => ({ value: p.id, label: `${p.name} ${p.title ?? ''}` }))}
          />
        </Form.Item>
      </Form>
    </Modal>
  )
}
