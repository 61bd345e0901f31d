/** Asking for what one may not do oneself: to be given the customer, to have it given to a colleague, or to see and do more with it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Drawer, Form, Input, Radio } from 'antd'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { askApproval, findApprover } from '../../contract/approval/approvals.ts'
import { call } from '../app/api.ts'
import { useMe } from '../app/me.ts'
import { useProblemText } from '../app/states.tsx'
import { Decider } from '../approval/decider.tsx'
import { type Person, PersonSelect } from '../identity/person-select.tsx'

type What = 'own' | 'other' | 'private' | 'edit'
type Values = { what: What; person?: Person | null; why: string }

export function RequestDrawer({ account, onClose }: { account: AccountDetail; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const me = useMe()
  const queries = useQueryClient()
  const [form] = Form.useForm<Values>()
  const mine = account.owner !== null && account.owner.id === me?.user.id
  const choices: What[] = [
    ...(mine ? [] : (['own'] as const)),
    'other',
    ...(account.masked ? (['private'] as const) : []),
    ...(account.editable ? [] : (['edit'] as const)),
  ]
  const what = Form.useWatch('what', form) ?? choices[0]!
  const person = Form.useWatch('person', form)
  const request = {
    kind: what === 'own' || what === 'other' ? ('account.transfer' as const) : ('account.share' as const),
    recordId: account.id,
    payload: what === 'own' ? { ownerId: me?.user.id } : what === 'other' ? { ownerId: person?.id } : { access: what },
  }
  const ready = what !== 'other' || Boolean(person)
  const approver = useQuery({
    queryKey: ['approver', request],
    enabled: ready,
    queryFn: ({ signal }) => call(findApprover, { body: request, signal }),
  })
  const ask = useMutation({
    mutationFn: (why: string) => call(askApproval, { body: { ...request, why } }),
    onSuccess: async reply => {
      await queries.invalidateQueries()
      void message.success(t('approval:sent', { name: reply.approver.name }))
      onClose()
    },
    onError: error => void message.error(say(error)),
  })
  const decider = approver.data?.approver
  return (
    <Drawer
      open
      size={420}
      title={t('approval:ask')}
      onClose={onClose}
      extra={
        <Button type="primary" loading={ask.isPending} disabled={!ready || !decider} onClick={() => form.submit()}>
          {t('approval:send')}
        </Button>
      }
    >
      <Form form={form} layout="vertical" initialValues={{ what: choices[0] }} onFinish={v => ask.mutate(v.why)}>
        <Form.Item name="what" label={t('approval:what')}>
          <Radio.Group style={{ display: 'flex', flexDirection: 'column', gap: 6 }}>
            {choices.map(value => (
              <Radio key={value} value={value}>
                {t(`approval:choice.${value}`)}
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
        {what === 'other' && (
          <Form.Item name="person" label={t('approval:to')} rules={[{ required: true, message: t('account:assign.missing') }]}>
            <PersonSelect />
          </Form.Item>
        )}
        <Form.Item
          name="why"
          label={t('account:assign.reason')}
          rules={[{ required: true, whitespace: true, max: 400, message: t('account:assign.reasonMissing') }]}
        >
          <Input.TextArea rows={3} maxLength={400} placeholder={t('approval:whyHint')} />
        </Form.Item>
      </Form>
      <Decider found={approver.data} error={approver.error} />
    </Drawer>
  )
}
