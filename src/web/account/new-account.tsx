/** A new account: the form is the catalogue; after saving it says where the account landed. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Drawer, Form } from 'antd'
import { useTranslation } from 'react-i18next'
import { createAccount, type FieldValues } from '../../contract/account/accounts.ts'
import { call } from '../app/api.ts'
import { markFields } from '../app/form-problem.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { useProblemText } from '../app/states.tsx'
import type { Catalogue } from '../condition/blocks.tsx'
import { TypingWarning } from '../dedupe/typing-warning.tsx'
import { WIDE } from './edit-account.tsx'
import { FieldInput } from './field-input.tsx'
import { useFormWarnings } from './form-warnings.tsx'

export function NewAccount({ catalogue, onClose }: { catalogue: Catalogue; onClose: () => void }) {
  const { t } = useTranslation()
  const { notification } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [form] = Form.useForm<FieldValues>()
  const warningOf = useFormWarnings(form)
  const fields = catalogue.fields.filter(f => f.access === 'edit' && !f.retired && f.key !== 'id' && f.type !== 'point')
  const create = useMutation({
    mutationFn: (values: FieldValues) =>
      call(createAccount, {
        body: { values: Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined && v !== null && v !== '')) },
      }),
    onSuccess: async made => {
      await queries.invalidateQueries({ queryKey: ['accounts'] })
      notification.success({
        title: t('account:new.done'),
        description: made.territory
          ? t('account:new.landed', { territory: `${made.territory.code} ${made.territory.name}`, owner: made.owner?.name ?? t('account:nobody') })
          : t('account:new.nowhere'),
      })
      onClose()
      void navigate({ to: '/accounts/$id', params: { id: made.id } as never })
    },
    onError: error => {
      if (!markFields(form, error)) notification.error({ title: say(error) })
    },
  })
  return (
    <Drawer
      open
      size={680}
      title={t('account:new.title')}
      onClose={onClose}
      extra={
        <Button type="primary" loading={create.isPending} onClick={() => form.submit()}>
          {t('shell:save')}
        </Button>
      }
    >
      <Form form={form} layout="vertical" className="jy-form-grid" onFinish={values => create.mutate(values)}>
        <div className="jy-wide-field">
          <TypingWarning form={form} />
        </div>
        {fields.map(field => (
          <Form.Item
            key={field.key}
            className={WIDE.includes(field.key) ? 'jy-wide-field' : undefined}
            name={field.key}
            label={labelOf(field.labels, currentLocale())}
            extra={warningOf(field.key)}
            rules={field.key === 'name' ? [{ required: true, whitespace: true, message: t('account:new.nameMissing') }] : []}
          >
            <FieldInput field={field} catalogue={catalogue} />
          </Form.Item>
        ))}
      </Form>
    </Drawer>
  )
}
