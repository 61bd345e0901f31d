/** Fields of a lead in a form: those of the company's catalogue where a lead has the same, plain text otherwise. */
import { Form, Input } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { FieldInput } from '../account/field-input.tsx'
import { useCatalogue, useWords } from '../account/use-catalogue.ts'

type Props = {
  readonly texts: readonly string[]
  readonly catalogued: readonly (readonly [field: string, name: string])[]
  readonly children?: ReactNode
}

export function LeadFields({ texts, catalogued, children }: Props) {
  const { t } = useTranslation()
  const catalogue = useCatalogue()
  const words = useWords([])
  return (
    <>
      <Form.Item
        name="company"
        label={t('intake:column.company')}
        rules={[{ required: true, whitespace: true, message: t('intake:new.companyMissing') }]}
      >
        <Input autoFocus maxLength={160} />
      </Form.Item>
      <div className="jy-lead-two">
        {texts.map(key => (
          <Form.Item key={key} name={key} label={t(`intake:field.${key}`)}>
            <Input maxLength={60} />
          </Form.Item>
        ))}
        {catalogued.map(([key, name]) => {
          const field = catalogue.data?.fields.find(f => f.key === key)
          return field && catalogue.data ? (
            <Form.Item name={name} label={words.label(key)} key={key}>
              <FieldInput field={field} catalogue={catalogue.data} />
            </Form.Item>
          ) : null
        })}
        {children}
      </div>
      <Form.Item name="need" label={t('intake:field.need')}>
        <Input.TextArea rows={3} maxLength={2000} />
      </Form.Item>
    </>
  )
}
