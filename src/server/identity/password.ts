/** Passwords: argon2id as stored text; the commonest ones are refused, composition rules are not asked for (ASVS 6.2). */
import { hash, verify } from '@node-rs/argon2'

const COMMON = new Set([
  'password12',
  'password123',
  'password1234',
  '1234567890',
  '12345678910',
  '0123456789',
  '1111111111',
  '0000000000',
  'qwertyuiop',
  'qwerty123456',
  '123456789a',
  'a123456789',
  'woaini1314',
  'woaini520520',
  'iloveyou123',
  'administrator',
  'jiangyu123',
])

export const isWeak = (password: string): boolean => password.length < 10 || COMMON.has(password.toLowerCase()) || new Set(password).size < 4

export const hashPassword = (password: string): Promise<string> =>
  hash(password.normalize('NFKC'), { memoryCost: 19_456, timeCost: 2, parallelism: 1 })

/** Unknown people cost as much time as known ones, so that nobody learns who exists. */
let decoy: Promise<string> | null = null
export async function passwordFits(stored: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody has this password')
  const fits = await verify(stored ?? (await decoy), password.normalize('NFKC'))
  return stored !== null && fits
}
