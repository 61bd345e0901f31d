/** My own profile: a new password. Language and theme stand in the menu on top. */
import { useMutation } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { updateMe } from '../../contract/identity/session.ts'
import { call } from '../app/api.ts'
import { useMe } from '../app/me.ts'
import { useProblemText } from '../app/states.tsx'

type Values = { now: string; next: string; again: string }

export function ProfilePage() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const me = useMe()
  const [form] = Form.useForm<Values>()
  const save = useMutation({
    mutationFn: (v: Values) => call(updateMe, { body: { password: { now: v.now, next: v.next } } }),
    onSuccess: () => {
      form.resetFields()
      void message.success(t('shell:saved'))
    },
    onError: error => void message.error(say(error)),
  })
  return (
    <section className="jy-card jy-setting-box" style={{ maxWidth: 460 }}>
      <h2>{me?.user.name}</h2>
      <p className="jy-muted">{me?.user.login}</p>
      <Form form={form} layout="vertical" onFinish={v => save.mutate(v)}>
        <Form.Item name="now" label={t('identity:profile.now')} rules={[{ required: true, message: t('identity:login.passwordMissing') }]}>
          <Input.Password autoComplete="current-password" maxLength={200} />
        </Form.Item>
        <Form.Item
          name="next"
          label={t('identity:password.next')}
          extra={t('identity:password.rule')}
          rules={[{ required: true, min: 10, message: t('identity:password.rule') }]}
        >
          <Input.Password autoComplete="new-password" maxLength={200} />
        </Form.Item>
        <Form.Item
          name="again"
          label={t('identity:password.again')}
          dependencies={['next']}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_, value) =>
                value === getFieldValue('next') ? Promise.resolve() : Promise.reject(new Error(t('identity:password.differ'))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" maxLength={200} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('shell:save')}
        </Button>
      </Form>
    </section>
  )
}
