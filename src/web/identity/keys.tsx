/** My API keys: made for a time, shown once, revoked at any moment. A key may do what its owner may. */
import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber, Modal, Popconfirm, Tag } from 'antd'
import { Plus } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createKey, listKeys, revokeKey } from '../../contract/identity/session.ts'
import type { ReplyOf } from '../app/api.ts'
import { call, newKey } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { CopyLine } from '../app/copy-line.tsx'
import { markFields } from '../app/form-problem.ts'
import { moment } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'

type Key = ReplyOf<typeof listKeys>['rows'][number]
type Given = { name: string; days: number }
const TOUCHED = [['keys']]

function Maker({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Given>()
  const [secret, setSecret] = useState<string | null>(null)
  const once = useRef(newKey())
  const make = useChange<Given, { id: string; secret: string }>({
    run: given => call(createKey, { body: given, idempotencyKey: once.current }),
    touches: TOUCHED,
    said: null,
    onDone: reply => setSecret(reply.secret),
    onRefused: error => {
      once.current = newKey()
      return markFields(form, error)
    },
  })
  return (
    <Modal
      open
      onCancel={onClose}
      title={t('identity:keys.add')}
      okText={t(secret ? 'shell:close' : 'identity:keys.add')}
      cancelButtonProps={{ hidden: secret !== null }}
      okButtonProps={{ loading: make.isPending }}
      onOk={() => (secret ? onClose() : form.submit())}
      mask={{ closable: false }}
    >
      {secret ? (
        <div style={{ display: 'grid', gap: 10 }}>
          <p>{t('identity:keys.once')}</p>
          <CopyLine value={secret} label={t('identity:keys.secret')} />
        </div>
      ) : (
        <Form<Given> form={form} layout="vertical" requiredMark={false} onFinish={given => make.mutate(given)} initialValues={{ days: 90 }}>
          <Form.Item
            name="name"
            label={t('identity:keys.name')}
            extra={t('identity:keys.nameWhy')}
            rules={[{ required: true, whitespace: true, message: t('identity:setup.missing') }]}
          >
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item name="days" label={t('identity:keys.days')} rules={[{ required: true, message: t('identity:setup.missing') }]}>
            <InputNumber min={1} max={366} precision={0} />
          </Form.Item>
        </Form>
      )}
    </Modal>
  )
}

export function KeysPage() {
  const { t } = useTranslation()
  const me = useMe()
  const zone = me?.tenant.zone
  const list = useQuery({ queryKey: ['keys'], queryFn: ({ signal }) => call(listKeys, { signal }) })
  const [making, setMaking] = useState(false)
  const revoke = useChange<Key>({ run: key => call(revokeKey, { params: { id: key.id } }), touches: TOUCHED })
  const now = new Date()
  const stateOf = (key: Key) => (key.revokedAt ? 'revoked' : new Date(key.expiresAt) < now ? 'expired' : 'valid')
  return (
    <div className="jy-page">
      <div className="jy-page-head">
        <h1>{t('identity:keys.title')}</h1>
        <p className="jy-muted jy-grow">
          {t('identity:keys.lead')} <a href="/api/docs">{t('identity:keys.docs')}</a>
        </p>
        {me?.viewAs === null && (
          <Button type="primary" icon={<Plus size={15} />} onClick={() => setMaking(true)}>
            {t('identity:keys.add')}
          </Button>
        )}
      </div>
      {list.isPending ? (
        <Skeleton />
      ) : list.isError ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data.rows.length === 0 ? (
        <Empty title={t('identity:keys.empty')} why={t('identity:keys.lead')} />
      ) : (
        <ul className="jy-list jy-card">
          {list.data.rows.map(key => (
            <li key={key.id}>
              <span className="jy-grow">
                <b>{key.name}</b> <code>{key.prefix}…</code>
                <br />
                <span className="jy-muted">
                  {t('identity:keys.dates', {
                    made: moment(key.createdAt, now, zone),
                    ends: moment(key.expiresAt, now, zone),
                    used: moment(key.lastUsedAt, now, zone),
                  })}
                </span>
              </span>
              <Tag color={stateOf(key) === 'valid' ? 'success' : 'default'}>{t(`identity:keyState.${stateOf(key)}`)}</Tag>
              {stateOf(key) === 'valid' && me?.viewAs === null && (
                <Popconfirm
                  title={t('identity:keys.revokeAsk', { name: key.name })}
                  okText={t('identity:keys.revoke')}
                  onConfirm={() => revoke.mutate(key)}
                >
                  <Button danger>{t('identity:keys.revoke')}</Button>
                </Popconfirm>
              )}
            </li>
          ))}
        </ul>
      )}
      {making && <Maker onClose={() => setMaking(false)} />}
    </div>
  )
}
