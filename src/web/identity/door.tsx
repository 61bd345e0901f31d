/** The frame of pages before signing in: the mark, one card, and the languages, since nothing is known of the reader yet. */
import { Segmented } from 'antd'
import type { ReactNode } from 'react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Locale } from '../../contract/kernel/shapes.ts'
import { LOCALE_NAMES, LOCALES, switchLocale } from '../app/i18n.ts'
import { Mark } from '../shell/mark.tsx'
import './door.css'

/** The language picked here becomes the profile's after signing in; until then it waits in this tab. */
const PICKED = 'jy-picked-locale'
export function takePickedLocale(): Locale | null {
  const picked = LOCALES.find(l => l === sessionStorage.getItem(PICKED)) ?? null
  sessionStorage.removeItem(PICKED)
  return picked
}

export function Door({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const { t, i18n } = useTranslation()
  useEffect(() => {
    document.title = `${title} · ${t('shell:product')}`
  }, [title, t])
  const pick = (locale: Locale) => {
    sessionStorage.setItem(PICKED, locale)
    void switchLocale(locale)
  }
  return (
    <div className="jy-door">
      <header>
        <span className="jy-door-mark">
          <Mark size={30} />
        </span>
        <span>
          <b>{t('shell:product')}</b>
          <small>{t('identity:door.claim')}</small>
        </span>
      </header>
      <main className="jy-card">
        <h1>{title}</h1>
        {lead && <p className="jy-muted">{lead}</p>}
        {children}
      </main>
      <footer>
        <Segmented
          size="small"
          aria-label={t('shell:user.language')}
          value={i18n.language as Locale}
          onChange={pick}
          options={LOCALES.map(l => ({ value: l, label: LOCALE_NAMES[l] }))}
        />
      </footer>
    </div>
  )
}
