/** Numbers as people write them in lists: 1,234.5, full width, 3.2亿, 12万, empty marks. Never guesses: what is no number says so. */
export type ReadNumber = { readonly value: number } | { readonly empty: true } | { readonly wrong: string }

const UNITS: Readonly<Record<string, number>> = {
  百: 1e2,
  千: 1e3,
  万: 1e4,
  萬: 1e4,
  百万: 1e6,
  千万: 1e7,
  亿: 1e8,
  億: 1e8,
  万亿: 1e12,
  k: 1e3,
  m: 1e6,
}
const EMPTY = new Set(['', '-', '--', '—', '–', '/', 'n/a', 'na', 'null', 'none', '无', '無', '空', '未知'])

/** As most are written; up to 15 digits a number holds exactly. */
const PLAIN = /^\d{1,15}$/

export function readNumber(text: string): ReadNumber {
  if (PLAIN.test(text)) return { value: Number(text) }
  const clean = text.normalize('NFKC').trim().toLowerCase()
  if (EMPTY.has(clean)) return { empty: true }
  const match =
    /^([+\-−]?)[¥$€]?\s*((?:\d{1,3}(?:[,,]\d{3})+|\d+)(?:\.\d+)?|\.\d+)\s*(万亿|千万|百万|百|千|万|萬|亿|億|k|m)?\s*(人|元|名|个|家|rmb|cny)?$/.exec(
      clean,
    )
  if (!match) return { wrong: text }
  const value = Number(match[2]!.replace(/[,,]/g, '')) * (match[3] ? UNITS[match[3]]! : 1)
  if (!Number.isFinite(value) || value > Number.MAX_SAFE_INTEGER) return { wrong: text }
  const rounded = Math.round(value * 1e6) / 1e6
  return { value: match[1] === '-' || match[1] === '−' ? -rounded : rounded }
}
