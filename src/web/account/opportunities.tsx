/** Opportunities of an account, the least of them: name, amount, date, open or closed. Amounts are kept in minor units. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Form, Input, InputNumber, Modal, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { addOpportunity, updateOpportunity } from '../../contract/account/attached.ts'
import { call } from '../app/api.ts'
import { money } from '../app/figures.ts'
import { useProblemText } from '../app/states.tsx'

const STAGES = ['open', 'won', 'lost'] as const
type Deal = AccountDetail['opportunities'][number]
type Values = { name: string; amount?: number | null; closeOn?: string }

export function Opportunities({ account, adding, onClose }: { account: AccountDetail; adding: boolean; onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const [form] = Form.useForm<Values>()
  const refresh = () => Promise.all(['account', 'timeline'].map(key => queries.invalidateQueries({ queryKey: [key] })))
  const add = useMutation({
    mutationFn: (v: Values) =>
      call(addOpportunity, {
        params: { id: account.id },
        body: { name: v.name, amount: v.amount === null || v.amount === undefined ? null : Math.round(v.amount * 100), closeOn: v.closeOn || null },
      }),
    onSuccess: async () => {
      form.resetFields()
      onClose()
      await refresh()
    },
    onError: error => void message.error(say(error)),
  })
  const change = useMutation({
    mutationFn: (v: { deal: Deal; stage: (typeof STAGES)[number] }) =>
      call(updateOpportunity, { params: { id: account.id, subId: v.deal.id }, ifMatch: v.deal.rowVersion, body: { stage: v.stage } }),
    onSuccess: refresh,
    onError: error => void message.error(say(error)),
  })
  return (
    <section className="jy-card jy-box">
      <header>
        <h2>{t('account:deal.title', { n: account.opportunities.length })}</h2>
      </header>
      {account.opportunities.length === 0 && <p className="jy-muted">{t('account:deal.none')}</p>}
      {account.opportunities.map(d => (
        <div className="jy-row" key={d.id} style={{ padding: '3px 0' }}>
          <span className="jy-ellipsis jy-grow">{d.name}</span>
          <Select
            size="small"
            variant="borderless"
            disabled={!account.editable}
            value={d.stage as 'open'}
            onChange={stage => change.mutate({ deal: d, stage })}
            options={STAGES.map(value => ({ value, label: t(`account:deal.${value}`) }))}
          />
          <b className="jy-number">{d.amount === null ? '–' : money(String(d.amount / 100), i18n.language)}</b>
        </div>
      ))}
      <Modal
        open={adding}
        title={t('account:deal.new')}
        okText={t('shell:save')}
        cancelText={t('shell:cancel')}
        okButtonProps={{ loading: add.isPending }}
        onOk={() => form.submit()}
        onCancel={onClose}
      >
        <Form form={form} layout="vertical" onFinish={v => add.mutate(v)}>
          <Form.Item
            name="name"
            label={t('account:deal.name')}
            rules={[{ required: true, whitespace: true, message: t('account:deal.nameMissing') }]}
          >
            <Input maxLength={120} />
          </Form.Item>
          <Form.Item name="amount" label={t('account:deal.amount')}>
            <InputNumber min={0} precision={2} style={{ width: '100%' }} />
          </Form.Item>
          <Form.Item name="closeOn" label={t('account:deal.close')}>
            <Input type="date" />
          </Form.Item>
        </Form>
      </Modal>
    </section>
  )
}
