/**
 * Phones 电话 in one form (E.164), Chinese where no country is written, with the extension (转) behind. What is no phone number is kept as it
 * was typed and says so: a warning, never a lost number.
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'

export type Phone = { readonly value: string; readonly valid: boolean }

const MOBILE = /^1[3-9]\d{9}$/
/** As it is kept once it was read. */
const PLAIN_MOBILE = /^\+861[3-9]\d{9}$/

export function readPhone(text: string): Phone {
  // Nearly every row of a Chinese list is this, and the library takes fifty times as long.
  if (MOBILE.test(text)) return { value: `+86${text}`, valid: true }
  if (PLAIN_MOBILE.test(text)) return { value: text, valid: true }
  const clean = text
    .normalize('NFKC')
    .trim()
    .replace(/\s*(?:转|轉|分机|分機)\s*/, ' ext ')
  const parsed = parsePhoneNumberFromString(clean, 'CN')
  if (!parsed?.isValid()) return { value: text.trim(), valid: false }
  return { value: parsed.ext ? `${parsed.number} ext ${parsed.ext}` : parsed.number, valid: true }
}
