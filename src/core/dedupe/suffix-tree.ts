/** Longest known word at the end or the beginning of a name, character by character: thousands of words cost no more than one. */
type Node = { readonly next: Map<number, Node>; word: string | null }

export type Words = {
  /** The longest word that ends at `end` (exclusive) and does not begin before `from`, or null. */
  readonly before: (text: string, end: number, from: number) => string | null
  /** The longest word that begins at `from`, or null. */
  readonly at: (text: string, from: number) => string | null
}

export function makeWords(words: Iterable<string>): Words {
  const forward: (Node | undefined)[] = []
  const backward: (Node | undefined)[] = []
  for (const word of words) {
    add(forward, word, word)
    add(backward, [...word].reverse().join(''), word)
  }
  return {
    before: (text, end, from) => {
      let node = end > from ? backward[text.charCodeAt(end - 1)] : undefined
      let found: string | null = null
      for (let i = end - 2; node !== undefined; i -= 1) {
        if (node.word !== null) found = node.word
        if (i < from) break
        node = node.next.get(text.charCodeAt(i))
      }
      return found
    },
    at: (text, from) => {
      let node = from < text.length ? forward[text.charCodeAt(from)] : undefined
      let found: string | null = null
      for (let i = from + 1; node !== undefined; i += 1) {
        if (node.word !== null) found = node.word
        if (i >= text.length) break
        node = node.next.get(text.charCodeAt(i))
      }
      return found
    },
  }
}

function add(roots: (Node | undefined)[], letters: string, word: string): void {
  const first = letters.charCodeAt(0)
  roots[first] ??= { next: new Map(), word: null }
  let node = roots[first]!
  for (let i = 1; i < letters.length; i += 1) {
    const code = letters.charCodeAt(i)
    let next = node.next.get(code)
    if (next === undefined) {
      next = { next: new Map(), word: null }
      node.next.set(code, next)
    }
    node = next
  }
  node.word = word
}
