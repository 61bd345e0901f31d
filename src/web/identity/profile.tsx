/** Myself: what the company knows of me, my language and appearance, my password. */
import { Alert, Button, Form, Input, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../contract/identity/session.ts'
import { updateMe } from '../../contract/identity/session.ts'
import type { Locale } from '../../contract/kernel/shapes.ts'
import { call, Problem } from '../app/api.ts'
import type { Appearance } from '../app/appearance.ts'
import { APPEARANCES, choose, useAppearance } from '../app/appearance.ts'
import { useChange } from '../app/change.ts'
import { NOTHING } from '../app/format.ts'
import { LOCALE_NAMES, LOCALES, labelOf, switchLocale } from '../app/i18n.ts'
import { ME_KEY, useMe } from '../app/me.ts'
import { Skeleton } from '../app/states.tsx'

type Passwords = { now: string; next: string; again: string }

function PasswordForm({ login }: { login: string }) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Passwords>()
  const save = useChange<Passwords>({
    run: ({ now, next }) => call(updateMe, { body: { password: { now, next } } }),
    touches: [],
    said: t('identity:password.changed'),
    onDone: () => form.resetFields(),
    onRefused: error => {
      const field = error instanceof Problem ? ({ 'login.wrong': 'now', 'password.weak': 'next' } as const)[error.code] : undefined
      if (field) form.setFields([{ name: field, errors: [(error as Problem).detail] }])
      return field !== undefined
    },
  })
  return (
    <Form<Passwords> form={form} layout="vertical" requiredMark={false} onFinish={given => save.mutate(given)} disabled={save.isPending}>
      <input hidden readOnly autoComplete="username" value={login} />
      <Form.Item name="now" label={t('identity:password.now')} rules={[{ required: true, message: t('identity:login.passwordMissing') }]}>
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
          given => ({
            validator: (_, value) =>
              value === given.getFieldValue('next') ? Promise.resolve() : Promise.reject(new Error(t('identity:password.differ'))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={200} />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={save.isPending}>
        {t('identity:password.change')}
      </Button>
    </Form>
  )
}

function Preferences() {
  const { t, i18n } = useTranslation()
  const appearance = useAppearance()
  const save = useChange<{ locale?: Locale; theme?: Appearance }>({
    run: async change => {
      if (change.locale) await switchLocale(change.locale)
      if (change.theme) choose(change.theme)
      return call(updateMe, { body: change })
    },
    touches: [ME_KEY],
    said: null,
  })
  return (
    <div style={{ display: 'grid', gap: 10, justifyItems: 'start' }}>
      <span>{t('shell:user.language')}</span>
      <Segmented
        aria-label={t('shell:user.language')}
        value={i18n.language as Locale}
        onChange={locale => save.mutate({ locale })}
        options={LOCALES.map(l => ({ value: l, label: LOCALE_NAMES[l] }))}
      />
      <span>{t('shell:user.theme')}</span>
      <Segmented
        aria-label={t('shell:user.theme')}
        value={appearance}
        onChange={theme => save.mutate({ theme })}
        options={APPEARANCES.map(a => ({ value: a, label: t(`shell:theme.${a}`) }))}
      />
    </div>
  )
}

function Facts({ me }: { me: Me }) {
  const { t, i18n } = useTranslation()
  return (
    <dl className="jy-facts">
      <dt>{t('identity:people.name')}</dt>
      <dd>{me.user.name}</dd>
      <dt>{t('identity:login.login')}</dt>
      <dd>{me.user.login}</dd>
      <dt>{t('identity:people.jobTitle')}</dt>
      <dd>{me.user.title ?? NOTHING}</dd>
      <dt>{t('identity:people.roles')}</dt>
      <dd>{me.roles.map(r => labelOf(r.labels, i18n.language as Locale)).join(' · ')}</dd>
      <dt>{t('identity:profile.company')}</dt>
      <dd>{me.tenant.name}</dd>
    </dl>
  )
}

export function ProfilePage() {
  const { t } = useTranslation()
  const me = useMe()
  if (!me) return <Skeleton />
  return (
    <div className="jy-page">
      <h1>{t('identity:profile.title')}</h1>
      <section className="jy-card jy-form">
        <Facts me={me} />
      </section>
      {me.viewAs ? (
        <Alert type="info" showIcon title={t('identity:profile.viewing')} />
      ) : (
        <>
          <section className="jy-card jy-form">
            <Preferences />
          </section>
          <section className="jy-card jy-form">
            <h2 style={{ marginBottom: 12 }}>{t('identity:password.change')}</h2>
            <PasswordForm login={me.user.login} />
          </section>
        </>
      )}
    </div>
  )
}
