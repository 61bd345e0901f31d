/** Values of a criterion: a picker for a few, one button for thousands; pasting a batch works for every kind of value. */
import { Button, Modal } from 'antd'
import { ClipboardPaste } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { count } from '../app/figures.ts'
import { PasteValues } from './paste-values.tsx'

/** A picker draws every value it holds: beyond this it would only slow the page down. */
const MANY = 120
const SHOWN = 500

type Props = {
  readonly field: string
  readonly values: readonly string[]
  readonly onChange: (values: readonly string[]) => void
  readonly children: ReactNode
}

export function ManyValues({ field, values, onChange, children }: Props) {
  const { t } = useTranslation()
  const [pasting, setPasting] = useState(false)
  const [looking, setLooking] = useState(false)
  return (
    <>
      {values.length > MANY ? (
        <span className="jy-many">
          <b>{t('territory:value.many', { n: count(values.length), count: values.length })}</b>
          <Button size="small" onClick={() => setLooking(true)}>
            {t('territory:value.manyShow')}
          </Button>
          <Button size="small" onClick={() => onChange([])}>
            {t('territory:value.clear')}
          </Button>
        </span>
      ) : (
        children
      )}
      <Button
        size="small"
        icon={<ClipboardPaste size={13} />}
        aria-label={t('territory:value.paste')}
        title={t('territory:value.paste')}
        onClick={() => setPasting(true)}
      />
      {pasting && <PasteValues field={field} onClose={() => setPasting(false)} onValues={more => onChange([...new Set([...values, ...more])])} />}
      <Modal
        open={looking}
        footer={null}
        title={t('territory:value.many', { n: count(values.length), count: values.length })}
        onCancel={() => setLooking(false)}
      >
        <p className="jy-rejected jy-code">
          {values.slice(0, SHOWN).join(', ')}
          {values.length > SHOWN ? ' …' : ''}
        </p>
      </Modal>
    </>
  )
}
