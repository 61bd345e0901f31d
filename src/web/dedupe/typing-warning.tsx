/** While a new customer is typed: who may be the same already, and where, as far as one may know; it warns and never blocks. */
import { useQuery } from '@tanstack/react-query'
import { Alert, Form, type FormInstance } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FieldValues } from '../../contract/account/accounts.ts'
import { checkDuplicates, type DuplicateHit } from '../../contract/dedupe/duplicates.ts'
import { AccountLink } from '../app/account-link.tsx'
import { call } from '../app/api.ts'
import { day } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { useRested } from '../app/paged.ts'
import { EvidenceTags, percent } from './evidence.tsx'
import './dedupe.css'

/** A name of two characters may still become anything. */
const SHORTEST = 3

export function TypingWarning({ form, exceptId }: { form: FormInstance<FieldValues>; exceptId?: string }) {
  const { t } = useTranslation()
  const values = (Form.useWatch([], form) ?? {}) as FieldValues
  const textOf = (key: string): string => (typeof values[key] === 'string' ? (values[key] as string).trim() : '')
  const asked = {
    names: [textOf('name'), textOf('shortName'), textOf('nameEn')].filter(n => n.length >= SHORTEST),
    creditCode: textOf('creditCode') || null,
    phones: [textOf('phone')].filter(p => p.length >= 7),
    emails: [textOf('email')].filter(e => e.includes('@')),
    website: textOf('website') || null,
    address: textOf('address') || null,
    division: textOf('division') || null,
    industry: textOf('industry') || null,
    ...(exceptId === undefined ? {} : { exceptId }),
  }
  const rested = JSON.parse(useRested(JSON.stringify(asked), 400)) as typeof asked
  const check = useQuery({
    queryKey: ['duplicates', 'check', rested],
    enabled: rested.names.length > 0,
    queryFn: ({ signal }) => call(checkDuplicates, { body: rested, signal }),
    placeholderData: previous => previous,
  })
  const hits = rested.names.length > 0 ? (check.data?.hits ?? []) : []
  if (hits.length === 0) return null
  return (
    <Alert
      className="jy-dup-typing"
      type="warning"
      showIcon
      role="status"
      title={t('dedupe:typing', { n: hits.length })}
      description={hits.map(hit => (
        <div key={hit.accountId ?? `${hit.score}${hit.where.ownerName}`} className="jy-row jy-wrap">
          {hit.accountId !== null && hit.name !== null ? <AccountLink id={hit.accountId}>{hit.name}</AccountLink> : <b>{t('dedupe:sameName')}</b>}
          <span>{t('dedupe:alike', { percent: percent(hit.score) })}</span>
          <Where where={hit.where} />
          <EvidenceTags evidence={hit.evidence} />
        </div>
      ))}
    />
  )
}

function Where({ where }: { where: DuplicateHit['where'] }) {
  const { t } = useTranslation()
  const me = useMe()
  const kind = where.kind === 'seen' ? (where.ownerName === null ? 'unowned' : 'owned') : where.kind
  return (
    <span className="jy-muted">
      {t(`dedupe:where.${kind}`, { owner: where.ownerName ?? '', territory: where.territory ?? '' })}
      {where.protectedUntil !== null && ` · ${t('dedupe:where.protected', { day: day(where.protectedUntil, new Date(), me?.tenant.zone) })}`}
    </span>
  )
}
