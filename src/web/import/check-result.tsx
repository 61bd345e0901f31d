/** What the check found: figures, reasons, words to be mapped once, and the refused rows with their remedy. */
import { useQuery } from '@tanstack/react-query'
import { Button, Select, TreeSelect } from 'antd'
import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { getCatalogue, listIndustries } from '../../contract/builder/catalogue.ts'
import { type getImport, listRejects } from '../../contract/import/imports.ts'
import { call, type ReplyOf } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { usePaged } from '../app/paged.ts'
import { type Draft, mapValue } from './mapping.ts'

type Props = {
  readonly job: ReplyOf<typeof getImport>
  readonly draft: Draft
  readonly onChange?: (draft: Draft) => void
  readonly onCheck: () => void
}

export function CheckResult({ job, draft, onChange, onCheck }: Props) {
  const { t } = useTranslation()
  const { stats } = job
  const rejects = usePaged(['rejects', job.id, job.rowVersion], (cursor, signal) =>
    call(listRejects, { params: { id: job.id }, query: { cursor }, signal }),
  )
  const unknown = Object.entries(stats.unknown ?? {})
  return (
    <>
      <section className="jy-card jy-strip-figures">
        {(['rows', 'good', 'bad', 'warned', 'creates', 'updates'] as const).map(key => (
          <div key={key} data-bad={(key === 'bad' && (stats.bad ?? 0) > 0) || undefined}>
            <small>{t(`import:figure.${key}`)}</small>
            <b>{count(stats[key] ?? 0)}</b>
          </div>
        ))}
      </section>
      {onChange && unknown.length > 0 && (
        <section className="jy-card jy-box">
          <header className="jy-row">
            <h2>{t('import:unknown')}</h2>
            <span className="jy-grow" />
            <Button onClick={onCheck}>{t('import:checkAgain')}</Button>
          </header>
          <p className="jy-muted">{t('import:unknownWhy')}</p>
          {unknown.map(([field, values]) => (
            <UnknownValues key={field} field={field} values={values} draft={draft} onChange={onChange} />
          ))}
        </section>
      )}
      {rejects.rows.length > 0 && (
        <section className="jy-card jy-box">
          <header className="jy-row">
            <h2>{t('import:rejects', { n: count(stats.bad ?? 0) })}</h2>
            <span className="jy-grow" />
            <Button icon={<Download size={14} />} href={`/api/imports/${job.id}/rejects.csv`}>
              {t('import:rejectsFile')}
            </Button>
          </header>
          <div className="jy-import-scroll">
            <table className="jy-import-table">
              <thead>
                <tr>
                  <th>{t('import:row')}</th>
                  <th>{t('import:why')}</th>
                  <th>{t('import:cells')}</th>
                </tr>
              </thead>
              <tbody>
                {rejects.rows.map(r => (
                  <tr key={r.row}>
                    <td className="jy-number">{r.row}</td>
                    <td>{r.problems.map(p => `${p.field}: ${p.words}`).join('; ')}</td>
                    <td className="jy-muted jy-ellipsis" style={{ maxWidth: 420 }}>
                      {r.cells.filter(Boolean).slice(0, 6).join(' · ')}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {rejects.hasMore && (
            <Button type="text" loading={rejects.loadingMore} onClick={rejects.more}>
              {t('shell:more')}
            </Button>
          )}
        </section>
      )}
    </>
  )
}

const SHOWN = 200

function UnknownValues({
  field,
  values,
  draft,
  onChange,
}: {
  field: string
  values: readonly { value: string; count: number }[]
  draft: Draft
  onChange: (draft: Draft) => void
}) {
  const { t } = useTranslation()
  const locale = currentLocale()
  const catalogue = useQuery({ queryKey: ['catalogue'], queryFn: ({ signal }) => call(getCatalogue, { signal }), staleTime: 60_000 })
  const industries = useQuery({
    queryKey: ['industries'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => call(listIndustries, { signal }),
  })
  const known = catalogue.data?.fields.find(f => f.key === field)
  const options = [
    { value: '', label: t('import:leaveEmpty') },
    ...(known?.optionList
      ? [
          { value: '+', label: t('import:newOption') },
          ...(catalogue.data?.options ?? [])
            .filter(o => o.list === known.optionList && !o.retired)
            .map(o => ({ value: o.key, label: labelOf(o.labels, locale) })),
        ]
      : []),
  ]
  const rows = industries.data?.rows ?? []
  const tree = [
    { value: '', title: t('import:leaveEmpty') },
    ...rows
      .filter(r => r.parentCode === null)
      .map(r => ({
        value: r.code,
        title: `${r.code} ${labelOf(r.labels, locale)}`,
        children: rows.filter(c => c.parentCode === r.code).map(c => ({ value: c.code, title: `${c.code} ${labelOf(c.labels, locale)}` })),
      })),
  ]
  return (
    <div style={{ marginBottom: 12 }}>
      <h3>
        {known ? labelOf(known.labels, locale) : field} · {count(values.length)}
      </h3>
      <div className="jy-unknown">
        {values.slice(0, SHOWN).map(v => {
          const target = draft.values[field]?.[v.value]
          const put = (next: string | undefined) => onChange(mapValue(draft, field, v.value, next))
          return (
            <div key={v.value} className="jy-row" data-mapped={target !== undefined || undefined}>
              <span className="jy-grow jy-ellipsis" title={v.value}>
                {v.value} <small className="jy-muted">{count(v.count)}</small>
              </span>
              {known?.type === 'industry' ? (
                <TreeSelect
                  allowClear
                  showSearch={{ treeNodeFilterProp: 'title' } as never}
                  style={{ width: 240 }}
                  placeholder={t('import:mapTo')}
                  aria-label={v.value}
                  value={target}
                  treeData={tree}
                  onChange={next => put(next ?? undefined)}
                />
              ) : (
                <Select
                  allowClear
                  showSearch={{ optionFilterProp: 'label' }}
                  style={{ width: 240 }}
                  placeholder={t('import:mapTo')}
                  aria-label={v.value}
                  value={target}
                  options={options}
                  onChange={next => put(next ?? undefined)}
                />
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}
