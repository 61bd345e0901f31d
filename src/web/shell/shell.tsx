/**
 * The frame of every signed-in page: rail, top bar, the page. Nothing of it shows before the server says who is here, so that no screen
 * flashes something the person may not see.
 */
import { useQuery } from '@tanstack/react-query'
import { Outlet, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { choose } from '../app/appearance.ts'
import { LOCALES, switchLocale } from '../app/i18n.ts'
import { focusFilter, openWhy, useKeys } from '../app/keys.ts'
import { meQuery } from '../app/me.ts'
import { pages } from '../app/pages.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { AsOfStrip } from './as-of-strip.tsx'
import { KeySheet } from './key-sheet.tsx'
import { Palette } from './palette.tsx'
import { Rail } from './rail.tsx'
import './shell.css'
import { TopBar } from './top-bar.tsx'
import { ViewAsBanner } from './view-as-banner.tsx'

export type Layer = 'palette' | 'keys' | 'as-of' | null

export function Shell() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const me = useQuery(meQuery)
  const [layer, setLayer] = useState<Layer>(null)
  const close = () => setLayer(null)

  // The profile's language and theme; not those of somebody one only looks at.
  const preferences = me.data?.viewAs === null ? me.data.user : undefined
  useEffect(() => {
    if (!preferences) return
    choose(preferences.theme)
    const locale = LOCALES.find(l => l === preferences.locale)
    if (locale) void switchLocale(locale)
  }, [preferences?.id, preferences?.theme, preferences?.locale, preferences])

  useKeys([
    { key: 'mod+k', word: 'shell:key.palette', run: () => setLayer('palette') },
    ...pages.flatMap(p => (p.rail ? [{ key: `g ${p.rail.key}`, word: p.rail.word, run: () => void navigate({ to: p.path }) }] : [])),
    { key: '/', word: 'shell:key.filter', run: () => focusFilter() || setLayer('palette') },
    { key: 't', word: 'shell:key.asOf', run: () => setLayer('as-of') },
    { key: 'w', word: 'shell:key.why', run: openWhy },
    { key: '?', word: 'shell:key.sheet', run: () => setLayer('keys') },
    { key: 'Escape', word: 'shell:key.close', run: close },
  ])

  if (me.isPending) return <Skeleton lines={4} />
  if (me.isError) return <ErrorState error={me.error} onRetry={() => void me.refetch()} />
  return (
    <div className="jy-shell">
      <a className="jy-skip" href="#page">
        {t('shell:skip')}
      </a>
      <Rail me={me.data} />
      <div className="jy-shell-body">
        <ViewAsBanner me={me.data} />
        <TopBar me={me.data} layer={layer} setLayer={setLayer} />
        <AsOfStrip me={me.data} />
        <main id="page" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Palette open={layer === 'palette'} onClose={close} me={me.data} />
      <KeySheet open={layer === 'keys'} onClose={close} />
    </div>
  )
}
