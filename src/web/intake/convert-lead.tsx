/** A lead becomes a customer: the one it was matched to, another that one finds, or a new one, with the warning of duplicates while one looks at it. */
import { useNavigate } from '@tanstack/react-router'
import { Button, Drawer, Form, Input, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldValues } from '../../contract/account/accounts.ts'
import { convertLead } from '../../contract/intake/leads.ts'
import { FieldInput } from '../account/field-input.tsx'
import { useCatalogue, useWords } from '../account/use-catalogue.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { useMay } from '../app/me.ts'
import { TypingWarning } from '../dedupe/typing-warning.tsx'
import { LEAD_TOUCHES, type Lead } from './lead-drawer.tsx'

const FIELDS = ['division', 'industry', 'tier', 'source'] as const

export function ConvertLead({ lead, onClose }: { lead: Lead; onClose: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const catalogue = useCatalogue()
  const words = useWords([])
  const creates = useMay('account.create')
  const [to, setTo] = useState<'matched' | 'other' | 'new'>(lead.account ? 'matched' : creates ? 'new' : 'other')
  const [other, setOther] = useState<string | null>(null)
  const [form] = Form.useForm<FieldValues>()
  const accountId = to === 'matched' ? (lead.account?.id ?? null) : to === 'other' ? other : null
  const named = catalogue.data?.fields.find(f => f.key === 'parentId')
  const convert = useChange({
    run: (values: FieldValues) =>
      call(convertLead, {
        params: { id: lead.id },
        body: { accountId, values: Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined && v !== null && v !== '')) },
      }),
    touches: [...LEAD_TOUCHES, ['accounts'], ['account']],
    said: t('intake:convert.done'),
    onDone: made => {
      onClose()
      if (made.visible) void navigate({ to: '/accounts/$id' as never, params: { id: made.accountId } as never })
    },
  })
  const input = (key: string) => {
    const field = catalogue.data?.fields.find(f => f.key === key && f.access === 'edit')
    return field && catalogue.data ? (
      <Form.Item key={key} name={key} label={words.label(key)}>
        <FieldInput field={field} catalogue={catalogue.data} />
      </Form.Item>
    ) : null
  }
  return (
    <Drawer
      open
      size={480}
      title={t('intake:convert.title')}
      onClose={onClose}
      extra={
        <Button
          type="primary"
          disabled={to !== 'new' && accountId === null}
          loading={convert.isPending}
          onClick={() => (to === 'new' ? form.submit() : convert.mutate({}))}
        >
          {t('intake:convert.do')}
        </Button>
      }
    >
      <Radio.Group className="jy-lead-people" value={to} onChange={event => setTo(event.target.value as typeof to)}>
        {lead.account && <Radio value="matched">{t('intake:convert.matched', { name: lead.account.name })}</Radio>}
        {creates && <Radio value="new">{t('intake:convert.new')}</Radio>}
        <Radio value="other">{t('intake:convert.other')}</Radio>
      </Radio.Group>
      <p className="jy-muted jy-lead-hint">{t(to === 'new' ? 'intake:convert.newWhy' : 'intake:convert.otherWhy')}</p>
      {to === 'other' && named && catalogue.data && (
        <FieldInput field={named} catalogue={catalogue.data} value={other} onChange={value => setOther((value as string | null) ?? null)} />
      )}
      {to === 'new' && (
        <Form
          form={form}
          layout="vertical"
          initialValues={{
            name: lead.company,
            division: lead.division,
            industry: lead.industry,
            source: lead.channel,
            phone: lead.phone,
            email: lead.email,
          }}
          onFinish={values => convert.mutate(values)}
        >
          <TypingWarning form={form} />
          <Form.Item name="name" label={words.label('name')} rules={[{ required: true, whitespace: true, message: t('intake:new.companyMissing') }]}>
            <Input maxLength={160} />
          </Form.Item>
          <div className="jy-lead-two">{FIELDS.map(input)}</div>
        </Form>
      )}
    </Drawer>
  )
}
