/**
 * Search grams of a company name. Sellers look a customer up by two characters of its name (华兴), by pinyin initials (hx, szhx), by full
 * pinyin (huaxing) or by a Latin word; a trigram index serves none of these for Chinese, where two characters are already a whole word.
 * So each name is stored with a set of short keys, and a search becomes "contains all of these keys", which an index answers exactly.
 *
 * Kinds of gram: a Han character or Han pair as itself; a Latin or digit word and its prefixes as themselves; `t:` three letters inside a
 * long Latin word; `p:` one to three adjacent pinyin initials; `s:` a syllable, or two adjacent syllables written together; `h:` a
 * syllable with the initial of the next, for text typed only half.
 */
export type Grams = {
  /** Every gram of a stored name, each once. */
  readonly ofName: (name: string) => string[]
  /** Alternatives: a name matches when it holds ALL grams of ANY alternative. Empty when the text has nothing to look for. */
  readonly ofQuery: (text: string) => string[][]
}

type Run = { readonly kind: 'han' | 'word'; readonly text: readonly string[] }

const LONGEST_PREFIX = 6
/** Longer words and queries are cut, so that a hostile text cannot make the index or a search expensive. */
const LONGEST_WORD = 40
const LONGEST_SYLLABLE = 6
const MOST_RUNS = 12
const MOST_ALTERNATIVES = 24
const MOST_READINGS = 6

