/** What is there before the first map is drawn: customers, or the way to bring them; and whether a map is in use already. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { listTerritories } from '../../contract/territory/models.ts'
import { getCoverage } from '../../contract/territory/wizard.ts'
import { call } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { useMe } from '../app/me.ts'

export function FirstSteps() {
  const { t } = useTranslation()
  const me = useMe()
  const modelId = me?.activeModel.id
  const coverage = useQuery({
    queryKey: ['coverage', modelId],
    enabled: modelId !== undefined,
    queryFn: ({ signal }) => call(getCoverage, { params: { id: modelId! }, signal }),
  })
  const known = useQuery({
    queryKey: ['territories', modelId, 'any'],
    enabled: modelId !== undefined,
    queryFn: ({ signal }) => call(listTerritories, { params: { id: modelId! }, query: { limit: 1 }, signal }),
  })
  if (!coverage.data) return null
  return (
    <p className="jy-wizard-first">
      {coverage.data.accounts === 0 ? (
        <>
          {t('wizard:noAccounts')} <Link to={'/import' as never}>{t('wizard:import')}</Link>
        </>
      ) : (
        <>
          {t('wizard:haveAccounts', { n: count(coverage.data.accounts), count: coverage.data.accounts })}{' '}
          <Link to={'/import' as never}>{t('wizard:importMore')}</Link>
        </>
      )}
      {(known.data?.rows.length ?? 0) > 0 && <span className="jy-warn"> {t('wizard:inUse', { name: me?.activeModel.name ?? '' })}</span>}
    </p>
  )
}
