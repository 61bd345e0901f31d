/** A refusal of a claim in the reader's words; instants on the company's clock. */
import type { Claimable } from '../../core/pool/claim.ts'
import type { Actor } from '../kernel/actor.ts'
import { wordsOf } from '../kernel/words.ts'

/** Making a formatter costs a hundred times what using it does; there are as many as zones. */
const formatters = new Map<string, Intl.DateTimeFormat>()
function formatterOf(zone: string): Intl.DateTimeFormat {
  let known = formatters.get(zone)
  if (!known) {
    const two = '2-digit'
    known = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    })
    formatters.set(zone, known)
  }
  return known
}

/** `2026-12-02 09:00` in the company's zone, or `09:00:00`. */
export function localInstant(at: number | string, zone: string, seconds = false): string {
  const parts = formatterOf(zone).formatToParts(new Date(at))
  const of = (type: string) => parts.find(p => p.type === type)?.value ?? ''
  return seconds ? `${of('hour')}:${of('minute')}:${of('second')}` : `${of('year')}-${of('month')}-${of('day')} ${of('hour')}:${of('minute')}`
}

export function wordsOfRefusal(actor: Pick<Actor, 'locale' | 'zone'>, refused: Extract<Claimable, { ok: false }>): string {
  const { at, ...values } = refused.values
  return wordsOf(
    {
      code: refused.code,
      values: {
        ...values,
        ...(refused.until === null ? {} : { until: localInstant(refused.until, actor.zone) }),
        ...(at ? { at: localInstant(String(at), actor.zone, true) } : {}),
      },
    },
    actor.locale,
  ).text
}
