/** Fields of customers: a company adds its own, renames in three languages, puts them in order, retires; nothing is ever deleted. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Checkbox, Form, Input, Modal, Select, Tag } from 'antd'
import { ArrowDown, ArrowUp, Pencil, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CUSTOM_TYPES, createField, type FieldRow, getCatalogue, orderFields, updateField } from '../../contract/builder/catalogue.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { markFields } from '../app/form-problem.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { useMayChange } from '../app/me.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { labelsOf, moved, type Words } from './labels.ts'
import './builder.css'

const TOUCHED = [['catalogue']]

export function FieldsPage() {
  const { t } = useTranslation()
  const manages = useMayChange('field.manage')
  const [editing, setEditing] = useState<FieldRow | 'new' | null>(null)
  const catalogue = useQuery({ queryKey: ['catalogue'], queryFn: ({ signal }) => call(getCatalogue, { signal }) })
  const order = useChange<readonly string[]>({ run: ids => call(orderFields, { body: { ids: [...ids] } }), touches: TOUCHED, said: null })
  if (catalogue.isPending) return <Skeleton />
  if (catalogue.isError) return <ErrorState error={catalogue.error} onRetry={() => void catalogue.refetch()} />
  const { fields, options } = catalogue.data
  // The field that stands for the record itself has no line: it goes last, so that every press moves something one sees.
  const ids = fields.filter(f => f.key !== 'id').map(f => f.id)
  const last = fields.filter(f => f.key === 'id').map(f => f.id)
  return (
    <section className="jy-card jy-setting-box">
      <header className="jy-row jy-wrap">
        <div className="jy-grow">
          <h2>{t('builder:fields.title')}</h2>
          <p className="jy-muted">
            {t('builder:fields.lead')} <Link to="/settings/roles">{t('builder:fields.roles')}</Link>
          </p>
        </div>
        {manages && (
          <Button type="primary" icon={<Plus size={14} />} onClick={() => setEditing('new')}>
            {t('builder:fields.new')}
          </Button>
        )}
      </header>
      <ul className="jy-setting-list jy-catalogue">
        {fields
          .filter(f => f.key !== 'id')
          .map(f => (
            <li key={f.id}>
              <b className="jy-catalogue-name" data-retired={f.retired || undefined}>
                {labelOf(f.labels, currentLocale())}
              </b>
              <span className="jy-muted">{t(`builder:type.${f.type}`)}</span>
              <span className="jy-grow jy-row jy-wrap">
                {!f.builtIn && <Tag color="processing">{t('builder:fields.own')}</Tag>}
                {f.personal && <Tag color="warning">{t('builder:fields.personal')}</Tag>}
                {f.inRules && <Tag>{t('builder:fields.inRules')}</Tag>}
                {f.retired && <Tag>{t('builder:fields.retired')}</Tag>}
                {f.optionList && (
                  <Link to={'/settings/options' as never} search={{ list: f.optionList } as never}>
                    {t('builder:fields.optionCount', { n: options.filter(o => o.list === f.optionList && !o.retired).length })}
                  </Link>
                )}
              </span>
              {manages && (
                <span className="jy-row">
                  <Button
                    size="small"
                    type="text"
                    aria-label={t('builder:up', { name: labelOf(f.labels, currentLocale()) })}
                    icon={<ArrowUp size={13} />}
                    disabled={order.isPending || ids[0] === f.id}
                    onClick={() => order.mutate([...moved(ids, f.id, -1), ...last])}
                  />
                  <Button
                    size="small"
                    type="text"
                    aria-label={t('builder:down', { name: labelOf(f.labels, currentLocale()) })}
                    icon={<ArrowDown size={13} />}
                    disabled={order.isPending || ids.at(-1) === f.id}
                    onClick={() => order.mutate([...moved(ids, f.id, 1), ...last])}
                  />
                  <Button
                    size="small"
                    type="text"
                    aria-label={`${t('shell:edit')} ${labelOf(f.labels, currentLocale())}`}
                    icon={<Pencil size={13} />}
                    onClick={() => setEditing(f)}
                  />
                </span>
              )}
            </li>
          ))}
      </ul>
      {editing && <Edit field={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </section>
  )
}

type Values = Words & { type?: (typeof CUSTOM_TYPES)[number]; options?: string; personal?: boolean; retired?: boolean }

function Edit({ field, onClose }: { field: FieldRow | null; onClose: () => void }) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Values>()
  const type = Form.useWatch('type', form)
  const save = useChange<Values>({
    run: async v => {
      const labels = labelsOf(v)
      if (field) await call(updateField, { params: { id: field.id }, ifMatch: field.rowVersion, body: { labels, retired: v.retired } })
      else
        await call(createField, {
          body: {
            type: v.type!,
            labels,
            personal: v.personal ?? false,
            options: (v.options ?? '')
              .split('\n')
              .map(o => o.trim())
              .filter(Boolean)
              .map(o => labelsOf({ zh: o })),
          },
        })
    },
    touches: TOUCHED,
    onDone: onClose,
    onRefused: error => markFields(form, error),
  })
  return (
    <Modal
      open
      title={t(field ? 'builder:fields.field' : 'builder:fields.new')}
      okText={t('shell:save')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ loading: save.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{
          zh: field?.labels['zh-CN'],
          tw: field?.labels['zh-TW'],
          en: field?.labels.en,
          retired: field?.retired ?? false,
          type: 'text',
        }}
        onFinish={v => save.mutate(v)}
      >
        <Form.Item name="zh" label={t('builder:fields.zh')} rules={[{ required: true, whitespace: true, message: t('builder:fields.nameMissing') }]}>
          <Input maxLength={60} autoFocus />
        </Form.Item>
        <Form.Item name="tw" label={t('builder:fields.tw')}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="en" label={t('builder:fields.en')}>
          <Input maxLength={60} />
        </Form.Item>
        {!field && (
          <>
            <Form.Item name="type" label={t('builder:fields.type')} extra={t(`builder:typeWhy.${type ?? 'text'}`)}>
              <Select options={CUSTOM_TYPES.map(value => ({ value, label: t(`builder:type.${value}`) }))} />
            </Form.Item>
            {(type === 'option' || type === 'options') && (
              <Form.Item name="options" label={t('builder:fields.options')}>
                <Input.TextArea rows={5} />
              </Form.Item>
            )}
            <Form.Item name="personal" valuePropName="checked" extra={t('builder:fields.personalWhy')}>
              <Checkbox>{t('builder:fields.personal')}</Checkbox>
            </Form.Item>
          </>
        )}
        {field && field.key !== 'name' && (
          <Form.Item name="retired" valuePropName="checked" extra={t('builder:fields.retiredWhy')}>
            <Checkbox>{t('builder:fields.retire')}</Checkbox>
          </Form.Item>
        )}
      </Form>
    </Modal>
  )
}
