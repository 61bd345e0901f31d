/** A lead typed by a person: given by the rules like any other, unless one keeps it. */
import { App, Button, Checkbox, Drawer, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { sendLeads } from '../../contract/intake/leads.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { LEAD_TOUCHES } from './lead-drawer.tsx'
import { LeadFields } from './lead-fields.tsx'

type Values = Record<string, string | boolean | null | undefined>
const TEXTS = ['contact', 'title', 'phone', 'email']
const CATALOGUED = [
  ['division', 'division'],
  ['industry', 'industry'],
  ['source', 'channel'],
] as const

export function NewLead({ onClose, onMade }: { onClose: () => void; onMade: (id: string) => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
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
        <LeadFields texts={TEXTS} catalogued={CATALOGUED}>
          <Form.Item name="campaign" label={t('intake:field.campaign')}>
            <Input maxLength={120} />
          </Form.Item>
        </LeadFields>
        <Form.Item name="mine" valuePropName="checked" extra={t('intake:new.mineWhy')}>
          <Checkbox>{t('intake:new.mine')}</Checkbox>
        </Form.Item>
      </Form>
    </Drawer>
  )
}
