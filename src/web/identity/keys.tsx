/** My API keys: named, expiring, never more than I may; the secret is shown once. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, InputNumber, Modal, Tag } from 'antd'
import { Copy, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createKey, listKeys, revokeKey } from '../../contract/identity/session.ts'
import { call } from '../app/api.ts'
import { day } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { Empty, ErrorState, Skeleton, useProblemText } from '../app/states.tsx'

export function KeysPage() {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const say = useProblemText()
  const me = useMe()
  const queries = useQueryClient()
  const [making, setMaking] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const [form] = Form.useForm<{ name: string; days: number }>()
  const list = useQuery({ queryKey: ['keys'], queryFn: ({ signal }) => call(listKeys, { signal }) })
  const refresh = () => queries.invalidateQueries({ queryKey: ['keys'] })
  const make = useMutation({
    mutationFn: (v: { name: string; days: number }) => call(createKey, { body: v }),
    onSuccess: async made => {
      setMaking(false)
      setSecret(made.secret)
      await refresh()
    },
    onError: error => void message.error(say(error)),
  })
  const revoke = useMutation({
    mutationFn: (id: string) => call(revokeKey, { params: { id } }),
    onSuccess: refresh,
    onError: error => void message.error(say(error)),
  })
  if (list.isPending) return <Skeleton />
  if (list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />
  const on = (at: string | null) => day(at, new Date(), me?.tenant.zone)
  return (
    <section className="jy-card jy-setting-box">
      <header className="jy-row">
        <h2>{t('identity:keys.title')}</h2>
        <a href="/api/docs">{t('identity:keys.docs')}</a>
        <span className="jy-grow" />
        <Button type="primary" icon={<Plus size={14} />} onClick={() => setMaking(true)}>
          {t('identity:keys.new')}
        </Button>
      </header>
      {list.data.rows.length === 0 && <Empty title={t('identity:keys.none')} why={t('identity:keys.noneWhy')} />}
      <ul className="jy-setting-list">
        {list.data.rows.map(k => (
          <li key={k.id} className="jy-row">
            <b>{k.name}</b> <code>{k.prefix}…</code>
            <span className="jy-grow" />
            <small className="jy-muted">{t('identity:keys.dates', { expires: on(k.expiresAt), used: on(k.lastUsedAt) })}</small>
            {k.revokedAt ? (
              <Tag>{t('identity:keys.revoked')}</Tag>
            ) : (
              <Button
                size="small"
                danger
                onClick={() =>
                  modal.confirm({
                    title: t('identity:keys.revokeAsk', { name: k.name }),
                    okText: t('identity:keys.revoke'),
                    cancelText: t('shell:cancel'),
                    onOk: () => revoke.mutateAsync(k.id).catch(() => undefined),
                  })
                }
              >
                {t('identity:keys.revoke')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Modal
        open={making}
        title={t('identity:keys.new')}
        okText={t('identity:keys.make')}
        cancelText={t('shell:cancel')}
        okButtonProps={{ loading: make.isPending }}
        onOk={() => form.submit()}
        onCancel={() => setMaking(false)}
      >
        <Form form={form} layout="vertical" initialValues={{ days: 90 }} onFinish={v => make.mutate(v)}>
          <Form.Item
            name="name"
            label={t('identity:keys.name')}
            rules={[{ required: true, whitespace: true, message: t('identity:keys.nameMissing') }]}
          >
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item name="days" label={t('identity:keys.days')}>
            <InputNumber min={1} max={366} />
          </Form.Item>
        </Form>
      </Modal>
      <Modal open={secret !== null} title={t('identity:keys.secret')} footer={null} onCancel={() => setSecret(null)}>
        <p>{t('identity:keys.secretWhy')}</p>
        <div className="jy-row">
          <Input readOnly value={secret ?? ''} aria-label={t('identity:keys.secret')} onFocus={event => event.target.select()} />
          <Button
            icon={<Copy size={14} />}
            onClick={() => navigator.clipboard?.writeText(secret ?? '').then(() => message.success(t('shell:copied')))}
          >
            {t('shell:copy')}
          </Button>
        </div>
      </Modal>
    </section>
  )
}
