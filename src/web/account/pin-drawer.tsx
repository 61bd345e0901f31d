/** Pinning an account to a territory until a date, with a reason: it holds against every rule until it ends. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, DatePicker, Drawer, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { pinAccount } from '../../contract/assignment/endpoints.ts'
import { listTerritories } from '../../contract/territory/models.ts'
import { call } from '../app/api.ts'
import { useMe } from '../app/me.ts'
import { useRested } from '../app/paged.ts'
import { useProblemText } from '../app/states.tsx'

type Values = { territoryId: string; until?: { endOf(unit: 'day'): { toISOString(): string } } | null; reason: string }

export function PinDrawer({ account, onClose }: { account: AccountDetail; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const me = useMe()
  const queries = useQueryClient()
  const [needle, setNeedle] = useState('')
  const asked = useRested(needle)
  const modelId = me?.activeModel.id
  const found = useQuery({
    queryKey: ['territories', modelId, 'pick', asked],
    enabled: modelId !== undefined,
    queryFn: ({ signal }) => call(listTerritories, { params: { id: modelId! }, query: { search: asked || undefined, limit: 50 }, signal }),
  })
  const [form] = Form.useForm<Values>()
  const pin = useMutation({
    mutationFn: (v: Values) =>
      call(pinAccount, {
        params: { id: account.id },
        body: { territoryId: v.territoryId, until: v.until ? v.until.endOf('day').toISOString() : null, reason: v.reason },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries()
      void message.success(t('account:pin.done'))
      onClose()
    },
    onError: error => void message.error(say(error)),
  })
  return (
    <Drawer
      open
      size={420}
      title={t('account:pin.title')}
      onClose={onClose}
      extra={
        <Button type="primary" loading={pin.isPending} onClick={() => form.submit()}>
          {t('account:pin.do')}
        </Button>
      }
    >
      <Form form={form} layout="vertical" onFinish={v => pin.mutate(v)}>
        <Form.Item name="territoryId" label={t('account:column.territory')} rules={[{ required: true, message: t('account:pin.missing') }]}>
          <Select
            showSearch={{ filterOption: false, onSearch: setNeedle }}
            options={found.data?.rows.map(r => ({ value: r.id, label: `${r.code} ${r.name}` }))}
          />
        </Form.Item>
        <Form.Item name="until" label={t('account:pin.until')}>
          <DatePicker style={{ width: '100%' }} />
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
