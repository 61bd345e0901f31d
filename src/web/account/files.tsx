/** Attachments: chosen or dropped, up to 20 MB; downloaded, never opened in the page. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { Trash2, Upload } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { addFile, deleteFile, listFiles } from '../../contract/account/attached.ts'
import { call } from '../app/api.ts'
import { useProblemText } from '../app/states.tsx'

export function Files({ account }: { account: AccountDetail }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const input = useRef<HTMLInputElement>(null)
  const files = useQuery({ queryKey: ['files', account.id], queryFn: ({ signal }) => call(listFiles, { params: { id: account.id }, signal }) })
  const refresh = () => Promise.all(['files', 'timeline'].map(key => queries.invalidateQueries({ queryKey: [key] })))
  const add = useMutation({
    mutationFn: (file: File) => {
      const form = new FormData()
      form.append('file', file)
      return call(addFile, { params: { id: account.id }, form })
    },
    onSuccess: refresh,
    onError: error => void message.error(say(error)),
  })
  const remove = useMutation({
    mutationFn: (id: string) => call(deleteFile, { params: { id } }),
    onSuccess: refresh,
    onError: error => void message.error(say(error)),
  })
  return (
    <section className="jy-card jy-box">
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
          hidden
          aria-label={t('account:file.add')}
          onChange={event => {
            const file = event.target.files?.[0]
            if (file) add.mutate(file)
            event.target.value = ''
          }}
        />
      </header>
      {files.data?.rows.map(f => (
        <div className="jy-row" key={f.id}>
          <a className="jy-ellipsis" href={`/api/files/${f.id}`} download={f.name}>
            {f.name}
          </a>
          <small className="jy-muted">{Math.max(1, Math.round(f.size / 1024))} kB</small>
          <span className="jy-grow" />
          {account.editable && (
            <button type="button" className="jy-plain" aria-label={t('shell:remove')} onClick={() => remove.mutate(f.id)}>
              <Trash2 size={13} />
            </button>
          )}
        </div>
      ))}
    </section>
  )
}
