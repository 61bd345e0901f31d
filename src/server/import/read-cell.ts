/** One cell as a value of its type, written as text for staging; what cannot be read says why. Words that repeat are looked up once. */
import { checkCreditCode } from '../../core/cleansing/credit-code.ts'
import { readDate } from '../../core/cleansing/date.ts'
import { makeIndustryIndex } from '../../core/cleansing/industry.ts'
import { readNumber } from '../../core/cleansing/number.ts'
import { readPhone } from '../../core/cleansing/phone.ts'
import { EMAIL } from '../../core/cleansing/value-problems.ts'
import { addressLocator, divisionIndex } from '../geography/reference.ts'
import { loadIndustries } from '../reference/industries.ts'
import type { LayoutColumn, LookupData } from './convert-row.ts'

export type Cell = {
  readonly value: string | null
  readonly problem?: string
  readonly warning?: string
  readonly values?: Readonly<Record<string, string | number>>
}
export type Reader = (text: string) => Cell

const good = (value: string | null): Cell => ({ value })
const bad = (problem: string, values?: Cell['values']): Cell => ({ value: null, problem, ...(values ? { values } : {}) })

/** Control characters would end a cell of staging, and no table shows them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones meant
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/
/** A spreadsheet made a number of a code, and the last digits are gone. */
const SCIENTIFIC = /^\d(?:\.\d+)?E\+?\d+$/i
const SPLIT = /[,，;；、|\n]/

const normal = (value: string): string => value.normalize('NFKC').trim().toLowerCase()
const split = (text: string): string[] =>
  text
    .split(SPLIT)
    .map(part => part.trim())
    .filter(Boolean)

const FLAGS: Readonly<Record<string, string>> = {
  是: 'true',
  yes: 'true',
  true: 'true',
  '1': 'true',
  y: 'true',
  否: 'false',
  no: 'false',
  false: 'false',
  '0': 'false',
  n: 'false',
}

const REMEMBERED = 100_000
function remembering(read: Reader): Reader {
  const known = new Map<string, Cell>()
  return text => {
    let cell = known.get(text)
    if (cell === undefined) {
      cell = read(text)
      if (known.size < REMEMBERED) known.set(text, cell)
    }
    return cell
  }
}

export function readerOf(column: Pick<LayoutColumn, 'key' | 'type' | 'max'>, data: LookupData): Reader {
  switch (column.type) {
    case 'number':
      return text => numberCell(text, false)
    case 'count':
      return text => numberCell(text, true)
    case 'percent':
      return text => {
        const read = readNumber(text.replace(/\s*[%％]$/, ''))
        if ('empty' in read) return good(null)
        if (!('value' in read) || read.value < 0 || read.value > 100) return bad('row.percent')
        return good(String(Math.round(read.value * 100)))
      }
    case 'date':
      return text => {
        const read = readDate(text)
        if ('empty' in read) return good(null)
        return 'value' in read ? good(read.value) : bad('row.date')
      }
    case 'flag':
      return text => {
        const flag = FLAGS[normal(text)]
        return flag === undefined ? bad('row.flag') : good(flag)
      }
    case 'option': {
      const known = data.options.get(column.key)
      return remembering(text => {
        const key = known?.get(normal(text))
        return key === undefined ? bad('row.option') : good(key)
      })
    }
    case 'options': {
      const known = data.options.get(column.key)
      return remembering(text => {
        const keys = split(text).map(part => known?.get(normal(part)))
        return keys.some(k => k === undefined) ? bad('row.option') : good([...new Set(keys as string[])].sort().join('\u0002'))
      })
    }
    case 'division':
      return divisionReader()
    case 'divisions': {
      const one = divisionReader()
      return text => several(text, one)
    }
    case 'industry':
      return industryReader(data)
    case 'industries': {
      const one = industryReader(data)
      return text => several(text, one)
    }
    case 'person':
      return text => {
        const id = data.people.get(normal(text))
        return id === undefined ? bad('row.owner') : id === null ? bad('row.ownerTwice') : good(id)
      }
    case 'phone':
      return text => {
        if (SCIENTIFIC.test(text)) return bad('row.lostDigits')
        const read = readPhone(text)
        if (read.value.length > 60) return bad('row.tooLong', { limit: 60 })
        return read.valid ? good(read.value) : CONTROL.test(read.value) ? bad('row.value') : { value: read.value, warning: 'warn.phone' }
      }
    case 'email':
      return text => {
        if (text.length > 200) return bad('row.tooLong', { limit: 200 })
        if (CONTROL.test(text)) return bad('row.value')
        return EMAIL.test(text) ? good(text) : { value: text, warning: 'warn.email' }
      }
    case 'creditCode':
      return text => {
        if (SCIENTIFIC.test(text)) return bad('row.lostDigits')
        const read = checkCreditCode(text)
        if (read.value.length > 40) return bad('row.tooLong', { limit: 40 })
        if (CONTROL.test(read.value)) return bad('row.value')
        if (read.valid) return good(read.value)
        return {
          value: read.value,
          warning: read.suggestion ? 'warn.creditCodeLike' : 'warn.creditCode',
          values: { suggestion: read.suggestion ?? '' },
        }
      }
    case 'point':
      return text => {
        const match = /^(-?\d{1,3}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,2}(?:\.\d+)?)$/.exec(text)
        return match && Math.abs(Number(match[1])) <= 180 && Math.abs(Number(match[2])) <= 90
          ? good(`${Number(match[1])},${Number(match[2])}`)
          : bad('row.point')
      }
    case 'account':
      return text => (/^[1-9]\d{0,17}$/.test(text) ? good(text) : bad('row.account'))
    case 'condition':
      return text => {
        try {
          return good(JSON.stringify(JSON.parse(text)))
        } catch {
          return bad('row.json')
        }
      }
    case 'login':
      return text => {
        const login = normal(text)
        return login.length > column.max || /\s/.test(login) || CONTROL.test(login) ? bad('row.login') : good(login)
      }
    case 'key':
      return text => {
        if (SCIENTIFIC.test(text)) return bad('row.lostDigits')
        return plain(text, column.max)
      }
    default:
      return text => plain(text, column.max)
  }
}

function plain(text: string, max: number): Cell {
  if (text.length > max) return bad('row.tooLong', { limit: max })
  return CONTROL.test(text) ? bad('row.value') : good(text)
}

function numberCell(text: string, whole: boolean): Cell {
  const read = readNumber(text)
  if ('empty' in read) return good(null)
  if (!('value' in read) || (whole && read.value < 0)) return bad('row.number')
  return good(String(whole ? Math.round(read.value) : read.value === 0 ? 0 : read.value))
}

function several(text: string, one: Reader): Cell {
  const cells = split(text).map(one)
  return cells.find(c => c.problem !== undefined) ?? good([...new Set(cells.map(c => c.value!))].join('\u0002'))
}

const divisionReader = (): Reader => {
  const divisions = divisionIndex()
  const locate = addressLocator()
  return remembering(text => {
    const code = divisions.resolve(text) ?? locate(text).code
    return code === null ? bad('row.division') : good(code)
  })
}

const industryReader = (data: LookupData): Reader => {
  const industries = makeIndustryIndex(loadIndustries())
  return remembering(text => {
    const code = data.industries.get(normal(text)) ?? industries.resolve(text)
    return code === null ? bad('row.industry') : good(code)
  })
}
