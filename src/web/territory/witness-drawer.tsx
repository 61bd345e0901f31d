/** Witnesses of the whole model: which accounts nobody takes, two take, or cannot be decided, and which value would decide them. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Button, Drawer, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { modelWitnesses, WITNESS_KINDS } from '../../contract/territory/picture.ts'
import { AccountLink } from '../app/account-link.tsx'
import { call } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'

type Kind = (typeof WITNESS_KINDS)[number]

export function WitnessDrawer({
  modelId,
  kind,
  onKind,
  onClose,
}: {
  modelId: string
  kind: Kind
  onKind: (kind: Kind) => void
  onClose: () => void
}) {
  const { t } = useTranslation()
  const found = useInfiniteQuery({
    queryKey: ['model-witnesses', modelId, kind],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => call(modelWitnesses, { params: { id: modelId }, query: { kind, cursor: pageParam }, signal }),
    getNextPageParam: page => page.next ?? undefined,
  })
  const rows = found.data?.pages.flatMap(p => p.rows) ?? []
  return (
    <Drawer open size={560} title={t('territory:proof.witnesses')} onClose={onClose} styles={{ body: { padding: 14 } }}>
      <Segmented
        block
        value={kind}
        onChange={value => onKind(value as Kind)}
        options={WITNESS_KINDS.map(value => ({ value, label: t(`territory:proof.kind.${value}`) }))}
      />
      <p className="jy-muted jy-witness-why">{t(`territory:proof.why.${kind}`)}</p>
      {found.isError ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : found.isPending ? (
        <Skeleton lines={8} />
      ) : rows.length === 0 ? (
        <Empty title={t(`territory:proof.none.${kind}`)} />
      ) : (
        <>
          <p>{t('territory:proof.total', { n: count(found.data!.pages[0]!.total), count: found.data!.pages[0]!.total })}</p>
          <ul className="jy-witness-list">
            {rows.map(r => (
              <li key={r.id}>
                <AccountLink id={r.id}>{r.name}</AccountLink>
                <small className="jy-muted">{[r.division, r.industry, r.tier].filter(Boolean).join(' · ')}</small>
                <span className="jy-row jy-wrap">
                  {r.missing.map(field => (
                    <mark key={field}>{t('territory:proof.missing', { field })}</mark>
                  ))}
                  {r.territories.map(x => (
                    <TerritoryChip key={x.id} {...x} />
                  ))}
                </span>
              </li>
            ))}
          </ul>
          {found.hasNextPage && (
            <Button block loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
              {t('territory:proof.more')}
            </Button>
          )}
        </>
      )}
    </Drawer>
  )
}
