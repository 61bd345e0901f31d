/** Correcting what a lead says; one that waits for a missing field can then be routed again. */
import { Button, Drawer, Form } from 'antd'
import { useTranslation } from 'react-i18next'
import { changeLead } from '../../contract/intake/leads.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { markFields } from '../app/form-problem.ts'
import { LEAD_TOUCHES, type Lead } from './lead-drawer.tsx'
import { LeadFields } from './lead-fields.tsx'

type Values = Partial<Record<'company' | 'contact' | 'title' | 'division' | 'industry' | 'need', string | null>>
const TEXTS = ['contact', 'title']
const CATALOGUED = [
  ['division', 'division'],
  ['industry', 'industry'],
] as const

export function EditLead({ lead, onClose }: { lead: Lead; onClose: () => void }) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Values>()
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
        <LeadFields texts={TEXTS} catalogued={CATALOGUED} />
      </Form>
    </Drawer>
  )
}
