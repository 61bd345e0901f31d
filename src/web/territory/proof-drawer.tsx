/** Findings of the proof, kind by kind: what is proved to be left over, contested or never used, and what could not be proved. */
import { Alert, Button, Drawer, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FINDING_KINDS, type ProofResult } from '../../contract/territory/proof.ts'
import { WhyDrawer } from '../account/why-drawer.tsx'
import { count } from '../app/figures.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { Finding } from './finding.tsx'
import { type FindingKind, precise, useFindings } from './use-proof.ts'
import './proof.css'

type Props = {
  readonly modelId: string
  readonly result: ProofResult
  readonly kind: FindingKind
  readonly onKind: (kind: FindingKind) => void
  readonly mends: boolean
  /** The model is in use: its rules are changed in a draft. */
  readonly live: boolean
  readonly onPrecedence: () => void
  readonly onSelect: (territoryId: string) => void
  readonly onClose: () => void
}

export function ProofDrawer({ modelId, result, kind, onKind, mends, live, onPrecedence, onSelect, onClose }: Props) {
  const { t } = useTranslation()
  const found = useFindings(modelId, kind, `${result.stamp}${result.provedAt}`)
  const [why, setWhy] = useState<string | null>(null)
  const rows = found.data?.pages.flatMap(p => p.rows) ?? []
  const figures = { gap: result.gaps, overlap: result.overlaps, dead: result.dead, notProved: result.notProved }
  const shown = FINDING_KINDS.filter(k => figures[k] !== null)
  const current = figures[kind]
  const clear = rows.filter(r => !r.vague)
  const vague = rows.filter(r => r.vague)
  const list = (some: typeof rows) => (
    <ul className="jy-findings">
      {some.map((f, i) => (
        <Finding
          key={`${i}${f.words}${f.territories.map(x => x.id).join()}`}
          finding={f}
          modelId={modelId}
          mends={mends}
          onPrecedence={onPrecedence}
          onWhy={setWhy}
          onSelect={id => {
            onSelect(id)
            onClose()
          }}
        />
      ))}
    </ul>
  )
  return (
    <Drawer open size={560} title={t('proof:title')} onClose={onClose} styles={{ body: { padding: 14 } }}>
      <Segmented
        block
        value={kind}
        onChange={value => onKind(value as FindingKind)}
        options={shown.map(value => ({
          value,
          label: `${t(`proof:kind.${value}`)} ${count(precise(figures[value]!))}${figures[value]!.more ? '+' : ''}`,
        }))}
      />
      <p className="jy-muted jy-witness-why">{t(`proof:why.${kind}`)}</p>
      {result.gaps === null && kind !== 'notProved' && <p className="jy-muted">{t('proof:partly')}</p>}
      {live && rows.length > 0 && mends === false && <p className="jy-muted">{t('proof:draftFirst')}</p>}
      {current?.more && <Alert type="warning" showIcon title={t('proof:more')} />}
      {found.isError ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : found.isPending ? (
        <Skeleton lines={8} />
      ) : rows.length === 0 ? (
        <Empty title={t(`proof:none.${kind}`)} />
      ) : (
        <>
          {clear.length > 0 && list(clear)}
          {vague.length > 0 && (
            <>
              <h3>{t('proof:vagueTitle')}</h3>
              <p className="jy-muted">{t('proof:vagueWhy')}</p>
              {list(vague)}
            </>
          )}
          {found.hasNextPage ? (
            <Button block loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
              {t('territory:proof.more')}
            </Button>
          ) : (
            (current?.total ?? 0) > rows.length && <p className="jy-muted">{t('proof:left', { n: count(current!.total - rows.length) })}</p>
          )}
        </>
      )}
      <WhyDrawer accountId={why} modelId={modelId} onClose={() => setWhy(null)} />
    </Drawer>
  )
}
