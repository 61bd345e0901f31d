/** Closing leads with a reason from the list. */
import { Form, Input, Modal, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { CLOSE_REASONS, closeLeads } from '../../contract/intake/leads.ts'
import { call, type ReplyOf } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { LEAD_TOUCHES } from './lead-drawer.tsx'

type Props = { ids: readonly string[]; onClose: () => void; onDone: (reply: ReplyOf<typeof closeLeads>) => void }
type Values = { reason: (typeof CLOSE_REASONS)[number]; remark?: string }
export function CloseLeads({ ids, onClose, onDone }: Props) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Values>()
  const close = useChange({
    run: (v: Values) => call(closeLeads, { body: { ids: [...ids], reason: v.reason, remark: v.remark?.trim() || null } }),
    touches: LEAD_TOUCHES,
    said: t('intake:close.done'),
    onDone,
  })
  return (
    <Modal
      open
      title={ids.length > 1 ? t('intake:close.many', { n: ids.length }) : t('intake:close.title')}
      okText={t('intake:close.do')}
      cancelText={t('shell:cancel')}
      confirmLoading={close.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form form={form} layout="vertical" onFinish={v => close.mutate(v)}>
        <Form.Item name="reason" label={t('intake:close.reason')} rules={[{ required: true, message: t('intake:close.missing') }]}>
          <Select options={CLOSE_REASONS.map(value => ({ value, label: t(`intake:closeReason.${value}`) }))} />
        </Form.Item>
        <Form.Item name="remark" label={t('intake:close.remark')}>
          <Input maxLength={200} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
