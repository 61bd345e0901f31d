/** The company's settings: what it is called, counts in, where its days begin, when its year begins, under which number its map is shown. */
import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { type Company, getCompany, updateCompany } from '../../contract/identity/company.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { markFields } from '../app/form-problem.ts'
import { LOCALE_NAMES, LOCALES } from '../app/i18n.ts'
import { ME_KEY } from '../app/me.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'

type Given = Omit<Company, 'demo' | 'rowVersion' | 'currencyFixed'>
const CURRENCIES = ['CNY', 'TWD', 'HKD', 'USD', 'EUR', 'JPY', 'SGD', 'GBP', 'AUD', 'MYR', 'THB', 'VND', 'KRW'] as const
const MONTHS = Array.from({ length: 12 }, (_, i) => i + 1)

export function CompanyPage() {
  const company = useQuery({ queryKey: ['company'], queryFn: ({ signal }) => call(getCompany, { signal }) })
  if (company.isPending) return <Skeleton />
  if (company.isError) return <ErrorState error={company.error} onRetry={() => void company.refetch()} />
  return <CompanyForm key={company.data.rowVersion} company={company.data} />
}

function CompanyForm({ company }: { company: Company }) {
  const { t, i18n } = useTranslation()
  const [form] = Form.useForm<Given>()
  const save = useChange<Given>({
    run: given => call(updateCompany, { ifMatch: company.rowVersion, body: { ...given, mapReviewNumber: given.mapReviewNumber || null } }),
    touches: [['company'], ME_KEY],
    said: t('shell:saved'),
    onRefused: error => markFields(form, error),
  })
  const needed = [{ required: true, whitespace: true, message: t('identity:setup.missing') }]
  const month = (m: number) => new Intl.DateTimeFormat(i18n.language, { month: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2026, m - 1, 1)))
  return (
    <section className="jy-card jy-setting-box">
      <header className="jy-row">
        <h2>{t('identity:company.title')}</h2>
      </header>
      <Form<Given>
        form={form}
        layout="vertical"
        requiredMark={false}
        style={{ maxWidth: 460 }}
        disabled={save.isPending}
        initialValues={{ ...company, mapReviewNumber: company.mapReviewNumber ?? '' }}
        onFinish={given => save.mutate(given)}
      >
        <Form.Item name="name" label={t('identity:setup.company')} rules={needed}>
          <Input maxLength={120} />
        </Form.Item>
        <Form.Item
          name="currency"
          label={t('identity:setup.currency')}
          extra={company.currencyFixed ? t('identity:company.currencyFixed') : undefined}
        >
          <Select
            disabled={company.currencyFixed}
            showSearch
            options={[...new Set([company.currency, ...CURRENCIES])].map(value => ({
              value,
              label: `${value} ${new Intl.DisplayNames(i18n.language, { type: 'currency' }).of(value)}`,
            }))}
          />
        </Form.Item>
        <Form.Item name="zone" label={t('identity:setup.zone')} extra={t('identity:setup.zoneWhy')}>
          <Select showSearch options={[...new Set([company.zone, ...Intl.supportedValuesOf('timeZone')])].map(value => ({ value, label: value }))} />
        </Form.Item>
        <Form.Item name="fiscalStartMonth" label={t('identity:setup.fiscal')}>
          <Select options={MONTHS.map(value => ({ value, label: month(value) }))} />
        </Form.Item>
        <Form.Item name="locale" label={t('identity:company.locale')} extra={t('identity:company.localeWhy')}>
          <Select options={LOCALES.map(value => ({ value, label: LOCALE_NAMES[value] }))} />
        </Form.Item>
        <Form.Item name="mapReviewNumber" label={t('identity:company.review')} extra={t('identity:company.reviewWhy')}>
          <Input maxLength={60} placeholder={t('identity:company.reviewHint')} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('shell:save')}
        </Button>
      </Form>
    </section>
  )
}
