/** The rule as blocks: groups in groups, one line per criterion, each with what is left after it; moved, nested and doubled by keys as well as by buttons. */
import { Link } from '@tanstack/react-router'
import { Button, Dropdown, Select, Tooltip } from 'antd'
import { ArrowDown, ArrowUp, Brackets, Copy, GripVertical, IndentDecrease, IndentIncrease, Lock, Plus, Trash2 } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { getCatalogue } from '../../contract/builder/catalogue.ts'
import { operatorsFor } from '../../core/condition/check.ts'
import { type Condition, childrenOf, type FieldType, groupKind, isGroup, type Predicate } from '../../core/condition/condition.ts'
import { maskOf } from '../../core/condition/mask.ts'
import type { ReplyOf } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import {
  appendTo,
  blank,
  duplicate,
  type Kind,
  type Moved,
  moved,
  nest,
  type Path,
  replaceAt,
  setKind,
  unnest,
  withOperator,
} from './edit-condition.ts'
import { ValueEditor } from './value-editor.tsx'
import './blocks.css'

export type Catalogue = ReplyOf<typeof getCatalogue>
/** Counts by the block's own path, joined by points. */
export type Line = { readonly remaining: number | null; readonly own: number | null; readonly missing: number | null; readonly adds: boolean }
type Props = {
  readonly condition: Condition
  readonly catalogue: Catalogue
  readonly lines: ReadonlyMap<string, Line>
  readonly problems: ReadonlyMap<string, string>
  /** Accounts before the first line: the bar's full length. */
  readonly total: number
  /** Counts are of an earlier version: a new answer is on its way. */
  readonly stale: boolean
  /** Labels of fields in the rule that the reader's role hides. */
  readonly hiddenFields?: Readonly<Record<string, string>>
  readonly onChange: (next: Condition) => void
}
const KINDS = ['all', 'any', 'none'] as const

export function Blocks(props: Props) {
  // The block that was moved keeps the focus where it went.
  const [focus, setFocus] = useState<string | null>(null)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (focus === null) return
    box.current?.querySelector<HTMLElement>(`[data-path="${focus}"]`)?.focus()
    setFocus(null)
  }, [focus])
  const take = (change: Moved | null): boolean => {
    if (!change) return false
    props.onChange(change.root)
    setFocus(change.path.join('.'))
    return true
  }
  return (
    <div ref={box} className="jy-blocks-root" data-stale={props.stale || undefined}>
      <GroupBlock {...props} root={props.condition} path={[]} take={take} />
    </div>
  )
}

type Inner = Props & { readonly root: Condition; readonly path: Path; readonly take: (change: Moved | null) => boolean }

/** Keys of a block that has the focus itself; inside its fields they are the fields' own. */
function onBlockKey(event: KeyboardEvent, { root, path, take, onChange }: Inner): void {
  if (event.target !== event.currentTarget) return
  const change = changeOf(event, root, path)
  if (event.key === 'Delete' || event.key === 'Backspace') onChange(replaceAt(root, path, null))
  else if (!take(change)) return
  event.preventDefault()
  event.stopPropagation()
}

function changeOf(event: KeyboardEvent, root: Condition, path: Path): Moved | null {
  if (event.key === 'Tab') return event.shiftKey ? unnest(root, path) : nest(root, path)
  if (event.altKey && event.key === 'ArrowUp') return moved(root, path, -1)
  if (event.altKey && event.key === 'ArrowDown') return moved(root, path, 1)
  if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'd') return duplicate(root, path)
  return null
}

function GroupBlock(props: Inner) {
  const { root, path, condition, onChange } = props
  const { t } = useTranslation()
  if (!isGroup(condition)) return null
  const kind = groupKind(condition)
  return (
    <fieldset
      className="jy-group"
      data-kind={kind}
      data-path={path.length > 0 ? path.join('.') : undefined}
      tabIndex={path.length > 0 ? 0 : undefined}
      aria-label={t(`territory:block.${kind}`)}
      onKeyDown={path.length > 0 ? event => onBlockKey(event, props) : undefined}
    >
      <div className="jy-row">
        {path.length > 0 ? (
          <Select
            size="small"
            className="jy-group-kind"
            value={kind}
            aria-label={t('territory:block.kind')}
            onChange={value => onChange(setKind(root, path, value as Kind))}
            options={KINDS.map(value => ({ value, label: t(`territory:block.${value}`) }))}
          />
        ) : (
          <b className="jy-group-kind">{t('territory:block.all')}</b>
        )}
        <span className="jy-grow" />
        {path.length === 0 && <small className="jy-muted">{t('territory:block.columns')}</small>}
        {path.length > 0 && <Tools {...props} />}
      </div>
      {childrenOf(condition).map((child, i) => {
        const own = [...path, i]
        const key = own.join('.')
        return isGroup(child) ? (
          <GroupBlock key={key} {...props} condition={child} path={own} />
        ) : (
          <PredicateBlock key={key} {...props} condition={child} predicate={child} path={own} />
        )
      })}
      <Adders {...props} />
    </fieldset>
  )
}

