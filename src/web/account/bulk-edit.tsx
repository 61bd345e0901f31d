/** Bulk edit: choose fields and values, see what moves before anything is written, and take it back afterwards. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Drawer, Form, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type FieldValues, previewBulk, runBulk, undoBulk } from '../../contract/account/accounts.ts'
import { call } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { useProblemText } from '../app/states.tsx'
import type { Catalogue } from '../condition/blocks.tsx'
import { FieldInput } from './field-input.tsx'
import { type ListSearch, toBody } from './list-search.ts'
import { useWords } from './use-catalogue.ts'

const FIELDS = ['tier', 'industry', 'division', 'size', 'revenue', 'potential', 'source', 'status']

export function BulkEdit({
  catalogue,
  ids,
  search,
  onClose,
}: {
  catalogue: Catalogue
  ids: readonly string[]
  search: ListSearch
  onClose: () => void
}) {
  const { t } = useTranslation()
  const { notification, message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const [values, setValues] = useState<FieldValues>({})
  const words = useWords([])
  const { sort: _, descending: __, ...where } = toBody(search)
  const body = { ...(ids.length > 0 ? { ids: [...ids] } : where), values }
  const editable = catalogue.fields.filter(f => f.access === 'edit' && !f.retired && (FIELDS.includes(f.key) || !f.builtIn))
  const preview = useMutation({ mutationFn: () => call(previewBulk, { body }) })
  const refresh = () => queries.invalidateQueries()
  const undo = useMutation({
    mutationFn: (id: string) => call(undoBulk, { params: { id } }),
    onSuccess: async done => {
      await refresh()
      const said = t('account:bulk.undone', { n: count(done.restored), kept: count(done.kept) })
      if (done.unseen === 0) void message.success(said)
      else void message.warning(`${said} ${t('account:bulk.unseen', { n: count(done.unseen) })}`, 10)
    },
    onError: error => void message.error(say(error)),
  })
  const run = useMutation({
    mutationFn: () => call(runBulk, { body }),
    onSuccess: async done => {
      await refresh()
      notification.success({
        title: t('account:bulk.done', { n: count(done.changed) }),
        duration: 30,
        actions: <Button onClick={() => undo.mutate(done.id)}>{t('account:bulk.undo')}</Button>,
      })
      onClose()
    },
    onError: error => void message.error(say(error)),
  })
  const keys = Object.keys(values)
  const seen = preview.data
  return (
    <Drawer open size={560} title={t('account:bulk.title')} onClose={onClose}>
      <p className="jy-muted">{ids.length > 0 ? t('account:bulk.chosen', { count: ids.length }) : t('account:bulk.listed')}</p>
      <Form layout="vertical">
        {keys.map(key => {
          const field = catalogue.fields.find(f => f.key === key)!
          return (
            <Form.Item key={key} label={labelOf(field.labels, currentLocale())}>
              <div className="jy-row">
                <div className="jy-grow">
                  <FieldInput
                    field={field}
                    catalogue={catalogue}
                    value={values[key] as never}
                    onChange={value => {
                      preview.reset()
                      setValues({ ...values, [key]: value ?? null })
                    }}
                  />
                </div>
                <Button type="text" onClick={() => setValues(Object.fromEntries(Object.entries(values).filter(([k]) => k !== key)))}>
                  {t('shell:remove')}
                </Button>
              </div>
            </Form.Item>
          )
        })}
        <Select
          value={null}
          style={{ width: 220 }}
          placeholder={t('account:bulk.field')}
          aria-label={t('account:bulk.field')}
          onChange={(key: string | null) => {
            preview.reset()
            if (key) setValues({ ...values, [key]: null })
          }}
          options={editable.filter(f => !keys.includes(f.key)).map(f => ({ value: f.key, label: labelOf(f.labels, currentLocale()) }))}
        />
      </Form>
      <div className="jy-row" style={{ margin: '14px 0' }}>
        <Button disabled={keys.length === 0} loading={preview.isPending} onClick={() => preview.mutate()}>
          {t('account:bulk.preview')}
        </Button>
        <Button type="primary" disabled={!seen || seen.editable === 0} loading={run.isPending} onClick={() => run.mutate()}>
          {t('account:bulk.run', { n: count(seen?.editable ?? 0) })}
        </Button>
      </div>
      {preview.isError && <p className="jy-warn">{say(preview.error)}</p>}
      {seen && (
        <>
          <p>{t('account:bulk.effect', { matched: count(seen.matched), editable: count(seen.editable), moving: count(seen.moving) })}</p>
          <table className="jy-plain-table">
            <thead>
              <tr>
                <th>{words.label('name')}</th>
                <th>{t('account:bulk.before')}</th>
                <th>{t('account:bulk.territories')}</th>
              </tr>
            </thead>
            <tbody>
              {seen.examples.map(e => (
                <tr key={e.id}>
                  <td>{e.name}</td>
                  <td>
                    {Object.entries(e.before)
                      .map(([k, v]) => words.value(k, v))
                      .join(', ')}
                  </td>
                  <td>
                    {e.territoryBefore === e.territoryAfter ? (e.territoryBefore ?? '–') : `${e.territoryBefore ?? '–'} → ${e.territoryAfter ?? '–'}`}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </Drawer>
  )
}
