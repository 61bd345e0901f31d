/** Examples of what a fix does: before, after, and the territory where it changes. */
import { useTranslation } from 'react-i18next'
import { AccountLink } from '../app/account-link.tsx'
import { NOTHING } from '../app/format.ts'

type Example = {
  readonly id: string
  readonly name: string
  readonly before: string | null
  readonly after: string | null
  readonly territoryBefore: string | null
  readonly territoryAfter: string | null
  readonly by?: string
}

export function ExampleTable({ rows }: { rows: readonly Example[] }) {
  const { t } = useTranslation()
  if (rows.length === 0) return null
  const reasons = rows.some(r => r.by !== undefined)
  return (
    <table className="jy-plain-table jy-examples">
      <thead>
        <tr>
          <th>{t('cleansing:name')}</th>
          <th>{t('cleansing:preview.before')}</th>
          <th>{t('cleansing:preview.after')}</th>
          {reasons && <th>{t('cleansing:edition.reason')}</th>}
          <th>{t('cleansing:preview.territory')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(r => (
          <tr key={r.id}>
            <td>
              <AccountLink id={r.id}>{r.name}</AccountLink>
            </td>
            <td>{r.before === null || r.before === '' ? NOTHING : <s>{r.before}</s>}</td>
            <td>
              <b>{r.after === null || r.after === '' ? NOTHING : r.after}</b>
            </td>
            {reasons && <td className="jy-muted">{r.by ? t(`cleansing:edition.by.${r.by}`) : NOTHING}</td>}
            <td>
              {r.territoryBefore === r.territoryAfter
                ? (r.territoryBefore ?? NOTHING)
                : `${r.territoryBefore ?? NOTHING} → ${r.territoryAfter ?? NOTHING}`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
