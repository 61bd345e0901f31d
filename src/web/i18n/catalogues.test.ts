/** The catalogues hold every sentence of the screens, in three languages, with the same blanks to fill. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { toTraditional } from '../../server/kernel/traditional.ts'

const folder = import.meta.dirname
const web = path.join(folder, '..')
const capabilities = readdirSync(folder)
  .filter(f => f.endsWith('.zh-CN.json'))
  .map(f => f.replace('.zh-CN.json', ''))

function flat(value: unknown, at: string, out: Map<string, string>): Map<string, string> {
  if (typeof value === 'string') out.set(at, value)
  else for (const [key, inner] of Object.entries(value as Record<string, unknown>)) flat(inner, at ? `${at}.${key}` : key, out)
  return out
}
const catalogue = (capability: string, locale: string) =>
  flat(JSON.parse(readFileSync(path.join(folder, `${capability}.${locale}.json`), 'utf8')), '', new Map())
const blanks = (text: string) => [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(m => m[1]!).sort()
const sources = readdirSync(web, { recursive: true, encoding: 'utf8' }).filter(f => /\.tsx?$/.test(f) && !f.includes('node_modules'))

test('every language has the same keys and the same blanks, none empty', () => {
  assert.ok(capabilities.length >= 2)
  for (const capability of capabilities) {
    const home = catalogue(capability, 'zh-CN')
    for (const locale of ['zh-TW', 'en']) {
      const other = catalogue(capability, locale)
      assert.deepEqual([...other.keys()].sort(), [...home.keys()].sort(), `${capability}.${locale}`)
      for (const [key, text] of home) assert.deepEqual(blanks(other.get(key)!), blanks(text), `${capability}:${key} in ${locale}`)
      for (const [key, text] of other) assert.notEqual(text.trim(), '', `${capability}:${key} in ${locale}`)
    }
  }
})

test('zh-TW is what the conversion of zh-CN gives today', () => {
  for (const capability of capabilities) {
    const made = toTraditional(readFileSync(path.join(folder, `${capability}.zh-CN.json`), 'utf8'))
    assert.equal(readFileSync(path.join(folder, `${capability}.zh-TW.json`), 'utf8'), made, `${capability}: run src/web/i18n/make-zh-tw.ts`)
  }
})

test('no screen holds a Chinese sentence, and English holds none either', () => {
  const han = /\p{Script=Han}/u
  for (const file of sources.filter(f => f.endsWith('.tsx'))) assert.doesNotMatch(readFileSync(path.join(web, file), 'utf8'), han, file)
  for (const capability of capabilities) for (const [key, text] of catalogue(capability, 'en')) assert.doesNotMatch(text, han, `${capability}:${key}`)
})

test('every key a screen names is in the catalogue', () => {
  const known = new Set(capabilities.flatMap(c => [...catalogue(c, 'zh-CN').keys()].map(key => `${c}:${key}`)))
  const named = new RegExp(`['"]((?:${capabilities.join('|')}):[A-Za-z0-9_.]+)['"]`, 'g')
  let seen = 0
  for (const file of sources.filter(f => !f.endsWith('.test.ts'))) {
    for (const [, key] of readFileSync(path.join(web, file), 'utf8').matchAll(named)) {
      seen++
      assert.ok(known.has(key!), `${file} names ${key}`)
    }
  }
  assert.ok(seen > 40, `only ${seen} keys were found; the pattern no longer fits the sources`)
})
