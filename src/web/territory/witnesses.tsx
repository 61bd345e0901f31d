/** Witnesses: real accounts that come, go, are contested or cannot be decided under the edited rule. */
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { previewRule } from '../../contract/territory/models.ts'
import { AccountLink } from '../app/account-link.tsx'
import type { ReplyOf } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { Empty } from '../app/states.tsx'

const KINDS = ['added', 'removed', 'contested', 'undecidable'] as const

export function Witnesses({ preview }: { preview: ReplyOf<typeof previewRule> }) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<(typeof KINDS)[number] | null>(null)
  const kind = chosen ?? KINDS.find(k => preview[k] > 0) ?? 'added'
  const rows = preview.witnesses[kind] ?? []
  return (
    <section className="jy-card jy-witnesses">
      <div className="jy-row jy-wrap">
        <h2>{t('territory:witness.title')}</h2>
        <span className="jy-grow" />
        <Segmented
          size="small"
          value={kind}
          onChange={value => setChosen(value as (typeof KINDS)[number])}
          options={KINDS.map(k => ({ value: k, label: `${t(`territory:witness.${k}`)} ${count(preview[k])}` }))}
        />
      </div>
      {rows.length === 0 ? (
        <Empty title={t('territory:witness.none')} />
      ) : (
        <table>
          <thead>
            <tr>
              <th>{t('territory:witness.account')}</th>
              <th>{t('territory:witness.division')}</th>
              <th>{t('territory:witness.industry')}</th>
              <th className="jy-number">{t('territory:witness.size')}</th>
              <th>{t('territory:witness.now')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(r => (
              <tr key={r.id}>
                <td>
                  <AccountLink id={r.id}>{r.name}</AccountLink>
                </td>
                <td>{r.division ?? '–'}</td>
                <td>{r.industry ?? '–'}</td>
                <td className="jy-number">{r.size === null ? '–' : count(r.size)}</td>
                <td>{r.now ?? t('territory:witness.nowhere')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
