/** The rail: two-character words on purpose, so that it stays narrow; on a phone the same entries along the bottom edge. */
import { Link, useLocation } from '@tanstack/react-router'
import { type ComponentType, type LazyExoticComponent, lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../contract/identity/session.ts'
import { may } from '../app/me.ts'
import { pages } from '../app/pages.ts'
import { Mark } from './mark.tsx'

const counts: ReadonlyMap<string, LazyExoticComponent<ComponentType>> = new Map(
  pages.flatMap(({ path, rail }) => (rail?.count ? [[path, lazy(async () => ({ default: await rail.count!() }))]] : [])),
)

export function Rail({ me }: { me: Me }) {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const entries = pages.filter(p => p.rail && may(me, p.needs))
  const current = entries.filter(p => pathname === p.path || pathname.startsWith(`${p.path}/`)).sort((a, b) => b.path.length - a.path.length)[0]
  return (
    <nav className="jy-rail" aria-label={t('shell:rail.label')}>
      <Link to="/" className="jy-rail-mark" aria-label={t('shell:product')}>
        <Mark size={26} />
      </Link>
      {entries.map(({ path, rail }) => {
        const Icon = rail!.icon
        const Count = counts.get(path)
        return (
          <Link
            key={path}
            to={path}
            className={path === '/settings' ? 'jy-rail-last' : undefined}
            aria-current={current?.path === path ? 'page' : undefined}
            aria-keyshortcuts={`G ${rail!.key.toUpperCase()}`}
          >
            <Icon size={18} strokeWidth={1.7} aria-hidden />
            {Count && (
              <Suspense fallback={null}>
                <Count />
              </Suspense>
            )}
            <span>{t(rail!.word)}</span>
          </Link>
        )
      })}
    </nav>
  )
}
