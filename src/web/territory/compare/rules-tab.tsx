/** Rules that differ, line by line in words: lines of A that are gone, lines of B that came, and those both have. */
import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { type ComparedTerritory, compareModels } from '../../../contract/territory/compare.ts'
import { call } from '../../app/api.ts'
import { NOTHING } from '../../app/format.ts'
import { MoreButton } from '../../app/more-button.tsx'
import { usePaged } from '../../app/paged.ts'
import { Empty, ErrorState, Skeleton } from '../../app/states.tsx'
import { TerritoryChip } from '../../app/territory-chip.tsx'
import { RuleLines } from '../rule-lines.tsx'
import { TONES } from './structure-tab.tsx'
import type { PairProps } from './use-compare.ts'

export function RulesTab({ a, b }: PairProps) {
  const { t } = useTranslation()
  const list = usePaged<ComparedTerritory>(['compare', a, b, 'rules'], (cursor, signal) =>
    call(compareModels, { query: { a, b, about: 'rules', cursor }, signal }),
  )
  if (list.pending) return <Skeleton lines={8} />
  if (list.error !== null && list.rows.length === 0) return <ErrorState error={list.error} onRetry={list.retry} />
  if (list.rows.length === 0) return <Empty title={t('compare:none.rules')} />
  return (
    <>
      {list.rows.map(row => (
        <Rule key={row.territoryId} row={row} />
      ))}
      <MoreButton list={list} />
    </>
  )
}

function Rule({ row }: { row: ComparedTerritory }) {
  const { t } = useTranslation()
  return (
    <section className="jy-card jy-compare-box jy-compare-rule" aria-label={`${row.code} ${row.name}`}>
      <header>
        <TerritoryChip code={row.code} name={row.name} colour={row.colour} />
        {row.change !== 'changed' && <Tag color={TONES[row.change]}>{t(`compare:change.${row.change}`)}</Tag>}
        <span className="jy-grow jy-muted jy-ellipsis">{row.path.map(p => p.name).join(' / ')}</span>
        {row.change === 'changed' && (
          <small className="jy-muted">{t('change:rules.versions', { from: row.fromVersion ?? NOTHING, to: row.toVersion ?? NOTHING })}</small>
        )}
      </header>
      <RuleLines lines={row.lines} />
    </section>
  )
}
