/**
 * A company's name 企业名称 taken apart: region + brand 字号 + business + legal form. Two spellings of one company differ in everything but
 * the brand (region long or short, brackets moved, form changed, traditional characters), so companies are compared part by part.
 */
import type { Division } from '../geography/divisions.ts'
import { everydayName, shortName } from '../geography/divisions.ts'
import { BRANCHES, BUSINESS, FORMS, KIN_WORDS, LATIN_BUSINESS, LATIN_FORMS, STATUS_MARKS } from './name-words.ts'
import { oneSlipApart } from './similarity.ts'
import { makeWords } from './suffix-tree.ts'

export type CompanyName = {
  /** The whole without spaces, brackets, marks of status and regions: what is compared letter by letter. */
  readonly tail: string
  readonly brand: string
  /** Words of business joined, words of kinship left out. */
  readonly business: string
  readonly kin: string
  readonly form: string
  /** The place or number of a branch (石家庄分公司), or ''. */
  readonly branch: string
  /** Codes of the divisions that the narrowest place in the name may mean (朝阳 is a city and a district). */
  readonly regions: readonly string[]
  readonly latin: boolean
  /** The brand is another name of the one written, from the company's own table (易动纷享 for 纷享销客). */
  readonly alias: boolean
  /** Toneless reading of the brand; of a Latin name the brand itself. */
  readonly sound: string
}

/** What reading needs and core may not load: pinyin of single characters, traditional to simplified characters, the divisions. */
export type NameTables = {
  readonly pinyin: ReadonlyMap<string, string>
  readonly simplified: ReadonlyMap<string, string>
  readonly divisions: readonly Division[]
}
export type NameReader = {
  readonly read: (name: string) => CompanyName
  readonly fold: (text: string) => string
  readonly sound: (text: string) => string
}

const HAN = /\p{Script=Han}/u
/** A brand is two characters at least: what is shorter gave a part of itself away as region or business. */
const SHORTEST_BRAND = 2
const MOST_REGIONS = 3
const NOWHERE: readonly string[] = []
const NO_KIN = { business: '', kin: '' }
const BRACKET = /\(([^()]*)\)/g

export function makeNameReader(tables: NameTables): NameReader {
  const foldTable = foldedAlready(tables.simplified)
  const forms = makeWords(FORMS)
  const branches = makeWords(BRANCHES)
  const business = makeWords([...BUSINESS, ...KIN_WORDS])
  const regionCodes = regionNames(tables.divisions)
  const regions = makeWords(regionCodes.keys())
  const readings: string[] = []
  for (const [char, reading] of tables.pinyin) readings[char.charCodeAt(0)] = reading
  const latinRegions = new Set([...regionCodes.keys()].map(name => sound(name)))

  /** One spelling for look-alikes: full width, capitals, accents, traditional characters. */
  function fold(text: string): string {
    let [same, brackets] = [true, false]
    for (let i = 0; i < text.length && same; i += 1) {
      const folds = foldTable[text.charCodeAt(i)]!
      same = folds > 0
      brackets ||= folds === BRACKETED
    }
    if (same) return brackets ? text.replaceAll('（', '(').replaceAll('）', ')') : text
    const plain = text
      .normalize('NFKD')
      .replace(/[\u0300-\u036f]/g, '')
      .normalize('NFKC')
      .toLowerCase()
    let result = ''
    for (const char of plain) result += tables.simplified.get(char) ?? char
    return result
  }

  function sound(text: string): string {
    let result = ''
    for (let i = 0; i < text.length; i += 1) result += readings[text.charCodeAt(i)] ?? text[i]!
    return result
  }

  function read(name: string): CompanyName {
    let text = fold(name)
    let found: readonly string[] = NOWHERE
    if (!isHan(text)) {
      text = text
        .replace(/[［【〔〈《「]/g, '(')
        .replace(/[］】〕〉》」]/g, ')')
        .replace(STATUS_MARKS, '')
      if (!HAN.test(text)) return readLatin(text)
      text = text.replace(/[^\p{L}\p{N}()]/gu, '')
      // A region in brackets stands anywhere; other brackets open and their content stays.
      text = text.replace(BRACKET, (_, inner: string) => {
        if (inner === '中国') return ''
        if (inner !== '' && regions.at(inner, 0) === inner) {
          found = regionCodes.get(inner)!
          return ''
        }
        return inner
      })
      text = text.replace(/[()]/g, '')
    }
    // 某某有限公司石家庄分公司: what follows the form and ends in a word for branches.
    let branch = ''
    const branchWord = branches.before(text, text.length, 1)
    if (branchWord !== null) {
      const at = Math.max(
        text.lastIndexOf('公司', text.length - branchWord.length - 1),
        text.lastIndexOf('集团', text.length - branchWord.length - 1),
      )
      if (at > 0 && at + 2 < text.length) {
        branch = text.slice(at + 2)
        text = text.slice(0, at + 2)
      }
    }
    const plainForm = forms.before(text, text.length, SHORTEST_BRAND) ?? ''
    const form = plainForm.length < 3 ? slippedForm(text, plainForm) : plainForm
    const formAt = text.length - form.length
    let businessAt = formAt
    let hasKin = false
    for (let word = business.before(text, formAt, 0); word !== null; word = business.before(text, businessAt, 0)) {
      if (businessAt - word.length < SHORTEST_BRAND) break
      businessAt -= word.length
      hasKin ||= KIN_WORDS.has(word)
    }
    // Regions leave a brand of two letters at least: 朝阳科技 without more is 朝阳, for then only business is left.
    let regionEnd = 0
    for (let n = 0; n < MOST_REGIONS; n += 1) {
      const region = regions.at(text, regionEnd)
      if (region === null || businessAt - regionEnd - region.length < SHORTEST_BRAND) break
      found = regionCodes.get(region)!
      regionEnd += region.length
    }
    const brand = text.slice(regionEnd, businessAt)
    const lines = text.slice(businessAt, formAt)
    const apart = hasKin ? splitKin(lines) : NO_KIN
    return {
      tail: regionEnd === 0 && branch === '' ? text : text.slice(regionEnd) + branch,
      brand,
      business: hasKin ? apart.business : lines,
      kin: apart.kin,
      form,
      branch,
      regions: found,
      latin: false,
      alias: false,
      sound: sound(brand),
    }
  }

  function splitKin(lines: string): { readonly business: string; readonly kin: string } {
    let [own, kin, end] = ['', '', lines.length]
    while (end > 0) {
      const word = business.before(lines, end, 0)
      if (word === null) break
      if (KIN_WORDS.has(word)) kin = word + kin
      else own = word + own
      end -= word.length
    }
    return { business: lines.slice(0, end) + own, kin }
  }

  function readLatin(text: string): CompanyName {
    const words = text
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
      .split(' ')
    let from = 0
    while (from < words.length - 1 && latinRegions.has(words[from]!)) from += 1
    const [brand, lines, form]: [string[], string[], string[]] = [[], [], []]
    for (const word of words.slice(from)) {
      if (brand.length > 0 && LATIN_FORMS.has(word)) form.push(word)
      else if (brand.length > 0 && LATIN_BUSINESS.has(word)) lines.push(word)
      else brand.push(word)
    }
    const joined = brand.join('')
    return {
      tail: words.slice(from).join(''),
      brand: joined,
      business: lines.join(''),
      kin: '',
      form: form.join(''),
      branch: '',
      regions: [],
      latin: true,
      alias: false,
      sound: joined,
    }
  }
  return { read, fold, sound }
}

