/** Asking for more time: how many days and why; the nearest manager decides. */
import { useQuery } from '@tanstack/react-query'
import { Form, Input, InputNumber, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { askApproval, findApprover } from '../../contract/approval/approvals.ts'
import { readClock } from '../../contract/pool/clocks.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { Decider } from '../approval/decider.tsx'

export function ExtendDialog({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const { t } = useTranslation()
  const [days, setDays] = useState(14)
  const [why, setWhy] = useState('')
  const clock = useQuery({ queryKey: ['clock', id], queryFn: ({ signal }) => call(readClock, { params: { id }, signal }) })
  const most = clock.data?.extensionDays ?? 30
  const asked = { kind: 'account.extension' as const, recordId: id, payload: { days: Math.min(days, most) } }
  const approver = useQuery({
    queryKey: ['approver', 'extension', id, asked.payload.days],
    queryFn: ({ signal }) => call(findApprover, { body: asked, signal }),
    retry: false,
  })
  const ask = useChange({
    run: () => call(askApproval, { body: { ...asked, why: why.trim() } }),
    touches: [['pool-clocks'], ['approvals'], ['clock', id], ['account', id]],
    said: t('pool:extend.asked'),
    onDone: onClose,
  })
  const decider = approver.data?.approver
  return (
    <Modal
      open
      title={t('pool:extend.title', { name })}
      okText={t('pool:extend.ask')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ disabled: !why.trim() || !decider }}
      confirmLoading={ask.isPending}
      onOk={() => ask.mutate()}
      onCancel={onClose}
    >
      <Form layout="vertical">
        <Form.Item label={t('pool:extend.days', { most })}>
          <InputNumber min={1} max={most} value={Math.min(days, most)} onChange={value => setDays(value ?? 1)} />
        </Form.Item>
        <Form.Item label={t('pool:extend.why')}>
          <Input.TextArea autoFocus rows={3} maxLength={400} value={why} onChange={event => setWhy(event.target.value)} />
        </Form.Item>
      </Form>
      <Decider found={approver.data} error={approver.error} />
    </Modal>
  )
}
