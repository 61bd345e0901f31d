/** Editing fields: only what changed is sent, with the version seen; a change by somebody else meanwhile is said and shown, not overwritten. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Drawer, Form } from 'antd'
import { useTranslation } from 'react-i18next'
import { type AccountDetail, type FieldValues, updateAccount } from '../../contract/account/accounts.ts'
import { call, Problem } from '../app/api.ts'
import { markFields } from '../app/form-problem.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { useProblemText } from '../app/states.tsx'
import type { Catalogue } from '../condition/blocks.tsx'
import { FieldInput } from './field-input.tsx'

/** What the form changed against what was read; an emptied field is null. */
export function changedValues(before: FieldValues, after: FieldValues): FieldValues {
  const clean = (v: unknown) => (v === undefined || v === '' ? null : v)
  return Object.fromEntries(
    Object.entries(after)
      .filter(([k, v]) => JSON.stringify(clean(v)) !== JSON.stringify(clean(before[k])))
      .map(([k, v]) => [k, clean(v) as FieldValues[string]]),
  )
}

export function EditAccount({ account, catalogue, onClose }: { account: AccountDetail; catalogue: Catalogue; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const [form] = Form.useForm<FieldValues>()
  const fields = catalogue.fields.filter(f => f.access === 'edit' && !f.retired && f.key !== 'id')
  const save = useMutation({
    mutationFn: (values: FieldValues) => call(updateAccount, { params: { id: account.id }, ifMatch: account.rowVersion, body: { values } }),
    onSuccess: async done => {
      await queries.invalidateQueries()
      const moved = done.territory?.id !== account.territory?.id
      void message.success(
        moved
          ? t('account:edit.moved', {
              territory: done.territory ? `${done.territory.code} ${done.territory.name}` : t('account:unassigned'),
              owner: done.owner?.name ?? t('account:nobody'),
            })
          : t('shell:saved'),
      )
      onClose()
    },
    onError: error => {
      if (!markFields(form, error) && !(error instanceof Problem && error.code === 'record.stale')) void message.error(say(error))
    },
  })
  const stale = save.error instanceof Problem && save.error.code === 'record.stale'
  return (
    <Drawer
      open
      size={460}
      title={t('account:edit.title')}
      onClose={onClose}
      extra={
        <Button type="primary" loading={save.isPending} onClick={() => form.submit()}>
          {t('shell:save')}
        </Button>
      }
    >
      {stale && (
        <Alert
          type="warning"
          title={say(save.error)}
          action={
            <Button onClick={() => queries.invalidateQueries({ queryKey: ['account', account.id] }).then(() => save.reset())}>
              {t('account:edit.reread')}
            </Button>
          }
        />
      )}
      <Form
        form={form}
        layout="vertical"
        initialValues={account.values}
        onFinish={values => {
          const changed = changedValues(account.values, values)
          if (Object.keys(changed).length === 0) onClose()
          else save.mutate(changed)
        }}
      >
        {fields.map(field => (
          <Form.Item
            key={field.key}
            name={field.key}
            label={labelOf(field.labels, currentLocale())}
            rules={field.key === 'name' ? [{ required: true, whitespace: true, message: t('account:new.nameMissing') }] : []}
          >
            <FieldInput field={field} catalogue={catalogue} />
          </Form.Item>
        ))}
      </Form>
    </Drawer>
  )
}
