/** /settings itself leads to the first setting that one may open. */
import { Navigate } from '@tanstack/react-router'
import { may, useMe } from '../app/me.ts'
import { pages } from '../app/pages.ts'

export function SettingsHome() {
  const me = useMe()
  const first = pages.find(p => p.settings && may(me, p.needs))
  return <Navigate to={first?.path ?? '/settings/me'} replace />
}
