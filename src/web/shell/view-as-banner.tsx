/** Seeing the product as somebody else: said on every page, with the way out in the same line; nothing can be changed meanwhile. */
import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { Eye } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../contract/identity/session.ts'
import { viewAs } from '../../contract/identity/session.ts'
import { call } from '../app/api.ts'

export function ViewAsBanner({ me }: { me: Me }) {
  const { t } = useTranslation()
  const leave = useMutation({
    mutationFn: () => call(viewAs, { body: { userId: null } }),
    // Everything kept was seen with the other person's eyes.
    onSuccess: () => window.location.reload(),
  })
  if (!me.viewAs) return null
  return (
    <div className="jy-view-as" role="status">
      <Eye size={15} aria-hidden />
      <span>{t('shell:viewAs.banner', { name: me.viewAs.name })}</span>
      <Button size="small" loading={leave.isPending} onClick={() => leave.mutate()}>
        {t('shell:viewAs.leave')}
      </Button>
    </div>
  )
}
