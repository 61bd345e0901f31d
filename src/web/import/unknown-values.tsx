/** Words of the file that nobody knows, each mapped once to an option or an industry; the next import remembers them. */
import { useQuery } from '@tanstack/react-query'
import { Button, Select, TreeSelect } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listIndustries } from '../../contract/builder/catalogue.ts'
import type { Target } from '../../contract/import/objects.ts'
import { call } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { type Draft, mapValue } from './mapping.ts'

const SHOWN = 60

type Props = {
  readonly target: Target
  readonly values: readonly { readonly value: string; readonly count: number }[]
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
}

export function UnknownValues({ target, values, draft, onChange }: Props) {
  const { t } = useTranslation()
  const locale = currentLocale()
  const [shown, setShown] = useState(SHOWN)
  const ofIndustry = target.type === 'industry' || target.type === 'industries'
  const industries = useQuery({
    queryKey: ['industries'],
    staleTime: Number.POSITIVE_INFINITY,
    enabled: ofIndustry,
    queryFn: ({ signal }) => call(listIndustries, { signal }),
  })
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
  const options = [
    { value: '', label: t('import:leaveEmpty') },
    ...(target.mayAdd ? [{ value: '+', label: t('import:newOption') }] : []),
    ...(target.options ?? []).map(o => ({ value: o.key, label: labelOf(o.labels, locale) })),
  ]
  const open = values.filter(v => draft.values[target.key]?.[v.value] === undefined)
  const left = open.length
  const fill = (key: string) => onChange(open.reduce((d, v) => mapValue(d, target.key, v.value, key), draft))
  return (
    <div className="jy-unknown-field">
      <header className="jy-row jy-wrap">
        <h3>
          {labelOf(target.labels, locale)}{' '}
          <small className="jy-muted">{t('import:unknownLeft', { left: count(left), all: count(values.length) })}</small>
        </h3>
        <span className="jy-grow" />
        {left > 0 && target.mayAdd && (
          <Button size="small" onClick={() => fill('+')}>
            {t('import:newAll')}
          </Button>
        )}
        {left > 0 && (
          <Button size="small" onClick={() => fill('')}>
            {t('import:emptyAll')}
          </Button>
        )}
      </header>
      <div className="jy-unknown">
        {values.slice(0, shown).map(v => {
          const mapped = draft.values[target.key]?.[v.value]
          const put = (next: string | undefined) => onChange(mapValue(draft, target.key, v.value, next))
          const given = {
            allowClear: true,
            className: 'jy-unknown-choice',
            placeholder: t('import:mapTo'),
            'aria-label': v.value,
            value: mapped,
          } as const
          return (
            <div key={v.value} className="jy-row" data-mapped={mapped !== undefined || undefined}>
              <span className="jy-grow jy-ellipsis" title={v.value}>
                {v.value} <small className="jy-muted">{count(v.count)}</small>
              </span>
              {ofIndustry ? (
                <TreeSelect
                  {...given}
                  showSearch={{ treeNodeFilterProp: 'title' } as never}
                  treeData={tree}
                  onChange={next => put(next ?? undefined)}
                />
              ) : (
                <Select {...given} showSearch={{ optionFilterProp: 'label' }} options={options} onChange={next => put(next ?? undefined)} />
              )}
            </div>
          )
        })}
      </div>
      {values.length > shown && (
        <Button type="text" onClick={() => setShown(shown + SHOWN)}>
          {t('shell:more')}
        </Button>
      )}
    </div>
  )
}
