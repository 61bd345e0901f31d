/** Light, dark, or as the computer says: kept in this browser at once (no flash at the next start) and in the person's profile. */
import { useSyncExternalStore } from 'react'
import type { Mode } from './theme.ts'
import { variablesFor } from './theme.ts'

export type Appearance = 'light' | 'dark' | 'system'
export const APPEARANCES: readonly Appearance[] = ['system', 'light', 'dark']
const STORED = 'jy-theme'
const dark = window.matchMedia('(prefers-color-scheme: dark)')
const narrow = window.matchMedia('(max-width: 699.98px)')
const listeners = new Set<() => void>()

const known = (value: string | null): Appearance => APPEARANCES.find(a => a === value) ?? 'system'
let chosen: Appearance = known(localStorage.getItem(STORED))

const modeOf = (): Mode => (chosen === 'system' ? (dark.matches ? 'dark' : 'light') : chosen)

function paint(): void {
  const root = document.documentElement
  const mode = modeOf()
  root.dataset.theme = mode
  root.style.colorScheme = mode
  for (const [name, value] of Object.entries(variablesFor(mode))) root.style.setProperty(`--${name}`, value)
  for (const listener of listeners) listener()
}

export function choose(appearance: string): void {
  chosen = known(appearance)
  localStorage.setItem(STORED, chosen)
  paint()
}

export function startAppearance(): void {
  dark.addEventListener('change', paint)
  paint()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
export const useMode = (): Mode => useSyncExternalStore(subscribe, modeOf)
export const useAppearance = (): Appearance => useSyncExternalStore(subscribe, () => chosen)

const subscribeNarrow = (listener: () => void) => {
  narrow.addEventListener('change', listener)
  return () => narrow.removeEventListener('change', listener)
}
/** Below 700 px the rail becomes a bottom bar and tables become cards. */
export const usePhone = (): boolean => useSyncExternalStore(subscribeNarrow, () => narrow.matches)
