/** The tree of both models: what came, what is gone, what changed, each where it stands; and the types that differ. */
import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Locale } from '../../../contract/kernel/shapes.ts'
import { type ComparedTerritory, type ComparedType, compareModels } from '../../../contract/territory/compare.ts'
import { call } from '../../app/api.ts'
import { NOTHING } from '../../app/format.ts'
import { labelOf } from '../../app/i18n.ts'
import { MoreButton } from '../../app/more-button.tsx'
import { usePaged } from '../../app/paged.ts'
import { Empty, ErrorState, Skeleton } from '../../app/states.tsx'
import { TerritoryChip } from '../../app/territory-chip.tsx'
import { treeLines } from './tree-lines.ts'
import { type PairProps, useCompareSearch } from './use-compare.ts'

export const TONES = { added: 'success', removed: 'error', changed: undefined } as const

export function StructureTab({ a, b, types }: PairProps & { readonly types: readonly ComparedType[] }) {
  const { t } = useTranslation()
  const list = usePaged<ComparedTerritory>(['compare', a, b, 'all'], (cursor, signal) => call(compareModels, { query: { a, b, cursor }, signal }))
  if (list.pending) return <Skeleton lines={8} />
  if (list.error !== null && list.rows.length === 0) return <ErrorState error={list.error} onRetry={list.retry} />
  if (list.rows.length === 0 && types.length === 0) return <Empty title={t('compare:none.structure')} />
  return (
    <>
      {types.length > 0 && <Types types={types} />}
      {list.rows.length > 0 && (
        <section className="jy-card jy-compare-box" aria-label={t('compare:tab.structure')}>
          <ul className="jy-compare-tree">
            {treeLines(list.rows).map(line => (
              <li key={line.kind === 'above' ? line.above.id : line.row.territoryId} style={{ paddingInlineStart: 14 + line.depth * 18 }}>
                {line.kind === 'above' ? (
                  <span className="jy-compare-above">
                    <TerritoryChip code={line.above.code} name={line.above.name} colour={line.above.colour} />
                  </span>
                ) : (
                  <Changed row={line.row} />
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      <MoreButton list={list} />
    </>
  )
}

function Changed({ row }: { row: ComparedTerritory }) {
  const { t } = useTranslation()
  const { search, go } = useCompareSearch()
  const lines = (change: 'added' | 'removed') => row.lines.filter(l => l.change === change).length
  const people = (change: 'added' | 'removed') => row.members.filter(m => m.change === change).length
  const show = (field: string, value: string | null) =>
    value === null ? NOTHING : field === 'inherit' ? t(value === 'true' ? 'shell:yes' : 'shell:no') : value
  const note = (tab: 'rules' | 'people', plus: number, minus: number) =>
    plus + minus > 0 && (
      <button type="button" className="jy-plain jy-compare-note" onClick={() => go({ ...search, tab })}>
        {t(`compare:note.${tab}`, { plus, minus })}
      </button>
    )
  return (
    <div className="jy-compare-changed" data-change={row.change}>
      <TerritoryChip code={row.code} name={row.name} colour={row.colour} />
      <Tag color={TONES[row.change]}>{t(`compare:change.${row.change}`)}</Tag>
      {row.fields.map(f => (
        <span key={f.field} className="jy-compare-field">
          <span className="jy-muted">{t(`change:rules.field.${f.field}`)}</span> <del>{show(f.field, f.before)}</del> <span aria-hidden>→</span>{' '}
          <b>{show(f.field, f.after)}</b>
        </span>
      ))}
      {note('rules', lines('added'), lines('removed'))}
      {note('people', people('added'), people('removed'))}
    </div>
  )
}

function Types({ types }: { types: readonly ComparedType[] }) {
  const { t, i18n } = useTranslation()
  const say = (type: ComparedType['before']) =>
    type === null
      ? NOTHING
      : t('compare:type', {
          name: labelOf(type.labels, i18n.language as Locale),
          layer: t(`compare:layer.${type.layer}`),
          precedence: type.precedence,
        })
  return (
    <section className="jy-card jy-compare-box" aria-label={t('compare:types')}>
      <h2>{t('compare:types')}</h2>
      <div className="jy-compare-scroll">
        <table>
          <tbody>
            {types.map(type => (
              <tr key={type.key}>
                <th scope="row">{type.key}</th>
                <td>
                  <Tag color={TONES[type.change]}>{t(`compare:change.${type.change}`)}</Tag>
                </td>
                <td>
                  {type.before && <del>{say(type.before)}</del>} {type.change === 'changed' && <span aria-hidden>→</span>}{' '}
                  {type.after && <b>{say(type.after)}</b>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
