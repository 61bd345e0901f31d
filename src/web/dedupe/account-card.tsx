/** On a customer's page: who may be the same, with the evidence and the ways out; and of a merged one, where it went. */
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listDuplicates, markDifferent } from '../../contract/dedupe/duplicates.ts'
import { PairPart } from '../account/account-parts.tsx'
import { AccountLink } from '../app/account-link.tsx'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { CompareDrawer } from './compare-drawer.tsx'
import { EvidenceTags, percent } from './evidence.tsx'
import './dedupe.css'

/** Absent while there is nothing to look at: most customers have no double. */
export function DuplicatesCard({ accountId, editable }: { accountId: string; editable: boolean }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<string | null>(null)
  const pairs = useQuery({
    queryKey: ['duplicates', 'account', accountId],
    queryFn: ({ signal }) => call(listDuplicates, { query: { accountId }, signal }),
  })
  const different = useChange({
    run: (id: string) => call(markDifferent, { params: { id }, body: {} }),
    touches: [['duplicates']],
    said: t('dedupe:remembered'),
  })
  const rows = pairs.data?.rows ?? []
  if (rows.length === 0) return null
  return (
    <section className="jy-card jy-box">
      <header>
        <h2>{t('dedupe:suspects')}</h2>
        <span className="jy-muted">{t('dedupe:toSee', { n: rows.length })}</span>
      </header>
      {rows.slice(0, 3).map(pair => {
        const [own, other] = pair.a.id === accountId ? [pair.a, pair.b] : [pair.b, pair.a]
        return (
          <div key={pair.id} className="jy-dup-suspect">
            <div className="jy-row">
              <span className="jy-grow">
                <AccountLink id={other.id}>{other.name}</AccountLink>
              </span>
              <Tag color="warning">{t('dedupe:alike', { percent: percent(pair.score) })}</Tag>
            </div>
            <div className="jy-row jy-wrap jy-muted">
              {other.territory && <TerritoryChip {...other.territory} />} {other.owner ?? t('account:nobody')}
            </div>
            <EvidenceTags evidence={pair.evidence} />
            <div className="jy-row">
              <Button size="small" onClick={() => setOpen(pair.id)}>
                {t('dedupe:compare')}
              </Button>
              {editable && (
                <Button size="small" loading={different.isPending} onClick={() => different.mutate(pair.id)}>
                  {t('dedupe:different')}
                </Button>
              )}
              <PairPart account={own} otherId={other.id} />
            </div>
          </div>
        )
      })}
      {open !== null && <CompareDrawer pairId={open} onClose={() => setOpen(null)} />}
    </section>
  )
}

export function MergedStrip({ into }: { into: { id: string; name: string } }) {
  const { t } = useTranslation()
  return (
    <Alert
      type="warning"
      showIcon
      title={
        <>
          {t('dedupe:mergedInto')} <AccountLink id={into.id}>{into.name}</AccountLink>
        </>
      }
    />
  )
}
