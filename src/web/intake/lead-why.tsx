/** Why a lead went where it went, in a sentence; who else could have had it and why not, from the log of the turn. */
import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import type { LeadRoute } from '../../contract/intake/leads.ts'
import { moment } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { TerritoryChip } from '../app/territory-chip.tsx'

export function LeadWhy({ routes }: { routes: readonly LeadRoute[] }) {
  const { t } = useTranslation()
  return (
    <section className="jy-lead-why" aria-label={t('intake:why.title')}>
      <h3>{t('intake:why.title')}</h3>
      {routes.map((route, i) => (
        <One key={route.id} route={route} open={i === 0} />
      ))}
    </section>
  )
}

function One({ route, open }: { route: LeadRoute; open: boolean }) {
  const { t } = useTranslation()
  const me = useMe()
  const sentence = t(`intake:why.${route.reason}`, {
    owner: route.owner?.name ?? '',
    by: route.by?.name ?? t('intake:why.system'),
    territory: route.territory ? `${route.territory.code} ${route.territory.name}` : '',
    way: route.way ? t(`intake:way.${route.way}`) : '',
    seq: route.seq ?? 0,
    n: route.known?.n ?? 0,
    known: route.known ? t(`intake:known.${route.known.by}`) : '',
    missing: route.missing.map(m => m.label).join('、'),
  })
  // What nobody counted is not shown as nothing.
  const counted = route.way === 'load' || route.candidates.some(c => c.capacity !== null)
  return (
    <article>
      <p>
        <small className="jy-muted">{`${moment(route.at, new Date(), me?.tenant.zone)} · ${t(`intake:cause.${route.cause}`)}`}</small>
        <br />
        {sentence}
        {route.note && <span className="jy-muted">{` ${t('intake:why.because', { note: route.note })}`}</span>}
      </p>
      {route.contested.length > 0 && (
        <p className="jy-lead-contested">
          {route.contested.map(c => (
            <TerritoryChip key={c.id} {...c} />
          ))}
        </p>
      )}
      {open && route.candidates.length > 0 && (
        <table className="jy-lead-candidates">
          <thead>
            <tr>
              <th>{t('intake:candidate.person')}</th>
              {counted && <th className="jy-number">{t('intake:candidate.open')}</th>}
              {route.way === 'weighted' && <th className="jy-number">{t('intake:candidate.weight')}</th>}
              <th>{t('intake:candidate.result')}</th>
            </tr>
          </thead>
          <tbody>
            {route.candidates.map(c => (
              <tr key={c.id} data-chosen={c.result === 'chosen' || undefined}>
                <td>
                  {c.name}
                  {c.share < 100 && <Tag>{t('intake:candidate.newcomer', { share: c.share })}</Tag>}
                  {c.skilled && <Tag>{t('intake:candidate.skilled')}</Tag>}
                </td>
                {counted && <td className="jy-number">{c.capacity === null ? c.open : `${c.open} / ${c.capacity}`}</td>}
                {route.way === 'weighted' && <td className="jy-number">{c.weight}</td>}
                <td>{t(`intake:result.${c.result}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </article>
  )
}
