/** The why chip: a small square beside every owner, territory and computed figure; it opens the one explanation, never an invented tooltip. */
import { useTranslation } from 'react-i18next'
import './why-chip.css'

/** `of` names what is explained, for those who do not see where the chip stands. */
export function WhyChip({ of, onOpen }: { of: string; onOpen: () => void }) {
  const { t } = useTranslation()
  return (
    <button type="button" className="jy-why" data-why aria-label={t('shell:why.label', { of })} title={t('shell:why.label', { of })} onClick={onOpen}>
      {t('shell:why.chip')}
    </button>
  )
}
