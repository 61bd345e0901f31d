/** An invitation or reset link: the person sets a password with it, once. */
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Alert, Button, Form, Input, Result } from 'antd'
import { useTranslation } from 'react-i18next'
import { acceptTicket } from '../../contract/identity/session.ts'
import { call } from '../app/api.ts'
import { useProblemText } from '../app/states.tsx'
import { Door } from './door.tsx'

type Given = { password: string; again: string }

/** Router search values are JSON-parsed; the ticket is read as it was written. */
const ticketOf = (): string => new URLSearchParams(window.location.search).get('ticket') ?? ''

export function TicketPage() {
  const { t } = useTranslation()
  const say = useProblemText()
  const ticket = ticketOf()
  const accept = useMutation({ mutationFn: (given: Given) => call(acceptTicket, { body: { ticket, password: given.password } }) })
  if (ticket === '') {
    return (
      <Door title={t('identity:ticket.title')}>
        <Alert type="warning" showIcon title={t('identity:ticket.none')} />
        <Link to="/login">{t('identity:ticket.toLogin')}</Link>
      </Door>
    )
  }
  if (accept.isSuccess) {
    return (
      <Door title={t('identity:ticket.title')}>
        <Result status="success" title={t('identity:ticket.done')} extra={<Link to="/login">{t('identity:ticket.toLogin')}</Link>} />
      </Door>
    )
  }
  return (
    <Door title={t('identity:ticket.title')} lead={t('identity:ticket.lead')}>
      {accept.isError && <Alert type="error" showIcon title={say(accept.error)} />}
      <Form<Given> layout="vertical" requiredMark={false} disabled={accept.isPending} onFinish={given => accept.mutate(given)}>
        <Form.Item
          name="password"
          label={t('identity:password.next')}
          extra={t('identity:password.rule')}
          rules={[{ required: true, min: 10, message: t('identity:password.rule') }]}
        >
          <Input.Password autoComplete="new-password" maxLength={200} />
        </Form.Item>
        <Form.Item
          name="again"
          label={t('identity:password.again')}
          dependencies={['password']}
          rules={[
            form => ({
              validator: (_, value) =>
                value === form.getFieldValue('password') ? Promise.resolve() : Promise.reject(new Error(t('identity:password.differ'))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" maxLength={200} />
        </Form.Item>
        <Button type="primary" htmlType="submit" block size="large" loading={accept.isPending}>
          {t('identity:ticket.accept')}
        </Button>
      </Form>
    </Door>
  )
}
