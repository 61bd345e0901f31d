/** Columns of the file and the fields they become, with what the first rows hold; how rows find their record; where a tree goes. */
import { useQuery } from '@tanstack/react-query'
import { Alert, Input, Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { getImport } from '../../contract/import/imports.ts'
import { listImportObjects } from '../../contract/import/objects.ts'
import { call, type ReplyOf } from '../app/api.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { type Draft, mapColumn, missingFields } from './mapping.ts'

type Job = ReplyOf<typeof getImport>
type Props = { readonly job: Job; readonly draft: Draft; readonly onChange: (draft: Draft) => void }

export function Columns({ job, draft, onChange }: Props) {
  const { t } = useTranslation()
  const locale = currentLocale()
  const { targets } = job
  const byKey = new Map(targets.map(target => [target.key, target]))
  const several = (field: string) => byKey.get(field)?.several === true
  const fieldOf = new Map(draft.columns.map(c => [c.column, c.field]))
  const used = new Set(draft.columns.map(c => c.field))
  const missing = missingFields(draft, targets)
  const options = targets.map(target => ({
    value: target.key,
    label: `${labelOf(target.labels, locale)}${target.required ? ' *' : ''}`,
    disabled: false,
    'data-used': used.has(target.key),
  }))
  return (
    <section className="jy-card jy-box">
      <Way job={job} draft={draft} onChange={onChange} />
      {missing.length > 0 && (
        <Alert
          type="warning"
          showIcon
          style={{ marginBottom: 10 }}
          title={t('import:missing', { fields: missing.map(m => labelOf(m.labels, locale)).join(', ') })}
        />
      )}
      <ul className="jy-import-columns" aria-label={t('import:column')}>
        <li aria-hidden className="jy-import-columns-head">
          <span>{t('import:column')}</span>
          <span>{t('import:becomes')}</span>
          <span>{t('import:sample')}</span>
        </li>
        {job.headers.map((header, column) => {
          const guess = job.guess.find(g => g.column === column)
          const field = fieldOf.get(column) ?? null
          return (
            <li key={`${column}${header}`} data-open={field === null || undefined}>
              <b className="jy-ellipsis" title={header}>
                {header}
              </b>
              <span className="jy-row">
                <Select
                  allowClear
                  showSearch={{ optionFilterProp: 'label' }}
                  className="jy-import-field"
                  placeholder={t('import:skip')}
                  aria-label={header}
                  value={field}
                  onChange={next => onChange(mapColumn(draft, column, next ?? null, several))}
                  options={options}
                />
                {guess?.field === field && field !== null && (
                  <small className="jy-muted" title={t('import:sureWhy')}>
                    {t('import:sure', { n: Math.round((guess.confidence ?? 0) * 100) })}
                  </small>
                )}
              </span>
              <span className="jy-muted jy-ellipsis jy-import-sample">
                {[...new Set(job.sample.map(row => row[column] ?? '').filter(Boolean))].slice(0, 4).join(' · ') || t('import:noSample')}
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Way({ job, draft, onChange }: Props) {
  const { t } = useTranslation()
  return (
    <div className="jy-import-way">
      <Segmented
        value={draft.mode}
        onChange={mode => onChange({ ...draft, mode: mode as Draft['mode'] })}
        options={(['upsert', 'create', 'update'] as const).map(value => ({ value, label: t(`import:mode.${value}`) }))}
      />
      {job.matches.length > 1 && (
        <span className="jy-import-pair">
          <span>{t(job.object === 'account' ? 'import:matchBy' : 'import:accountBy')}</span>
          <Select
            value={draft.match}
            style={{ minWidth: 140 }}
            aria-label={t(job.object === 'account' ? 'import:matchBy' : 'import:accountBy')}
            onChange={match => onChange({ ...draft, match })}
            options={job.matches.map(value => ({ value, label: t(`import:match.${value}`) }))}
          />
        </span>
      )}
      {['account', 'contact', 'owner'].includes(job.object) && (
        <span className="jy-import-pair" title={t('import:sourceWhy')}>
          <span>{t('import:source')}</span>
          <Input
            style={{ width: 180 }}
            maxLength={60}
            value={draft.source}
            aria-label={t('import:source')}
            onChange={event => onChange({ ...draft, source: event.target.value })}
          />
        </span>
      )}
      {job.object === 'account' && draft.mode !== 'update' && (
        <span className="jy-import-pair" title={t('import:duplicatesWhy')}>
          <span>{t('import:duplicates')}</span>
          <Select
            value={draft.duplicates}
            style={{ minWidth: 140 }}
            aria-label={t('import:duplicates')}
            onChange={duplicates => onChange({ ...draft, duplicates })}
            options={(['hold', 'update', 'write'] as const)
              .filter(value => value !== 'update' || draft.mode === 'upsert')
              .map(value => ({ value, label: t(`import:duplicate.${value}`) }))}
          />
        </span>
      )}
      {(job.object === 'territory' || job.object === 'member') && <ModelChoice object={job.object} draft={draft} onChange={onChange} />}
    </div>
  )
}

const NEW = 'new'

/** A tree goes into a draft, new or chosen; members into a draft or, at once, into the model in use. */
function ModelChoice({ object, draft, onChange }: { object: 'territory' | 'member'; draft: Draft; onChange: (draft: Draft) => void }) {
  const { t } = useTranslation()
  const all = useQuery({ queryKey: ['import-objects'], queryFn: ({ signal }) => call(listImportObjects, { signal }), staleTime: 60_000 })
  const models = (all.data?.models ?? []).filter(m => object === 'member' || m.draft)
  const put = (value: string) => onChange({ ...draft, model: value === NEW ? { id: null, name: draft.source } : { id: value, name: null } })
  return (
    <>
      <span className="jy-import-pair">
        <span>{t('import:into')}</span>
        <Select
          style={{ minWidth: 200 }}
          placeholder={t('import:chooseModel')}
          aria-label={t('import:into')}
          loading={all.isPending}
          value={draft.model === null ? undefined : (draft.model.id ?? NEW)}
          onChange={put}
          options={[
            ...(object === 'territory' ? [{ value: NEW, label: t('import:newDraft') }] : []),
            ...models.map(m => ({
              value: m.id,
              label: m.draft ? t('import:draftModel', { name: m.name }) : t('import:activeModel', { name: m.name }),
            })),
          ]}
        />
      </span>
      {draft.model && draft.model.id === null && (
        <Input
          style={{ width: 200 }}
          maxLength={80}
          aria-label={t('import:draftName')}
          placeholder={t('import:draftName')}
          value={draft.model.name ?? ''}
          onChange={event => onChange({ ...draft, model: { id: null, name: event.target.value } })}
        />
      )}
    </>
  )
}
