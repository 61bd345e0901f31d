/** The top bar: where one is, at which instant one looks, search, what is new, help, and oneself. */
import { Link, useLocation } from '@tanstack/react-router'
import { CircleHelp, Search } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../contract/identity/session.ts'
import type { PageEntry } from '../app/pages.ts'
import { pageAt, pages } from '../app/pages.ts'
import { AsOfPill } from './as-of-pill.tsx'
import { Bell } from './bell.tsx'
import { useCurrentCrumb } from './crumb.ts'
import type { Layer } from './shell.tsx'
import { UserMenu } from './user-menu.tsx'

/** The pages above this one, by address: /settings/people stands below /settings. */
function trailOf(pathname: string): readonly PageEntry[] {
  const parts = pathname.split('/').filter(Boolean)
  if (parts.length === 0) return pages.filter(p => p.path === '/')
  const above = parts.map((_, i) => pageAt(pages, `/${parts.slice(0, i + 1).join('/')}`))
  return above.filter(p => p !== undefined)
}

export function TopBar({ me, layer, setLayer }: { me: Me; layer: Layer; setLayer: (layer: Layer) => void }) {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const crumb = useCurrentCrumb()
  const trail = trailOf(pathname)
  const words = trail.map(p => ({ path: p.path, word: t(p.word) }))
  if (crumb && words.length > 0) words[words.length - 1] = { path: pathname, word: crumb }
  const last = words.at(-1)?.word

  useEffect(() => {
    document.title = [last, me.tenant.name, t('shell:product')].filter(Boolean).join(' · ')
  }, [last, me.tenant.name, t])

  return (
    <header className="jy-top">
      <nav className="jy-crumbs" aria-label={t('shell:crumbs')}>
        {words.map((w, i) =>
          i === words.length - 1 ? (
            <strong key={w.path} className="jy-ellipsis" title={w.word} aria-current="page">
              {w.word}
            </strong>
          ) : (
            <span key={w.path} className="jy-crumb-above">
              <Link to={w.path}>{w.word}</Link>
              <i aria-hidden>/</i>
            </span>
          ),
        )}
      </nav>
      <AsOfPill me={me} open={layer === 'as-of'} setOpen={open => setLayer(open ? 'as-of' : null)} />
      <button type="button" className="jy-top-search" onClick={() => setLayer('palette')} aria-keyshortcuts="Control+K Meta+K">
        <Search size={15} aria-hidden />
        <span>{t('shell:palette.ask')}</span>
        <kbd>{/mac/i.test(navigator.userAgent) ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <Bell me={me} />
      <button type="button" className="jy-top-icon jy-desk" onClick={() => setLayer('keys')} aria-label={t('shell:key.sheet')} aria-keyshortcuts="?">
        <CircleHelp size={17} aria-hidden />
      </button>
      <UserMenu me={me} />
    </header>
  )
}
