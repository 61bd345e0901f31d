/** Columns of the file and the fields they become, with what the first rows hold. */
import { useQuery } from '@tanstack/react-query'
import { Input, Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { getCatalogue } from '../../contract/builder/catalogue.ts'
import { type getImport, IMPORT_TARGETS } from '../../contract/import/imports.ts'
import { call, type ReplyOf } from '../app/api.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { type Draft, mapColumn } from './mapping.ts'

type Props = { readonly job: ReplyOf<typeof getImport>; readonly draft: Draft; readonly onChange: (draft: Draft) => void }

export function Columns({ job, draft, onChange }: Props) {
  const { t } = useTranslation()
  const catalogue = useQuery({ queryKey: ['catalogue'], queryFn: ({ signal }) => call(getCatalogue, { signal }), staleTime: 60_000 })
  const targets = [
    ...(catalogue.data?.fields ?? [])
      .filter(f => f.access === 'edit' && !f.retired && f.key !== 'id')
      .map(f => ({ value: f.key, label: labelOf(f.labels, currentLocale()) })),
    ...IMPORT_TARGETS.map(key => ({ value: key, label: t(`import:target.${key}`) })),
  ]
  const fieldOf = new Map(draft.columns.map(c => [c.column, c.field]))
  return (
    <section className="jy-card jy-box">
      <div className="jy-row jy-wrap" style={{ marginBottom: 10 }}>
        <Segmented
          value={draft.mode}
          onChange={mode => onChange({ ...draft, mode: mode as Draft['mode'] })}
          options={(['upsert', 'create', 'update'] as const).map(value => ({ value, label: t(`import:mode.${value}`) }))}
        />
        <span>{t('import:matchBy')}</span>
        <Select
          value={draft.match}
          style={{ minWidth: 130 }}
          aria-label={t('import:matchBy')}
          onChange={match => onChange({ ...draft, match })}
          options={(['externalKey', 'creditCode', 'name', 'none'] as const).map(value => ({ value, label: t(`import:match.${value}`) }))}
        />
        <span>{t('import:source')}</span>
        <Input
          style={{ width: 180 }}
          maxLength={60}
          value={draft.source}
          aria-label={t('import:source')}
          onChange={event => onChange({ ...draft, source: event.target.value })}
        />
      </div>
      <div className="jy-import-scroll">
        <table className="jy-import-table">
          <thead>
            <tr>
              <th>{t('import:column')}</th>
              <th>{t('import:becomes')}</th>
              <th>{t('import:sample')}</th>
            </tr>
          </thead>
          <tbody>
            {job.headers.map((header, column) => {
              const guess = job.guess.find(g => g.column === column)
              const field = fieldOf.get(column) ?? null
              return (
                <tr key={`${column}${header}`} data-open={field === null || undefined}>
                  <td>
                    <b>{header}</b>
                  </td>
                  <td>
                    <Select
                      allowClear
                      showSearch={{ optionFilterProp: 'label' }}
                      style={{ width: 210 }}
                      placeholder={t('import:skip')}
                      aria-label={header}
                      value={field}
                      onChange={next => onChange(mapColumn(draft, column, next ?? null))}
                      options={targets}
                    />
                    {guess?.field === field && field !== null && (
                      <small className="jy-muted"> {t('import:sure', { n: Math.round((guess.confidence ?? 0) * 100) })}</small>
                    )}
                  </td>
                  <td className="jy-muted">
                    {job.sample
                      .slice(0, 4)
                      .map(row => row[column] ?? '')
                      .filter(Boolean)
                      .join(' · ')}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </section>
  )
}
