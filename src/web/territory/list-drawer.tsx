/** One list: its values, changed as a new version; which models and territories use it and in which version; renamed, retired, taken back. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Drawer, Input, Tabs, Tag } from 'antd'
import { X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeValueList, getValueList, readValueList, updateValueList } from '../../contract/territory/lists.ts'
import { call, type ReplyOf } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { moment } from '../app/format.ts'
import { useMayChange, useMe } from '../app/me.ts'
import { usePaged, useRested } from '../app/paged.ts'
import { Empty, ErrorState, Skeleton, useProblemText } from '../app/states.tsx'
import { linesOf } from './new-list.tsx'
import { Rejected } from './rejected.tsx'

type Detail = ReplyOf<typeof getValueList>

export function ListDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation()
  const detail = useQuery({ queryKey: ['value-lists', 'one', id], queryFn: ({ signal }) => call(getValueList, { params: { id }, signal }) })
  return (
    <Drawer open size={600} title={detail.data?.list.name ?? ''} onClose={onClose} styles={{ body: { paddingTop: 4 } }}>
      {detail.isPending ? (
        <Skeleton lines={8} />
      ) : detail.isError ? (
        <ErrorState error={detail.error} onRetry={() => void detail.refetch()} />
      ) : (
        <Tabs
          items={[
            { key: 'values', label: t('territory:lists.values', { n: count(detail.data.list.count) }), children: <Values detail={detail.data} /> },
            {
              key: 'uses',
              label: t('territory:lists.uses', { n: detail.data.uses.length }),
              children: <Uses detail={detail.data} onClose={onClose} />,
            },
            {
              key: 'versions',
              label: t('territory:lists.versions', { n: detail.data.versions.length }),
              children: <Versions detail={detail.data} />,
            },
          ]}
        />
      )}
    </Drawer>
  )
}

function Values({ detail }: { detail: Detail }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const { list } = detail
  const plans = useMayChange('territory.plan') && !list.retired
  const [typed, setTyped] = useState('')
  const search = useRested(typed)
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set())
  const [text, setText] = useState('')
  const [why, setWhy] = useState('')
  const values = usePaged(['value-lists', 'values', list.id, list.version, search], (cursor, signal) =>
    call(readValueList, { params: { id: list.id }, query: { search: search || undefined, cursor }, signal }),
  )
  const change = useMutation({
    mutationFn: () =>
      call(changeValueList, {
        params: { id: list.id },
        ifMatch: list.rowVersion,
        body: { add: linesOf(text), remove: [...gone], why: why.trim() || null },
      }),
    onSuccess: async made => {
      setGone(new Set())
      setWhy('')
      setText(made.rejected.map(r => r.value).join('\n'))
      await queries.invalidateQueries({ queryKey: ['value-lists'] })
      void message.success(t('territory:lists.saved', { version: made.version, added: made.accepted, removed: made.removed }))
    },
    onError: error => void message.error(say(error)),
  })
  const live = detail.uses.some(u => u.active)
  return (
    <div className="jy-lists-form">
      <Input
        allowClear
        value={typed}
        placeholder={t('territory:lists.findValue')}
        aria-label={t('territory:lists.findValue')}
        onChange={event => setTyped(event.target.value)}
      />
      {values.error ? (
        <ErrorState error={values.error} onRetry={values.retry} />
      ) : values.pending ? (
        <Skeleton lines={5} />
      ) : values.rows.length === 0 ? (
        <Empty title={t('territory:tree.nothing')} />
      ) : (
        <ul className="jy-list-values">
          {values.rows.map(v => (
            <li key={v.value} data-gone={gone.has(v.value) || undefined}>
              <span className="jy-ellipsis">{v.label}</span>
              {v.label !== v.value && <small className="jy-muted">{v.value}</small>}
              <span className="jy-grow" />
              {plans && (
                <button
                  type="button"
                  className="jy-plain"
                  aria-label={t('territory:lists.takeOut', { value: v.label })}
                  aria-pressed={gone.has(v.value)}
                  onClick={() => {
                    const next = new Set(gone)
                    if (!next.delete(v.value)) next.add(v.value)
                    setGone(next)
                  }}
                >
                  <X size={14} />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {values.hasMore && (
        <Button size="small" loading={values.loadingMore} onClick={values.more}>
          {t('territory:proof.more')}
        </Button>
      )}
      {plans && (
        <>
          <Input.TextArea
            rows={4}
            value={text}
            placeholder={t('territory:lists.addLines')}
            aria-label={t('territory:lists.addLines')}
            onChange={event => setText(event.target.value)}
          />
          <Input
            value={why}
            maxLength={400}
            placeholder={t('territory:rule.reason')}
            aria-label={t('territory:rule.reason')}
            onChange={event => setWhy(event.target.value)}
          />
          <p className="jy-muted">{t(live ? 'territory:lists.liveKeeps' : 'territory:lists.draftsRead')}</p>
          {change.data && <Rejected lines={change.data.rejected} />}
          <div className="jy-row">
            <Button
              type="primary"
              disabled={gone.size === 0 && linesOf(text).length === 0}
              loading={change.isPending}
              onClick={() => change.mutate()}
            >
              {t('territory:lists.save', { version: list.version + 1 })}
            </Button>
            {gone.size > 0 && <span className="jy-muted">{t('territory:lists.going', { count: gone.size })}</span>}
          </div>
        </>
      )}
    </div>
  )
}

function Uses({ detail, onClose }: { detail: Detail; onClose: () => void }) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const plans = useMayChange('territory.plan')
  const { list, uses } = detail
  const [name, setName] = useState(list.name)
  const update = useMutation({
    mutationFn: (body: { name?: string; retired?: boolean }) => call(updateValueList, { params: { id: list.id }, ifMatch: list.rowVersion, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['value-lists'] }),
    onError: error => void message.error(say(error)),
  })
  return (
    <div className="jy-lists-form">
      {uses.length === 0 && <Empty title={t('territory:lists.unused')} />}
      {uses.map(use => (
        <div key={use.modelId}>
          <p>
            <b>{use.modelName}</b>{' '}
            <Tag color={use.active ? 'success' : undefined}>{t(use.active ? 'territory:model.active' : `territory:model.${use.state}`)}</Tag>
            <small className="jy-muted">{t('territory:lists.version', { version: use.version })}</small>
          </p>
          <p className="jy-row jy-wrap">
            {use.territories.map(x => (
              <Link key={x.id} to={'/map' as never} search={{ model: use.modelId, t: x.id } as never} onClick={onClose}>
                {x.code} {x.name}
              </Link>
            ))}
          </p>
        </div>
      ))}
      {plans && (
        <>
          <div className="jy-row">
            <Input value={name} maxLength={80} aria-label={t('territory:lists.name')} onChange={event => setName(event.target.value)} />
            <Button disabled={name.trim() === '' || name === list.name} onClick={() => update.mutate({ name })}>
              {t('territory:lists.rename')}
            </Button>
          </div>
          <Button
            danger={!list.retired}
            onClick={() =>
              list.retired
                ? update.mutate({ retired: false })
                : modal.confirm({
                    title: t('territory:lists.retireAsk', { name: list.name }),
                    content: t('territory:lists.retireWhy'),
                    okText: t('territory:lists.retire'),
                    cancelText: t('shell:cancel'),
                    onOk: () => update.mutateAsync({ retired: true }).catch(() => undefined),
                  })
            }
          >
            {t(list.retired ? 'territory:lists.restore' : 'territory:lists.retire')}
          </Button>
        </>
      )}
    </div>
  )
}

function Versions({ detail }: { detail: Detail }) {
  const { t } = useTranslation()
  const me = useMe()
  return (
    <ol className="jy-versions">
      {detail.versions.map(v => (
        <li key={v.version}>
          <header className="jy-row">
            <b>{t('territory:lists.version', { version: v.version })}</b>
            <span>{t('territory:value.many', { n: count(v.count), count: v.count })}</span>
            <span className="jy-grow" />
            <small className="jy-muted">
              {v.createdBy ?? ''} · {moment(v.createdAt, new Date(), me?.tenant.zone)}
            </small>
          </header>
          {v.why && <p className="jy-muted">{v.why}</p>}
        </li>
      ))}
    </ol>
  )
}
