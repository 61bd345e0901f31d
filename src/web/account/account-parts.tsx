/** What later capabilities add to a customer's page: a fact in its strip and acts in its head. They register in pages.ts, loaded when first shown. */
import { type ComponentType, lazy, Suspense } from 'react'
import type { AccountDetail } from '../../contract/account/accounts.ts'

type Part = ComponentType<{ account: AccountDetail }>
const parts: { fact: Part | null; acts: Part | null } = { fact: null, acts: null }
export function registerAccountParts(load: { readonly fact: () => Promise<Part>; readonly acts: () => Promise<Part> }): void {
  parts.fact = lazy(async () => ({ default: await load.fact() }))
  parts.acts = lazy(async () => ({ default: await load.acts() }))
}

export function AccountPart({ of, account }: { of: 'fact' | 'acts'; account: AccountDetail }) {
  const Part = parts[of]
  return Part ? (
    <Suspense fallback={null}>
      <Part account={account} />
    </Suspense>
  ) : null
}
