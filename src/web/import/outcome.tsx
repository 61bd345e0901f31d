/** What came of an import: where the new records are, the refused rows, the links to hand over, taking back, and what an undo left. */
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { Download, Link2, Undo2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type getImport, inviteFile, listKept, undoImport } from '../../contract/import/imports.ts'
import { call, type ReplyOf } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { useMayChange } from '../app/me.ts'
import { usePaged } from '../app/paged.ts'
import { useProblemText } from '../app/states.tsx'

type Job = ReplyOf<typeof getImport>

const PLACE: Readonly<Record<Job['object'], string>> = {
  account: '/accounts',
  contact: '/accounts',
  owner: '/accounts',
  user: '/settings/people',
  territory: '/map',
  member: '/map',
}

export function ImportOutcome({ job, onChanged }: { job: Job; onChanged: () => void }) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const say = useProblemText()
  const navigate = useNavigate()
  const invites = useMayChange('user.manage')
  const fail = (error: unknown) => void message.error(say(error))
  const undo = useMutation({ mutationFn: () => call(undoImport, { params: { id: job.id } }), onSuccess: onChanged, onError: fail })
  const invite = useMutation({ mutationFn: () => download(job.id), onError: fail })
  const { state, stats } = job
  const undone = state === 'undone'
  const { check = 0, write = 0, place = 0 } = stats.seconds ?? {}
  const search =
    job.object === 'territory' || job.object === 'member'
      ? { model: stats.modelId ?? job.mapping?.model?.id }
      : PLACE[job.object] === '/accounts'
        ? { importId: job.id }
        : {}
  return (
    <section className="jy-card jy-box jy-import-outcome">
      <h2>{undone ? t('import:undone', { n: count(stats.back ?? 0) }) : t(`import:finished.${job.object}`, { n: count(stats.written ?? 0) })}</h2>
      <p className="jy-muted">
        {undone
          ? (stats.kept ?? 0) > 0 && t('import:keptWhy', { n: count(stats.kept ?? 0) })
          : [
              (stats.bad ?? 0) > 0 ? t('import:doneWhy', { bad: count(stats.bad ?? 0) }) : t('import:doneAll'),
              check + write + place >= 1 ? t('import:took', { check: Math.round(check), write: Math.round(write), place: Math.round(place) }) : '',
            ].join(' ')}
      </p>
      {!undone && (
        <div className="jy-row jy-wrap">
          <Button type="primary" onClick={() => void navigate({ to: PLACE[job.object], search: search as never })}>
            {t(`import:see.${job.object}`)}
          </Button>
          {(stats.bad ?? 0) > 0 && (
            <Button icon={<Download size={14} />} href={`/api/imports/${job.id}/rejects.csv`}>
              {t('import:rejectsFile')}
            </Button>
          )}
          {job.object === 'user' && invites && state === 'done' && (
            <Button icon={<Link2 size={14} />} loading={invite.isPending} onClick={() => invite.mutate()} title={t('import:inviteWhy')}>
              {t('import:invite')}
            </Button>
          )}
          <Button
            danger
            icon={<Undo2 size={14} />}
            loading={undo.isPending}
            onClick={() =>
              modal.confirm({
                title: t('import:undoAsk'),
                content: t(`import:undoWhy.${job.object}`),
                okText: t('import:undo'),
                okButtonProps: { danger: true },
                cancelText: t('shell:cancel'),
                onOk: () => undo.mutateAsync().catch(() => undefined),
              })
            }
          >
            {t('import:undo')}
          </Button>
        </div>
      )}
      {undone && (stats.kept ?? 0) > 0 && <Kept job={job} />}
    </section>
  )
}

/** The links carry secrets: fetched when asked for, with the address of this very place in front. */
async function download(id: string): Promise<void> {
  const answer = await fetch(inviteFile.path.replace(':id', id), {
    method: 'POST',
    headers: { 'x-jiangyu': '1', 'idempotency-key': crypto.randomUUID() },
  })
  if (!answer.ok) throw new Error(String(answer.status))
  const text = (await answer.text()).replaceAll('/ticket?ticket=', `${window.location.origin}/ticket?ticket=`)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }))
  link.download = 'invitations.csv'
  link.click()
  URL.revokeObjectURL(link.href)
}

function Kept({ job }: { job: Job }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const kept = usePaged(['kept', job.id], (cursor, signal) => call(listKept, { params: { id: job.id }, query: { cursor }, signal }))
  const linked = job.object === 'account' || job.object === 'owner'
  return (
    <>
      <ul className="jy-list">
        {kept.rows.map(r => (
          <li key={r.id}>
            {linked ? (
              <Button type="link" onClick={() => void navigate({ to: '/accounts/$id', params: { id: r.id } as never })}>
                {r.name}
              </Button>
            ) : (
              <b>{r.name}</b>
            )}
            <span className="jy-grow jy-muted">{r.words}</span>
          </li>
        ))}
      </ul>
      {kept.hasMore && (
        <Button type="text" loading={kept.loadingMore} onClick={kept.more}>
          {t('shell:more')}
        </Button>
      )}
    </>
  )
}
