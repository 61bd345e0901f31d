/** Editing fields: only what changed is sent, with the version seen; a change by somebody else meanwhile is said and shown, not overwritten. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Drawer, Form } from 'antd'
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type AccountDetail, type FieldValues, updateAccount } from '../../contract/account/accounts.ts'
import { call, Problem } from '../app/api.ts'
import { BeforeAfter } from '../app/before-after.tsx'
import { markFields } from '../app/form-problem.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { useProblemText } from '../app/states.tsx'
import type { Catalogue } from '../condition/blocks.tsx'
import { FieldInput } from './field-input.tsx'
import { useFormWarnings } from './form-warnings.tsx'
import { useWords } from './use-catalogue.ts'

/** What the form changed against what was read; an emptied field is null. */
export function changedValues(before: FieldValues, after: FieldValues): FieldValues {
  const clean = (v: unknown) => (v === undefined || v === '' ? null : v)
  return Object.fromEntries(
    Object.entries(after)
      .filter(([k, v]) => JSON.stringify(clean(v)) !== JSON.stringify(clean(before[k])))
      .map(([k, v]) => [k, clean(v) as FieldValues[string]]),
  )
}

/** Fields that want the whole width of the form. */
export const WIDE: readonly string[] = ['name', 'parentId', 'address', 'website']

export function EditAccount({ account, catalogue, onClose }: { account: AccountDetail; catalogue: Catalogue; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const [form] = Form.useForm<FieldValues>()
  const warningOf = useFormWarnings(form)
  const fields = useMemo(() => catalogue.fields.filter(f => f.access === 'edit' && !f.retired && f.key !== 'id'), [catalogue])
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
  const stale = save.error instanceof Problem && save.error.code === 'record.stale' ? save.error : null
  const words = useWords([])
  const shown = (key: string, value: unknown) => {
    const field = catalogue.fields.find(f => f.key === key)
    return words.value(key, field?.type === 'number' && value !== '' ? Number(value) : value)
  }
  // The record was read again: what this person did not touch follows it, so that saving overwrites nobody else's change.
  useEffect(() => {
    const untouched = fields.filter(f => !form.isFieldTouched(f.key))
    form.setFieldsValue(Object.fromEntries(untouched.map(f => [f.key, account.values[f.key] ?? null])))
  }, [account, form, fields])
  return (
    <Drawer
      open
      size={680}
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
          showIcon
          style={{ marginBottom: 12 }}
          title={stale.detail}
          description={
            stale.errors.length > 0 && (
              <BeforeAfter
                before={Object.fromEntries(stale.errors.map(e => [e.field, shown(e.field, e.values?.now ?? '')]))}
                after={Object.fromEntries(stale.errors.map(e => [e.field, shown(e.field, e.values?.yours ?? '')]))}
                wordOf={words.label}
                beforeWord={t('account:edit.theirs')}
                afterWord={t('account:edit.yours')}
              />
            )
          }
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
        className="jy-form-grid"
        initialValues={account.values}
        onFinish={values => {
          const touched = Object.fromEntries(Object.entries(values).filter(([key]) => form.isFieldTouched(key)))
          const changed = changedValues(account.values, touched)
          if (Object.keys(changed).length === 0) onClose()
          else save.mutate(changed)
        }}
      >
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
