/** The strip over every page of a tab that is older than the product on the server: what happened, and one press to have the new one. */
import { Button } from 'antd'
import { RotateCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useMissing } from './missing-part.ts'

export function NewVersion() {
  const { t } = useTranslation()
  if (useMissing() !== 'new') return null
  return (
    <div className="jy-new-version" role="alert">
      <b>{t('shell:state.newVersion')}</b>
      <span>{t('shell:state.newVersionWhy')}</span>
      <Button size="small" icon={<RotateCw size={13} />} onClick={() => window.location.reload()}>
        {t('shell:state.reload')}
      </Button>
    </div>
  )
}
