/** Witnesses: real accounts that come, go, are contested or cannot be decided under the edited rule; the value that decides is marked. */
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { previewRule } from '../../contract/territory/models.ts'
import { AccountLink } from '../app/account-link.tsx'
import type { ReplyOf } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { Empty } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'

const KINDS = ['added', 'removed', 'contested', 'undecidable'] as const

type Props = { readonly preview: ReplyOf<typeof previewRule>; readonly chosen: string | null; readonly onChoose: (accountId: string) => void }

export function Witnesses({ preview, chosen, onChoose }: Props) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<(typeof KINDS)[number] | null>(null)
  const kind = asked ?? KINDS.find(k => preview[k] > 0) ?? 'added'
  const rows = preview.witnesses[kind]
  const columns = [...new Map(rows.flatMap(r => r.values).map(v => [v.field, v.label]))]
  return (
    <section className="jy-card jy-witnesses">
      <div className="jy-row jy-wrap">
        <h2>{t('territory:witness.title')}</h2>
        <span className="jy-grow" />
        <Segmented
          size="small"
          value={kind}
          onChange={value => setAsked(value as (typeof KINDS)[number])}
          options={KINDS.map(k => ({ value: k, label: `${t(`territory:witness.${k}`)} ${count(preview[k])}` }))}
        />
      </div>
      {rows.length === 0 ? (
        <Empty title={t('territory:witness.none')} />
      ) : (
        <div className="jy-witness-scroll">
          <table>
            <thead>
              <tr>
                <th>{t('territory:witness.account')}</th>
                {columns.map(([field, label]) => (
                  <th key={field}>{label}</th>
                ))}
                <th>{t('territory:witness.now')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(r => (
                <tr key={r.id} data-chosen={r.id === chosen || undefined} onClick={() => onChoose(r.id)}>
                  <td>
                    <AccountLink id={r.id}>{r.name}</AccountLink>
                  </td>
                  {columns.map(([field]) => {
                    const value = r.values.find(v => v.field === field)
                    const words = value?.value ?? t('territory:grid.none')
                    return <td key={field}>{value?.decides ? <mark>{words}</mark> : value ? words : '–'}</td>
                  })}
                  <td>{r.now ? <TerritoryChip {...r.now} /> : <span className="jy-warn">{t('territory:witness.nowhere')}</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
