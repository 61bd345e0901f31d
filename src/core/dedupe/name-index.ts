/**
 * A million company names, asked for the few that a typed one may mean 查重索引. Each name is filed under some ten keys (brand, brand with a
 * letter less, reading, sorted letters …) as hashes in typed arrays, so a look-up reads a few short lists instead of comparing trigrams; one
 * edit is found by a key both share (the idea of Garbe's SymSpell, 2012).
 */
import { type Aliases, otherNames } from './alias.ts'
import type { CompanyName, NameReader } from './company-name.ts'
import { grown, PairSet, sortByKey } from './key-lists.ts'
import { oneSlipApart } from './similarity.ts'

export type NameHit = { readonly row: number; readonly score: number }
export type NameIndex = {
  readonly size: number
  /** The best `limit` rows with a score of at least `least`, best first; rows of equal score in their order. */
  readonly find: (name: string, limit?: number, least?: number) => readonly NameHit[]
  /** Every pair of rows (i < j) with a score of at least `least`, once. */
  readonly joinItself: (least: number, emit: (i: number, j: number, score: number) => void) => void
  /** How many rows carry the brand of this name, up to a hundred. */
  readonly countBrand: (name: string) => number
  /** Adds one name behind the others; found at once. Answers its row. */
  readonly add: (name: string) => number
}

/** A list longer than this is of a word everybody uses: its rows are found by their other keys. */
const LONGEST_LIST = 40
/** Within a list of the self-join each is compared with each. */
const LONGEST_JOINED = 30
const BUCKET_BITS = 22
const WEIGHTS = { brand: 0.55, business: 0.2, region: 0.25 } as const
const LIKELY = 0.7

export function makeNameIndex(names: readonly string[], reader: NameReader, aliases: Aliases = new Map()): NameIndex {
  const table = makeTable()
  const hashes: number[] = []
  let keys = new Uint32Array(names.length * 12 + 16)
  let rows = new Uint32Array(keys.length)
  let count = 0
  for (const name of names) {
    const row = table.push(reader.read(name))
    hashes.length = 0
    table.keysOf(row, hashes)
    if (count + hashes.length > keys.length) {
      keys = grown(keys)
      rows = grown(rows)
    }
    for (const hash of hashes) {
      keys[count] = hash
      rows[count] = row
      count += 1
    }
  }
  ;[keys, rows] = sortByKey(keys.subarray(0, count), rows.subarray(0, count))
  const starts = bucketStarts(keys)
  const shift = 32 - BUCKET_BITS
  const late = new Map<number, number[]>()
  let stamps = new Uint32Array(names.length + 1024)
  let stamp = 0

  function find(name: string, limit = 5, least = LIKELY): readonly NameHit[] {
    const written = reader.read(name)
    const best: NameHit[] = []
    for (const asked of [written, ...otherNames(written, aliases, reader.sound)]) look(asked, limit, least, best)
    return best
  }

  function look(name: CompanyName, limit: number, least: number, best: NameHit[]): void {
    const asked = table.push(name)
    const own: number[] = []
    table.keysOf(asked, own)
    if (asked >= stamps.length) stamps = grown(stamps)
    stamp += 1
    const consider = (row: number) => {
      if (stamps[row] === stamp) return
      stamps[row] = stamp
      const hit = { row, score: table.compare(asked, row) }
      if (hit.score < least || (best.length === limit && !before(hit, best[limit - 1]!))) return
      const known = best.findIndex(h => h.row === row)
      if (known >= 0) {
        if (best[known]!.score >= hit.score) return
        best.splice(known, 1)
      }
      let at = best.length
      while (at > 0 && before(hit, best[at - 1]!)) at -= 1
      best.splice(at, 0, hit)
      if (best.length > limit) best.pop()
    }
    for (const hash of own) {
      const to = starts[(hash >>> shift) + 1]!
      const from = lowerBound(keys, hash, starts[hash >>> shift]!, to)
      for (let i = from; i < to && i < from + LONGEST_LIST && keys[i] === hash; i += 1) consider(rows[i]!)
      for (const row of late.get(hash) ?? []) consider(row)
    }
    table.pop()
  }

  function joinItself(least: number, emit: (i: number, j: number, score: number) => void): void {
    const seen = new PairSet()
    for (let from = 0; from < count; ) {
      let to = from + 1
      while (to < count && keys[to] === keys[from]) to += 1
      if (to - from > 1 && to - from <= LONGEST_JOINED && keys[from]! % 2 === 0)
        for (let x = from; x < to; x += 1)
          for (let y = x + 1; y < to; y += 1) {
            const [i, j] = rows[x]! < rows[y]! ? [rows[x]!, rows[y]!] : [rows[y]!, rows[x]!]
            if (i === j) continue
            const score = table.compare(i, j)
            if (score >= least && seen.add(i, j)) emit(i, j, score)
          }
      from = to
    }
  }

  function countBrand(name: string): number {
    const hash = (hashOf(2, reader.read(name).brand) & ~1) >>> 0
    const to = starts[(hash >>> shift) + 1]!
    const from = lowerBound(keys, hash, starts[hash >>> shift]!, to)
    let n = 0
    while (n < 100 && from + n < to && keys[from + n] === hash) n += 1
    return n + (late.get(hash)?.length ?? 0)
  }

  function add(name: string): number {
    const row = table.push(reader.read(name))
    if (row >= stamps.length) stamps = grown(stamps)
    const own: number[] = []
    table.keysOf(row, own)
    for (const hash of own) {
      const list = late.get(hash)
      if (list === undefined) late.set(hash, [row])
      else if (list.length < LONGEST_LIST) list.push(row)
    }
    return row
  }
  return {
    get size() {
      return table.size()
    },
    find,
    joinItself,
    countBrand,
    add,
  }
}

