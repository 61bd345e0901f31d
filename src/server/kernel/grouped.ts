/**
 * Writing in groups 成组写入: what arrives while one transaction commits is written by the next one together, so that a hundred requests cost one
 * commit and a dozen statements instead of a hundred of each. Nobody waits for a group to fill beyond the moment in which others keep arriving, as
 * those do whom the commit before has just answered; everybody is answered after the commit.
 */
const MOST = 200
const PAUSE_MS = 1
const LONGEST_MS = 10

export type Member<A> = {
  readonly ask: A
  /** Two of one mark never stand in one group: the second reads what the first left. */
  readonly mark: string | null
}
type Waiting<A, R> = Member<A> & { readonly resolve: (answer: R) => void; readonly reject: (error: unknown) => void }
/** `again`: it could not be done with the others without waiting; it is asked once more, alone. */
export type Outcome<R> = { readonly answer: R } | { readonly error: unknown } | { readonly again: true }

export type Groups<A, R> = { readonly add: (key: string, member: Member<A>) => Promise<R> }

async function whileGrowing(queue: readonly unknown[]): Promise<void> {
  const until = Date.now() + LONGEST_MS
  for (let seen = 0; seen < queue.length && queue.length < MOST && Date.now() < until; ) {
    seen = queue.length
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
  }
}

/**
 * `run` answers for each of a group, in its order, and throws when nothing of it was kept. `alone`: one that is asked again; it may wait for what
 * others hold, for nobody waits for it.
 */
export function makeGroups<A, R>(run: (key: string, asks: readonly A[], alone: boolean) => Promise<readonly Outcome<R>[]>): Groups<A, R> {
  const queues = new Map<string, Waiting<A, R>[]>()

  async function drain(key: string, queue: Waiting<A, R>[]): Promise<void> {
    while (queue.length > 0) {
      await whileGrowing(queue)
      const group: Waiting<A, R>[] = []
      const marks = new Set<string>()
      const rest: Waiting<A, R>[] = []
      for (const member of queue.splice(0)) {
        if (group.length === MOST || (member.mark !== null && marks.has(member.mark))) rest.push(member)
        else {
          group.push(member)
          if (member.mark !== null) marks.add(member.mark)
        }
      }
      queue.push(...rest)
      await runGroup(key, group)
    }
    queues.delete(key)
  }

  async function runGroup(key: string, group: readonly Waiting<A, R>[], alone = false): Promise<void> {
    try {
      const outcomes = await run(
        key,
        group.map(m => m.ask),
        alone,
      )
      for (const [i, member] of group.entries()) {
        const outcome = outcomes[i]!
        if ('answer' in outcome) member.resolve(outcome.answer)
        else if ('error' in outcome) member.reject(outcome.error)
        else void runGroup(key, [member], true)
      }
    } catch (error) {
      // One that breaks the transaction must not take the others with it.
      if (group.length === 1) group[0]!.reject(error)
      else for (const member of group) await runGroup(key, [member])
    }
  }

  return {
    add: (key, member) =>
      new Promise((resolve, reject) => {
        const waiting = { ...member, resolve, reject }
        const queue = queues.get(key)
        if (queue) queue.push(waiting)
        else {
          const fresh = [waiting]
          queues.set(key, fresh)
          void drain(key, fresh)
        }
      }),
  }
}
