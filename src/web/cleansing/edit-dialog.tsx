/** Another value than the proposal, typed by the same input as in the customer's form. */
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProblemRow } from '../../contract/cleansing/check-ups.ts'
import { FieldInput } from '../account/field-input.tsx'
import { useCatalogue } from '../account/use-catalogue.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'

type Props = { row: ProblemRow; label: string; onClose: () => void; onWrite: (value: string) => void }

export function EditDialog({ row, label, onClose, onWrite }: Props) {
  const { t } = useTranslation()
  const catalogue = useCatalogue()
  const field = catalogue.data?.fields.find(f => f.key === row.field)
  const first = row.proposal || row.value
  const [value, setValue] = useState<unknown>(field?.type === 'number' && first !== null ? Number(first) : first)
  const write = () => onWrite(value === null || value === undefined ? '' : Array.isArray(value) ? value.join(',') : String(value))
  return (
    <Modal
      open
      title={t('cleansing:editTitle', { field: label, name: row.name })}
      onCancel={onClose}
      footer={[
        <Button key="cancel" onClick={onClose}>
          {t('shell:cancel')}
        </Button>,
        <Button key="write" type="primary" disabled={!field} onClick={write}>
          {t('shell:save')}
        </Button>,
      ]}
    >
      <p className="jy-muted">{row.words}</p>
      {catalogue.isError && <ErrorState error={catalogue.error} onRetry={() => void catalogue.refetch()} />}
      {catalogue.isPending && <Skeleton lines={2} />}
      {catalogue.data && field && (
        <form
          onSubmit={event => {
            event.preventDefault()
            write()
          }}
        >
          <FieldInput field={field} catalogue={catalogue.data} value={value as never} onChange={setValue} id="jy-fix-value" />
        </form>
      )}
    </Modal>
  )
}