const before = (a: NameHit, b: NameHit): boolean => a.score > b.score || (a.score === b.score && a.row < b.row)

/**
 * Names as columns. What most comparisons need lies together in one stretch of eight numbers, since a row is met in no order and every
 * other place read of it costs as much as all the arithmetic.
 */
function makeTable() {
  const [brands, sounds, cores, businesses]: [string[], string[], string[], string[]] = [[], [], [], []]
  let numbers = new Int32Array(STRIDE * 1024)
  let size = 0
  return {
    size: () => size,
    push(name: CompanyName): number {
      const row = size
      const end = name.tail.length - name.form.length - name.branch.length
      const core = name.form === '' && name.branch === '' ? name.tail : name.tail.slice(0, end) + name.branch
      brands[row] = name.brand
      sounds[row] = name.sound
      businesses[row] = name.kin + name.business
      cores[row] = core
      if ((row + 1) * STRIDE > numbers.length) {
        const larger = new Int32Array(numbers.length * 2)
        larger.set(numbers)
        numbers = larger
      }
      const at = row * STRIDE
      numbers[at + CORE] = hashOf(1, core)
      numbers[at + BRAND] = hashOf(2, name.brand)
      numbers[at + SOUND] = hashOf(3, name.sound)
      numbers[at + LINE] = hashOf(0, businesses[row]!)
      numbers[at + REGION] = name.regions.length === 0 ? 0 : Number(name.regions[0])
      numbers[at + BRAND_LETTERS] = lettersOf(name.brand)
      numbers[at + CORE_LETTERS] = lettersOf(core)
      numbers[at + LENGTHS] = Math.min(255, name.brand.length) * 256 + Math.min(255, core.length)
      size += 1
      return row
    },
    pop(): void {
      size -= 1
    },
    /** Odd keys file any two letters of a brand (纷享 of 易动纷享): good for one look-up, too wide to join a list with itself. */
    keysOf(row: number, into: number[]): void {
      const at = row * STRIDE
      const brand = brands[row]!
      const line = numbers[at + LINE]! >>> 0
      const sound = numbers[at + SOUND]! >>> 0
      const city = Math.floor(numbers[at + REGION]! / 100)
      const add = (hash: number) => into.push((hash & ~1) >>> 0)
      add(numbers[at + CORE]!)
      add(numbers[at + BRAND]!)
      add(mixed(sound, line))
      add(mixed(sound, city + 1))
      add(hashOfLetters(5, cores[row]!))
      add(mixed(hashOf(9, brand, 0, 2), city))
      if (brand.length > 2) {
        add(hashOf(2, brand, 0, 2))
        add(hashOf(2, brand, brand.length - 2))
      }
      const length = brand.length
      for (let i = 0; i + 1 < length; i += 1) into.push((hashOf(8, brand, i, i + 2) | 1) >>> 0)
      if (length === 2) for (let i = 0; i < 2; i += 1) add(mixed(hashOf(6, brand, i, i + 1), mixed(line, city)))
      for (let i = 0; i < length && length > 2; i += 1) add(mixed(hashWithout(7, brand, i), line))
      if (length > 1) add(mixed(hashWithout(7, brand, length), line))
    },
    compare(i: number, j: number): number {
      const [p, q] = [i * STRIDE, j * STRIDE]
      const same = numbers[p + CORE] === numbers[q + CORE]
      const lengths = numbers[p + LENGTHS]! - numbers[q + LENGTHS]!
      let brand = same || numbers[p + BRAND] === numbers[q + BRAND] ? 1 : numbers[p + SOUND] === numbers[q + SOUND] ? 0.93 : 0
      if (brand === 0 && manyInCommon(numbers[p + BRAND_LETTERS]!, numbers[q + BRAND_LETTERS]!)) brand = alikeBrand(brands[i]!, brands[j]!)
      // A letter lost in the business leaves the brand longer by the rest: then the whole is compared.
      const slip =
        brand < 0.6 &&
        Math.abs((lengths << 24) >> 24) <= 1 &&
        fewApart(numbers[p + CORE_LETTERS]!, numbers[q + CORE_LETTERS]!) &&
        oneSlipApart(cores[i]!, cores[j]!)
      if (brand === 0 && !slip) return 0
      const region = alikeRegion(numbers[p + REGION]!, numbers[q + REGION]!)
      const line = same || numbers[p + LINE] === numbers[q + LINE] ? 1 : alikeBusiness(businesses[i]!, businesses[j]!)
      const score = WEIGHTS.brand * brand + WEIGHTS.business * line + WEIGHTS.region * region
      return slip ? Math.max(score, 0.78 - WEIGHTS.region * (1 - region)) : score
    },
  }
}

