/** Industries in the company's own words: the classification with its codes, each renamed in three languages or called as it was again. */
import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Modal, Tag } from 'antd'
import { Pencil, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type IndustryRow, listIndustries, renameIndustry } from '../../contract/builder/catalogue.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { markFields } from '../app/form-problem.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { useMayChange } from '../app/me.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { labelsOf, type Words } from './labels.ts'

/** An imported classification may hold thousands: found by typing, not by scrolling. */
const SHOWN = 200
/** Whatever names an industry: lists and filters by the list itself, rules and reasons in sentences of the server. */
const TOUCHED = [['industries'], ['territory'], ['why'], ['preview'], ['value-lists'], ['model-witnesses']]

export function IndustryWords() {
  const { t } = useTranslation()
  const manages = useMayChange('field.manage')
  const [needle, setNeedle] = useState('')
  const [editing, setEditing] = useState<IndustryRow | null>(null)
  const list = useQuery({ queryKey: ['industries'], staleTime: Number.POSITIVE_INFINITY, queryFn: ({ signal }) => call(listIndustries, { signal }) })
  if (list.isPending) return <Skeleton />
  if (list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />
  const asked = needle.normalize('NFKC').trim().toLowerCase()
  const found = list.data.rows.filter(
    r => !asked || [r.code, ...Object.values(r.labels), ...Object.values(r.standard)].some(word => word.toLowerCase().includes(asked)),
  )
  return (
    <>
      <div className="jy-row jy-wrap">
        <Input
          data-page-filter
          allowClear
          style={{ width: 260 }}
          placeholder={t('builder:industry.find')}
          value={needle}
          onChange={event => setNeedle(event.target.value)}
        />
        <small className="jy-muted">{t('builder:industry.lead', { n: list.data.rows.filter(r => r.own).length })}</small>
      </div>
      {found.length === 0 && <Empty title={t('builder:industry.none')} />}
      <ol className="jy-setting-list jy-catalogue">
        {found.slice(0, SHOWN).map(r => {
          const name = labelOf(r.labels, currentLocale())
          return (
            <li key={r.code} data-below={r.parentCode !== null || undefined}>
              <code className="jy-catalogue-code">{r.code}</code>
              <b className="jy-catalogue-name">{name}</b>
              <span className="jy-grow jy-row jy-wrap">
                {r.own && (
                  <>
                    <Tag color="processing">{t('builder:industry.own')}</Tag>
                    <small className="jy-muted">{labelOf(r.standard, currentLocale())}</small>
                  </>
                )}
              </span>
              {manages && (
                <Button
                  size="small"
                  type="text"
                  aria-label={`${t('shell:edit')} ${r.code} ${name}`}
                  icon={<Pencil size={13} />}
                  onClick={() => setEditing(r)}
                />
              )}
            </li>
          )
        })}
      </ol>
      {found.length > SHOWN && <small className="jy-muted">{t('builder:industry.more', { n: found.length - SHOWN })}</small>}
      {editing && <Edit industry={editing} onClose={() => setEditing(null)} />}
    </>
  )
}

function Edit({ industry, onClose }: { industry: IndustryRow; onClose: () => void }) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Words>()
  const save = useChange<Words | null>({
    run: v =>
      call(renameIndustry, { params: { code: industry.code }, ifMatch: industry.rowVersion, body: { labels: v === null ? null : labelsOf(v) } }),
    touches: TOUCHED,
    onDone: onClose,
    onRefused: error => markFields(form, error),
  })
  const { labels, standard } = industry
  return (
    <Modal
      open
      title={t('builder:industry.edit', { code: industry.code })}
      onCancel={onClose}
      footer={
        <span className="jy-row jy-wrap">
          {industry.own && (
            <Button icon={<RotateCcw size={13} />} loading={save.isPending && save.variables === null} onClick={() => save.mutate(null)}>
              {t('builder:industry.reset')}
            </Button>
          )}
          <span className="jy-grow" />
          <Button onClick={onClose}>{t('shell:cancel')}</Button>
          <Button type="primary" loading={save.isPending && save.variables !== null} onClick={() => form.submit()}>
            {t('shell:save')}
          </Button>
        </span>
      }
    >
      <p className="jy-muted">{t('builder:industry.editWhy')}</p>
      <Form form={form} layout="vertical" initialValues={{ zh: labels['zh-CN'], tw: labels['zh-TW'], en: labels.en }} onFinish={v => save.mutate(v)}>
        <Form.Item
          name="zh"
          label={t('builder:fields.zh')}
          extra={standard['zh-CN']}
          rules={[{ required: true, whitespace: true, message: t('builder:fields.nameMissing') }]}
        >
          <Input maxLength={60} autoFocus />
        </Form.Item>
        <Form.Item name="tw" label={t('builder:fields.tw')} extra={standard['zh-TW']}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="en" label={t('builder:fields.en')} extra={standard.en}>
          <Input maxLength={60} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
