/** What is doubtful about values being typed, under the field that says them, with what would be right; saving is never held up by it. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { FormInstance } from 'antd'
import { Button, Form } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldValues } from '../../contract/account/accounts.ts'
import { checkForm, type FormWarning } from '../../contract/cleansing/fixes.ts'
import { call } from '../app/api.ts'
import { useRested } from '../app/paged.ts'

const LOOKED_AT = [
  ...['name', 'nameEn', 'shortName', 'creditCode', 'phone', 'email', 'website', 'industry'],
  ...['size', 'revenue', 'potential', 'division', 'registeredDivision', 'address', 'point'],
]

/** Answers what stands under a field, by its key. */
export function useFormWarnings(form: FormInstance<FieldValues>): (key: string) => ReactNode {
  const { t } = useTranslation()
  const typed = Form.useWatch([], form) as FieldValues | undefined
  const values = useRested(
    JSON.stringify(
      Object.fromEntries(LOOKED_AT.flatMap(k => (typed?.[k] === undefined || typed[k] === null || typed[k] === '' ? [] : [[k, typed[k]]]))),
    ),
    400,
  )
  const found = useQuery({
    queryKey: ['form-warnings', values],
    enabled: values !== '{}',
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const parsed = JSON.parse(values) as Record<string, string | number>
      // An empty division is doubtful where the address tells it.
      return call(checkForm, { body: { values: parsed.address ? { division: null, ...parsed } : parsed }, signal })
    },
  })
  const warnings = new Map<string, FormWarning[]>()
  if (values !== '{}') for (const w of found.data?.warnings ?? []) warnings.set(w.field, [...(warnings.get(w.field) ?? []), w])
  const take = (w: FormWarning) => {
    form.setFields([{ name: w.field, value: w.proposal === '' ? null : w.proposal, touched: true }])
  }
  return key => {
    const list = warnings.get(key)
    if (!list) return undefined
    return list.map(w => (
      <span key={w.kind} className="jy-field-warning" role="status">
        {w.words}{' '}
        {w.proposal !== null && (
          <Button type="link" size="small" onClick={() => take(w)}>
            {w.proposal === '' ? t('account:edit.clear') : t('account:edit.apply', { value: w.proposalWords ?? w.proposal })}
          </Button>
        )}
      </span>
    ))
  }
}