/** 有公司, 有限公, 股有份限公司: a form with one slip of the keyboard in it, as written; otherwise the form that was found. */
function slippedForm(text: string, found: string): string {
  const last = text[text.length - 1]
  if (last !== '司' && last !== '公' && last !== '限') return found
  for (const form of SLIPPED_FORMS)
    for (let length = Math.min(form.length + 1, text.length - SHORTEST_BRAND); length >= form.length - 1; length -= 1) {
      const tail = text.slice(text.length - length)
      if (tail[0] === form[0] && oneSlipApart(tail, form)) return tail
    }
  return found
}
const SLIPPED_FORMS = ['集团股份有限公司', '集团有限责任公司', '有限责任公司', '股份有限公司', '集团有限公司', '有限公司']

function isHan(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code < 0x4e00 || code > 0x9fff) return false
  }
  return true
}

const BRACKETED = 2
/** 1 for the Han characters that fold to themselves: nearly every name is made of them alone, or of them and brackets. */
function foldedAlready(simplified: ReadonlyMap<string, string>): Uint8Array {
  const table = new Uint8Array(65_536)
  for (const bracket of '（）') table[bracket.charCodeAt(0)] = BRACKETED
  for (let code = 0x4e00; code <= 0x9fff; code += 1) if (!simplified.has(String.fromCharCode(code))) table[code] = 1
  return table
}

/** Names of divisions as company names use them: full, short and everyday; one name may mean several places. */
function regionNames(divisions: readonly Division[]): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>()
  const file = (name: string, code: string) => {
    if (name.length < 2) return
    const known = names.get(name)
    if (known === undefined) names.set(name, [code])
    else if (!known.includes(code)) known.push(code)
  }
  for (const d of divisions) {
    if (d.name === '省直辖县级行政区划' || d.name === '市辖区') continue
    file(d.name, d.code)
    // Short names of counties are also plain words (东方, 和平): only the full name of a county is a region.
    if (d.level !== 'county') {
      file(shortName(d.name), d.code)
      file(`${shortName(d.name)}市`, d.code)
      const everyday = everydayName(d)
      if (everyday !== null) file(everyday, d.code)
    }
    if (d.level === 'county' && /[县市]$/.test(d.name)) file(shortName(d.name), d.code)
  }
  return names
}
