/** Figures and dates as people here write them: 万 and 亿 in Chinese, K and M in English, the year only when it is not this one. */
import type { Locale } from '../../contract/kernel/shapes.ts'

/** U+2212: a hyphen is not a minus. 0 and nothing differ: nothing is an en dash. */
export const NOTHING = '–'
const minus = (text: string): string => text.replace(/^-/, '−')

export function count(value: number | null | undefined, locale: Locale): string {
  return value === null || value === undefined ? NOTHING : minus(new Intl.NumberFormat(locale).format(value))
}

/** Shortened to three figures or so: 1.34 亿, 862 万, 1.2M. Money of a record is a decimal string, exact; this is for reading only. */
export function amount(value: number | string | null | undefined, locale: Locale): string {
  if (value === null || value === undefined || value === '') return NOTHING
  const number = Number(value)
  return minus(new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: Math.abs(number) >= 1e6 ? 2 : 1 }).format(number))
}

export function percent(share: number | null | undefined, locale: Locale): string {
  return share === null || share === undefined
    ? NOTHING
    : minus(new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(share))
}

type Parts = Record<'year' | 'month' | 'day' | 'hour' | 'minute', string>
function partsOf(at: Date, zone: string | undefined): Parts {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  return Object.fromEntries(format.formatToParts(at).map(p => [p.type, p.value])) as Parts
}

/** `2026-11-23` of an instant in the company's zone. */
export function isoDay(at: Date, zone?: string): string {
  const p = partsOf(at, zone)
  return `${p.year}-${p.month}-${p.day}`
}

/** PostgreSQL's own way of writing an instant (`2026-11-23 03:00:00.12+00`) is not one that every browser reads. */
const instantOf = (value: string): Date => new Date(value.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00'))

/** `MM-DD` this year, else `YYYY-MM-DD`. */
export function day(value: string | null | undefined, now: Date, zone?: string): string {
  if (!value) return NOTHING
  const text = /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : isoDay(instantOf(value), zone)
  return text.startsWith(`${isoDay(now, zone).slice(0, 4)}-`) ? text.slice(5) : text
}

/** `MM-DD HH:mm`, the year in front when it is not this one. */
export function moment(value: string | null | undefined, now: Date, zone?: string): string {
  if (!value) return NOTHING
  const p = partsOf(instantOf(value), zone)
  return `${day(value, now, zone)} ${p.hour}:${p.minute}`
}
