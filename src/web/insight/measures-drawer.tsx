/**
 * The measures by which territories are compared, in their order, each with its formula; whoever plans adds, changes, orders and removes them.
 * Nothing counts before the whole list is saved, and what the server refuses is said at the measure it names.
 */
import { useQuery } from '@tanstack/react-query'
import { App, Button, Drawer, Tag } from 'antd'
import { ArrowDown, ArrowUp, Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getMeasures, type MeasureInput, MOST_MEASURES, saveMeasures } from '../../contract/insight/health.ts'
import type { Locale } from '../../contract/kernel/shapes.ts'
import { call, Problem } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { labelOf } from '../app/i18n.ts'
import { useMayChange } from '../app/me.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { MeasureForm } from './measure-form.tsx'
import { useFormula } from './measure-words.ts'

type Refused = { readonly at: number; readonly words: string }

export function MeasuresDrawer({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const { modal } = App.useApp()
  const edits = useMayChange('territory.plan')
  const formula = useFormula()
  const standing = useQuery({ queryKey: ['health-measures'], queryFn: ({ signal }) => call(getMeasures, { signal }) })
  const [changed, setChanged] = useState<readonly MeasureInput[] | null>(null)
  const [editing, setEditing] = useState<number | 'new' | null>(null)
  const [refused, setRefused] = useState<readonly Refused[]>([])
  const rows: readonly MeasureInput[] = changed ?? standing.data?.rows ?? []
  const put = (next: readonly MeasureInput[]) => {
    setChanged(next)
    setRefused([])
  }
  const save = useChange<readonly MeasureInput[]>({
    run: list => call(saveMeasures, { body: { rows: [...list], version: standing.data?.version } }),
    touches: [['health-measures'], ['health'], ['health-map']],
    onDone: onClose,
    onRefused: error => {
      if (!(error instanceof Problem)) return false
      const named = error.errors.flatMap(e => {
        const at = /^rows\/(\d+)/.exec(e.field)?.[1]
        return at === undefined ? [] : [{ at: Number(at), words: e.detail }]
      })
      setRefused(named)
      return named.length > 0
    },
  })
  const move = (at: number, by: 1 | -1) => {
    const next = [...rows]
    ;[next[at], next[at + by]] = [next[at + by]!, next[at]!]
    put(next)
  }
  const leave = () => {
    if (changed === null) return onClose()
    modal.confirm({ title: t('insight:measure.leaveAsk'), okText: t('insight:measure.leave'), cancelText: t('shell:cancel'), onOk: onClose })
  }
  const reset = () =>
    modal.confirm({
      title: t('insight:measure.resetAsk'),
      content: t('insight:measure.resetWhy'),
      okText: t('insight:measure.reset'),
      cancelText: t('shell:cancel'),
      onOk: () => save.mutateAsync([]).catch(() => undefined),
    })
  return (
    <Drawer
      open
      size={600}
      title={t('insight:measure.title')}
      onClose={leave}
      styles={{ body: { padding: 14 } }}
      footer={
        edits && standing.data ? (
          <div className="jy-row jy-wrap">
            <Button type="primary" loading={save.isPending} disabled={changed === null || rows.length === 0} onClick={() => save.mutate(rows)}>
              {t('shell:save')}
            </Button>
            <Button onClick={leave}>{t('shell:cancel')}</Button>
            <span className="jy-grow" />
            {!standing.data.builtIn && <Button onClick={reset}>{t('insight:measure.reset')}</Button>}
          </div>
        ) : null
      }
    >
      <p className="jy-muted">{t('insight:measure.lead')}</p>
      {standing.isError && <ErrorState error={standing.error} onRetry={() => void standing.refetch()} />}
      {standing.isPending && <Skeleton lines={5} />}
      {standing.data && rows.length === 0 && <Empty title={t('insight:measure.none')} why={edits ? t('insight:measure.noneWhy') : undefined} />}
      {standing.data && (
        <ol className="jy-measures">
          {rows.map((row, i) => (
            <li key={row.key}>
              <div className="jy-grow">
                <b>{labelOf({ ...row.labels, 'zh-TW': row.labels['zh-TW'] ?? '' }, i18n.language as Locale)}</b>{' '}
                <Tag>{t(`insight:unit.${row.unit}`)}</Tag>
                <p className="jy-muted">{formula(row.spec)}</p>
                {refused
                  .filter(r => r.at === i)
                  .map(r => (
                    <p key={r.words} className="jy-measure-bad" role="alert">
                      {r.words}
                    </p>
                  ))}
              </div>
              {edits && (
                <span className="jy-measure-do">
                  <Button
                    type="text"
                    size="small"
                    icon={<ArrowUp size={13} />}
                    disabled={i === 0}
                    aria-label={t('insight:measure.up')}
                    onClick={() => move(i, -1)}
                  />
                  <Button
                    type="text"
                    size="small"
                    icon={<ArrowDown size={13} />}
                    disabled={i === rows.length - 1}
                    aria-label={t('insight:measure.down')}
                    onClick={() => move(i, 1)}
                  />
                  <Button type="text" size="small" icon={<Pencil size={13} />} aria-label={t('insight:measure.edit')} onClick={() => setEditing(i)} />
                  <Button
                    type="text"
                    size="small"
                    danger
                    icon={<Trash2 size={13} />}
                    disabled={rows.length === 1}
                    aria-label={t('insight:measure.remove')}
                    onClick={() => put(rows.filter((_, n) => n !== i))}
                  />
                </span>
              )}
            </li>
          ))}
        </ol>
      )}
      {standing.data && standing.data.hidden > 0 && <p className="jy-muted">{t('insight:measure.hidden', { count: standing.data.hidden })}</p>}
      {edits && standing.data && (
        <Button icon={<Plus size={14} />} disabled={rows.length + standing.data.hidden >= MOST_MEASURES} onClick={() => setEditing('new')}>
          {t('insight:measure.add')}
        </Button>
      )}
      {editing !== null && (
        <MeasureForm
          measure={editing === 'new' ? null : rows[editing]!}
          taken={new Set(rows.map(r => r.key))}
          onClose={() => setEditing(null)}
          onDone={made => {
            put(editing === 'new' ? [...rows, made] : rows.map((r, i) => (i === editing ? made : r)))
            setEditing(null)
          }}
        />
      )}
    </Drawer>
  )
}
