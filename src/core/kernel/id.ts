/** Ids 编号 are decimal strings of a bigint. */

/** Ascending by value: a shorter id is a smaller one. */
export const compareIds = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
