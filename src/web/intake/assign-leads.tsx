/** Giving leads to a person by hand: members of the territory first, with what they hold; a reason is kept for ever. */
import { useQuery } from '@tanstack/react-query'
import { Button, Drawer, Form, Input, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { assignLeads, findLeadOwners } from '../../contract/intake/leads.ts'
import { call, type ReplyOf } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { count } from '../app/figures.ts'
import { useRested } from '../app/paged.ts'
import { LEAD_TOUCHES } from './lead-drawer.tsx'

type Props = { ids: readonly string[]; onClose: () => void; onDone: (reply: ReplyOf<typeof assignLeads>) => void }
export function AssignLeads({ ids, onClose, onDone }: Props) {
  const { t } = useTranslation()
  const [needle, setNeedle] = useState('')
  const search = useRested(needle).trim() || undefined
  const [form] = Form.useForm<{ ownerId: string; reason: string }>()
  const owners = useQuery({
    queryKey: ['lead-owners', ids[0], search],
    queryFn: ({ signal }) => call(findLeadOwners, { params: { id: ids[0]! }, query: { search }, signal }),
  })
  const assign = useChange({
    run: (v: { ownerId: string; reason: string }) => call(assignLeads, { body: { ids: [...ids], ...v } }),
    touches: LEAD_TOUCHES,
    said: t('intake:assign.done'),
    onDone,
  })
  return (
    <Drawer
      open
      size={420}
      title={ids.length > 1 ? t('intake:assign.many', { n: ids.length }) : t('intake:assign.title')}
      onClose={onClose}
      extra={
        <Button type="primary" loading={assign.isPending} onClick={() => form.submit()}>
          {t('intake:assign.do')}
        </Button>
      }
    >
      <Form form={form} layout="vertical" onFinish={v => assign.mutate(v)}>
        <Input allowClear placeholder={t('intake:assign.find')} value={needle} onChange={event => setNeedle(event.target.value)} />
        <Form.Item name="ownerId" rules={[{ required: true, message: t('intake:assign.missing') }]}>
          <Radio.Group className="jy-lead-people">
            {owners.data?.rows.map(p => (
              <Radio key={p.id} value={p.id}>
                {p.name}{' '}
                <small className="jy-muted">
                  {[p.title, p.member ? t('intake:assign.member') : null, t('intake:assign.open', { n: count(p.open) })].filter(Boolean).join(' · ')}
                </small>
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
        {owners.data?.rows.length === 0 && <p className="jy-muted">{t(search ? 'intake:assign.none' : 'intake:assign.byName')}</p>}
        <Form.Item
          name="reason"
          label={t('intake:assign.reason')}
          rules={[{ required: true, whitespace: true, max: 200, message: t('intake:assign.reasonMissing') }]}
        >
          <Input.TextArea rows={3} maxLength={200} />
        </Form.Item>
      </Form>
    </Drawer>
  )
}
