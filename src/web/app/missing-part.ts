/**
 * A part of the product that did not arrive: an open tab is older than the web on the server, whose files have other names by now, or no
 * answer came. Asked once which of the two; the person reloads, nothing does it by itself, so nothing can reload for ever.
 */
import { useSyncExternalStore } from 'react'

/** `new`: the server hands out another version than the one in this tab. `unreachable`: the same one, or none. */
export type Missing = 'new' | 'unreachable'

const listeners = new Set<() => void>()
const failures = new WeakSet<object>()
let missing: Missing | null = null

/** The start file of a page, by which two versions differ. */
export const startFileOf = (html: string): string | null => /<script[^>]*\bsrc="(\/assets\/[^"]+)"/.exec(html)?.[1] ?? null

export async function whichMissing(mine: string | null, ask: () => Promise<string>): Promise<Missing> {
  try {
    const theirs = startFileOf(await ask())
    return mine !== null && theirs !== null && theirs !== mine ? 'new' : 'unreachable'
  } catch {
    return 'unreachable'
  }
}

const askServer = async (): Promise<string> => {
  const answer = await fetch('/', { cache: 'no-store' })
  if (!answer.ok) throw new Error(String(answer.status))
  return answer.text()
}

export function watchParts(): void {
  const mine = startFileOf(document.head.innerHTML)
  window.addEventListener('vite:preloadError', event => {
    const { payload } = event as Event & { payload?: unknown }
    if (typeof payload === 'object' && payload !== null) failures.add(payload)
    void whichMissing(mine, askServer).then(found => {
      missing = found
      for (const listener of listeners) listener()
    })
  })
}

export const isMissingPart = (error: unknown): boolean => typeof error === 'object' && error !== null && failures.has(error)

export const useMissing = (): Missing | null =>
  useSyncExternalStore(
    listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => missing,
  )
