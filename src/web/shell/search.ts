/** Finding a customer by name from anywhere; the server decides which ones may be seen. */
import type { AccountRow } from '../../contract/account/accounts.ts'
import { listAccounts } from '../../contract/account/accounts.ts'
import { call } from '../app/api.ts'

export type Found = { readonly id: string; readonly name: string; readonly territory: AccountRow['territory'] }

export async function searchAccounts(search: string, signal?: AbortSignal): Promise<readonly Found[]> {
  const { rows } = await call(listAccounts, { query: { search, limit: 8 }, signal })
  return rows.map(row => ({ id: row.id, name: String(row.values.name ?? row.id), territory: row.territory }))
}
