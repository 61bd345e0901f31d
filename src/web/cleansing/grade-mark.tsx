/** A grade as icon, word and colour together: colour alone tells nobody who cannot see it. */
import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Grade } from './shares.ts'

const ICONS = { green: CircleCheck, ochre: TriangleAlert, red: CircleX } as const

export function GradeMark({ grade }: { grade: Grade | null }) {
  const { t } = useTranslation()
  if (grade === null) return null
  const Icon = ICONS[grade]
  return (
    <span className="jy-grade" data-grade={grade}>
      <Icon size={13} aria-hidden /> {t(`cleansing:grade.${grade}`)}
    </span>
  )
}
