/** Why the order is what it is: the three parts of "fits me", each with its weight; nothing else is in it. */
import { Drawer } from 'antd'
import { useTranslation } from 'react-i18next'

export function FitWhy({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Drawer open={open} onClose={onClose} size={380} title={t('pool:sortBy.fit')}>
      <p>{t('pool:fit.lead')}</p>
      <dl className="jy-facts">
        {(['own', 'industry', 'potential'] as const).map(part => (
          <FitPart key={part} part={part} />
        ))}
      </dl>
    </Drawer>
  )
}
function FitPart({ part }: { part: 'own' | 'industry' | 'potential' }) {
  const { t } = useTranslation()
  return (
    <>
      <dt>{t(`pool:fit.${part}`)}</dt>
      <dd>{t(`pool:fit.${part}Points`)}</dd>
    </>
  )
}
