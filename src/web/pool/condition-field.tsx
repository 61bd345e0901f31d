/** Which customers something is about: how many criteria, and the same blocks as everywhere to change them. */
import { Button } from 'antd'
import { Filter } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Condition, childrenOf, EVERYTHING, isGroup } from '../../core/condition/condition.ts'
import { FilterDrawer } from '../account/filter-drawer.tsx'
import { useCatalogue } from '../account/use-catalogue.ts'

export function ConditionField({ value, onChange }: { value: Condition; onChange: (next: Condition) => void }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const catalogue = useCatalogue()
  const n = isGroup(value) ? childrenOf(value).length : 1
  return (
    <>
      <Button icon={<Filter size={13} />} onClick={() => setOpen(true)}>
        {n === 0 ? t('pool:settings.allOfThem') : t('pool:settings.criteria', { n })}
      </Button>
      {open && catalogue.data && (
        <FilterDrawer
          catalogue={catalogue.data}
          filter={n === 0 ? null : value}
          onClose={() => setOpen(false)}
          onDone={next => onChange(next ?? EVERYTHING)}
        />
      )}
    </>
  )
}
