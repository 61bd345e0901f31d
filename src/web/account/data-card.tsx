/** What the account is: addresses first, then the fields every company has (empty ones too, so that one sees what to fill), then its own. */
import { Button } from 'antd'
import { Lock, Pencil } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { Addresses } from './addresses.tsx'
import type { Words } from './use-catalogue.ts'

/** Shown elsewhere on the page, or by the addresses. */
const APART = new Set(['name', 'shortName', 'nameEn', 'id', 'tier', 'status', 'parentId', 'division', 'registeredDivision', 'address', 'point'])
const ALWAYS = ['industry', 'size', 'revenue', 'potential', 'source', 'website', 'creditCode', 'phone', 'email']
const MASKED = ['creditCode', 'phone', 'email']

export function DataCard({ account, words, onEdit }: { account: AccountDetail; words: Words; onEdit: () => void }) {
  const { t } = useTranslation()
  const { values } = account
  const living = words.fields.filter(f => !f.retired && !APART.has(f.key))
  const plain = living.filter(f => f.builtIn && (ALWAYS.includes(f.key) || values[f.key] !== undefined))
  const own = living.filter(f => !f.builtIn)
  const line = (key: string) => (
    <div className="jy-field" key={key}>
      <span>{words.label(key)}</span>
      {values[key] !== undefined ? (
        key === 'website' ? (
          <a className="jy-ellipsis" href={linkOf(String(values[key]))} rel="noreferrer noopener" target="_blank">
            {String(values[key])}
          </a>
        ) : (
          <span>{words.value(key, values[key])}</span>
        )
      ) : account.masked && MASKED.includes(key) ? (
        <span className="jy-muted jy-row jy-tight" title={t('account:masked')}>
          <Lock size={12} aria-hidden /> {t('account:maskedOne')}
        </span>
      ) : (
        <span className="jy-unset">{t('account:unset')}</span>
      )}
    </div>
  )
  return (
    <section className="jy-card jy-box">
      <header>
        <h2>{t('account:data')}</h2>
        {account.editable && (
          <Button size="small" type="text" icon={<Pencil size={13} />} onClick={onEdit}>
            {t('shell:edit')}
          </Button>
        )}
      </header>
      <Addresses account={account} words={words} />
      {plain.map(f => line(f.key))}
      {account.keys.map(k => (
        <div className="jy-field" key={k.source + k.key}>
          <span>{t('account:keyOf', { source: k.source })}</span>
          <span>{k.key}</span>
        </div>
      ))}
      {own.length > 0 && (
        <>
          <h3 className="jy-field-head">{t('account:own')}</h3>
          {own.map(f => line(f.key))}
        </>
      )}
    </section>
  )
}

/** Only web addresses become links; anything else a person typed stays text in front of https. */
const linkOf = (text: string): string => (/^https?:\/\//i.test(text) ? text : `https://${text.replace(/^[a-z]+:/i, '')}`)
