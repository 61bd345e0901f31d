/** The moment in the address as data: what makes sense of it, and which instant the company's clock means. */

/** A day, or an instant; what was known on another. */
export type AsOfSearch = { readonly at?: string; readonly known?: string }
export const AS_OF_KEYS = ['at', 'known'] as const

const FORM = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d))?$/
const momentOf = (value: unknown): string | undefined =>
  typeof value === 'string' && FORM.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined

/** Anything the address may hold; nonsense is today. */
export function readAsOf(raw: Record<string, unknown>): AsOfSearch {
  const at = momentOf(raw.at)
  const known = momentOf(raw.known)
  return { ...(at ? { at } : {}), ...(known ? { known } : {}) }
}

const isoParts = (at: number, zone: string | undefined) =>
  Object.fromEntries(
    new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
      .formatToParts(at)
      .map(p => [p.type, p.value]),
  ) as Record<string, string>

/** The instant at which the company's clock shows this day and time. In the hour that a change of clocks skips, the one after. */
export function instantIn(day: string, time: string, zone: string | undefined): string {
  const wanted = Date.parse(`${day}T${time}:00Z`)
  const shift = (at: number) => {
    const p = isoParts(at, zone)
    return Date.parse(`${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}:${p.second}Z`) - at
  }
  const first = wanted - shift(wanted)
  return new Date(wanted - shift(first)).toISOString()
}
