/** Correcting the past of one customer: from which day to which it really belonged to whom, where, and why. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox, DatePicker, Drawer, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { correctAccount } from '../../contract/assignment/endpoints.ts'
import { listTerritories } from '../../contract/territory/models.ts'
import { call } from '../app/api.ts'
import { useMe } from '../app/me.ts'
import { useRested } from '../app/paged.ts'
import { useProblemText } from '../app/states.tsx'
import { type Person, PersonSelect } from '../identity/person-select.tsx'

type Day = { format(form: string): string }
type Values = { days: [Day, Day]; owner?: Person | null; nobody?: boolean; territoryId?: string; nowhere?: boolean; reason: string }

export function CorrectDrawer({ account, onClose }: { account: AccountDetail; onClose: () => void }) {
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
  const nobody = Form.useWatch('nobody', form)
  const nowhere = Form.useWatch('nowhere', form)
  const save = useMutation({
    mutationFn: (v: Values) =>
      call(correctAccount, {
        params: { id: account.id },
        body: {
          from: v.days[0].format('YYYY-MM-DD'),
          to: v.days[1].format('YYYY-MM-DD'),
          ownerId: v.nobody ? null : v.owner!.id,
          territoryId: v.nowhere ? null : v.territoryId!,
          reason: v.reason,
        },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries()
      void message.success(t('past:correct.done'))
      onClose()
    },
    onError: error => void message.error(say(error)),
  })
  return (
    <Drawer
      open
      size={420}
      title={t('past:correct.title')}
      onClose={onClose}
      extra={
        <Button type="primary" loading={save.isPending} onClick={() => form.submit()}>
          {t('past:correct.save')}
        </Button>
      }
    >
      <p className="jy-muted">{t('past:correct.lead')}</p>
      <Form form={form} layout="vertical" onFinish={v => save.mutate(v)}>
        <Form.Item
          name="days"
          label={`${t('past:correct.from')} – ${t('past:correct.to')}`}
          rules={[{ required: true, message: t('past:correct.missingDay') }]}
        >
          <DatePicker.RangePicker style={{ width: '100%' }} disabledDate={d => d.valueOf() > Date.now()} />
        </Form.Item>
        <Form.Item
          name="owner"
          label={t('past:correct.owner')}
          dependencies={['nobody']}
          rules={[{ required: !nobody, message: t('past:correct.missingPerson') }]}
        >
          <PersonSelect disabled={nobody === true} />
        </Form.Item>
        <Form.Item name="nobody" valuePropName="checked">
          <Checkbox>{t('past:correct.ownerNone')}</Checkbox>
        </Form.Item>
        <Form.Item
          name="territoryId"
          label={t('past:correct.territory')}
          dependencies={['nowhere']}
          rules={[{ required: !nowhere, message: t('past:correct.missingTerritory') }]}
        >
          <Select
            disabled={nowhere === true}
            showSearch={{ filterOption: false, onSearch: setNeedle }}
            loading={found.isFetching}
            options={found.data?.rows.map(r => ({ value: r.id, label: `${r.code} ${r.name}` }))}
          />
        </Form.Item>
        <Form.Item name="nowhere" valuePropName="checked">
          <Checkbox>{t('past:correct.territoryNone')}</Checkbox>
        </Form.Item>
        <Form.Item
          name="reason"
          label={t('past:correct.reason')}
          rules={[{ required: true, whitespace: true, max: 400, message: t('past:correct.missingReason') }]}
        >
          <Input.TextArea rows={3} maxLength={400} />
        </Form.Item>
      </Form>
    </Drawer>
  )
}
