/** The pools in the order in which they take customers; each opens its form, and an empty one may be removed. */
import { Button, Popconfirm, Tag } from 'antd'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type readSettings, removePool } from '../../contract/pool/settings.ts'
import type { ReplyOf } from '../app/api.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { count } from '../app/figures.ts'
import { Empty } from '../app/states.tsx'
import { PoolForm } from './pool-form.tsx'

export type Settings = ReplyOf<typeof readSettings>
export type PoolSetting = Settings['pools'][number]

export function PoolList({ settings }: { settings: Settings }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<PoolSetting | 'new' | null>(null)
  const remove = useChange({
    run: (pool: PoolSetting) => call(removePool, { params: { id: pool.id }, ifMatch: pool.rowVersion }),
    touches: [['pool-settings'], ['pools']],
    said: t('pool:settings.removed'),
  })
  return (
    <section className="jy-card jy-pool-policy">
      <header className="jy-row">
        <h2 className="jy-grow">{t('pool:settings.pools')}</h2>
        <Button type="primary" icon={<Plus size={14} />} onClick={() => setOpen('new')}>
          {t('pool:settings.add')}
        </Button>
      </header>
      {settings.pools.length === 0 && <Empty title={t('pool:settings.none')} why={t('pool:settings.noneWhy')} />}
      <ul className="jy-list">
        {settings.pools.map(p => (
          <li key={p.id}>
            <button type="button" className="jy-plain jy-grow" onClick={() => setOpen(p)}>
              <b>{p.name}</b> {!p.open && <Tag>{t('pool:closed')}</Tag>} {p.deadEnd && <Tag>{t('pool:deadEnd')}</Tag>}
            </button>
            <span className="jy-muted">{p.entries > 1000 ? t('pool:many') : t('pool:settings.entries', { n: count(p.entries) })}</span>
            <Popconfirm title={t('pool:settings.removeAsk', { name: p.name })} onConfirm={() => remove.mutate(p)}>
              <Button type="text" icon={<Trash2 size={14} />} aria-label={t('shell:remove')} />
            </Popconfirm>
          </li>
        ))}
      </ul>
      {open !== null && <PoolForm pool={open === 'new' ? null : open} settings={settings} onClose={() => setOpen(null)} />}
    </section>
  )
}
