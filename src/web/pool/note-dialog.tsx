/** A follow-up in a few words, where the clock is seen: what counts as one is the company's rule, and the clock answers at once. */
import { Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addNote } from '../../contract/account/attached.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'

export function NoteDialog({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const write = useChange({
    run: () => call(addNote, { params: { id }, body: { text: text.trim() } }),
    touches: [['pool-clocks'], ['pool'], ['account', id], ['timeline', id], ['clock', id], ['home']],
    onDone: onClose,
  })
  return (
    <Modal
      open
      title={t('pool:noteFor', { name })}
      okText={t('shell:save')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ disabled: !text.trim() }}
      confirmLoading={write.isPending}
      onOk={() => write.mutate()}
      onCancel={onClose}
    >
      <Input.TextArea
        autoFocus
        rows={4}
        maxLength={4000}
        placeholder={t('pool:noteHint')}
        value={text}
        onChange={event => setText(event.target.value)}
      />
    </Modal>
  )
}
