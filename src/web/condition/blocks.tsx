/** The rule as blocks: groups in groups, one line per criterion, each with what is left after it. */
import { Button, Dropdown, Select, Tooltip } from 'antd'
import { ArrowDown, ArrowUp, Brackets, Plus, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { getCatalogue } from '../../contract/builder/catalogue.ts'
import { operatorsFor } from '../../core/condition/check.ts'
import { type Condition, childrenOf, type FieldType, groupKind, isGroup, type Predicate } from '../../core/condition/condition.ts'
import type { ReplyOf } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { appendTo, blank, type Kind, move, type Path, replaceAt, setKind, withOperator } from './edit-condition.ts'
import { ValueEditor } from './value-editor.tsx'
import './blocks.css'

export type Catalogue = ReplyOf<typeof getCatalogue>
type Line = { readonly path: string; readonly remaining: number; readonly own: number; readonly missing: number }
type Props = {
  readonly condition: Condition
  readonly catalogue: Catalogue
  readonly lines: readonly Line[]
  readonly total: number
  readonly onChange: (next: Condition) => void
}

export function Blocks(props: Props) {
  return <GroupBlock {...props} root={props.condition} path={[]} />
}

type Inner = Props & { readonly root: Condition; readonly path: Path }

function GroupBlock(props: Inner) {
  const { root, path, condition, catalogue, onChange } = props
  const { t } = useTranslation()
  if (!isGroup(condition)) return null
  const kind = groupKind(condition)
  const fields = catalogue.fields.filter(f => f.inRules && !f.retired)
  const add = (key: string) => {
    const field = fields.find(f => f.key === key)
    if (field) onChange(appendTo(root, path, blank(key, field.type as FieldType)))
  }
  return (
    <div className="jy-group" data-kind={kind}>
      <div className="jy-row">
        <Select
          size="small"
          variant="filled"
          value={kind}
          aria-label={t('territory:block.kind')}
          disabled={path.length === 0}
          onChange={value => onChange(setKind(root, path, value as Kind))}
          options={(['all', 'any', 'none'] as const).map(value => ({ value, label: t(`territory:block.${value}`) }))}
        />
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
      <div className="jy-row">
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
          style={{ minWidth: 150 }}
          onChange={value => value && add(value)}
          options={fields.map(f => ({ value: f.key, label: labelOf(f.labels, currentLocale()) }))}
        />
        <Dropdown
          menu={{
            items: (['any', 'none', 'all'] as const).map(k => ({ key: k, label: t(`territory:block.${k}`) })),
            onClick: ({ key }) => onChange(appendTo(root, path, { [key]: [] } as unknown as Condition)),
          }}
        >
          <Button size="small" icon={<Brackets size={13} />}>
            {t('territory:block.group')}
          </Button>
        </Dropdown>
      </div>
    </div>
  )
}

function PredicateBlock(props: Inner & { readonly predicate: Predicate }) {
  const { root, path, predicate, catalogue, lines, total, onChange } = props
  const { t } = useTranslation()
  const field = catalogue.fields.find(f => f.key === predicate.field)
  const line = path.length === 1 ? lines.find(l => l.path === `all.${path[0]}` || (l.path === '' && path[0] === 0)) : undefined
  return (
    <div className="jy-block">
      <span className="jy-block-field">{field ? labelOf(field.labels, currentLocale()) : predicate.field}</span>
      {field ? (
        <Select
          size="small"
          variant="borderless"
          value={predicate.op}
          aria-label={t('territory:block.operator')}
          popupMatchSelectWidth={false}
          onChange={value => onChange(replaceAt(root, path, withOperator(predicate, value)))}
          options={operatorsFor(field.type as FieldType).map(op => ({ value: op, label: t(`territory:op.${op}`) }))}
        />
      ) : (
        <span className="jy-warn">{t('territory:block.gone')}</span>
      )}
      <div className="jy-block-value">
        {field && <ValueEditor predicate={predicate} field={field} catalogue={catalogue} onChange={next => onChange(replaceAt(root, path, next))} />}
      </div>
      {line && (
        <Tooltip title={t('territory:block.ownCount', { n: count(line.own) })}>
          <span className="jy-block-count">
            <b className="jy-number">{count(line.remaining)}</b>
            <i>
              <i style={{ width: `${total ? Math.max(2, (line.remaining / total) * 100) : 0}%` }} />
            </i>
            <small className="jy-muted">{line.missing > 0 ? t('territory:block.missing', { n: count(line.missing) }) : ''}</small>
          </span>
        </Tooltip>
      )}
      <Tools {...props} />
    </div>
  )
}

function Tools({ root, path, onChange }: Inner) {
  const { t } = useTranslation()
  return (
    <span className="jy-block-tools">
      <button type="button" className="jy-plain" aria-label={t('territory:block.up')} onClick={() => onChange(move(root, path, -1))}>
        <ArrowUp size={13} />
      </button>
      <button type="button" className="jy-plain" aria-label={t('territory:block.down')} onClick={() => onChange(move(root, path, 1))}>
        <ArrowDown size={13} />
      </button>
      <button type="button" className="jy-plain" aria-label={t('shell:remove')} onClick={() => onChange(replaceAt(root, path, null))}>
        <Trash2 size={13} />
      </button>
    </span>
  )
}