const HAN = /\p{Script=Han}/u
const WORD = /[\p{L}\p{N}]/u
const SPACE = /\s/u
/** Marks within one Latin name: coca-cola, h&m, s.f. */
const MARK = /[-.&'’_·]/u

export function makeGrams(pinyin: ReadonlyMap<string, string>): Grams {
  const syllables = new Set(pinyin.values())
  const starts = new Set([...syllables].flatMap(syllable => [...syllable].map((_, i) => syllable.slice(0, i + 1))))
  const initials = new Set([...syllables].map(syllable => syllable[0]))

  function ofName(name: string): string[] {
    const grams = new Set<string>()
    for (const run of runsOf(name, true)) {
      if (run.kind === 'word') for (const gram of wordGrams(run.text.join(''))) grams.add(gram)
      else addHan(grams, run.text)
    }
    return [...grams]
  }

  function addHan(grams: Set<string>, chars: readonly string[]): void {
    const read = chars.map(char => pinyin.get(char))
    chars.forEach((char, i) => {
      const next = chars[i + 1]
      grams.add(char)
      if (next !== undefined) grams.add(char + next)
      const [a, b, c] = [read[i], read[i + 1], read[i + 2]]
      if (a === undefined) return
      grams.add(`p:${a[0]}`).add(`s:${a}`)
      if (b === undefined) return
      grams.add(`p:${a[0]}${b[0]}`).add(`s:${a}${b}`).add(`h:${a}${b[0]}`)
      if (c !== undefined) grams.add(`p:${a[0]}${b[0]}${c[0]}`)
    })
  }

  function ofQuery(text: string): string[][] {
    const choices = runsOf(text, false)
      .slice(0, MOST_RUNS)
      .map(run => (run.kind === 'han' ? [hanQuery(run.text)] : wordChoices(run.text.join('').slice(0, LONGEST_WORD))))
    return distinct(combine(choices))
  }

  /** The ways one Latin word may be meant, the plainest first. */
  function wordChoices(word: string): string[][] {
    const choices = [wordQuery(word), ...initialsQuery(word), ...syllablesQuery(word)]
    const split = /^(\d+)([a-z]+)$/.exec(word)
    if (split?.[1] && split[2]) {
      const digits = wordQuery(split[1])
      for (const rest of [...initialsQuery(split[2]), ...syllablesQuery(split[2])]) choices.push([...digits, ...rest])
    }
    return choices
  }

  function initialsQuery(word: string): string[][] {
    return [...word].every(letter => initials.has(letter)) ? [windows(word, 3).map(part => `p:${part}`)] : []
  }

  function syllablesQuery(word: string): string[][] {
    const whole = readings(word, false)
    return (whole.length > 0 ? whole : readings(word, true)).map(readingQuery)
  }

  /**
   * The ways to cut a word into the fewest syllables; the reading meant is among them almost always. `half` lets the last syllable be
   * unfinished and marks it with `~`. Worked from the end, keeping only the shortest few of each tail, so that no text is costly.
   */
  function readings(word: string, half: boolean): string[][] {
    const tails: string[][][] = Array.from({ length: word.length + 1 }, () => [])
    tails[word.length] = [[]]
    for (let from = word.length - 1; from >= 0; from--) {
      const found: string[][] = []
      for (let to = Math.min(word.length, from + LONGEST_SYLLABLE); to > from; to--) {
        const part = word.slice(from, to)
        if (syllables.has(part)) for (const tail of tails[to] ?? []) found.push([part, ...tail])
        else if (half && to === word.length && from > 0 && starts.has(part)) found.push([`~${part[0]}`])
      }
      tails[from] = found.sort((a, b) => a.length - b.length).slice(0, MOST_READINGS)
    }
    return tails[0] ?? []
  }

  return { ofName, ofQuery }
}

function readingQuery(reading: readonly string[]): string[] {
  if (reading.length === 1) return [`s:${reading[0]}`]
  return reading.slice(1).map((part, i) => (part.startsWith('~') ? `h:${reading[i]}${part.slice(1)}` : `s:${reading[i]}${part}`))
}

function hanQuery(chars: readonly string[]): string[] {
  return chars.length === 1 ? [...chars] : chars.slice(1).map((char, i) => `${chars[i]}${char}`)
}

function wordGrams(word: string): string[] {
  const cut = word.slice(0, LONGEST_WORD)
  const prefixes = [...cut.slice(0, LONGEST_PREFIX)].map((_, i) => cut.slice(0, i + 1))
  return cut.length <= LONGEST_PREFIX ? prefixes : [...prefixes, cut, ...inner(cut)]
}

function wordQuery(word: string): string[] {
  return word.length <= LONGEST_PREFIX ? [word] : [word.slice(0, LONGEST_PREFIX), ...inner(word)]
}

/** The letters after the longest prefix, in overlapping threes that begin inside it. */
function inner(word: string): string[] {
  return windows(word.slice(LONGEST_PREFIX - 2), 3).map(part => `t:${part}`)
}

function windows(text: string, size: number): string[] {
  if (text.length <= size) return [text]
  return Array.from({ length: text.length - size + 1 }, (_, i) => text.slice(i, i + size))
}

/**
 * Runs of Han characters and Latin words. Punctuation is no boundary between Han characters (华·兴 is 华兴); in a stored name neither is a
 * space, while in a query a space separates two wishes. A Latin word written with marks (coca-cola) is stored both apart and together.
 */
function runsOf(text: string, stored: boolean): Run[] {
  const runs: Run[] = []
  let current: { kind: 'han' | 'word'; text: string[]; closed: boolean } | undefined
  let joined: string[] = []
  let pieces = 0
  const endJoined = (): void => {
    if (stored && pieces > 1) runs.push({ kind: 'word', text: joined })
    joined = []
    pieces = 0
  }
  for (const char of fold(text)) {
    const kind = HAN.test(char) ? 'han' : WORD.test(char) ? 'word' : undefined
    if (kind === undefined) {
      if (!MARK.test(char)) endJoined()
      if (current && (current.kind === 'word' || (!stored && SPACE.test(char)))) current.closed = true
      continue
    }
    if (kind === 'han') endJoined()
    if (!current || current.closed || current.kind !== kind) {
      current = { kind, text: [], closed: false }
      runs.push(current)
      if (kind === 'word') pieces++
    }
    current.text.push(char)
    if (kind === 'word') joined.push(char)
  }
  endJoined()
  return runs
}

/** One spelling for look-alikes: full-width letters, capitals and accents. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFKC')
    .toLowerCase()
}

/** One choice of each run; when that is too many, only texts whose words are all meant in the same way. */
function combine(choices: readonly (readonly string[][])[]): string[][] {
  if (choices.length === 0) return []
  const count = choices.reduce((product, each) => product * each.length, 1)
  if (count > MOST_ALTERNATIVES) {
    const ways = Math.max(...choices.map(each => each.length))
    return Array.from({ length: Math.min(ways, MOST_ALTERNATIVES) }, (_, way) => choices.flatMap(each => each[Math.min(way, each.length - 1)] ?? []))
  }
  return choices.reduce<string[][]>((done, each) => done.flatMap(left => each.map(right => [...left, ...right])), [[]])
}

function distinct(alternatives: readonly (readonly string[])[]): string[][] {
  const seen = new Map<string, string[]>()
  for (const each of alternatives) {
    const grams = [...new Set(each)].sort()
    seen.set(grams.join(' '), grams)
  }
  return [...seen.values()]
}
