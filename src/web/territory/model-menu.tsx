/** What else can be done with a model: set it beside another one, and see whether its tests hold. */
import { useNavigate } from '@tanstack/react-router'
import { Button, Dropdown } from 'antd'
import { Ellipsis, GitCompareArrows, ListChecks } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Model } from '../../contract/territory/models.ts'
import { useMay } from '../app/me.ts'

type Props = { readonly model: Model; readonly models: readonly Model[]; readonly onTests: () => void }

/** A draft beside the one in use; the one in use beside the one it was made on. */
const pairOf = (model: Model, models: readonly Model[]) => ({
  a: model.active ? (model.baseModelId ?? undefined) : models.find(m => m.active)?.id,
  b: model.id,
})

export function ModelMenu({ model, models, onTests }: Props) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const plans = useMay('territory.plan')
  if (!plans) return null
  const items = [
    {
      key: 'compare',
      icon: <GitCompareArrows size={14} />,
      label: t('compare:entry'),
      onClick: () => void navigate({ to: '/territory/compare' as never, search: pairOf(model, models) as never }),
    },
    { key: 'tests', icon: <ListChecks size={14} />, label: t('tests:entry'), onClick: onTests },
  ]
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <Button icon={<Ellipsis size={14} />} aria-label={t('compare:menu')} title={t('compare:menu')} />
    </Dropdown>
  )
}
