/** Opportunities of an account, the least of them: name, amount, date, open or closed. Amounts are kept in minor units. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, InputNumber, Modal, Select } from 'antd'
import { Pencil, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { addOpportunity, updateOpportunity } from '../../contract/account/attached.ts'
import { call } from '../app/api.ts'
import { money } from '../app/figures.ts'
import { day } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { Empty, useProblemText } from '../app/states.tsx'

const STAGES = ['open', 'won', 'lost'] as const
type Deal = AccountDetail['opportunities'][number]
type Values = { name: string; amount?: number | null; closeOn?: string }

export function Opportunities({ account, onAdd, wide = false }: { account: AccountDetail; onAdd: () => void; wide?: boolean }) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const me = useMe()
  const queries = useQueryClient()
  const [editing, setEditing] = useState<Deal | null>(null)
  const change = useMutation({
    mutationFn: (v: { deal: Deal; stage: (typeof STAGES)[number] }) =>
      call(updateOpportunity, { params: { id: account.id, subId: v.deal.id }, ifMatch: v.deal.rowVersion, body: { stage: v.stage } }),
    onSuccess: () => Promise.all(['account', 'timeline'].map(key => queries.invalidateQueries({ queryKey: [key] }))),
    onError: error => void message.error(say(error)),
  })
  const sum = (stage: string) => account.opportunities.filter(o => o.stage === stage).reduce((s, o) => s + (o.amount ?? 0), 0)
  const shown = (minor: number) => money(String(minor / 100), i18n.language)
  return (
    <section className="jy-card jy-box">
      <header>
        <h2>{t('account:deal.title', { n: account.opportunities.length })}</h2>
        {account.editable && (
          <Button size="small" type="text" icon={<Plus size={13} />} aria-label={t('account:deal.new')} onClick={onAdd}>
            {wide && t('account:deal.new')}
          </Button>
        )}
      </header>
      {account.opportunities.length === 0 &&
        (wide ? <Empty title={t('account:deal.none')} why={t('account:deal.noneWhy')} /> : <p className="jy-muted">{t('account:deal.none')}</p>)}
      {account.opportunities.map(d => (
        <div className="jy-row jy-wrap jy-deal" key={d.id}>
          <span className="jy-ellipsis jy-grow" title={d.name}>
            {d.name}
          </span>
          {d.closeOn && <small className="jy-muted">{day(d.closeOn, new Date(), me?.tenant.zone)}</small>}
          <Select
            size="small"
            variant="borderless"
            aria-label={t('account:deal.stage')}
            disabled={!account.editable}
            value={d.stage as 'open'}
            onChange={stage => change.mutate({ deal: d, stage })}
            options={STAGES.map(value => ({ value, label: t(`account:deal.${value}`) }))}
          />
          <b className="jy-number">{d.amount === null ? '–' : shown(d.amount)}</b>
          {account.editable && (
            <button type="button" className="jy-plain jy-quiet" aria-label={`${t('shell:edit')} ${d.name}`} onClick={() => setEditing(d)}>
              <Pencil size={12} />
            </button>
          )}
        </div>
      ))}
      {account.opportunities.length > 0 && (
        <div className="jy-sums">
          {(['open', 'won'] as const).map(stage => (
            <span key={stage}>
              <small>{t(`account:deal.${stage}`)}</small>
              <b>{shown(sum(stage))}</b>
            </span>
          ))}
        </div>
      )}
      {editing && <DealForm account={account} deal={editing} onClose={() => setEditing(null)} />}
    </section>
  )
}

export function DealForm({ account, deal, onClose }: { account: AccountDetail; deal: Deal | null; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const me = useMe()
  const [form] = Form.useForm<Values>()
  const save = useMutation({
    mutationFn: async (v: Values) => {
      const body = {
        name: v.name,
        amount: v.amount === null || v.amount === undefined ? null : Math.round(v.amount * 100),
        closeOn: v.closeOn || null,
      }
      if (deal) await call(updateOpportunity, { params: { id: account.id, subId: deal.id }, ifMatch: deal.rowVersion, body })
      else await call(addOpportunity, { params: { id: account.id }, body })
    },
    onSuccess: async () => {
      await Promise.all(['account', 'timeline'].map(key => queries.invalidateQueries({ queryKey: [key] })))
      onClose()
    },
    onError: error => void message.error(say(error)),
  })
  return (
    <Modal
      open
      title={t(deal ? 'account:deal.edit' : 'account:deal.new')}
      okText={t('shell:save')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ loading: save.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ name: deal?.name ?? '', amount: deal?.amount === null || !deal ? null : deal.amount / 100, closeOn: deal?.closeOn ?? '' }}
        onFinish={v => save.mutate(v)}
      >
        <Form.Item name="name" label={t('account:deal.name')} rules={[{ required: true, whitespace: true, message: t('account:deal.nameMissing') }]}>
          <Input maxLength={120} autoFocus />
        </Form.Item>
        <Form.Item name="amount" label={`${t('account:deal.amount')} ${me?.tenant.currency ?? ''}`}>
          <InputNumber min={0} precision={2} style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="closeOn" label={t('account:deal.close')}>
          <Input type="date" />
        </Form.Item>
      </Form>
    </Modal>
  )
}
