/** Chooses one of the two models: drafts, the one in use, those that were; older ones are asked for. */
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ComparedModel } from '../../../contract/territory/compare.ts'
import type { Model } from '../../../contract/territory/models.ts'
import { MoreButton } from '../../app/more-button.tsx'
import type { Paged } from '../../app/paged.ts'

type Props = {
  readonly label: string
  readonly value: string
  /** What the answer says of the chosen one: it may be older than the pages that are loaded. */
  readonly chosen: ComparedModel | undefined
  readonly list: Paged<Model>
  readonly onChange: (id: string) => void
}

export function useModelWords(): (model: Pick<Model, 'active' | 'state'> & { readonly effectiveAt?: string | null }) => string {
  const { t } = useTranslation()
  return model => {
    if (model.active) return t('territory:model.active')
    const past = model.effectiveAt && Date.parse(model.effectiveAt) <= Date.now()
    return model.state === 'ready' && past ? t('compare:ended') : t(`territory:model.${model.state}`)
  }
}

export function ModelPicker({ label, value, chosen, list, onChange }: Props) {
  const words = useModelWords()
  const option = (m: ComparedModel | Model) => ({ value: m.id, label: `${m.name}${m.version ? ` v${m.version}` : ''} · ${words(m)}` })
  const known = list.rows.some(m => m.id === value)
  return (
    <Select
      className="jy-compare-pick"
      aria-label={label}
      value={value}
      onChange={onChange}
      showSearch={{ optionFilterProp: 'label' }}
      popupMatchSelectWidth={false}
      options={[...(known || !chosen ? [] : [option(chosen)]), ...list.rows.map(option)]}
      popupRender={menu => (
        <>
          {menu}
          <MoreButton list={list} />
        </>
      )}
    />
  )
}
