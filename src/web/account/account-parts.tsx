/** What later capabilities add to a customer's page: facts in its strip, acts in its head, ways out of a pair of duplicates. They register in pages.ts. */
import { type ComponentType, lazy, Suspense } from 'react'
import type { AccountDetail } from '../../contract/account/accounts.ts'

type Part = ComponentType<{ account: AccountDetail }>
/** One customer and the other record that may be the same company. */
export type PairProps = { readonly account: { readonly id: string; readonly name: string }; readonly otherId: string }
type Load<P> = () => Promise<ComponentType<P>>

const parts: { readonly fact: Part[]; readonly acts: Part[] } = { fact: [], acts: [] }
const pairParts: ComponentType<PairProps>[] = []
export function registerAccountParts(load: {
  readonly fact?: Load<{ account: AccountDetail }>
  readonly acts?: Load<{ account: AccountDetail }>
  readonly pair?: Load<PairProps>
}): void {
  const { fact, acts, pair } = load
  if (fact) parts.fact.push(lazy(async () => ({ default: await fact() })))
  if (acts) parts.acts.push(lazy(async () => ({ default: await acts() })))
  if (pair) pairParts.push(lazy(async () => ({ default: await pair() })))
}

export function AccountPart({ of, account }: { of: 'fact' | 'acts'; account: AccountDetail }) {
  return parts[of].map((Part, i) => (
    <Suspense key={i} fallback={null}>
      <Part account={account} />
    </Suspense>
  ))
}
export function PairPart(props: PairProps) {
  return pairParts.map((Part, i) => (
    <Suspense key={i} fallback={null}>
      <Part {...props} />
    </Suspense>
  ))
}
