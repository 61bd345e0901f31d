/** The last word of the breadcrumb and of the tab's title: a page about one record names it once it has loaded. */
import { useEffect, useSyncExternalStore } from 'react'

let crumb: string | null = null
const listeners = new Set<() => void>()
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
function set(next: string | null): void {
  crumb = next
  for (const listener of listeners) listener()
}

export function useCrumb(name: string | undefined): void {
  useEffect(() => {
    set(name ?? null)
    return () => set(null)
  }, [name])
}
export const useCurrentCrumb = (): string | null => useSyncExternalStore(subscribe, () => crumb)
