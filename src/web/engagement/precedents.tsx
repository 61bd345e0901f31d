/** Precedents by likeness, with what they share with this case and how they were ruled. */
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Precedent } from '../../contract/engagement/cases.ts'

export function Precedents({ rows }: { rows: readonly Precedent[] }) {
  const { t } = useTranslation()
  return (
    <section className="jy-card jy-case-box" aria-label={t('engagement:precedent.title')}>
      <header className="jy-row">
        <h2 className="jy-grow">{t('engagement:precedent.title')}</h2>
        <span className="jy-muted">{t('engagement:precedent.hint')}</span>
      </header>
      {rows.length === 0 && <p className="jy-muted">{t('engagement:precedent.none')}</p>}
      <ul className="jy-precedents">
        {rows.map(p => (
          <li key={p.id}>
            <div className="jy-row">
              <Link className="jy-grow jy-ellipsis" to={'/cases/$id' as never} params={{ id: p.id } as never}>
                #{p.number} {p.name}
              </Link>
              <span className="jy-muted">{t('engagement:precedent.like', { percent: p.percent })}</span>
            </div>
            <div className="jy-row">
              <small className="jy-muted jy-grow">{p.shared.map(f => t(`engagement:precedent.feature.${f}`)).join(' · ')}</small>
              <b>
                {p.winner === null
                  ? t('engagement:precedent.toShared')
                  : p.by === null
                    ? t('engagement:precedent.toOther')
                    : t('engagement:precedent.to', { by: t(`engagement:clause.name.${p.by}`) })}
                {p.loserBp > 0 && t('engagement:precedent.credit', { bp: p.loserBp / 100 })}
              </b>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
