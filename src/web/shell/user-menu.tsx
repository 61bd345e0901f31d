/** Oneself: language, light or dark, one's own settings, and out. Language and theme hold at once and are kept in the profile. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Dropdown } from 'antd'
import { Check, KeyRound, LogOut, UserRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../contract/identity/session.ts'
import { signOut, updateMe } from '../../contract/identity/session.ts'
import type { Locale } from '../../contract/kernel/shapes.ts'
import { call } from '../app/api.ts'
import type { Appearance } from '../app/appearance.ts'
import { APPEARANCES, choose, useAppearance } from '../app/appearance.ts'
import { Face } from '../app/face.tsx'
import { LOCALE_NAMES, LOCALES, labelOf, switchLocale } from '../app/i18n.ts'
import { ME_KEY } from '../app/me.ts'
import { useProblemText } from '../app/states.tsx'

export function UserMenu({ me }: { me: Me }) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const navigate = useNavigate()
  const client = useQueryClient()
  const appearance = useAppearance()

  const keep = useMutation({
    mutationFn: async (change: { locale?: Locale; theme?: Appearance }) => {
      if (change.locale) await switchLocale(change.locale)
      if (change.theme) choose(change.theme)
      // Somebody else's profile is not ours to change.
      if (!me.viewAs) await call(updateMe, { body: change })
    },
    onSuccess: (_, change) => client.setQueryData<Me>(ME_KEY, old => old && { ...old, user: { ...old.user, ...change } }),
    onError: error => void message.error(say(error)),
  })
  const leave = useMutation({
    mutationFn: () => call(signOut),
    onSuccess: () => {
      client.clear()
      void navigate({ to: '/login' })
    },
    onError: error => void message.error(say(error)),
  })

  const mark = (on: boolean) => (on ? <Check size={14} /> : <span style={{ width: 14, display: 'inline-block' }} />)
  const items = [
    { key: 'me', icon: <UserRound size={14} />, label: t('identity:profile.title'), onClick: () => void navigate({ to: '/settings/me' }) },
    { key: 'keys', icon: <KeyRound size={14} />, label: t('identity:keys.title'), onClick: () => void navigate({ to: '/settings/keys' }) },
    { type: 'divider' as const },
    {
      type: 'group' as const,
      label: t('shell:user.language'),
      children: LOCALES.map(l => ({ key: l, icon: mark(i18n.language === l), label: LOCALE_NAMES[l], onClick: () => keep.mutate({ locale: l }) })),
    },
    {
      type: 'group' as const,
      label: t('shell:user.theme'),
      children: APPEARANCES.map(a => ({
        key: a,
        icon: mark(appearance === a),
        label: t(`shell:theme.${a}`),
        onClick: () => keep.mutate({ theme: a }),
      })),
    },
    { type: 'divider' as const },
    { key: 'out', icon: <LogOut size={14} />, label: t('shell:user.signOut'), onClick: () => leave.mutate() },
  ]
  const under = me.user.title ?? me.roles.map(r => labelOf(r.labels, i18n.language as Locale)).join(' · ')
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <button type="button" className="jy-user" aria-label={t('shell:user.menu', { name: me.user.name })} aria-haspopup="menu">
        <Face name={me.user.name} />
        <span className="jy-desk">
          <b>{me.user.name}</b>
          <small className="jy-ellipsis">{under}</small>
        </span>
      </button>
    </Dropdown>
  )
}
