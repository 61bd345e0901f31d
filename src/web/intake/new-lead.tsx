/** A lead typed by a person: given by the rules like any other, unless one keeps it. */
import { App, Button, Checkbox, Drawer, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { sendLeads } from '../../contract/intake/leads.ts'
import { FieldInput } from '../account/field-input.tsx'
import { useCatalogue, useWords } from '../account/use-catalogue.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { LEAD_TOUCHES } from './lead-drawer.tsx'

type Values = Record<string, string | boolean | null | undefined>
const TEXTS = ['contact', 'title', 'phone', 'email'] as const

export function NewLead({ onClose, onMade }: { onClose: () => void; onMade: (id: string) => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const catalogue = useCatalogue()
  const words = useWords([])
  const send = useChange({
    run: (v: Values) =>
      call(sendLeads, {
        body: { leads: [Object.fromEntries(Object.entries(v).filter(([, value]) => value !== undefined && value !== null && value !== ''))] },
      }),
    touches: LEAD_TOUCHES,
    said: null,
    onDone: ({ outcomes }) => {
      const got = outcomes[0]!
      if (got.outcome === 'refused') return form.setFields([{ name: got.field ?? 'company', errors: [got.words ?? ''] }])
      void message.success(t(`intake:new.${got.outcome}`))
      onClose()
      if (got.id) onMade(got.id)
    },
  })
  const input = (key: string, name = key) => {
    const field = catalogue.data?.fields.find(f => f.key === key)
    return field && catalogue.data ? (
      <Form.Item name={name} label={words.label(key)} key={key}>
        <FieldInput field={field} catalogue={catalogue.data} />
      </Form.Item>
    ) : null
  }
  return (
    <Drawer
      open
      size={440}
      title={t('intake:new.title')}
      onClose={onClose}
      extra={
        <Button type="primary" loading={send.isPending} onClick={() => form.submit()}>
          {t('intake:new.do')}
        </Button>
      }
    >
      <Form form={form} layout="vertical" onFinish={v => send.mutate(v)}>
        <Form.Item
          name="company"
          label={t('intake:column.company')}
          rules={[{ required: true, whitespace: true, message: t('intake:new.companyMissing') }]}
        >
          <Input autoFocus maxLength={160} />
        </Form.Item>
        <div className="jy-lead-two">
          {TEXTS.map(key => (
            <Form.Item key={key} name={key} label={t(`intake:field.${key}`)}>
              <Input maxLength={60} />
            </Form.Item>
          ))}
          {input('division')}
          {input('industry')}
          {input('source', 'channel')}
          <Form.Item name="campaign" label={t('intake:field.campaign')}>
            <Input maxLength={120} />
          </Form.Item>
        </div>
        <Form.Item name="need" label={t('intake:field.need')}>
          <Input.TextArea rows={3} maxLength={2000} />
        </Form.Item>
        <Form.Item name="mine" valuePropName="checked" extra={t('intake:new.mineWhy')}>
          <Checkbox>{t('intake:new.mine')}</Checkbox>
        </Form.Item>
      </Form>
    </Drawer>
  )
}
