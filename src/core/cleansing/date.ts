/** Dates as people write them: 2024-03-05, 2024/3/5, 2024.3.5, 20240305, 2024年3月5日, a spreadsheet's serial number. A day that does not exist is wrong. */
export type ReadDate = { readonly value: string } | { readonly empty: true } | { readonly wrong: string }

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const
const two = (n: number): string => String(n).padStart(2, '0')
const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

function iso(year: number, month: number, day: number): string | null {
  if (year < 1800 || year > 2200 || month < 1 || month > 12 || day < 1) return null
  const most = month === 2 && isLeap(year) ? 29 : DAYS[month - 1]!
  return day > most ? null : `${year}-${two(month)}-${two(day)}`
}

export function readDate(text: string): ReadDate {
  const clean = text.normalize('NFKC').trim()
  if (clean === '' || clean === '-' || clean === '/' || clean === '—') return { empty: true }
  const parts =
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/.exec(clean) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(clean)
  if (parts) {
    const value = iso(Number(parts[1]), Number(parts[2]), Number(parts[3]))
    return value === null ? { wrong: text } : { value }
  }
  // Serial days of a spreadsheet count from 1899-12-30; 1900 to 2100.
  if (/^\d{5}(\.\d+)?$/.test(clean)) {
    const serial = Math.floor(Number(clean))
    if (serial >= 20_000 && serial < 73_415) return { value: fromSerial(serial) }
  }
  return { wrong: text }
}

/** Civil date from days (Howard Hinnant's algorithm), so that no clock or time zone is asked. */
function fromSerial(serial: number): string {
  const z = serial - 25_569 + 719_468
  const era = Math.floor(z / 146_097)
  const doe = z - era * 146_097
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365)
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100))
  const mp = Math.floor((5 * doy + 2) / 153)
  const day = doy - Math.floor((153 * mp + 2) / 5) + 1
  const month = mp < 10 ? mp + 3 : mp - 9
  return `${yoe + era * 400 + (month <= 2 ? 1 : 0)}-${two(month)}-${two(day)}`
}
