/** Addresses to pages. Pages of a signed-in person stand in the shell, pages of settings also in the list of settings. */
import { createRootRoute, createRoute, createRouter, Outlet, redirect, retainSearchParams } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { NotFound } from '../shell/not-found.tsx'
import { SettingsFrame } from '../shell/settings-frame.tsx'
import { Shell } from '../shell/shell.tsx'
import { useElsewhen } from './as-of.ts'
import { AS_OF_KEYS } from './instant.ts'
import { useMay } from './me.ts'
import type { PageEntry } from './pages.ts'
import { firstPage, pages } from './pages.ts'
import { queries } from './queries.ts'
import { Empty, ErrorState, NoPermission, Skeleton } from './states.tsx'

function gated(entry: PageEntry): () => ReactElement {
  const Page = lazy(async () => ({ default: await entry.component() }))
  if (entry.bare) return () => <Suspense fallback={<Skeleton />}>{<Page />}</Suspense>
  return function Gate() {
    const allowed = useMay(entry.needs)
    const elsewhen = useElsewhen()
    if (!allowed) return <NoPermission />
    if (entry.writes && elsewhen) return <TodayOnly />
    return (
      <Suspense fallback={<Skeleton />}>
        <Page />
      </Suspense>
    )
  }
}

// The moment one looks at follows every link until one goes back to today.
/** The strip above says how to come back. */
function TodayOnly() {
  const { t } = useTranslation()
  return <Empty title={t('past:strip.readOnly')} />
}

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, search: { middlewares: [retainSearchParams(AS_OF_KEYS as never)] } })
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell })
const settings = createRoute({ getParentRoute: () => shell, id: 'settings', component: SettingsFrame })

const inSettings = (p: PageEntry): boolean => p.path.startsWith('/settings')
const routesOf = (list: readonly PageEntry[], parent: typeof root | typeof shell | typeof settings) =>
  list.map(entry => createRoute({ getParentRoute: () => parent as typeof root, path: entry.path, component: gated(entry) }))

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: firstPage(pages) })
  },
})

const bare = pages.filter(p => p.bare)
const framed = pages.filter(p => !p.bare && !inSettings(p))
const tree = root.addChildren([
  ...routesOf(bare, root),
  ...(pages.some(p => p.path === '/') ? [] : [home]),
  shell.addChildren([...routesOf(framed, shell), settings.addChildren(routesOf(pages.filter(inSettings), settings))]),
])

export const router = createRouter({
  routeTree: tree,
  defaultPreload: false,
  defaultErrorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={reset} />,
})

/** After a lost session: the login, which leads back to where one was. */
export function goToLogin(): void {
  const { pathname, searchStr } = router.state.location
  if (pages.some(p => p.bare && p.path === pathname)) return
  queries.clear()
  void router.navigate({ to: '/login', search: { next: pathname + searchStr } as never })
}
