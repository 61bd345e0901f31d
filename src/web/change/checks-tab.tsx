/** What must be right before the day: each check with its answer in words. */
import { CircleCheck, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ChangeSet } from '../../contract/territory/change-sets.ts'

export function ChecksTab({ set }: { set: ChangeSet }) {
  const { t } = useTranslation()
  return (
    <section className="jy-card jy-change-box" aria-label={t('change:tab.checks')}>
      <header>
        <h2>{t('change:checks.title')}</h2>
      </header>
      <ul className="jy-change-checks" data-list>
        <Checks set={set} />
      </ul>
    </section>
  )
}

export function Checks({ set, only }: { set: ChangeSet; only?: readonly string[] }) {
  const { t } = useTranslation()
  return set.checks
    .filter(c => !only || only.includes(c.code))
    .map(c => (
      <li key={c.code} data-ok={c.ok}>
        {c.ok ? <CircleCheck size={15} aria-label={t('change:checks.ok')} /> : <TriangleAlert size={15} aria-label={t('change:checks.bad')} />}
        <span>{c.words}</span>
      </li>
    ))
}
