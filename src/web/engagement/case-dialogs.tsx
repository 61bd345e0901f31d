/** Small dialogs of a case: one text, sent where it belongs; evidence also has a day and a file. */
import { useQuery } from '@tanstack/react-query'
import { Form, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listFiles } from '../../contract/account/attached.ts'
import { addEvidence, appealCase, askParties, type CaseView, recuseCase } from '../../contract/engagement/cases.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { isoDay } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { touchesOf } from './words.ts'

export type CaseDialog = 'ask' | 'appeal' | 'recuse' | 'up'
type Props = { c: CaseView; onClose: () => void }

const WORD = {
  ask: { title: 'engagement:evidence.ask', label: 'engagement:evidence.question', send: 'engagement:evidence.send' },
  appeal: { title: 'engagement:ruled.appeal', label: 'engagement:ruled.appealWhy', send: 'engagement:ruled.appeal' },
  recuse: { title: 'engagement:recuse.do', label: 'engagement:recuse.reason', send: 'engagement:recuse.do' },
  up: { title: 'engagement:recuse.up', label: 'engagement:recuse.upReason', send: 'engagement:recuse.up' },
} as const

export function SayDialog({ c, kind, onClose }: Props & { kind: CaseDialog }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const params = { id: c.id }
  const said = text.trim()
  const send = useChange<void, unknown>({
    run: () =>
      kind === 'ask'
        ? call(askParties, { params, body: { text: said } })
        : kind === 'appeal'
          ? call(appealCase, { params, body: { reason: said } })
          : call(recuseCase, { params, body: { reason: said, headquarters: kind === 'up' } }),
    touches: touchesOf(c.id),
    ...(kind === 'appeal' ? { said: t('engagement:ruled.appealed') } : {}),
    onDone: onClose,
  })
  const word = WORD[kind]
  return (
    <Modal
      open
      title={t(word.title)}
      okText={t(word.send)}
      cancelText={t('shell:cancel')}
      okButtonProps={{ disabled: !said }}
      confirmLoading={send.isPending}
      onOk={() => send.mutate()}
      onCancel={onClose}
    >
      {kind === 'appeal' && <p className="jy-muted">{t('engagement:ruled.appealHint')}</p>}
      <Form layout="vertical">
        <Form.Item label={t(word.label)}>
          <Input.TextArea
            autoFocus
            aria-label={t(word.label)}
            rows={3}
            maxLength={300}
            value={text}
            onChange={event => setText(event.target.value)}
          />
        </Form.Item>
      </Form>
    </Modal>
  )
}

export function EvidenceDialog({ c, onClose }: Props) {
  const { t } = useTranslation()
  const me = useMe()
  const today = isoDay(new Date(), me?.tenant.zone)
  const [text, setText] = useState('')
  const [at, setAt] = useState(today)
  const [fileId, setFileId] = useState<string>()
  const files = useQuery({
    queryKey: ['files', c.accountId],
    enabled: c.accountId !== null,
    queryFn: ({ signal }) => call(listFiles, { params: { id: c.accountId! }, signal }),
  })
  const sign = useChange({
    run: () => call(addEvidence, { params: { id: c.id }, body: { text: text.trim(), at, ...(fileId ? { fileId } : {}) } }),
    touches: touchesOf(c.id),
    onDone: onClose,
  })
  const rows = files.data?.rows ?? []
  return (
    <Modal
      open
      title={t('engagement:evidence.add')}
      okText={t('engagement:evidence.sign')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ disabled: !text.trim() || !at }}
      confirmLoading={sign.isPending}
      onOk={() => sign.mutate()}
      onCancel={onClose}
    >
      <Form layout="vertical">
        <Form.Item label={t('engagement:evidence.text')}>
          <Input.TextArea
            autoFocus
            aria-label={t('engagement:evidence.text')}
            rows={3}
            maxLength={500}
            value={text}
            onChange={event => setText(event.target.value)}
          />
        </Form.Item>
        <Form.Item label={t('engagement:evidence.at')}>
          <Input type="date" aria-label={t('engagement:evidence.at')} max={today} value={at} onChange={event => setAt(event.target.value)} />
        </Form.Item>
        {rows.length > 0 && (
          <Form.Item label={t('engagement:evidence.file')}>
            <Select
              allowClear
              aria-label={t('engagement:evidence.file')}
              value={fileId}
              onChange={setFileId}
              options={rows.map(f => ({ value: f.id, label: f.name }))}
            />
          </Form.Item>
        )}
      </Form>
      <p className="jy-muted">{t('engagement:evidence.signAs', { name: me?.user.name })}</p>
    </Modal>
  )
}
