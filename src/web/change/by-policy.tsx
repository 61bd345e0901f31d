/** An objection that the company's policy accepted by itself: by which line, what was seen, and what becomes of the customer. */
import { ShieldCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ChangeSetComment } from '../../contract/territory/change-sets.ts'
import { useFeedbackText } from './feedback-words.ts'

export function ByPolicy({ comment }: { comment: ChangeSetComment }) {
  const { t } = useTranslation()
  const text = useFeedbackText()
  const { basis, effect } = comment
  return (
    <p className="jy-change-reply" data-accepted={effect !== null || undefined}>
      <ShieldCheck size={12} aria-hidden />
      <span>
        {t('change:accepted.title')}
        {basis && text.seen(basis)} {t(`change:accepted.${effect ?? 'overruled'}`)}
      </span>
    </p>
  )
}
