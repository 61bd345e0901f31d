/** Attachments: chosen or dropped, up to 20 MB; downloaded, never opened in the page. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { FileText, Trash2, Upload } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { addFile, deleteFile, listFiles } from '../../contract/account/attached.ts'
import { call } from '../app/api.ts'
import { day } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { Empty, ErrorState, Skeleton, useProblemText } from '../app/states.tsx'

const sizeOf = (bytes: number): string => (bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / 1_048_576).toFixed(1)} MB`)

export function Files({ account }: { account: AccountDetail }) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const say = useProblemText()
  const me = useMe()
  const queries = useQueryClient()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const files = useQuery({ queryKey: ['files', account.id], queryFn: ({ signal }) => call(listFiles, { params: { id: account.id }, signal }) })
  const refresh = () => Promise.all(['files', 'timeline'].map(key => queries.invalidateQueries({ queryKey: [key] })))
  const add = useMutation({
    mutationFn: async (chosen: readonly File[]) => {
      for (const file of chosen) {
        const form = new FormData()
        form.append('file', file)
        await call(addFile, { params: { id: account.id }, form })
      }
    },
    onSettled: refresh,
    onError: error => void message.error(say(error)),
  })
  const remove = useMutation({
    mutationFn: (id: string) => call(deleteFile, { params: { id } }),
    onSuccess: refresh,
    onError: error => void message.error(say(error)),
  })
  return (
    <section
      className="jy-card jy-box jy-drop"
      data-over={over || undefined}
      aria-label={t('account:file.title', { n: files.data?.rows.length ?? 0 })}
      onDragOver={event => {
        if (!account.editable) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault()
        setOver(false)
        if (account.editable && event.dataTransfer.files.length > 0) add.mutate([...event.dataTransfer.files])
      }}
    >
      <header>
        <h2>{t('account:file.title', { n: files.data?.rows.length ?? 0 })}</h2>
        {account.editable && (
          <Button size="small" icon={<Upload size={13} />} loading={add.isPending} onClick={() => input.current?.click()}>
            {t('account:file.add')}
          </Button>
        )}
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label={t('account:file.add')}
          onChange={event => {
            const chosen = [...(event.target.files ?? [])]
            if (chosen.length > 0) add.mutate(chosen)
            event.target.value = ''
          }}
        />
      </header>
      {files.isPending && <Skeleton lines={3} />}
      {files.isError && <ErrorState error={files.error} onRetry={() => void files.refetch()} />}
      {files.data?.rows.length === 0 && <Empty title={t('account:file.none')} {...(account.editable ? { why: t('account:file.noneWhy') } : {})} />}
      {files.data?.rows.map(f => (
        <div className="jy-row jy-deal" key={f.id}>
          <FileText size={14} aria-hidden />
          <a className="jy-ellipsis" href={`/api/files/${f.id}`} download={f.name} title={f.name}>
            {f.name}
          </a>
          <small className="jy-muted">{sizeOf(f.size)}</small>
          <span className="jy-grow" />
          <small className="jy-muted">{t('account:file.by', { name: f.by ?? '', day: day(f.createdAt, new Date(), me?.tenant.zone) })}</small>
          {account.editable && (
            <button
              type="button"
              className="jy-plain jy-quiet"
              aria-label={`${t('shell:remove')} ${f.name}`}
              onClick={() =>
                modal.confirm({
                  title: t('account:file.removeAsk', { name: f.name }),
                  okText: t('shell:remove'),
                  cancelText: t('shell:cancel'),
                  onOk: () => remove.mutateAsync(f.id).catch(() => undefined),
                })
              }
            >
              <Trash2 size={13} />
            </button>
          )}
        </div>
      ))}
    </section>
  )
}
