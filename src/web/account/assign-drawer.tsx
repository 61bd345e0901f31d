/** Giving an account to a person: members of its territory first, others by name; a reason is kept for ever. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Drawer, Form, Input, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { assignAccount, assignableOwners } from '../../contract/assignment/endpoints.ts'
import { call } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { useRested } from '../app/paged.ts'
import { useProblemText } from '../app/states.tsx'

export function AssignDrawer({ account, onClose }: { account: AccountDetail; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const [needle, setNeedle] = useState('')
  const asked = useRested(needle)
  const owners = useQuery({
    queryKey: ['owners', account.id, asked],
    queryFn: ({ signal }) => call(assignableOwners, { params: { id: account.id }, query: { search: asked || undefined }, signal }),
  })
  const [form] = Form.useForm<{ ownerId: string; reason: string }>()
  const assign = useMutation({
    mutationFn: (v: { ownerId: string; reason: string }) =>
      call(assignAccount, { params: { id: account.id }, body: { ownerId: v.ownerId === 'none' ? null : v.ownerId, reason: v.reason } }),
    onSuccess: async () => {
      await queries.invalidateQueries()
      void message.success(t('account:assign.done'))
      onClose()
    },
    onError: error => void message.error(say(error)),
  })
  return (
    <Drawer
      open
      size={420}
      title={t('account:assign.title')}
      onClose={onClose}
      extra={
        <Button type="primary" loading={assign.isPending} onClick={() => form.submit()}>
          {t('account:assign.do')}
        </Button>
      }
    >
      <Form form={form} layout="vertical" onFinish={v => assign.mutate(v)}>
        <Input allowClear placeholder={t('account:assign.find')} value={needle} onChange={event => setNeedle(event.target.value)} />
        <Form.Item name="ownerId" rules={[{ required: true, message: t('account:assign.missing') }]}>
          <Radio.Group style={{ display: 'flex', flexDirection: 'column', gap: 6, marginTop: 8 }}>
            {owners.data?.rows.map(p => (
              <Radio key={p.id} value={p.id}>
                {p.name}{' '}
                <small className="jy-muted">{`${p.title ?? ''} · ${p.member ? t('account:assign.member') : ''} · ${t('account:assign.held', { n: count(p.held) })}`}</small>
              </Radio>
            ))}
            <Radio value="none">{t('account:nobody')}</Radio>
          </Radio.Group>
        </Form.Item>
        <Form.Item
          name="reason"
          label={t('account:assign.reason')}
          rules={[{ required: true, whitespace: true, max: 400, message: t('account:assign.reasonMissing') }]}
        >
          <Input.TextArea rows={3} maxLength={400} />
        </Form.Item>
      </Form>
    </Drawer>
  )
}
