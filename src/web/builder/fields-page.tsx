/** Fields and options: a company adds its own, renames in three languages, retires; nothing is ever deleted. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox, Form, Input, Modal, Select, Tag } from 'antd'
import { Pencil, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  CUSTOM_TYPES,
  createField,
  createOption,
  type FieldRow,
  getCatalogue,
  type OptionRow,
  updateField,
  updateOption,
} from '../../contract/builder/catalogue.ts'
import type { Labels } from '../../contract/kernel/shapes.ts'
import { call } from '../app/api.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { useMayChange } from '../app/me.ts'
import { ErrorState, Skeleton, useProblemText } from '../app/states.tsx'

type Editing =
  | { readonly kind: 'field'; readonly row: FieldRow | null }
  | { readonly kind: 'option'; readonly row: OptionRow | null; readonly list: string }

export function FieldsPage() {
  const { t } = useTranslation()
  const manages = useMayChange('field.manage')
  const [editing, setEditing] = useState<Editing | null>(null)
  const catalogue = useQuery({ queryKey: ['catalogue'], queryFn: ({ signal }) => call(getCatalogue, { signal }) })
  if (catalogue.isPending) return <Skeleton />
  if (catalogue.isError) return <ErrorState error={catalogue.error} onRetry={() => void catalogue.refetch()} />
  const { fields, options } = catalogue.data
  return (
    <section className="jy-card jy-setting-box">
      <header className="jy-row">
        <h2>{t('builder:fields.title')}</h2>
        <span className="jy-grow" />
        {manages && (
          <Button type="primary" icon={<Plus size={14} />} onClick={() => setEditing({ kind: 'field', row: null })}>
            {t('builder:fields.new')}
          </Button>
        )}
      </header>
      <ul className="jy-setting-list">
        {fields
          .filter(f => f.key !== 'id')
          .map(f => (
            <li key={f.id}>
              <div className="jy-row">
                <b data-retired={f.retired || undefined}>{labelOf(f.labels, currentLocale())}</b>
                <small className="jy-muted">{t(`builder:type.${f.type}`)}</small>
                {!f.builtIn && <Tag color="processing">{t('builder:fields.own')}</Tag>}
                {f.personal && <Tag color="warning">{t('builder:fields.personal')}</Tag>}
                {f.retired && <Tag>{t('builder:fields.retired')}</Tag>}
                <span className="jy-grow" />
                {manages && (
                  <button type="button" className="jy-plain" aria-label={t('shell:edit')} onClick={() => setEditing({ kind: 'field', row: f })}>
                    <Pencil size={14} />
                  </button>
                )}
              </div>
              {f.optionList && (
                <div className="jy-row jy-wrap" style={{ marginTop: 4 }}>
                  {options
                    .filter(o => o.list === f.optionList)
                    .map(o => (
                      <Tag
                        key={o.id}
                        style={{ cursor: manages ? 'pointer' : undefined, textDecoration: o.retired ? 'line-through' : undefined }}
                        onClick={() => manages && setEditing({ kind: 'option', row: o, list: o.list })}
                      >
                        {labelOf(o.labels, currentLocale())}
                      </Tag>
                    ))}
                  {manages && (
                    <Button
                      size="small"
                      type="text"
                      icon={<Plus size={12} />}
                      onClick={() => setEditing({ kind: 'option', row: null, list: f.optionList! })}
                    >
                      {t('builder:fields.option')}
                    </Button>
                  )}
                </div>
              )}
            </li>
          ))}
      </ul>
      {editing && <Edit editing={editing} onClose={() => setEditing(null)} />}
    </section>
  )
}

type Values = { zh: string; tw?: string; en?: string; type?: (typeof CUSTOM_TYPES)[number]; options?: string; personal?: boolean; retired?: boolean }
const labelsOf = (zh: string, tw?: string, en?: string): Labels => ({ 'zh-CN': zh, 'zh-TW': tw || zh, en: en || zh })

function Edit({ editing, onClose }: { editing: Editing; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const [form] = Form.useForm<Values>()
  const type = Form.useWatch('type', form)
  const { row } = editing
  const save = useMutation({
    mutationFn: async (v: Values) => {
      const labels = labelsOf(v.zh, v.tw, v.en)
      if (editing.kind === 'field') {
        if (editing.row)
          await call(updateField, { params: { id: editing.row.id }, ifMatch: editing.row.rowVersion, body: { labels, retired: v.retired } })
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
                .map(o => labelsOf(o)),
            },
          })
      } else if (editing.row)
        await call(updateOption, { params: { id: editing.row.id }, ifMatch: editing.row.rowVersion, body: { labels, retired: v.retired } })
      else await call(createOption, { body: { list: editing.list, labels } })
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['catalogue'] })
      onClose()
    },
    onError: error => void message.error(say(error)),
  })
  const fresh = editing.kind === 'field' && !editing.row
  return (
    <Modal
      open
      title={t(editing.kind === 'field' ? 'builder:fields.field' : 'builder:fields.option')}
      okText={t('shell:save')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ loading: save.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ zh: row?.labels['zh-CN'], tw: row?.labels['zh-TW'], en: row?.labels.en, retired: row?.retired ?? false, type: 'text' }}
        onFinish={v => save.mutate(v)}
      >
        <Form.Item name="zh" label={t('builder:fields.zh')} rules={[{ required: true, whitespace: true, message: t('builder:fields.nameMissing') }]}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="tw" label={t('builder:fields.tw')}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="en" label={t('builder:fields.en')}>
          <Input maxLength={60} />
        </Form.Item>
        {fresh && (
          <>
            <Form.Item name="type" label={t('builder:fields.type')}>
              <Select options={CUSTOM_TYPES.map(value => ({ value, label: t(`builder:type.${value}`) }))} />
            </Form.Item>
            {(type === 'option' || type === 'options') && (
              <Form.Item name="options" label={t('builder:fields.options')}>
                <Input.TextArea rows={5} />
              </Form.Item>
            )}
            <Form.Item name="personal" valuePropName="checked">
              <Checkbox>{t('builder:fields.personal')}</Checkbox>
            </Form.Item>
          </>
        )}
        {!fresh && row && (
          <Form.Item name="retired" valuePropName="checked">
            <Checkbox>{t('builder:fields.retired')}</Checkbox>
          </Form.Item>
        )}
      </Form>
    </Modal>
  )
}
