/** Thousands of pasted codes or names into values; the lines that nobody knows are shown with their numbers, none is lost silently. */
import { useMutation } from '@tanstack/react-query'
import { Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { resolveValues } from '../../contract/territory/lists.ts'
import { call } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { useProblemText } from '../app/states.tsx'

export function PasteValues({ field, onClose, onValues }: { field: string; onClose: () => void; onValues: (values: readonly string[]) => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const [text, setText] = useState('')
  const resolve = useMutation({
    mutationFn: () => call(resolveValues, { body: { field, lines: text.split(/[\n\r,;，；\t]+/).slice(0, 20_000) } }),
    onSuccess: found => {
      onValues(found.values.map(v => v.value))
      if (found.rejected.length === 0) onClose()
    },
  })
  const rejected = resolve.data?.rejected ?? []
  return (
    <Modal
      open
      title={t('territory:value.paste')}
      okText={t('territory:value.take')}
      cancelText={t('shell:close')}
      okButtonProps={{ disabled: text.trim() === '', loading: resolve.isPending }}
      onOk={() => resolve.mutate()}
      onCancel={onClose}
    >
      <Input.TextArea autoFocus rows={9} value={text} placeholder={t('territory:value.pasteWhy')} onChange={event => setText(event.target.value)} />
      {resolve.isError && <p className="jy-warn">{say(resolve.error)}</p>}
      {resolve.data && <p>{t('territory:value.taken', { n: count(resolve.data.values.length), rejected: count(rejected.length) })}</p>}
      {rejected.length > 0 && (
        <ul className="jy-rejected">
          {rejected.slice(0, 200).map(r => (
            <li key={r.line}>{r.words}</li>
          ))}
        </ul>
      )}
    </Modal>
  )
}
