/** Option lists: tier, source, state and those of own fields; and what the company calls its industries. Added, renamed in three languages, put in order, retired; never deleted. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Checkbox, Form, Input, Modal, Segmented, Tag } from 'antd'
import { ArrowDown, ArrowUp, Pencil, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createOption, getCatalogue, type OptionRow, orderOptions, updateOption } from '../../contract/builder/catalogue.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { markFields } from '../app/form-problem.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { useMayChange } from '../app/me.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { IndustryWords } from './industry-words.tsx'
import { labelsOf, moved, type Words } from './labels.ts'
import './builder.css'

const TOUCHED = [['catalogue']]
/** Not a list of options but a classification: its words can be changed, its codes cannot. */
const INDUSTRY = 'industry'

export function OptionsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const manages = useMayChange('field.manage')
  const [editing, setEditing] = useState<OptionRow | 'new' | null>(null)
  const asked = (useSearch({ strict: false }) as { list?: string }).list
  const catalogue = useQuery({ queryKey: ['catalogue'], queryFn: ({ signal }) => call(getCatalogue, { signal }) })
  const order = useChange<{ list: string; ids: readonly string[] }>({
    run: ({ list, ids }) => call(orderOptions, { body: { list, ids: [...ids] } }),
    touches: TOUCHED,
    said: null,
  })
  if (catalogue.isPending) return <Skeleton />
  if (catalogue.isError) return <ErrorState error={catalogue.error} onRetry={() => void catalogue.refetch()} />
  const { fields, options } = catalogue.data
  const lists = fields.filter(f => f.optionList !== null && !f.retired).map(f => ({ list: f.optionList!, label: labelOf(f.labels, currentLocale()) }))
  const trade = fields.find(f => f.key === INDUSTRY && !f.retired)
  if (trade) lists.push({ list: INDUSTRY, label: labelOf(trade.labels, currentLocale()) })
  const list = lists.find(l => l.list === asked)?.list ?? lists[0]?.list
  const rows = options.filter(o => o.list === list)
  const ids = rows.map(o => o.id)
  return (
    <section className="jy-card jy-setting-box">
      <header className="jy-row jy-wrap">
        <div className="jy-grow">
          <h2>{t('builder:options.title')}</h2>
          <p className="jy-muted">{t('builder:options.lead')}</p>
        </div>
        {manages && list && list !== INDUSTRY && (
          <Button type="primary" icon={<Plus size={14} />} onClick={() => setEditing('new')}>
            {t('builder:options.new')}
          </Button>
        )}
      </header>
      {lists.length > 0 && (
        <div style={{ overflowX: 'auto', padding: '4px 0' }}>
          <Segmented
            value={list}
            onChange={value => void navigate({ to: '/settings/options', search: { list: value }, replace: true } as never)}
            options={lists.map(l => ({ value: l.list, label: l.label }))}
          />
        </div>
      )}
      {list === INDUSTRY && <IndustryWords />}
      {rows.length === 0 && list !== INDUSTRY && <Empty title={t('builder:options.none')} />}
      <ol className="jy-setting-list jy-catalogue">
        {rows.map(o => {
          const name = labelOf(o.labels, currentLocale())
          return (
            <li key={o.id}>
              <b className="jy-catalogue-name" data-retired={o.retired || undefined}>
                {name}
              </b>
              <span className="jy-grow jy-row jy-wrap">
                <small className="jy-muted">{[o.labels['zh-CN'], o.labels['zh-TW'], o.labels.en].join(' · ')}</small>
                {o.retired && <Tag>{t('builder:fields.retired')}</Tag>}
              </span>
              {manages && (
                <span className="jy-row">
                  <Button
                    size="small"
                    type="text"
                    aria-label={t('builder:up', { name })}
                    icon={<ArrowUp size={13} />}
                    disabled={order.isPending || ids[0] === o.id}
                    onClick={() => order.mutate({ list: o.list, ids: moved(ids, o.id, -1) })}
                  />
                  <Button
                    size="small"
                    type="text"
                    aria-label={t('builder:down', { name })}
                    icon={<ArrowDown size={13} />}
                    disabled={order.isPending || ids.at(-1) === o.id}
                    onClick={() => order.mutate({ list: o.list, ids: moved(ids, o.id, 1) })}
                  />
                  <Button
                    size="small"
                    type="text"
                    aria-label={`${t('shell:edit')} ${name}`}
                    icon={<Pencil size={13} />}
                    onClick={() => setEditing(o)}
                  />
                </span>
              )}
            </li>
          )
        })}
      </ol>
      {editing && list && <Edit option={editing === 'new' ? null : editing} list={list} onClose={() => setEditing(null)} />}
    </section>
  )
}

type Values = Words & { retired?: boolean }
function Edit({ option, list, onClose }: { option: OptionRow | null; list: string; onClose: () => void }) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Values>()
  const save = useChange<Values>({
    run: async v => {
      if (option)
        await call(updateOption, { params: { id: option.id }, ifMatch: option.rowVersion, body: { labels: labelsOf(v), retired: v.retired } })
      else await call(createOption, { body: { list, labels: labelsOf(v) } })
    },
    touches: TOUCHED,
    onDone: onClose,
    onRefused: error => markFields(form, error),
  })
  return (
    <Modal
      open
      title={t(option ? 'builder:options.edit' : 'builder:options.new')}
      okText={t('shell:save')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ loading: save.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ zh: option?.labels['zh-CN'], tw: option?.labels['zh-TW'], en: option?.labels.en, retired: option?.retired ?? false }}
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
        {option && (
          <Form.Item name="retired" valuePropName="checked" extra={t('builder:options.retiredWhy')}>
            <Checkbox>{t('builder:fields.retire')}</Checkbox>
          </Form.Item>
        )}
      </Form>
    </Modal>
  )
}
