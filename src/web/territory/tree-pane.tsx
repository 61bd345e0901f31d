/** The left side of the map page: types as tabs, the search, the tree, what no territory takes, and the keys that work here. */
import { Link } from '@tanstack/react-router'
import { Input, Segmented, Tooltip } from 'antd'
import { CircleDashed, Keyboard, Plus, Search } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { TerritoryTypeRow } from '../../contract/territory/models.ts'
import { count } from '../app/figures.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { Empty } from '../app/states.tsx'
import { TerritoryTree, type TreeProps } from './tree.tsx'

type Props = TreeProps & {
  readonly types: readonly TerritoryTypeRow[]
  readonly typeId: string | null
  readonly onType: (id: string) => void
  readonly needle: string
  readonly onNeedle: (text: string) => void
  readonly figureTitle: string
  readonly unassigned: number
  readonly onUnassigned: () => void
  readonly onAdd: (() => void) | null
  /** Nothing there at all, and one may begin. */
  readonly begin: boolean
  readonly keys: readonly (readonly [key: string, word: string])[]
  readonly children?: ReactNode
}

export function TreePane(props: Props) {
  const { types, typeId, onType, needle, onNeedle, figureTitle, unassigned, onUnassigned, onAdd, begin, keys, rows } = props
  const { t } = useTranslation()
  return (
    <aside className="jy-map-tree">
      <div className="jy-row jy-tree-head">
        <Segmented
          size="small"
          className="jy-tree-types"
          value={typeId ?? ''}
          onChange={value => onType(String(value))}
          options={types.map(x => ({ value: x.id, label: labelOf(x.labels, currentLocale()) }))}
        />
        <span className="jy-grow" />
        {onAdd && (
          <Tooltip title={t('territory:add.title')}>
            <button type="button" className="jy-icon-button" aria-label={t('territory:add.title')} onClick={onAdd}>
              <Plus size={15} />
            </button>
          </Tooltip>
        )}
      </div>
      <Input
        data-page-filter
        allowClear
        prefix={<Search size={14} className="jy-muted" />}
        suffix={needle ? undefined : <kbd>/</kbd>}
        placeholder={t('territory:tree.find')}
        aria-label={t('territory:tree.find')}
        value={needle}
        onChange={event => onNeedle(event.target.value)}
      />
      <div className="jy-row jy-tree-title jy-muted">
        <span>{t('territory:tree.columns')}</span>
        <span className="jy-grow" />
        <span>{figureTitle}</span>
      </div>
      {rows.length === 0 ? (
        <div className="jy-tree">
          <Empty
            title={t(needle ? 'territory:tree.nothing' : 'territory:tree.empty')}
            why={needle ? t('territory:tree.nothingWhy') : t('territory:tree.emptyWhy')}
            action={begin ? <Link to={'/start' as never}>{t('territory:tree.start')}</Link> : undefined}
          />
        </div>
      ) : (
        <TerritoryTree {...props} />
      )}
      <button type="button" className="jy-plain jy-row jy-tree-rest" onClick={onUnassigned}>
        <CircleDashed size={14} />
        {t('territory:tree.unassigned')}
        <small className="jy-muted">{t('territory:tree.catchAll')}</small>
        <span className="jy-grow" />
        <b>{count(unassigned)}</b>
      </button>
      <div className="jy-tree-keys" aria-hidden="true">
        <Keyboard size={14} />
        {keys.map(([key, word]) => (
          <span key={key}>
            {key.split(' ').map(k => (
              <kbd key={k}>{k}</kbd>
            ))}
            {t(word)}
          </span>
        ))}
      </div>
    </aside>
  )
}
