/** Settings: the list of them beside the one that is open; on a phone a strip above it. */
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { may, useMe } from '../app/me.ts'
import { pages } from '../app/pages.ts'

const GROUPS = ['company', 'people', 'data', 'mine'] as const

export function SettingsFrame() {
  const { t } = useTranslation()
  const me = useMe()
  const { pathname } = useLocation()
  const open = pages.filter(p => p.settings && may(me, p.needs))
  return (
    <div className="jy-settings">
      <nav aria-label={t('shell:rail.settings')}>
        {GROUPS.map(group => {
          const entries = open.filter(p => p.settings!.group === group)
          if (entries.length === 0) return null
          return (
            <section key={group}>
              <h3>{t(`shell:settings.${group}`)}</h3>
              {entries.map(({ path, word, settings }) => {
                const Icon = settings!.icon
                return (
                  <Link key={path} to={path} aria-current={pathname === path ? 'page' : undefined}>
                    <Icon size={15} aria-hidden />
                    {t(word)}
                  </Link>
                )
              })}
            </section>
          )
        })}
      </nav>
      <div className="jy-settings-page">
        <Outlet />
      </div>
    </div>
  )
}
