/** Signing in. The demo company's people are one press each; a server without a company leads to its first run. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Navigate, useNavigate } from '@tanstack/react-router'
import { Alert, Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { getSetup, signIn, updateMe } from '../../contract/identity/session.ts'
import { call } from '../app/api.ts'
import { Face } from '../app/face.tsx'
import { ErrorState, useProblemText } from '../app/states.tsx'
import { Door, takePickedLocale } from './door.tsx'
import { safeNext } from './next-page.ts'

type Given = { login: string; password: string }

export function LoginPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const client = useQueryClient()
  const say = useProblemText()
  const setup = useQuery({ queryKey: ['setup'], queryFn: ({ signal }) => call(getSetup, { signal }), staleTime: 0 })
  const enter = useMutation({
    mutationFn: async (given: Given) => {
      await call(signIn, { body: given })
      const locale = takePickedLocale()
      if (locale) await call(updateMe, { body: { locale } })
    },
    onSuccess: () => {
      client.clear()
      void navigate({ href: safeNext(window.location.search) })
    },
  })
  if (setup.isError) return <ErrorState error={setup.error} onRetry={() => void setup.refetch()} />
  if (setup.data?.needed) return <Navigate to="/setup" replace />
  const demo = setup.data?.demo ?? []
  return (
    <Door title={t('identity:login.title')}>
      {enter.isError && <Alert type="error" showIcon title={say(enter.error)} />}
      <Form<Given> layout="vertical" requiredMark={false} onFinish={given => enter.mutate(given)} disabled={enter.isPending}>
        <Form.Item name="login" label={t('identity:login.login')} rules={[{ required: true, message: t('identity:login.loginMissing') }]}>
          <Input autoComplete="username" autoCapitalize="none" spellCheck={false} maxLength={120} />
        </Form.Item>
        <Form.Item name="password" label={t('identity:login.password')} rules={[{ required: true, message: t('identity:login.passwordMissing') }]}>
          <Input.Password autoComplete="current-password" maxLength={200} />
        </Form.Item>
        <Button type="primary" htmlType="submit" block size="large" loading={enter.isPending}>
          {t('identity:login.enter')}
        </Button>
      </Form>
      <p className="jy-muted">{t('identity:login.forgotten')}</p>
      {demo.length > 0 && (
        <section className="jy-demo" aria-label={t('identity:login.demo')}>
          <h2>{t('identity:login.demo')}</h2>
          <p className="jy-muted">{t('identity:login.demoWhy')}</p>
          <ul>
            {demo.map(person => (
              <li key={person.login}>
                <button type="button" disabled={enter.isPending} onClick={() => enter.mutate({ login: person.login, password: person.password })}>
                  <Face name={person.name} />
                  <span>
                    <b>{person.name}</b>
                    <small>{person.title}</small>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Door>
  )
}
