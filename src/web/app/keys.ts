/**
 * The keyboard of every screen. A screen names its keys with a word for the `?` sheet; the newest screen wins, and nothing fires while
 * somebody types or while a dialog is open, so that a letter never does what its writer did not mean.
 */
import { useEffect, useRef } from 'react'

export type Binding = {
  /** `j`, `?`, `Enter`, `mod+k` (Ctrl or ⌘), or two keys in turn: `g h`. */
  readonly key: string
  /** Catalogue key of what it does. */
  readonly word: string
  readonly run: (event: KeyboardEvent) => void
}

type Scope = { readonly current: readonly Binding[] }
const scopes: Scope[] = []
const SEQUENCE_MS = 1200
let leader: { key: string; at: number } | null = null

/** A choice that was pressed (radio, checkbox) keeps the focus, but nobody types into it: the page's keys go on. */
const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !(target instanceof HTMLInputElement && /^(radio|checkbox)$/.test(target.type))))
/** A closed dialog may stay in the document; only one that is drawn counts. */
const dialogOpen = (): boolean => [...document.querySelectorAll('[role="dialog"]')].some(d => d.getClientRects().length > 0)

const nameOf = (event: KeyboardEvent): string => {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  return event.metaKey || event.ctrlKey ? `mod+${key}` : key
}

/** The binding a press means, given the press before it; exported for its test. */
export function pick(bindings: readonly Binding[], pressed: string, before: string | null): Binding | null {
  const inTurn = before === null ? undefined : bindings.find(b => b.key === `${before} ${pressed}`)
  return inTurn ?? bindings.find(b => b.key === pressed) ?? null
}
export const opensSequence = (bindings: readonly Binding[], pressed: string): boolean => bindings.some(b => b.key.startsWith(`${pressed} `))

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.altKey) return
  const pressed = nameOf(event)
  const command = pressed.startsWith('mod+')
  if (!command && (typing(event.target) || dialogOpen())) return
  const bindings = [...scopes].reverse().flatMap(s => s.current)
  const before = leader && event.timeStamp - leader.at < SEQUENCE_MS ? leader.key : null
  leader = null
  const binding = pick(bindings, pressed, before)
  // Enter and Space on a button are the button's own.
  if (
    binding &&
    (pressed === 'Enter' || pressed === ' ') &&
    event.target instanceof HTMLElement &&
    event.target.closest('button, a, input, [role="button"]')
  )
    return
  if (binding) {
    event.preventDefault()
    binding.run(event)
  } else if (opensSequence(bindings, pressed)) leader = { key: pressed, at: event.timeStamp }
}

export function useKeys(bindings: readonly Binding[]): void {
  const latest = useRef(bindings)
  latest.current = bindings
  useEffect(() => {
    const scope: Scope = {
      get current() {
        return latest.current
      },
    }
    if (scopes.length === 0) window.addEventListener('keydown', onKeyDown)
    scopes.push(scope)
    return () => {
      scopes.splice(scopes.indexOf(scope), 1)
      if (scopes.length === 0) window.removeEventListener('keydown', onKeyDown)
    }
  }, [])
}

/** What the `?` sheet lists: newest screen first, a key named once. */
export function currentBindings(): readonly Binding[] {
  const seen = new Set<string>()
  return [...scopes].reverse().flatMap(s => s.current.filter(b => !seen.has(b.key) && seen.add(b.key)))
}

/** `W`: the why of the thing in focus, else of the first thing on the page that has one. */
export function openWhy(): void {
  const near = document.activeElement?.closest('[data-row], tr, li, section')?.querySelector<HTMLElement>('[data-why]')
  const chip = near ?? document.querySelector<HTMLElement>('main [data-why]')
  chip?.click()
}

/** `/`: the filter of the page; false when the page has none. */
export function focusFilter(): boolean {
  const field = document.querySelector<HTMLInputElement>('main [data-page-filter] input, main input[data-page-filter]')
  field?.focus()
  field?.select()
  return field !== null
}
