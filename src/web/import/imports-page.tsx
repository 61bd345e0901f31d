/** Imports: choose what kind of record, drop a file to begin; what was imported before stands below. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Dropdown, Tag } from 'antd'
import { Building2, Contact, FileDown, FileUp, type LucideIcon, Network, UserRoundCheck, Users, UsersRound } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ImportJob, listImports, uploadImport } from '../../contract/import/imports.ts'
import { type ImportObjectKey, importTemplate, listImportObjects } from '../../contract/import/objects.ts'
import { addressOf, call } from '../app/api.ts'
import { DataTable } from '../app/data-table.tsx'
import { count } from '../app/figures.ts'
import { moment } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { usePaged } from '../app/paged.ts'
import { Empty, useProblemText } from '../app/states.tsx'
import './import.css'

const ICONS: Readonly<Record<ImportObjectKey, LucideIcon>> = {
  account: Building2,
  contact: Contact,
  user: Users,
  territory: Network,
  member: UsersRound,
  owner: UserRoundCheck,
}

export function ImportsPage() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const me = useMe()
  const navigate = useNavigate()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [object, setObject] = useState<ImportObjectKey>('account')
  const objects = useQuery({ queryKey: ['import-objects'], queryFn: ({ signal }) => call(listImportObjects, { signal }), staleTime: 60_000 })
  const list = usePaged<ImportJob>(['imports'], (cursor, signal) => call(listImports, { query: { cursor }, signal }))
  const open = (id: string) => void navigate({ to: '/import/$id', params: { id } as never })
  const upload = useMutation({
    mutationFn: (file: File) => {
      const form = new FormData()
      form.append('file', file)
      return call(uploadImport, { form, query: { object } })
    },
    onSuccess: made => open(made.id),
    onError: error => void message.error(say(error)),
  })
  return (
    <div className="jy-page">
      <fieldset className="jy-import-objects" aria-label={t('import:what')}>
        {(objects.data?.rows ?? []).map(({ key }) => {
          const Icon = ICONS[key]
          return (
            <button key={key} type="button" aria-pressed={object === key} className="jy-card jy-import-object" onClick={() => setObject(key)}>
              <Icon size={18} aria-hidden />
              <b>{t(`import:object.${key}`)}</b>
              <small>{t(`import:objectWhy.${key}`)}</small>
            </button>
          )
        })}
      </fieldset>
      <section
        className="jy-card jy-drop"
        data-over={over || undefined}
        aria-label={t('import:dropOf', { what: t(`import:list.${object}`) })}
        onDragOver={event => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={event => {
          event.preventDefault()
          setOver(false)
          const file = event.dataTransfer.files[0]
          if (file) upload.mutate(file)
        }}
      >
        <FileUp size={26} />
        <b>{t('import:dropOf', { what: t(`import:list.${object}`) })}</b>
        <span className="jy-muted">{t('import:dropWhy')}</span>
        <div className="jy-row jy-wrap jy-drop-actions">
          <Button type="primary" loading={upload.isPending} onClick={() => input.current?.click()}>
            {t('import:choose')}
          </Button>
          <Dropdown
            menu={{
              items: (['xlsx', 'csv'] as const).map(format => ({
                key: format,
                label: <a href={addressOf(importTemplate.path, { object }, { format })}>{format.toUpperCase()}</a>,
              })),
            }}
          >
            <Button icon={<FileDown size={14} />}>{t('import:template')}</Button>
          </Dropdown>
        </div>
        <input
          ref={input}
          type="file"
          accept=".csv,.txt,.tsv,.xlsx"
          hidden
          aria-label={t('import:choose')}
          onChange={event => {
            const file = event.target.files?.[0]
            if (file) upload.mutate(file)
            event.target.value = ''
          }}
        />
      </section>
      <DataTable
        name="imports"
        label={t('import:title')}
        list={list}
        rowKey={r => r.id}
        onOpen={r => open(r.id)}
        columns={[
          { key: 'file', title: t('import:file'), render: r => <b>{r.fileName}</b> },
          { key: 'object', title: t('import:what'), width: 110, render: r => t(`import:object.${r.object}`) },
          {
            key: 'state',
            title: t('import:state'),
            width: 120,
            render: r => (
              <Tag color={r.state === 'done' ? 'success' : r.state === 'failed' ? 'error' : 'default'}>{t(`import:states.${r.state}`)}</Tag>
            ),
          },
          { key: 'rows', title: t('import:rows'), width: 110, right: true, render: r => count(r.stats.rows ?? 0) },
          { key: 'written', title: t('import:written'), width: 110, right: true, render: r => count(r.stats.written ?? 0) },
          { key: 'by', title: t('import:by'), width: 110, render: r => r.createdBy ?? '' },
          { key: 'at', title: t('import:at'), width: 130, render: r => moment(r.createdAt, new Date(), me?.tenant.zone) },
        ]}
        empty={<Empty title={t('import:none')} why={t('import:noneWhy')} />}
      />
    </div>
  )
}
