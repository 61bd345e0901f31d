/** Reference data in memory: codes of divisions and industries, and the locator of addresses. Read once per process; editions change with releases. */
import { makeDivisionIndex } from '../../core/geography/divisions.ts'
import { makeLocator } from '../../core/geography/locate.ts'
import type { Tx } from '../kernel/transaction.ts'
import { loadDivisions } from '../reference/divisions.ts'
import { loadIndustries } from '../reference/industries.ts'

let codes: { divisions: ReadonlySet<string>; industries: ReadonlySet<string> } | null = null
let index: ReturnType<typeof makeDivisionIndex> | null = null
let locator: ReturnType<typeof makeLocator> | null = null

export const divisionIndex = (): ReturnType<typeof makeDivisionIndex> => {
  index ??= makeDivisionIndex(loadDivisions())
  return index
}
export const addressLocator = (): ReturnType<typeof makeLocator> => {
  locator ??= makeLocator(divisionIndex())
  return locator
}

/** Codes that may be written: current divisions and the industries of the table (a company may have imported finer ones). */
export async function knownCodes(tx: Tx): Promise<{ divisions: ReadonlySet<string>; industries: ReadonlySet<string> }> {
  if (!codes) {
    const found = await tx.query<{ code: string }>('select code from industry')
    codes = {
      divisions: new Set(
        loadDivisions()
          .filter(d => d.status === 'current')
          .map(d => d.code),
      ),
      industries: new Set([...found.rows.map(r => r.code), ...loadIndustries().map(i => i.code)]),
    }
  }
  return codes
}

export async function locateDivision(_tx: Tx, address: string): Promise<string | null> {
  return addressLocator()(address).code
}
