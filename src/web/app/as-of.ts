/**
 * The moment the whole product is looked at 时点: it lives in the address (`?at=…&known=…`), follows every link, and is sent with every
 * question that can be answered for it. Elsewhere than now nothing can be changed.
 */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type AsOfSearch, readAsOf } from './instant.ts'

export function useAsOf(): AsOfSearch {
  const { at, known } = useSearch({ strict: false }) as Record<string, unknown>
  return useMemo(() => readAsOf({ at, known }), [at, known])
}

/** Another moment than now: write buttons are left out. */
export function useElsewhen(): boolean {
  const { at, known } = useAsOf()
  return at !== undefined || known !== undefined
}

export function useGoTo(): (to: AsOfSearch) => void {
  const navigate = useNavigate()
  // Named and undefined takes it out of the address; left out it would follow along.
  return ({ at, known }) => void navigate({ to: '.', search: (old: object) => ({ ...old, at, known }) } as never)
}
