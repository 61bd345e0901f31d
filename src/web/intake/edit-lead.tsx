/** Correcting what a lead says; one that waits for a missing field can then be routed again. */
import { Button, Drawer, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { changeLead } from '../../contract/intake/leads.ts'
import { FieldInput } from '../account/field-input.tsx'
import { useCatalogue, useWords } from '../account/use-catalogue.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { markFields } from '../app/form-problem.ts'
import { LEAD_TOUCHES, type Lead } from './lead-drawer.tsx'

type Values = Partial<Record<'company' | 'contact' | 'title' | 'division' | 'industry' | 'need', string | null>>
const TEXTS = ['contact', 'title'] as const

export function EditLead({ lead, onClose }: { lead: Lead; onClose: () => void }) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Values>()
  const catalogue = useCatalogue()
  const words = useWords([])
  const save = useChange({
    run: (v: Values) =>
      call(changeLead, {
        params: { id: lead.id },
        ifMatch: lead.rowVersion,
        body: {
          ...(Object.fromEntries(Object.entries(v).map(([key, value]) => [key, value || null])) as Values),
          company: v.company ?? lead.company,
        },
      }),
    touches: LEAD_TOUCHES,
    onDone: onClose,
    onRefused: error => markFields(form, error),
  })
  const input = (key: 'division' | 'industry') => {
    const field = catalogue.data?.fields.find(f => f.key === key)
    return field && catalogue.data ? (
      <Form.Item name={key} label={words.label(key)}>
        <FieldInput field={field} catalogue={catalogue.data} />
      </Form.Item>
    ) : null
  }
  return (
    <Drawer
      open
      size={440}
      title={t('intake:edit')}
      onClose={onClose}
      extra={
        <Button type="primary" loading={save.isPending} onClick={() => form.submit()}>
          {t('shell:save')}
        </Button>
      }
    >
      <Form form={form} layout="vertical" initialValues={lead} onFinish={v => save.mutate(v)}>
        <Form.Item
          name="company"
          label={t('intake:column.company')}
          rules={[{ required: true, whitespace: true, message: t('intake:new.companyMissing') }]}
        >
          <Input maxLength={160} />
        </Form.Item>
        <div className="jy-lead-two">
          {TEXTS.map(key => (
            <Form.Item key={key} name={key} label={t(`intake:field.${key}`)}>
              <Input maxLength={60} />
            </Form.Item>
          ))}
          {input('division')}
          {input('industry')}
        </div>
        <Form.Item name="need" label={t('intake:field.need')}>
          <Input.TextArea rows={3} maxLength={2000} />
        </Form.Item>
      </Form>
    </Drawer>
  )
}
