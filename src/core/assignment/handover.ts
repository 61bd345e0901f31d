/**
 * Who receives what in a handover 交接规则: every record gets exactly one receiver, or the reason why none. By hand first; then the conditions in
 * order, the first that holds decides; then the rest. Spreading is even and the same for the same handover, whatever order records come in.
 */
import type { Condition } from '../condition/condition.ts'
import { compareIds } from '../kernel/id.ts'

export const MEASURES = ['count', 'potential', 'revenue'] as const
export type Measure = (typeof MEASURES)[number]
export type Receiver =
  | { readonly to: 'person'; readonly userId: string }
  /** The 主责 of the territory the customer stands in. */
  | { readonly to: 'lead' }
  | { readonly to: 'spread'; readonly userIds: readonly string[]; readonly by: Measure }
export type HandoverRule = {
  /** Kinds of records that go. */
  readonly kinds: readonly string[]
  readonly when: readonly { readonly condition: Condition; readonly receiver: Receiver }[]
  readonly rest: Receiver
  /** Who gets what hangs on no customer that goes. */
  readonly heirId: string
}
/** Why this receiver: by hand, by the n-th condition, by the rest, with its customer, or as what hangs on none. */
export type Why =
  | { readonly by: 'hand' | 'account' | 'heir' }
  | { readonly by: 'condition' | 'rest'; readonly n: number; readonly to: Receiver['to'] }
export type Waiting = {
  readonly id: string
  readonly leadId: string | null
  readonly potential: number | null
  readonly revenue: number | null
  /** Chosen by hand; `stays`: it is to stay. */
  readonly hand: { readonly toId: string } | { readonly stays: true } | null
}
export type Outcome =
  | { readonly id: string; readonly toId: string; readonly why: Why }
  | { readonly id: string; readonly toId: null; readonly why: Why; readonly refused: string }

/**
 * `holds`: which condition (by place) a customer meets first, or -1. `refuse`: why a person may not receive, or null. `seed`: the id of the handover.
 * Answers in the order of the customers given.
 */
export function divide(
  waiting: readonly Waiting[],
  rule: Pick<HandoverRule, 'when' | 'rest'>,
  holds: (customer: Waiting) => number,
  refuse: (userId: string) => string | null,
  seed: string,
): readonly Outcome[] {
  const result = new Map<string, Outcome>()
  const spreads = new Map<number, Waiting[]>()
  const give = (id: string, toId: string, why: Why) => {
    const refused = refuse(toId)
    result.set(id, refused === null ? { id, toId, why } : { id, toId: null, why, refused })
  }
  for (const customer of waiting) {
    if (customer.hand) {
      if ('stays' in customer.hand) result.set(customer.id, { id: customer.id, toId: null, why: { by: 'hand' }, refused: 'handover.stays' })
      else give(customer.id, customer.hand.toId, { by: 'hand' })
      continue
    }
    const n = holds(customer)
    const receiver = n < 0 ? rule.rest : rule.when[n]!.receiver
    const why: Why = { by: n < 0 ? 'rest' : 'condition', n, to: receiver.to }
    if (receiver.to === 'person') give(customer.id, receiver.userId, why)
    else if (receiver.to === 'lead') {
      if (customer.leadId === null) result.set(customer.id, { id: customer.id, toId: null, why, refused: 'handover.noLead' })
      else give(customer.id, customer.leadId, why)
    } else spreads.set(n, [...(spreads.get(n) ?? []), customer])
  }
  for (const [n, customers] of spreads) {
    const receiver = (n < 0 ? rule.rest : rule.when[n]!.receiver) as Extract<Receiver, { to: 'spread' }>
    const why: Why = { by: n < 0 ? 'rest' : 'condition', n, to: 'spread' }
    const people = [...new Set(receiver.userIds)].filter(id => refuse(id) === null)
    if (people.length === 0) for (const c of customers) result.set(c.id, { id: c.id, toId: null, why, refused: 'handover.noReceiver' })
    else for (const [id, toId] of spread(customers, people, receiver.by, seed)) result.set(id, { id, toId, why })
  }
  return waiting.map(w => result.get(w.id)!)
}

/** Greedy, largest first to whoever has least (longest processing time first: Graham 1969); by count the numbers differ by one at most. */
function spread(customers: readonly Waiting[], people: readonly string[], by: Measure, seed: string): ReadonlyMap<string, string> {
  const drawn = (id: string): number => hash(`${seed}/${id}`)
  const measure = (c: Waiting): number => (by === 'count' ? 0 : Math.max(0, c[by] ?? 0))
  const ordered = customers
    .map(c => ({ id: c.id, weight: measure(c), draw: drawn(c.id) }))
    .sort((a, b) => b.weight - a.weight || a.draw - b.draw || compareIds(a.id, b.id))
  const loads = people.map(id => ({ id, weight: 0, n: 0, draw: drawn(`person/${id}`) })).sort((a, b) => a.draw - b.draw || compareIds(a.id, b.id))
  const result = new Map<string, string>()
  for (const customer of ordered) {
    let least = loads[0]!
    for (const load of loads) if (load.weight < least.weight || (load.weight === least.weight && load.n < least.n)) least = load
    least.weight += customer.weight
    least.n += 1
    result.set(customer.id, least.id)
  }
  return result
}

/** FNV-1a. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0
  return h
}
