/** Objections and answers: of the whole or of one row, with a reason; who plans answers each, and says whether it is taken up. */
import { App, Button, Input, Select, Tag } from 'antd'
import { Check, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addComment, answerComment, type ChangeSet, type ChangeSetComment, listComments } from '../../contract/territory/change-sets.ts'
import { call } from '../app/api.ts'
import { useElsewhen } from '../app/as-of.ts'
import { useChange } from '../app/change.ts'
import { Face } from '../app/face.tsx'
import { moment } from '../app/format.ts'
import { useMayChange, useMe } from '../app/me.ts'
import { MoreButton } from '../app/more-button.tsx'
import { usePaged } from '../app/paged.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { ByPolicy } from './by-policy.tsx'
import { setKey } from './use-change-set.ts'

export type Anchor = { readonly kind: 'territory' | 'owner' | 'account'; readonly id: string; readonly name: string }
const REASONS = ['distance', 'relationship', 'industry', 'workload', 'other'] as const

type Props = { set: ChangeSet; anchor: Anchor | null; onAnchor: (anchor: Anchor | null) => void }
export function CommentsTab({ set, anchor, onAnchor }: Props) {
  const { t } = useTranslation()
  const answers = useMayChange('territory.plan')
  const elsewhen = useElsewhen()
  const list = usePaged<ChangeSetComment>([...setKey(set.id), 'comments'], (cursor, signal) =>
    call(listComments, { params: { id: set.id }, query: { cursor }, signal }),
  )
  return (
    <section className="jy-card jy-change-box" aria-label={t('change:comment.title')}>
      <header>
        <h2>{t('change:comment.title')}</h2>
      </header>
      {set.may.comment && !elsewhen && <Composer set={set} anchor={anchor} onAnchor={onAnchor} />}
      {list.pending && <Skeleton lines={4} />}
      {list.error !== null && list.rows.length === 0 && <ErrorState error={list.error} onRetry={list.retry} />}
      {!list.pending && list.error === null && list.rows.length === 0 && <Empty title={t('change:comment.none')} why={t('change:comment.noneWhy')} />}
      <div className="jy-change-talk">
        {list.rows.map(c => (
          <Said key={c.id} comment={c}>
            {answers && c.answer === null && <Answer set={set} comment={c} />}
          </Said>
        ))}
      </div>
      <MoreButton list={list} />
    </section>
  )
}

export function Said({ comment: c, children }: { comment: ChangeSetComment; children?: React.ReactNode }) {
  const { t } = useTranslation()
  const zone = useMe()?.tenant.zone
  return (
    <article className="jy-change-said">
      <Face name={c.author.name} size={24} />
      <div className="jy-grow">
        <p>
          <b>{c.author.name}</b> <small className="jy-muted">{moment(c.createdAt, new Date(), zone)}</small>
          {c.anchor && (
            <small className="jy-muted"> · {t('change:comment.about', { name: c.anchor.name ?? t(`change:comment.unseen.${c.anchor.kind}`) })}</small>
          )}
          {c.reason && <Tag>{t(`change:reason.${c.reason}`)}</Tag>}
        </p>
        <p className="jy-change-body">{c.body}</p>
        {(c.basis !== null || c.effect !== null) && <ByPolicy comment={c} />}
        {c.answer !== null && (
          <p className="jy-change-reply" data-accepted={c.accepted ?? undefined}>
            {c.accepted ? <Check size={12} aria-hidden /> : <X size={12} aria-hidden />}
            {t(c.accepted ? 'change:answer.accepted' : 'change:answer.not', { words: c.answer, who: c.answeredBy?.name ?? '' })}
          </p>
        )}
        {children}
      </div>
    </article>
  )
}

function Composer({ set, anchor, onAnchor }: Props) {
  const { t } = useTranslation()
  const [body, setBody] = useState('')
  const [reason, setReason] = useState<(typeof REASONS)[number] | undefined>()
  const { message } = App.useApp()
  const box = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another row to comment on puts the pen there
  useEffect(() => box.current?.querySelector('textarea')?.focus(), [anchor?.id])
  const send = useChange<void, { accepted: boolean }>({
    run: () =>
      call(addComment, {
        params: { id: set.id },
        body: { body: body.trim(), ...(anchor ? { anchor: { kind: anchor.kind, id: anchor.id } } : {}), ...(reason ? { reason } : {}) },
      }),
    touches: [setKey(set.id)],
    said: null,
    onDone: ({ accepted }) => {
      if (accepted) void message.success(t('change:accepted.now'), 5)
      setBody('')
      setReason(undefined)
      onAnchor(null)
    },
  })
  return (
    <div className="jy-change-composer" ref={box}>
      {anchor && (
        <Tag closable onClose={() => onAnchor(null)}>
          {t('change:comment.about', { name: anchor.name })}
        </Tag>
      )}
      <Input.TextArea
        rows={2}
        maxLength={2000}
        value={body}
        aria-label={t('change:comment.do')}
        placeholder={t('change:comment.hint')}
        onChange={event => setBody(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey) && body.trim()) send.mutate()
        }}
      />
      <div className="jy-row jy-wrap">
        <Select
          allowClear
          style={{ minWidth: 150 }}
          aria-label={t('change:comment.reason')}
          placeholder={t('change:comment.reason')}
          value={reason}
          onChange={setReason}
          options={REASONS.map(value => ({ value, label: t(`change:reason.${value}`) }))}
        />
        <small className="jy-muted jy-grow">{anchor?.kind === 'account' ? t('change:accepted.hint') : ''}</small>
        <Button type="primary" disabled={!body.trim()} loading={send.isPending} onClick={() => send.mutate()}>
          {t('change:comment.send')}
        </Button>
      </div>
    </div>
  )
}

function Answer({ set, comment }: { set: ChangeSet; comment: ChangeSetComment }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const [words, setWords] = useState('')
  const send = useChange<boolean>({
    run: accepted => call(answerComment, { params: { id: set.id, commentId: comment.id }, body: { answer: words.trim(), accepted } }),
    touches: [setKey(set.id)],
    said: null,
  })
  if (!open)
    return (
      <Button type="link" size="small" onClick={() => setOpen(true)}>
        {t(comment.effect === null ? 'change:answer.do' : 'change:answer.overrule')}
      </Button>
    )
  return (
    <div className="jy-row jy-wrap">
      <Input
        autoFocus
        className="jy-grow"
        style={{ minWidth: 180 }}
        maxLength={2000}
        value={words}
        aria-label={t('change:answer.hint')}
        placeholder={t('change:answer.hint')}
        onChange={event => setWords(event.target.value)}
      />
      <Button disabled={!words.trim()} loading={send.isPending} onClick={() => send.mutate(false)}>
        {t('change:answer.refuse')}
      </Button>
      <Button type="primary" disabled={!words.trim()} loading={send.isPending} onClick={() => send.mutate(true)}>
        {t('change:answer.accept')}
      </Button>
    </div>
  )
}
