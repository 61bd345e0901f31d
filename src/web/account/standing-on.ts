/** The interval that held at the end of a day in the company's zone: half-open, as histories are. */
import { isoDay } from '../app/format.ts'

type Interval = { readonly from: string; readonly to: string | null; readonly ownerName: string | null; readonly territory: string | null }

export function standingOn<T extends Interval>(intervals: readonly T[], day: string, zone: string | undefined): T | undefined {
  // Day by day: an interval that ended on the day itself no longer held at its end.
  return intervals.find(i => isoDay(new Date(i.from), zone) <= day && (i.to === null || isoDay(new Date(i.to), zone) > day))
}
