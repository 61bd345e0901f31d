/** A case in words: clauses, evidence, instants and sums as its reader's language writes them. */
import { useTranslation } from 'react-i18next'
import type { CaseView, EvidenceRow, Finding } from '../../contract/engagement/cases.ts'
import { useWords } from '../account/use-catalogue.ts'
import { money } from '../app/figures.ts'
import { day, moment } from '../app/format.ts'
import { useMe } from '../app/me.ts'

export const CASE_KEY = (id: string) => ['case', id] as const
/** Everything a ruling or a word in a case may change on show. */
export const touchesOf = (id: string) => [['case', id], ['cases'], ['account'], ['accounts'], ['timeline'], ['home'], ['clock']]

/** Colour of a side: its territory's; the second takes another when both are of one territory. */
export function colourOf(c: Pick<CaseView, 'parties'>, side: number | null): string {
  if (side === null) return 'var(--jy-line)'
  const own = c.parties[side]?.territory?.colour ?? side
  const first = c.parties[0]?.territory?.colour ?? 0
  return `var(--jy-terr-${side === 1 && own === first ? (own + 3) % 8 : own % 8})`
}

export function useCaseWords(c: Pick<CaseView, 'evidence' | 'findings'>) {
  const { t, i18n } = useTranslation()
  const zone = useMe()?.tenant.zone
  const codes = [...c.evidence.map(e => e.words.division), ...c.findings.map(f => f.why.values.division)].flatMap(d =>
    typeof d === 'string' ? [d] : [],
  )
  const catalogue = useWords(codes)
  const now = new Date()
  const onDay = (value: string | null) => day(value, now, zone)
  const sum = (minor: number) => money(String(minor / 100), i18n.language)
  const place = (code: unknown) => catalogue.value('division', code)
  const title = (e: EvidenceRow) => t(`engagement:evidence.kind.${e.kind}`)
  const said = (e: EvidenceRow): string => {
    const w = e.words
    const text = String(w.text ?? '')
    switch (e.kind) {
      case 'created':
        return t('engagement:evidence.say.created')
      case 'duplicate':
        return t('engagement:evidence.say.duplicate', { percent: `${Math.round(Number(w.score ?? 0) * 100)}%` })
      case 'owned':
        return t('engagement:evidence.say.owned', { how: t(`engagement:evidence.how.${String(w.how)}`) })
      case 'registration':
        return t('engagement:evidence.say.registration', { text, until: onDay(String(w.until)) })
      case 'address':
        return t('engagement:evidence.say.address', { kind: t(`engagement:evidence.address.${String(w.kind)}`), place: place(w.division) })
      case 'opportunity':
      case 'won':
        return t('engagement:evidence.say.deal', { text, amount: typeof w.amount === 'number' ? sum(w.amount) : '' })
      default:
        return typeof w.file === 'string' ? `${text} (${w.file})` : text
    }
  }
  const clause = (f: Finding): string =>
    t(`engagement:clause.say.${f.why.code}`, {
      ...f.why.values,
      from: onDay(f.from),
      until: onDay(f.until),
      place: place(f.why.values.division),
      address: t(`engagement:evidence.address.${String(f.why.values.address ?? 'business')}`),
    })
  return { title, said, clause, onDay, sum, at: (value: string | null) => moment(value, now, zone) }
}
export type CaseWords = ReturnType<typeof useCaseWords>