function Adders({ root, path, catalogue, onChange }: Inner) {
  const { t } = useTranslation()
  const fields = catalogue.fields.filter(f => f.inRules && !f.retired)
  const add = (key: string) => {
    const field = fields.find(f => f.key === key)
    if (field) onChange(appendTo(root, path, blank(key, field.type as FieldType)))
  }
  return (
    <div className="jy-row jy-wrap">
      <span data-page-filter={path.length === 0 || undefined}>
        <Select
          size="small"
          showSearch={{ optionFilterProp: 'label' }}
          value={null}
          placeholder={
            <span className="jy-row">
              <Plus size={13} /> {t('territory:block.add')}
            </span>
          }
          aria-label={t('territory:block.add')}
          style={{ minWidth: 130 }}
          popupMatchSelectWidth={200}
          onChange={value => value && add(value)}
          options={fields.map(f => ({ value: f.key, label: labelOf(f.labels, currentLocale()) }))}
        />
      </span>
      <Dropdown
        trigger={['click']}
        menu={{
          items: (['any', 'none', 'all'] as const).map(k => ({ key: k, label: t(`territory:block.${k}`) })),
          onClick: ({ key }) => onChange(appendTo(root, path, { [key]: [] } as unknown as Condition)),
        }}
      >
        <Button size="small" icon={<Brackets size={13} />}>
          {t('territory:block.group')}
        </Button>
      </Dropdown>
      {path.length === 0 && catalogue.hiddenInRules > 0 && (
        <small className="jy-muted">{t('territory:block.hiddenFields', { n: catalogue.hiddenInRules })}</small>
      )}
      {path.length === 0 && (
        <small className="jy-muted jy-block-keys">
          <kbd>/</kbd> {t('territory:block.keyAdd')} <kbd>Tab</kbd> {t('territory:block.keyNest')} <kbd>⌥</kbd>
          <kbd>↑</kbd> {t('territory:block.keyMove')} <kbd>{/mac/i.test(navigator.userAgent) ? '⌘' : 'Ctrl'}</kbd>
          <kbd>D</kbd> {t('territory:block.keyCopy')}
        </small>
      )}
    </div>
  )
}

function PredicateBlock(props: Inner & { readonly predicate: Predicate }) {
  const { root, path, predicate, catalogue, lines, problems, total, hiddenFields, onChange } = props
  const { t } = useTranslation()
  const field = catalogue.fields.find(f => f.key === predicate.field)
  const line = lines.get(path.join('.'))
  const problem = problems.get(path.join('.'))
  const label = field ? labelOf(field.labels, currentLocale()) : (hiddenFields?.[predicate.field] ?? predicate.field)
  const masked = maskOf(predicate) !== null
  return (
    <>
      <fieldset
        className="jy-block"
        data-path={path.join('.')}
        data-bad={problem !== undefined || undefined}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a block takes keys itself: Tab nests it, Alt and the arrows move it
        tabIndex={0}
        aria-label={label}
        onKeyDown={event => onBlockKey(event, props)}
      >
        <GripVertical size={13} className="jy-block-grip" aria-hidden />
        <span className="jy-block-field">{label}</span>
        {masked ? (
          <span className="jy-block-masked">
            <Lock size={12} aria-hidden /> ••• <small className="jy-muted">{t('territory:block.masked')}</small>
          </span>
        ) : field ? (
          <Select
            size="small"
            variant="borderless"
            className="jy-block-op"
            value={predicate.op}
            aria-label={t('territory:block.operator')}
            popupMatchSelectWidth={false}
            onChange={value => onChange(replaceAt(root, path, withOperator(predicate, value)))}
            options={operatorsFor(field.type as FieldType).map(op => ({ value: op, label: t(`territory:op.${op}`) }))}
          />
        ) : (
          <span className="jy-bad">{t('territory:block.gone')}</span>
        )}
        <div className="jy-block-value">
          {field && !masked && (
            <ValueEditor predicate={predicate} field={field} catalogue={catalogue} onChange={next => onChange(replaceAt(root, path, next))} />
          )}
        </div>
        <span className="jy-block-count">
          {line && (
            <>
              {line.remaining === null ? (
                <Tooltip title={t('territory:block.notCounted')}>
                  <b className="jy-number">–</b>
                </Tooltip>
              ) : (
                <Tooltip title={line.own === null ? undefined : t('territory:block.ownCount', { n: count(line.own), count: line.own })}>
                  <b className="jy-number">
                    {line.adds ? '+' : ''}
                    {count(line.remaining)}
                  </b>
                </Tooltip>
              )}
              <i>
                <i style={{ width: `${total && line.remaining !== null ? Math.max(2, Math.min(100, (line.remaining / total) * 100)) : 0}%` }} />
              </i>
              {line.missing !== null && line.missing > 0 ? (
                <Link
                  to={'/accounts' as never}
                  search={{ filter: { field: predicate.field, op: 'empty' } } as never}
                  title={t('territory:block.missingWhy')}
                >
                  {t('territory:block.missing', { n: count(line.missing), count: line.missing })}
                </Link>
              ) : (
                <small />
              )}
            </>
          )}
        </span>
        <Tools {...props} />
      </fieldset>
      {problem && (
        <p className="jy-bad jy-block-problem" role="alert">
          {problem}
        </p>
      )}
    </>
  )
}

function Tools(props: Inner) {
  const { root, path, take, onChange } = props
  const { t } = useTranslation()
  const tools = [
    { key: 'up', Icon: ArrowUp, change: () => moved(root, path, -1) },
    { key: 'down', Icon: ArrowDown, change: () => moved(root, path, 1) },
    { key: 'nest', Icon: IndentIncrease, change: () => nest(root, path) },
    { key: 'unnest', Icon: IndentDecrease, change: () => unnest(root, path) },
    { key: 'copy', Icon: Copy, change: () => duplicate(root, path) },
  ]
  return (
    <span className="jy-block-tools">
      {tools.map(({ key, Icon, change }) => (
        <button
          key={key}
          type="button"
          className="jy-plain"
          disabled={change() === null}
          aria-label={t(`territory:block.${key}`)}
          title={t(`territory:block.${key}`)}
          onClick={() => take(change())}
        >
          <Icon size={13} />
        </button>
      ))}
      <button type="button" className="jy-plain" aria-label={t('shell:remove')} onClick={() => onChange(replaceAt(root, path, null))}>
        <Trash2 size={13} />
      </button>
    </span>
  )
}
