/** Inviting a person: who, in which department, with which roles; then the link to hand over. */
import { Button, Form, Input, Modal } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { inviteUser } from '../../contract/identity/people.ts'
import { call, newKey } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { markFields } from '../app/form-problem.ts'
import type { PersonGiven } from './person-fields.tsx'
import { cleaned, PersonFields } from './person-fields.tsx'
import { TicketLink } from './ticket-link.tsx'

type Given = PersonGiven & { login: string }

function Invite({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Given>()
  const [made, setMade] = useState<{ ticket: string; name: string } | null>(null)
  const key = useRef(newKey())
  const invite = useChange<Given, { id: string; ticket: string }>({
    run: given => call(inviteUser, { body: { login: given.login, ...cleaned(given) }, idempotencyKey: key.current }),
    touches: [['users']],
    said: null,
    onDone: ({ ticket }, given) => setMade({ ticket, name: given.name }),
    onRefused: error => {
      key.current = newKey()
      return markFields(form, error)
    },
  })
  if (made) {
    return (
      <>
        <TicketLink {...made} />
        <Button type="primary" style={{ marginTop: 16 }} onClick={onClose}>
          {t('shell:close')}
        </Button>
      </>
    )
  }
  return (
    <Form<Given> form={form} layout="vertical" requiredMark={false} onFinish={given => invite.mutate(given)} disabled={invite.isPending}>
      <Form.Item
        name="login"
        label={t('identity:login.login')}
        extra={t('identity:people.loginWhy')}
        rules={[{ required: true, whitespace: true, message: t('identity:login.loginMissing') }]}
      >
        <Input maxLength={120} autoComplete="off" autoCapitalize="none" spellCheck={false} />
      </Form.Item>
      <PersonFields />
      <Button type="primary" htmlType="submit" loading={invite.isPending}>
        {t('identity:people.invite')}
      </Button>
    </Form>
  )
}

export function InviteDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal open={open} onCancel={onClose} title={t('identity:people.invite')} footer={null} destroyOnHidden mask={{ closable: false }}>
      <Invite onClose={onClose} />
    </Modal>
  )
}
