/** A new list from pasted lines: the ones nobody knows are shown with their numbers before the list is used anywhere. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createValueList, LIST_TYPES } from '../../contract/territory/lists.ts'
import { call } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { useProblemText } from '../app/states.tsx'
import { Rejected } from './rejected.tsx'

export type NewListStart = { readonly name: string; readonly type: (typeof LIST_TYPES)[number]; readonly lines: string }
export const linesOf = (text: string): string[] => text.split(/[\n\r,;，；\t]+/).filter(line => line.trim() !== '')

export function NewList({ start, onClose, onMade }: { start: NewListStart; onClose: () => void; onMade: (id: string) => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const [name, setName] = useState(start.name)
  const [type, setType] = useState(start.type)
  const [text, setText] = useState(start.lines)
  const make = useMutation({
    mutationFn: () => call(createValueList, { body: { name, type, values: linesOf(text) } }),
    onSuccess: async made => {
      await queries.invalidateQueries({ queryKey: ['value-lists'] })
      if (made.rejected.length === 0) onMade(made.id)
    },
    onError: error => void message.error(say(error)),
  })
  const made = make.data
  return (
    <Modal
      open
      title={t('territory:lists.new')}
      okText={t(made ? 'territory:lists.open' : 'territory:lists.make')}
      cancelText={t('shell:close')}
      okButtonProps={{ disabled: name.trim() === '', loading: make.isPending }}
      onOk={() => (made ? onMade(made.id) : make.mutate())}
      onCancel={onClose}
    >
      <div className="jy-lists-form">
        <Input
          value={name}
          maxLength={80}
          placeholder={t('territory:lists.name')}
          aria-label={t('territory:lists.name')}
          disabled={made !== undefined}
          onChange={event => setName(event.target.value)}
        />
        <Select
          value={type}
          aria-label={t('territory:lists.kind')}
          disabled={made !== undefined}
          onChange={setType}
          options={LIST_TYPES.map(value => ({ value, label: `${t(`territory:lists.type.${value}`)} · ${t(`territory:lists.typeWhy.${value}`)}` }))}
        />
        <Input.TextArea
          rows={9}
          value={text}
          disabled={made !== undefined}
          placeholder={t('territory:value.pasteWhy')}
          aria-label={t('territory:value.paste')}
          onChange={event => setText(event.target.value)}
        />
        {made && (
          <>
            <p>{t('territory:value.taken', { n: count(made.accepted), rejected: count(made.rejected.length) })}</p>
            <Rejected lines={made.rejected} />
          </>
        )}
      </div>
    </Modal>
  )
}
