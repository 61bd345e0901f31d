/** Which type goes first: types of the exclusive layer in order, overlays below; what the order would do is counted before it is saved. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Drawer, Input, Select } from 'antd'
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Model, saveTypes, type TerritoryRow, type TerritoryTypeRow } from '../../contract/territory/models.ts'
import { previewTypes } from '../../contract/territory/picture.ts'
import { call } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { useMayChange } from '../app/me.ts'
import { useProblemText } from '../app/states.tsx'
import { moveType, numbered, type TypeDraft } from './type-order.ts'

type Props = {
  readonly model: Model
  readonly types: readonly TerritoryTypeRow[]
  readonly byId: ReadonlyMap<string, TerritoryRow>
  readonly onClose: () => void
}

export function Precedence({ model, types, byId, onClose }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const changes = useMayChange('territory.plan') && model.state === 'draft'
  const [list, setList] = useState<readonly TypeDraft[]>(() => numbered(types))
  const [asked, setAsked] = useState(list)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(list), 350)
    return () => clearTimeout(timer)
  }, [list])
  const named = asked.every(x => x.labels['zh-CN'].trim() && x.labels.en.trim())
  const dirty = JSON.stringify(list) !== JSON.stringify(numbered(types))
  const preview = useQuery({
    queryKey: ['types-preview', model.id, JSON.stringify(asked)],
    enabled: changes && named,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call(previewTypes, { params: { id: model.id }, body: { types: asked.map(x => ({ ...x })) }, signal }),
  })
  const save = useMutation({
    mutationFn: () => call(saveTypes, { params: { id: model.id }, ifMatch: model.rowVersion, body: { types: list.map(x => ({ ...x })) } }),
    onSuccess: async () => {
      await Promise.all(['types', 'models', 'territories', 'map-figures', 'territory'].map(key => queries.invalidateQueries({ queryKey: [key] })))
      void message.success(t('territory:precedence.saved'))
      onClose()
    },
    onError: error => void message.error(say(error)),
  })
  const inUse = (id: string | undefined) => id !== undefined && [...byId.values()].some(r => r.typeId === id)
  const change = (at: number, next: Partial<TypeDraft>) => setList(numbered(list.map((x, i) => (i === at ? { ...x, ...next } : x))))
  const nameOf = (id: string | null) => (id === null ? t('territory:tree.unassigned') : (byId.get(id)?.code ?? '–'))
  const exclusive = list.filter(x => x.layer === 'exclusive').length
  return (
    <Drawer
      open
      size={600}
      title={t('territory:proof.precedence')}
      onClose={onClose}
      footer={
        changes && (
          <div className="jy-row">
            <span className="jy-muted jy-grow">{named ? '' : t('territory:precedence.unnamed')}</span>
            <Button onClick={onClose}>{t('shell:cancel')}</Button>
            <Button type="primary" disabled={!dirty || !named} loading={save.isPending} onClick={() => save.mutate()}>
              {t('territory:precedence.save')}
            </Button>
          </div>
        )
      }
    >
      <p className="jy-muted">{t('territory:precedence.how')}</p>
      {!changes && <p className="jy-warn">{t('territory:precedence.draftOnly')}</p>}
      <ol className="jy-types">
        {list.map((type, i) => (
          <li key={type.id ?? type.key} data-layer={type.layer}>
            <b className="jy-number">{type.layer === 'exclusive' ? i + 1 : '∥'}</b>
            {changes ? (
              <>
                <Input
                  size="small"
                  aria-label={t('territory:precedence.zh')}
                  placeholder={t('territory:precedence.zh')}
                  maxLength={40}
                  value={type.labels['zh-CN']}
                  onChange={event => change(i, { labels: { ...type.labels, 'zh-CN': event.target.value, 'zh-TW': event.target.value } })}
                />
                <Input
                  size="small"
                  aria-label={t('territory:precedence.en')}
                  placeholder={t('territory:precedence.en')}
                  maxLength={40}
                  value={type.labels.en}
                  onChange={event => change(i, { labels: { ...type.labels, en: event.target.value } })}
                />
                <Select
                  size="small"
                  style={{ width: 104 }}
                  aria-label={t('territory:precedence.layer')}
                  value={type.layer}
                  onChange={layer => change(i, { layer })}
                  options={(['exclusive', 'overlay'] as const).map(value => ({ value, label: t(`territory:layer.${value}`) }))}
                />
                <span className="jy-row">
                  <button
                    type="button"
                    className="jy-plain"
                    aria-label={t('territory:block.up')}
                    disabled={i === 0}
                    onClick={() => setList(moveType(list, i, -1))}
                  >
                    <ArrowUp size={14} />
                  </button>
                  <button
                    type="button"
                    className="jy-plain"
                    aria-label={t('territory:block.down')}
                    disabled={i === list.length - 1}
                    onClick={() => setList(moveType(list, i, 1))}
                  >
                    <ArrowDown size={14} />
                  </button>
                  <button
                    type="button"
                    className="jy-plain"
                    aria-label={t('shell:remove')}
                    title={inUse(type.id) ? t('territory:precedence.inUse') : undefined}
                    disabled={inUse(type.id) || list.length === 1}
                    onClick={() => setList(numbered(list.filter((_, k) => k !== i)))}
                  >
                    <Trash2 size={14} />
                  </button>
                </span>
              </>
            ) : (
              <>
                <span>{labelOf(type.labels, currentLocale())}</span>
                <small className="jy-muted">{t(`territory:layer.${type.layer}`)}</small>
              </>
            )}
          </li>
        ))}
      </ol>
      {changes && (
        <Button
          size="small"
          icon={<Plus size={13} />}
          disabled={list.length >= 40}
          onClick={() => {
            const key = `type-${Math.max(0, ...list.map(x => Number(/^type-(\d+)$/.exec(x.key)?.[1] ?? 0))) + 1}`
            const fresh: TypeDraft = { key, labels: { 'zh-CN': '', 'zh-TW': '', en: '' }, layer: 'exclusive', precedence: 0 }
            setList(numbered([...list.slice(0, exclusive), fresh, ...list.slice(exclusive)]))
          }}
        >
          {t('territory:precedence.add')}
        </Button>
      )}
      {changes && preview.data && (
        <section className="jy-card jy-types-effect" aria-live="polite" aria-busy={preview.isFetching}>
          <h3>{t('territory:precedence.effect')}</h3>
          <p>
            {t('territory:precedence.overlaps', { before: count(preview.data.before), after: count(preview.data.after) })}{' '}
            {t('territory:precedence.moved', { n: count(preview.data.moved), count: preview.data.moved })}
          </p>
          <ul>
            {preview.data.moves.map(m => (
              <li key={`${m.from}|${m.to}`}>
                {nameOf(m.from)} → {nameOf(m.to)} <b className="jy-number">{count(m.accounts)}</b>
              </li>
            ))}
          </ul>
        </section>
      )}
      {preview.isError && <p className="jy-warn">{say(preview.error)}</p>}
    </Drawer>
  )
}
