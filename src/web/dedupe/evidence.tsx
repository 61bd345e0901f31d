/** Why two customers may be one, feature by feature: what speaks for it, then what speaks against; the bits on hover. */
import { Tag } from 'antd'
import { Check, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { EvidenceRow } from '../../contract/dedupe/duplicates.ts'

/** Below this a feature says nothing worth a place. */
const WORTH = 0.6

export function EvidenceTags({ evidence }: { evidence: readonly EvidenceRow[] }) {
  const { t } = useTranslation()
  const told = evidence.filter(e => Math.abs(e.bits) > WORTH).sort((a, b) => b.bits - a.bits)
  return (
    <span className="jy-row jy-wrap jy-dup-tags">
      {told.map(e => {
        const words = t(`dedupe:evidence.${e.feature}.${e.level}`)
        return (
          <Tag key={e.feature} color={e.bits > 0 ? 'success' : 'error'} title={t('dedupe:bits', { bits: e.bits > 0 ? `+${e.bits}` : `−${-e.bits}` })}>
            {e.bits > 0 ? <Check size={11} aria-hidden /> : <X size={11} aria-hidden />} {words}
          </Tag>
        )
      })}
    </span>
  )
}

export const percent = (score: number): string => `${Math.min(99, Math.round(score * 100))}%`
