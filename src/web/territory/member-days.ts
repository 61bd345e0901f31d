/** Days of a membership as people write them: both days count, so the end on the wire is the beginning of the day after, in the reader's zone. */
const DAY = 86_400_000

/** yyyy-mm-dd of an instant in this browser's zone, `shift` days away. */
export function dayOf(instant: string | undefined, shift = 0): string | undefined {
  if (!instant) return undefined
  const at = new Date(new Date(instant).getTime() + shift * DAY)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** The beginning of a day, `shift` days later. */
export function instantOf(day: string, shift = 0): string {
  const [year, month, date] = day.split('-').map(Number)
  return new Date(year!, month! - 1, date! + shift).toISOString()
}
