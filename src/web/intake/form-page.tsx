/** The public form: a visitor leaves what is needed, and is told that it was received. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Alert, Button, Form, Input, Result } from 'antd'
import { useTranslation } from 'react-i18next'
import { readForm, sendForm } from '../../contract/intake/forms.ts'
import { call } from '../app/api.ts'
import { ErrorState, Skeleton, useProblemText } from '../app/states.tsx'
import { Door } from '../identity/door.tsx'
import './intake.css'

type Given = { company: string; contact: string; phone?: string; email?: string; place?: string; need?: string; homepage?: string }

export function FormPage() {
  const { t } = useTranslation()
  const say = useProblemText()
  const { token } = useParams({ strict: false }) as { token: string }
  const [form] = Form.useForm<Given>()
  const found = useQuery({ queryKey: ['form', token], retry: false, queryFn: ({ signal }) => call(readForm, { params: { token }, signal }) })
  const send = useMutation({ mutationFn: (given: Given) => call(sendForm, { params: { token }, body: given }) })
  if (found.isPending) return <Skeleton />
  if (found.isError)
    return (
      <Door title={t('intake:form.title')}>
        <ErrorState error={found.error} />
      </Door>
    )
  if (send.isSuccess)
    return (
      <Door title={found.data.name}>
        <Result status="success" title={t('intake:form.received')} subTitle={t('intake:form.receivedWhy')} />
      </Door>
    )
  const must = [{ required: true, whitespace: true, message: t('intake:form.required') }]
  const either = {
    validator: () =>
      form.getFieldValue('phone') || form.getFieldValue('email') ? Promise.resolve() : Promise.reject(new Error(t('intake:form.either'))),
  }
  return (
    <Door title={found.data.name} lead={t('intake:form.lead', { company: found.data.company })}>
      {send.isError && <Alert type="error" showIcon title={say(send.error)} />}
      <Form<Given> form={form} layout="vertical" disabled={send.isPending} onFinish={given => send.mutate(given)}>
        <Form.Item name="company" label={t('intake:column.company')} rules={must}>
          <Input maxLength={160} autoComplete="organization" />
        </Form.Item>
        <Form.Item name="contact" label={t('intake:field.contact')} rules={must}>
          <Input maxLength={60} autoComplete="name" />
        </Form.Item>
        <Form.Item name="phone" label={t('intake:field.phone')} rules={[either]}>
          <Input maxLength={40} autoComplete="tel" inputMode="tel" />
        </Form.Item>
        <Form.Item name="email" label={t('intake:field.email')} rules={[{ type: 'email' }]}>
          <Input maxLength={120} autoComplete="email" />
        </Form.Item>
        <Form.Item name="place" label={t('intake:form.place')}>
          <Input maxLength={200} autoComplete="street-address" />
        </Form.Item>
        <Form.Item name="need" label={t('intake:field.need')}>
          <Input.TextArea rows={3} maxLength={2000} />
        </Form.Item>
        <Form.Item name="homepage" className="jy-lead-trap" aria-hidden>
          <Input tabIndex={-1} autoComplete="off" />
        </Form.Item>
        <Button type="primary" htmlType="submit" block size="large" loading={send.isPending}>
          {t('intake:form.send')}
        </Button>
      </Form>
    </Door>
  )
}
