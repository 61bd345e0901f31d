/** One request for approval: who asks what and why; decided or withdrawn in its own place, refused only with words. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Input, Tag } from 'antd'
import { Check, GitPullRequestArrow, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ApprovalRow, decideApproval, withdrawApproval } from '../../contract/approval/approvals.ts'
import { AccountLink } from '../app/account-link.tsx'
import { call } from '../app/api.ts'
import { useElsewhen } from '../app/as-of.ts'
import { moment } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { useProblemText } from '../app/states.tsx'
import './approval.css'
import { useMeasureText } from './limit-words.ts'

const COLOURS = { asked: 'warning', approved: 'success', refused: 'error', withdrawn: undefined } as const

export function ApprovalLine({ row, named = true, later }: { row: ApprovalRow; named?: boolean; later?: ReactNode }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const me = useMe()
  const elsewhen = useElsewhen()
  const queries = useQueryClient()
  const [refusing, setRefusing] = useState(false)
  const [answer, setAnswer] = useState('')
  const done = async () => {
    setRefusing(false)
    await queries.invalidateQueries()
  }
  const decide = useMutation({
    mutationFn: (approve: boolean) =>
      call(decideApproval, { params: { id: row.id }, ifMatch: row.rowVersion, body: { approve, answer: answer.trim() || null } }),
    onSuccess: async reply => {
      void message.success(t(`approval:state.${reply.state}`))
      await done()
    },
    onError: async error => {
      void message.error(say(error))
      await queries.invalidateQueries({ queryKey: ['approvals'] })
    },
  })
  const withdraw = useMutation({
    mutationFn: () => call(withdrawApproval, { params: { id: row.id }, ifMatch: row.rowVersion }),
    onSuccess: done,
    onError: error => void message.error(say(error)),
  })
  const to = row.payload.ownerId ? (row.people[row.payload.ownerId] ?? '') : ''
  const ofSet = row.kind === 'changeSet.approve'
  const limitText = useMeasureText()
  const what = ofSet
    ? t('approval:wants.changeSet', { who: row.askedBy.name })
    : row.kind === 'account.extension'
      ? t('approval:wants.extension', { who: row.askedBy.name, days: row.payload.days ?? 0 })
      : row.kind === 'account.transfer'
        ? t(row.payload.ownerId === row.askedBy.id ? 'approval:wants.own' : 'approval:wants.transfer', { who: row.askedBy.name, to })
        : t('approval:wants.share', { who: row.askedBy.name, access: t(`account:share.${row.payload.access ?? 'read'}`) })
  return (
    <div className="jy-approval">
      <i aria-hidden>
        <GitPullRequestArrow size={15} />
      </i>
      <div className="jy-grow">
        <b>{what}</b>
        {named && (
          <>
            {' '}
            {row.recordName && ofSet ? (
              <Link to={'/changes/$id' as never} params={{ id: row.recordId } as never}>
                {row.recordName}
              </Link>
            ) : row.recordName ? (
              <AccountLink id={row.recordId}>{row.recordName}</AccountLink>
            ) : (
              <span className="jy-muted">{t(ofSet ? 'approval:unseenSet' : 'approval:unseen')}</span>
            )}
          </>
        )}
        <p className="jy-muted">
          {row.why} · {moment(row.createdAt, new Date(), me?.tenant.zone)}
          {row.state === 'asked' && !row.mayDecide && ` · ${t('approval:waits', { name: row.approver.name })}`}
          {row.answer && ` · ${t('approval:answered', { name: row.decidedBy?.name ?? '', words: row.answer })}`}
        </p>
        {ofSet && row.payload.reasons && <p>{row.payload.reasons.map(limitText).join(' · ')}</p>}
        {row.stale && <p className="jy-warn">{t(ofSet ? 'approval:staleSet' : 'approval:stale')}</p>}
        {refusing && (
          <div className="jy-row" style={{ marginTop: 6 }}>
            <Input
              autoFocus
              maxLength={400}
              placeholder={t('approval:whyNot')}
              value={answer}
              onChange={event => setAnswer(event.target.value)}
              onPressEnter={() => answer.trim() && decide.mutate(false)}
            />
            <Button danger disabled={!answer.trim()} loading={decide.isPending} onClick={() => decide.mutate(false)}>
              {t('approval:refuse')}
            </Button>
          </div>
        )}
      </div>
      {row.mayDecide && !refusing && !elsewhen && (
        <span className="jy-row">
          <Button icon={<X size={13} />} onClick={() => setRefusing(true)}>
            {t('approval:refuse')}
          </Button>
          <Button type="primary" icon={<Check size={13} />} disabled={row.stale} loading={decide.isPending} onClick={() => decide.mutate(true)}>
            {t('approval:approve')}
          </Button>
        </span>
      )}
      {row.mayWithdraw && !elsewhen && (
        <Button loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
          {t('approval:withdraw')}
        </Button>
      )}
      {row.state !== 'asked' && <Tag color={COLOURS[row.state]}>{t(`approval:state.${row.state}`)}</Tag>}
      {later}
    </div>
  )
}
