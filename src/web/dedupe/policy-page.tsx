/** Settings of duplicates: what a warning may tell, which side a field is taken from, and other names of brands. */
import { useQuery } from '@tanstack/react-query'
import { Button, Input, Radio, Select, Tag } from 'antd'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addAlias, readDuplicatePolicy, removeAlias, SURVIVORSHIP, type Survivorship, saveDuplicatePolicy } from '../../contract/dedupe/duplicates.ts'
import { useWords } from '../account/use-catalogue.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { useMayChange } from '../app/me.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import './dedupe.css'

const KEY = ['duplicate-policy']
const NOT_CHOSEN = new Set(['id', 'point', 'address'])

export function DuplicatePolicyPage() {
  const { t } = useTranslation()
  const words = useWords([])
  const changes = useMayChange('account.merge')
  const [typed, setTyped] = useState('')
  const policy = useQuery({ queryKey: KEY, queryFn: ({ signal }) => call(readDuplicatePolicy, { signal }) })
  const version = policy.data?.rowVersion ?? 0
  const save = useChange({
    run: (body: { hints?: 'none' | 'exists' | 'owner'; survivorship?: Record<string, Survivorship> }) =>
      call(saveDuplicatePolicy, { body, ifMatch: version }),
    touches: [KEY],
    inTurn: 'duplicate-policy',
  })
  const add = useChange({
    run: (names: readonly string[]) => call(addAlias, { body: { names: [...names] } }),
    touches: [KEY],
    onDone: () => setTyped(''),
  })
  const remove = useChange({
    run: (alias: { id: string; rowVersion: number }) => call(removeAlias, { params: { id: alias.id }, ifMatch: alias.rowVersion }),
    touches: [KEY],
  })
  if (policy.isPending) return <Skeleton />
  if (policy.isError) return <ErrorState error={policy.error} onRetry={() => void policy.refetch()} />
  const { hints, survivorship, aliases } = policy.data
  const names = typed
    .split(/[,，、\n]/)
    .map(n => n.trim())
    .filter(n => n !== '')
  return (
    <div className="jy-page">
      <section className="jy-card jy-setting-box">
        <h2>{t('dedupe:policy.hints')}</h2>
        <p className="jy-muted">{t('dedupe:policy.hintsWhy')}</p>
        <Radio.Group value={hints} disabled={!changes} onChange={event => save.mutate({ hints: event.target.value })}>
          {(['owner', 'exists', 'none'] as const).map(value => (
            <div key={value}>
              <Radio value={value}>{t(`dedupe:policy.hint.${value}`)}</Radio>
            </div>
          ))}
        </Radio.Group>
      </section>
      <section className="jy-card jy-setting-box">
        <h2>{t('dedupe:policy.survivorship')}</h2>
        <p className="jy-muted">{t('dedupe:policy.survivorshipWhy')}</p>
        <div className="jy-dup-rules">
          {words.fields
            .filter(f => !f.retired && !NOT_CHOSEN.has(f.key))
            .map(f => (
              <div key={f.key} className="jy-row">
                <span className="jy-grow jy-ellipsis">{words.label(f.key)}</span>
                <Select
                  size="small"
                  disabled={!changes}
                  aria-label={words.label(f.key)}
                  value={survivorship[f.key] ?? 'filled'}
                  options={SURVIVORSHIP.map(value => ({ value, label: t(`dedupe:rule.${value}`) }))}
                  onChange={value => save.mutate({ survivorship: { ...survivorship, [f.key]: value } })}
                />
              </div>
            ))}
        </div>
      </section>
      <section className="jy-card jy-setting-box">
        <h2>{t('dedupe:policy.aliases')}</h2>
        <p className="jy-muted">{t('dedupe:policy.aliasesWhy')}</p>
        {changes && (
          <form
            className="jy-row"
            onSubmit={event => {
              event.preventDefault()
              add.mutate(names)
            }}
          >
            <Input
              value={typed}
              placeholder={t('dedupe:policy.aliasHint')}
              aria-label={t('dedupe:policy.aliasHint')}
              onChange={event => setTyped(event.target.value)}
            />
            <Button htmlType="submit" icon={<Plus size={14} />} disabled={names.length < 2} loading={add.isPending}>
              {t('dedupe:policy.add')}
            </Button>
          </form>
        )}
        {aliases.length === 0 ? (
          <Empty title={t('dedupe:policy.noAliases')} />
        ) : (
          <ul className="jy-setting-list">
            {aliases.map(alias => (
              <li key={alias.id}>
                {alias.names.map(name => (
                  <Tag key={name}>{name}</Tag>
                ))}
                <span className="jy-grow" />
                {changes && (
                  <Button size="small" type="text" danger onClick={() => remove.mutate(alias)}>
                    {t('dedupe:policy.remove')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  )
}
