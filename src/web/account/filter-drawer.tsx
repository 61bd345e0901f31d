/** The filter of the list: the same blocks as a territory's rule, without counts. */
import { Button, Drawer } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Condition } from '../../core/condition/condition.ts'
import { Blocks, type Catalogue, type Line } from '../condition/blocks.tsx'
import { asRoot, finished } from '../condition/edit-condition.ts'

/** A filter is asked once, when it is applied: no counts while one writes it. */
const NO_COUNTS: ReadonlyMap<string, Line> = new Map()
const NO_PROBLEMS: ReadonlyMap<string, string> = new Map()

export function FilterDrawer({
  catalogue,
  filter,
  onClose,
  onDone,
}: {
  catalogue: Catalogue
  filter: Condition | null
  onClose: () => void
  onDone: (filter: Condition | null) => void
}) {
  const { t } = useTranslation()
  const [condition, setCondition] = useState<Condition>(asRoot(filter))
  const done = (next: Condition | null) => {
    onDone(next)
    onClose()
  }
  return (
    <Drawer
      open
      size={720}
      title={t('account:filter.title')}
      onClose={onClose}
      extra={
        <span className="jy-row">
          <Button onClick={() => done(null)}>{t('account:filter.clear')}</Button>
          <Button
            type="primary"
            onClick={() => {
              const next = finished(condition)
              done(next && 'all' in next && next.all.length === 0 ? null : next)
            }}
          >
            {t('account:filter.apply')}
          </Button>
        </span>
      }
    >
      <Blocks condition={condition} catalogue={catalogue} lines={NO_COUNTS} problems={NO_PROBLEMS} total={0} stale={false} onChange={setCondition} />
    </Drawer>
  )
}
