/** A company record as duplicate matching 查重 sees it: every value in one spelling, so that comparing is comparing letters. */
import { checkCreditCode } from '../cleansing/credit-code.ts'
import { type AddressKey, addressKey } from './address-key.ts'
import { type Aliases, otherNames } from './alias.ts'
import type { CompanyName, NameReader } from './company-name.ts'
import { PUBLIC_MAIL } from './name-words.ts'

/** As it comes: anything may be missing, and everything but the id may be several (short and English names, former ones). */
export type RawRecord = {
  readonly id: string
  readonly names: readonly string[]
  readonly creditCode?: string | null
  readonly phones?: readonly string[]
  readonly emails?: readonly string[]
  readonly website?: string | null
  readonly contacts?: readonly string[]
  readonly addresses?: readonly string[]
  readonly division?: string | null
  readonly industry?: string | null
}
export type DedupeRecord = {
  readonly id: string
  readonly names: readonly CompanyName[]
  readonly codes: readonly Code[]
  readonly phones: readonly string[]
  readonly emails: readonly string[]
  /** Of mails and website, without the public mail houses. */
  readonly domains: readonly string[]
  readonly contacts: readonly string[]
  readonly addresses: readonly AddressKey[]
  readonly divisions: readonly string[]
  readonly industries: readonly string[]
}
export type Code = { readonly value: string; readonly valid: boolean }

export function readRecord(raw: RawRecord, reader: NameReader, aliases?: Aliases): DedupeRecord {
  const emails = distinct((raw.emails ?? []).map(mail => mail.trim().toLowerCase()).filter(mail => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(mail)))
  const site = raw.website ? domainOf(raw.website) : null
  const written = raw.names.filter(name => name.trim() !== '').map(reader.read)
  return {
    id: raw.id,
    names: aliases ? written.flatMap(name => [name, ...otherNames(name, aliases, reader.sound)]) : written,
    codes: readCode(raw.creditCode),
    phones: distinct((raw.phones ?? []).map(phoneKey).filter(phone => phone.length >= 7)),
    emails,
    domains: distinct([...emails.map(mail => mail.slice(mail.indexOf('@') + 1)), ...(site ? [site] : [])]).filter(d => !PUBLIC_MAIL.has(d)),
    contacts: distinct((raw.contacts ?? []).map(name => reader.fold(name).replace(/\s/g, '')).filter(name => name.length >= 2)),
    addresses: (raw.addresses ?? []).flatMap(text => addressKey(reader.fold(text)) ?? []),
    divisions: listOf(raw.division),
    industries: listOf(raw.industry),
  }
}

const distinct = (values: readonly string[]): readonly string[] => (values.length < 2 ? values : [...new Set(values)])

const listOf = (text: string | null | undefined): readonly string[] => (text?.trim() ? [text.trim()] : [])

function readCode(text: string | null | undefined): readonly Code[] {
  if (!text?.trim()) return []
  const { value, valid, suggestion } = checkCreditCode(text)
  if (value.length < 8) return []
  return [suggestion === null ? { value, valid } : { value: suggestion, valid: true }]
}

/** Several records that are one company, as one: what it is compared with others by. */
export function joinRecords(records: readonly DedupeRecord[]): DedupeRecord {
  const all = <T>(of: (r: DedupeRecord) => readonly T[], key: (value: T) => string): readonly T[] => [
    ...new Map(records.flatMap(of).map(value => [key(value), value])).values(),
  ]
  const same = (text: string) => text
  return {
    id: records[0]!.id,
    names: all(
      r => r.names,
      name => `${name.tail}|${name.regions.join()}`,
    ),
    codes: all(
      r => r.codes,
      code => code.value,
    ),
    phones: all(r => r.phones, same),
    emails: all(r => r.emails, same),
    domains: all(r => r.domains, same),
    contacts: all(r => r.contacts, same),
    addresses: all(
      r => r.addresses,
      a => `${a.street}|${a.door}`,
    ),
    divisions: all(r => r.divisions, same),
    industries: all(r => r.industries, same),
  }
}

/** Phones and mails as keys, the same for every spelling; what is too short to tell anybody is left out. */
export const hardKeys = (phones: readonly (string | null)[], emails: readonly (string | null)[]): readonly string[] => [
  ...phones.flatMap(p => (p === null || phoneKey(p).length < 7 ? [] : [`p:${phoneKey(p)}`])),
  ...emails.flatMap(e => (e?.includes('@') ? [`m:${e.trim().toLowerCase()}`] : [])),
]

/** Domains of mails and of a website as keys, without the public mail houses. */
export const domainKeys = (emails: readonly (string | null)[], website: string | null): readonly string[] =>
  [
    ...emails.flatMap(e =>
      e?.includes('@')
        ? [
            e
              .trim()
              .toLowerCase()
              .slice(e.trim().indexOf('@') + 1),
          ]
        : [],
    ),
    ...(website ? [domainOf(website)] : []),
  ].flatMap(d => (d && !PUBLIC_MAIL.has(d) ? [`w:${d}`] : []))

/** Digits only, without country code, trunk zero and extension: +86 138…, 0138…, 0371-42016199 转776. */
export function phoneKey(text: string): string {
  const plain = text.normalize('NFKC').replace(/(?:转|轉|分机|ext\.?|x|#).*$/i, '')
  const parts = plain.split(/[-\s]/).filter(part => part !== '')
  // 0371-42016199-9265: the last group is an extension when seven or eight digits stand before it.
  const last = parts.at(-1)
  if (parts.length > 2 && last !== undefined && /^\d{1,5}$/.test(last) && /^\d{7,8}$/.test(parts.at(-2)!)) parts.pop()
  let digits = parts.join('').replace(/\D/g, '')
  if (digits.length > 11 && digits.startsWith('86')) digits = digits.slice(2)
  else if (digits.length > 10 && /^\+?86/.test(plain.trim()) && digits.startsWith('86')) digits = digits.slice(2)
  return digits.replace(/^0+/, '')
}

function domainOf(text: string): string | null {
  const host = text
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/[/?#:].*$/, '')
    .replace(/^(?:www|m|wap|en|cn)\./, '')
  return /^[^\s.]+(?:\.[^\s.]+)+$/.test(host) ? host : null
}
