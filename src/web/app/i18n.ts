/**
 * The languages of the product: zh-CN, zh-TW, en. Texts live in one catalogue per capability and language (`i18n/`), so that a capability
 * is translated where it is built; only the language in use is loaded.
 */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Locale } from '../../contract/kernel/shapes.ts'
import { setCaller } from './api.ts'

export const LOCALES: readonly Locale[] = ['zh-CN', 'zh-TW', 'en']
/** A language's own name, the same whatever language is shown. */
export const LOCALE_NAMES: Readonly<Record<Locale, string>> = { 'zh-CN': '简体中文', 'zh-TW': '繁體中文', en: 'English' }

type Catalogue = Record<string, unknown>
const catalogues = import.meta.glob<Catalogue>('../i18n/*.json', { import: 'default' })
const STORED = 'jy-locale'

/** The choice made here before, else what the browser asks for, else Chinese: the product's home. */
export function firstLocale(stored: string | null, asked: readonly string[]): Locale {
  const kept = LOCALES.find(l => l === stored)
  if (kept) return kept
  for (const tag of asked) {
    if (/^zh-(tw|hk|mo|hant)/i.test(tag)) return 'zh-TW'
    if (/^zh/i.test(tag)) return 'zh-CN'
    if (/^en/i.test(tag)) return 'en'
  }
  return 'zh-CN'
}

async function load(locale: Locale): Promise<void> {
  const suffix = `.${locale}.json`
  const wanted = Object.entries(catalogues).filter(([file]) => file.endsWith(suffix))
  await Promise.all(
    wanted.map(async ([file, read]) => {
      const capability = file.slice(file.lastIndexOf('/') + 1, -suffix.length)
      i18next.addResourceBundle(locale, capability, await read())
    }),
  )
}

export const currentLocale = (): Locale => LOCALES.find(l => l === i18next.language) ?? 'zh-CN'

export async function switchLocale(locale: Locale): Promise<void> {
  await load(locale)
  localStorage.setItem(STORED, locale)
  setCaller({ language: locale })
  document.documentElement.lang = locale
  await i18next.changeLanguage(locale)
}

export async function startI18n(): Promise<void> {
  const locale = firstLocale(localStorage.getItem(STORED), navigator.languages)
  await i18next
    .use(initReactI18next)
    .init({
      lng: locale,
      fallbackLng: false,
      supportedLngs: [...LOCALES],
      load: 'currentOnly',
      defaultNS: 'shell',
      ns: [],
      resources: {},
      interpolation: { escapeValue: false },
      returnNull: false,
    })
  await switchLocale(locale)
}

/** A record's own label (roles, fields) in the language shown. */
export const labelOf = (labels: Readonly<Record<Locale, string>>, locale: Locale): string => labels[locale] || labels['zh-CN'] || labels.en
