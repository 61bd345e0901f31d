/** What a ruling changes, line by line: open deals, who gains and loses, which territory it moves to. */
import { useTranslation } from 'react-i18next'
import type { CaseView, Effect } from '../../contract/engagement/cases.ts'
import type { CaseWords } from './words.ts'

export function EffectLines({ effect, c, words, winner }: { effect: Effect; c: CaseView; words: CaseWords; winner: number | null }) {
  const { t } = useTranslation()
  const changes = effect.sides.flatMap((s, i) => {
    const who = c.parties[i]!.user.name
    return [
      ...(s.gained > 0 ? [t('engagement:form.gains', { who, n: s.gained })] : []),
      ...(s.lost > 0 ? [t('engagement:form.loses', { who, n: s.lost })] : []),
    ]
  })
  const moved = effect.accounts.filter(a => a.toTerritory && a.fromTerritory?.id !== a.toTerritory.id)
  const lines = [
    ...(changes.length === 0 ? [t('engagement:form.same')] : changes),
    ...new Set(moved.map(a => t('engagement:form.moves', { from: a.fromTerritory?.code ?? '–', to: a.toTerritory!.code }))),
    ...(effect.tasks > 0 ? [t('engagement:form.tasks', { n: effect.tasks })] : []),
    ...(winner === null ? [t('engagement:form.share')] : []),
  ]
  return (
    <dl className="jy-case-effect">
      <dt>{t('engagement:form.deals')}</dt>
      <dd>
        {effect.deals.n > 0
          ? t('engagement:form.dealsMove', { n: effect.deals.n, amount: words.sum(effect.deals.amount), who: effect.accounts[0]!.to.name })
          : t('engagement:form.dealsStay')}
      </dd>
      <dt>{t('engagement:form.effect')}</dt>
      <dd>{lines.join(' · ')}</dd>
    </dl>
  )
}
