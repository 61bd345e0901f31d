/** First run: the company, what it counts in, and its first administrator. Asked once; afterwards the page leads to the login. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Navigate, useNavigate } from '@tanstack/react-router'
import { Alert, Button, Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { createTenant, getSetup, signIn } from '../../contract/identity/session.ts'
import type { Locale } from '../../contract/kernel/shapes.ts'
import { call, Problem } from '../app/api.ts'
import { markFields } from '../app/form-problem.ts'
import { LOCALE_NAMES, LOCALES } from '../app/i18n.ts'
import { ErrorState, useProblemText } from '../app/states.tsx'
import { Door } from './door.tsx'

type Given = {
  name: string
  currency: string
  zone: string
  fiscalStartMonth: number
  locale: Locale
  administrator: { name: string; login: string; password: string }
}
const CURRENCIES = ['CNY', 'TWD', 'HKD', 'USD', 'EUR', 'JPY', 'SGD'] as const
const MONTHS = Array.from({ length: 12 }, (_, i) => i + 1)

export function SetupPage() {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const say = useProblemText()
  const [form] = Form.useForm<Given>()
  const setup = useQuery({ queryKey: ['setup'], queryFn: ({ signal }) => call(getSetup, { signal }), staleTime: 0 })
  const make = useMutation({
    mutationFn: async (given: Given) => {
      await call(createTenant, { body: given })
      await call(signIn, { body: { login: given.administrator.login, password: given.administrator.password } })
    },
    onSuccess: () => void navigate({ to: '/' }),
    onError: error => {
      if (error instanceof Problem && error.code === 'password.weak')
        form.setFields([{ name: ['administrator', 'password'], errors: [error.detail] }])
      else markFields(form, error)
    },
  })
  if (setup.isError) return <ErrorState error={setup.error} onRetry={() => void setup.refetch()} />
  if (setup.data && !setup.data.needed && !make.isPending && !make.isSuccess) return <Navigate to="/login" replace />
  const needed = [{ required: true, message: t('identity:setup.missing') }]
  const zones = Intl.supportedValuesOf('timeZone').map(value => ({ value, label: value }))
  const month = (m: number) => new Intl.DateTimeFormat(i18n.language, { month: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2026, m - 1, 1)))
  return (
    <Door title={t('identity:setup.title')} lead={t('identity:setup.lead')}>
      {make.isError && <Alert type="error" showIcon title={say(make.error)} />}
      <Form<Given>
        form={form}
        layout="vertical"
        requiredMark={false}
        disabled={make.isPending}
        onFinish={given => make.mutate(given)}
        initialValues={{
          currency: 'CNY',
          zone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'Asia/Shanghai',
          fiscalStartMonth: 1,
          locale: i18n.language as Locale,
        }}
      >
        <Form.Item name="name" label={t('identity:setup.company')} rules={needed}>
          <Input maxLength={120} autoComplete="organization" />
        </Form.Item>
        <Form.Item name="currency" label={t('identity:setup.currency')} rules={needed}>
          <Select
            showSearch
            options={CURRENCIES.map(value => ({ value, label: `${value} ${new Intl.DisplayNames(i18n.language, { type: 'currency' }).of(value)}` }))}
          />
        </Form.Item>
        <Form.Item name="zone" label={t('identity:setup.zone')} rules={needed} extra={t('identity:setup.zoneWhy')}>
          <Select showSearch options={zones} />
        </Form.Item>
        <Form.Item name="fiscalStartMonth" label={t('identity:setup.fiscal')} rules={needed}>
          <Select options={MONTHS.map(value => ({ value, label: month(value) }))} />
        </Form.Item>
        <Form.Item name="locale" label={t('identity:setup.locale')} rules={needed}>
          <Select options={LOCALES.map(value => ({ value, label: LOCALE_NAMES[value] }))} />
        </Form.Item>
        <h2>{t('identity:setup.administrator')}</h2>
        <Form.Item name={['administrator', 'name']} label={t('identity:people.name')} rules={needed}>
          <Input maxLength={60} autoComplete="name" />
        </Form.Item>
        <Form.Item name={['administrator', 'login']} label={t('identity:login.login')} rules={needed}>
          <Input maxLength={120} autoComplete="username" autoCapitalize="none" spellCheck={false} />
        </Form.Item>
        <Form.Item name={['administrator', 'password']} label={t('identity:login.password')} rules={needed} extra={t('identity:password.rule')}>
          <Input.Password maxLength={200} autoComplete="new-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" block size="large" loading={make.isPending}>
          {t('identity:setup.make')}
        </Button>
      </Form>
    </Door>
  )
}
