/** What the pool lets one do with a customer of one's own: give it back, ask for time, protect it, lock it. */
import { useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Dropdown, Form, Input, Modal, Select } from 'antd'
import { Waves } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { protectAccount, readClock, returnAccount, unprotectAccount } from '../../contract/pool/clocks.ts'
import type { ReplyOf } from '../app/api.ts'
import { call } from '../app/api.ts'
import { useElsewhen } from '../app/as-of.ts'
import { useChange } from '../app/change.ts'
import { ExtendDialog } from './extend-dialog.tsx'

type Clock = ReplyOf<typeof readClock>
type Layer = 'return' | 'protect' | 'lock' | 'extend' | null
/** What the picker hands over. */
type Dayjs = { endOf(unit: 'day'): { toISOString(): string } }
const touches = (id: string) => [['clock', id], ['pool-clocks'], ['pools'], ['pool'], ['account', id], ['accounts'], ['timeline', id], ['home']]

export function AccountActs({ account }: { account: AccountDetail }) {
  const { t } = useTranslation()
  const { id } = account
  const elsewhen = useElsewhen()
  const [open, setOpen] = useState<Layer>(null)
  const read = useQuery({ queryKey: ['clock', id], queryFn: ({ signal }) => call(readClock, { params: { id }, signal }) })
  const free = useChange({ run: (kind: 'protect' | 'lock') => call(unprotectAccount, { params: { id, kind } }), touches: touches(id) })
  const c = read.data
  if (!c || elsewhen || account.deletedAt !== null) return null
  const items = [
    ...(c.mayReturn ? [{ key: 'return', label: t('pool:give.title') }] : []),
    ...(c.mayExtend ? [{ key: 'extend', label: t('pool:clock.extend') }] : []),
    ...(c.mayProtect ? [c.protection ? { key: 'unprotect', label: t('pool:protect.off') } : { key: 'protect', label: t('pool:protect.title') }] : []),
    ...(c.mayLock ? [c.lock ? { key: 'unlock', label: t('pool:protect.unlock') } : { key: 'lock', label: t('pool:protect.lock') }] : []),
  ]
  if (items.length === 0) return null
  const act = (key: string) => {
    if (key === 'unprotect') free.mutate('protect')
    else if (key === 'unlock') free.mutate('lock')
    else setOpen(key as Layer)
  }
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => act(key) }}>
        <Button icon={<Waves size={14} />}>{t('pool:title')}</Button>
      </Dropdown>
      {open === 'return' && <Give id={id} clock={c} onClose={() => setOpen(null)} />}
      {(open === 'protect' || open === 'lock') && <Protect id={id} kind={open} most={c.protectDays} onClose={() => setOpen(null)} />}
      {open === 'extend' && <ExtendDialog id={id} name={String(account.values.name ?? '')} onClose={() => setOpen(null)} />}
    </>
  )
}

function Give({ id, clock, onClose }: { id: string; clock: Clock; onClose: () => void }) {
  const { t } = useTranslation()
  const [reason, setReason] = useState<Clock['reasons'][number]>()
  const [remark, setRemark] = useState('')
  const [poolId, setPool] = useState<string | null>(null)
  const give = useChange({
    run: () => call(returnAccount, { params: { id }, body: { reason: reason!, remark: remark.trim() || null, poolId } }),
    touches: touches(id),
    said: t('pool:saidGiven'),
    onDone: onClose,
  })
  return (
    <Modal
      open
      title={t('pool:give.title')}
      okText={t('pool:give.do')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ disabled: !reason }}
      confirmLoading={give.isPending}
      onOk={() => give.mutate()}
      onCancel={onClose}
    >
      <p>{t('pool:give.lead')}</p>
      <Form layout="vertical">
        <Form.Item label={t('pool:give.reason')} required>
          <Select
            aria-label={t('pool:give.reason')}
            value={reason}
            onChange={setReason}
            options={clock.reasons.map(value => ({ value, label: t(`pool:returnReason.${value}`) }))}
          />
        </Form.Item>
        <Form.Item label={t('pool:give.remark')}>
          <Input.TextArea rows={2} maxLength={400} value={remark} onChange={event => setRemark(event.target.value)} />
        </Form.Item>
        <Form.Item label={t('pool:give.pool')}>
          <Select
            aria-label={t('pool:give.pool')}
            value={poolId ?? ''}
            onChange={value => setPool(value || null)}
            options={[{ value: '', label: t('pool:give.first') }, ...clock.pools.map(p => ({ value: p.id, label: p.name }))]}
          />
        </Form.Item>
      </Form>
    </Modal>
  )
}

function Protect({ id, kind, most, onClose }: { id: string; kind: 'protect' | 'lock'; most: number; onClose: () => void }) {
  const { t } = useTranslation()
  const [until, setUntil] = useState<Dayjs | null>(null)
  const [why, setWhy] = useState('')
  const protect = useChange({
    run: () =>
      call(protectAccount, {
        params: { id },
        body: { kind, until: kind === 'lock' ? null : (until?.endOf('day').toISOString() ?? null), reason: why.trim() },
      }),
    touches: touches(id),
    onDone: onClose,
  })
  return (
    <Modal
      open
      title={t(kind === 'lock' ? 'pool:protect.lockTitle' : 'pool:protect.title')}
      okText={t(kind === 'lock' ? 'pool:protect.lock' : 'pool:protect.do')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ disabled: !why.trim() || (kind === 'protect' && !until) }}
      confirmLoading={protect.isPending}
      onOk={() => protect.mutate()}
      onCancel={onClose}
    >
      <p>{kind === 'lock' ? t('pool:protect.lockLead') : t('pool:protect.lead', { most })}</p>
      <Form layout="vertical">
        {kind === 'protect' && (
          <Form.Item label={t('pool:protect.until')} required>
            <DatePicker onChange={setUntil} />
          </Form.Item>
        )}
        <Form.Item label={t('pool:protect.why')} required>
          <Input.TextArea rows={2} maxLength={400} value={why} onChange={event => setWhy(event.target.value)} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
