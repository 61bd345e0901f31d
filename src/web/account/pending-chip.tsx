/** A customer that a mass import changed and nobody placed again yet: what stands beside it is still the place of before. */
import { Tag } from 'antd'
import { Hourglass } from 'lucide-react'
import { useTranslation } from 'react-i18next'

export function PendingChip() {
  const { t } = useTranslation()
  return (
    <Tag color="warning" icon={<Hourglass size={11} aria-hidden />} title={t('account:pendingWhy')} className="jy-pending">
      {t('account:pending')}
    </Tag>
  )
}