const STRIDE = 8
const [CORE, BRAND, SOUND, LINE, REGION, BRAND_LETTERS, CORE_LETTERS, LENGTHS] = [0, 1, 2, 3, 4, 5, 6, 7]

/** One bit of 32 for each letter: two texts without a common bit have no common letter. */
function lettersOf(text: string): number {
  let bits = 0
  for (let i = 0; i < text.length; i += 1) bits |= 1 << (Math.imul(text.charCodeAt(i), 0x9e3779b1) >>> 27)
  return bits
}
const countBits = (bits: number): number => {
  let b = bits - ((bits >>> 1) & 0x55555555)
  b = (b & 0x33333333) + ((b >>> 2) & 0x33333333)
  return Math.imul((b + (b >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
/** One brand may lie in the other, or be one letter apart from it. */
const manyInCommon = (a: number, b: number): boolean => (a & b) !== 0 && Math.min(countBits(a & ~b), countBits(b & ~a)) <= 2
const fewApart = (a: number, b: number): boolean => countBits(a ^ b) <= 2

/** Brands that differ as written and as read. */
function alikeBrand(a: string, b: string): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  if (short.length >= 2 && long.includes(short)) return 0.6 + (0.35 * short.length) / long.length
  if (oneSlipApart(a, b)) return 1 - 1 / long.length
  // 纷享销客 and 易动纷享: two letters in a row of both, in brands of three and more.
  return short.length > 2 && shareTwo(short, long) ? 0.25 + 1 / long.length : 0
}

function shareTwo(a: string, b: string): boolean {
  for (let i = 0; i + 1 < a.length; i += 1) {
    const [x, y] = [a.charCodeAt(i), a.charCodeAt(i + 1)]
    for (let j = 0; j + 1 < b.length; j += 1) if (b.charCodeAt(j) === x && b.charCodeAt(j + 1) === y) return true
  }
  return false
}

function alikeBusiness(a: string, b: string): number {
  if (a === b) return 1
  if (a === '' || b === '') return 0.6
  return a.startsWith(b) || b.startsWith(a) || a.endsWith(b) || b.endsWith(a) ? 0.8 : 0
}

/** Codes of six digits as numbers: a province and a city in it are near. */
function alikeRegion(a: number, b: number): number {
  if (a === b) return a === 0 ? 0.8 : 1
  if (a === 0 || b === 0) return 0.6
  return liesIn(a, b) || liesIn(b, a) ? 0.9 : 0
}
const liesIn = (inner: number, outer: number): boolean =>
  (outer % 10_000 === 0 && Math.floor(inner / 10_000) === outer / 10_000) || (outer % 100 === 0 && Math.floor(inner / 100) === outer / 100)

/** FNV-1a over the kind of key and a stretch of a text. */
function hashOf(kind: number, text: string, from = 0, to = text.length): number {
  let hash = 0x811c9dc5 ^ kind
  for (let i = from; i < to; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return finished(hash)
}

/** The text without its letter at `skip`. */
function hashWithout(kind: number, text: string, skip: number): number {
  let hash = 0x811c9dc5 ^ kind
  for (let i = 0; i < text.length; i += 1) if (i !== skip) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return finished(hash)
}

/** Equal for texts of the same letters in any order. */
function hashOfLetters(kind: number, text: string): number {
  let sum = kind
  for (let i = 0; i < text.length; i += 1) sum = (sum + Math.imul(text.charCodeAt(i) ^ 0x5bd1e995, 0x9e3779b1)) | 0
  return finished(sum)
}

const mixed = (hash: number, more: number): number => finished(Math.imul(hash ^ more, 0x01000193))

function finished(hash: number): number {
  const h = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (h ^ (h >>> 13)) >>> 0
}

function lowerBound(keys: Uint32Array, key: number, from: number, to: number): number {
  let [low, high] = [from, to]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (keys[middle]! < key) low = middle + 1
    else high = middle
  }
  return low
}

function bucketStarts(keys: Uint32Array): Uint32Array {
  const starts = new Uint32Array(2 ** BUCKET_BITS + 1)
  const shift = 32 - BUCKET_BITS
  for (const key of keys) starts[(key >>> shift) + 1]! += 1
  for (let i = 1; i < starts.length; i += 1) starts[i]! += starts[i - 1]!
  return starts
}
