/** Who is signed in and what the role allows. A screen leaves out what one may not do; the server refuses it all the same. */
import { useQuery } from '@tanstack/react-query'
import type { Me } from '../../contract/identity/session.ts'
import { getMe } from '../../contract/identity/session.ts'
import type { Permission } from '../../core/access/permissions.ts'
import { call } from './api.ts'
import { useElsewhen } from './as-of.ts'

export const ME_KEY = ['me'] as const
export const meQuery = { queryKey: ME_KEY, queryFn: ({ signal }: { signal: AbortSignal }) => call(getMe, { signal }), staleTime: 60_000 }

/** Inside the shell somebody is always signed in: the shell shows nothing before the answer. */
export function useMe(): Me | undefined {
  return useQuery(meQuery).data
}

/** Of several permissions any one is enough. */
type Needs = Permission | readonly Permission[] | undefined

export const may = (me: Me | undefined, needs: Needs): boolean =>
  needs === undefined || (typeof needs === 'string' ? [needs] : needs).some(p => me?.permissions.includes(p))

/** Viewing as somebody else shows everything and changes nothing. */
export const mayChange = (me: Me | undefined, permission: Needs): boolean => may(me, permission) && me?.viewAs === null

export const useMay = (permission?: Needs): boolean => may(useMe(), permission)
/** In the past and in what is planned nothing can be changed either. */
export function useMayChange(permission?: Needs): boolean {
  const elsewhen = useElsewhen()
  return mayChange(useMe(), permission) && !elsewhen
}
