/** Finding a customer by name from anywhere; the server decides which ones may be seen. */
import { z } from 'zod'
import { endpoint } from '../../contract/kernel/endpoint.ts'
import { id } from '../../contract/kernel/shapes.ts'
import { call } from '../app/api.ts'

/** The part of the list of accounts that a search needs: a name to show and where it leads. */
const findAccounts = endpoint({
  method: 'GET',
  path: '/api/accounts',
  summary: 'Accounts by name',
  needs: 'account.read',
  query: z.object({ search: z.string(), limit: z.number() }),
  reply: z.object({ rows: z.array(z.object({ id, name: z.string() })) }),
})

export type Found = { readonly id: string; readonly name: string }

export async function searchAccounts(search: string, signal?: AbortSignal): Promise<readonly Found[]> {
  const { rows } = await call(findAccounts, { query: { search, limit: 8 }, signal })
  return rows
}
