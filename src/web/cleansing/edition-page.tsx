/**
 * A new edition of the divisions: which abolished codes are still in use and what takes their place. Customers are changed after a preview and
 * can be undone; rules go into a draft change set; where an area was divided a person says how it is told apart.
 */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Select, Tag } from 'antd'
import { GitPullRequestArrow, Users } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { draftRemap, type EditionChoices, type EditionCode, previewRemap, readEdition, runRemap } from '../../contract/cleansing/edition.ts'
import { call } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { useMayChange } from '../app/me.ts'
import { Empty, ErrorState, Skeleton, useProblemText } from '../app/states.tsx'
import { ExampleTable } from './example-table.tsx'
import { useUndo } from './use-fixes.tsx'
import './cleansing.css'

/** What is right without asking: the only successor, else what address and point tell. */
const firstChoice = (c: EditionCode): string => (c.successors.length === 1 ? c.successors[0]!.code : c.successors.length > 1 ? 'evidence' : 'keep')

export function EditionPage() {
  const { t } = useTranslation()
  const edition = useQuery({ queryKey: ['cleansing', 'edition'], queryFn: ({ signal }) => call(readEdition, { signal }) })
  if (edition.isPending)
    return (
      <div className="jy-page">
        <Skeleton lines={8} />
      </div>
    )
  if (edition.isError) return <ErrorState error={edition.error} part={t('cleansing:edition.title')} onRetry={() => void edition.refetch()} />
  const { codes } = edition.data
  return (
    <div className="jy-page jy-check">
      <div className="jy-page-head">
        <h1>{t('cleansing:edition.title')}</h1>
      </div>
      {codes.length === 0 ? (
        <section className="jy-card">
          <Empty title={t('cleansing:edition.none')} why={t('cleansing:edition.noneWhy', { edition: edition.data.edition })} />
        </section>
      ) : (
        <Codes codes={codes} edition={edition.data.edition} mapUsed={edition.data.mapUsed} />
      )}
    </div>
  )
}

function Codes({ codes, edition, mapUsed }: { codes: readonly EditionCode[]; edition: string; mapUsed: boolean }) {
  const { t } = useTranslation()
  const { message, notification } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const offer = useUndo()
  const bulks = useMayChange('account.bulk')
  const plans = useMayChange('territory.plan')
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({})
  const choices: EditionChoices = codes.map(c => ({ code: c.code, to: chosen[c.code] ?? firstChoice(c) }))
  const fail = (error: unknown) => void message.error(say(error))
  const preview = useMutation({ mutationFn: () => call(previewRemap, { body: { choices } }), onError: fail })
  const run = useMutation({
    mutationFn: () => call(runRemap, { body: { choices } }),
    onSuccess: async done => {
      preview.reset()
      await queries.invalidateQueries()
      offer(done.id, t('cleansing:edition.changed', { n: count(done.changed), undecided: count(done.undecided) }), 0)
    },
    onError: fail,
  })
  const draft = useMutation({
    mutationFn: () => call(draftRemap, { body: { choices, title: t('cleansing:edition.draftName', { edition }) } }),
    onSuccess: async done => {
      await queries.invalidateQueries()
      notification.success({
        title: t('cleansing:edition.drafted', { rules: count(done.rules), lists: count(done.lists) }),
        duration: 30,
        actions: (
          <Button onClick={() => void navigate({ to: '/changes/$id', params: { id: done.changeSetId } as never })}>
            {t('cleansing:edition.open')}
          </Button>
        ),
      })
    },
    onError: fail,
  })
  const named = codes.some(c => c.rules.length + c.lists.length > 0)
  const seen = preview.data
  return (
    <>
      <p className="jy-muted">
        {t('cleansing:edition.why', { edition })} {mapUsed ? '' : t('cleansing:edition.noMap')}
      </p>
      <section className="jy-card jy-check-scroll">
        <table className="jy-check-table">
          <thead>
            <tr>
              <th>{t('cleansing:edition.code')}</th>
              <th>{t('cleansing:edition.change')}</th>
              <th>{t('cleansing:edition.to')}</th>
              <th>{t('cleansing:edition.used')}</th>
            </tr>
          </thead>
          <tbody>
            {codes.map(c => (
              <tr key={c.code}>
                <th scope="row">
                  {c.path} <small className="jy-muted">{c.code}</small>
                </th>
                <td>
                  <Tag>{t(`cleansing:edition.changes.${c.change}`)}</Tag>
                </td>
                <td>
                  <Select
                    style={{ width: 280 }}
                    aria-label={`${c.path}: ${t('cleansing:edition.to')}`}
                    value={chosen[c.code] ?? firstChoice(c)}
                    onChange={value => {
                      preview.reset()
                      setChosen({ ...chosen, [c.code]: value })
                    }}
                    options={[
                      ...(c.successors.length > 1
                        ? [
                            {
                              value: 'evidence',
                              label: `${t('cleansing:edition.evidence')}${c.rules.length + c.lists.length > 0 ? ` · ${t('cleansing:edition.evidenceRules')}` : ''}`,
                            },
                          ]
                        : []),
                      ...c.successors.map(s => ({ value: s.code, label: `${s.name} ${s.code}` })),
                      { value: 'keep', label: t('cleansing:edition.keep') },
                    ]}
                  />
                </td>
                <td className="jy-muted">
                  {(['accounts', 'registered', 'sites', 'rules', 'lists'] as const).flatMap(key => {
                    const used = c[key]
                    const n = typeof used === 'number' ? used : used.length
                    if (n === 0) return []
                    const names = typeof used === 'number' ? undefined : used.map(u => u.name).join(', ')
                    return [
                      <span key={key} className="jy-used" title={names}>
                        {t(`cleansing:edition.${key}`, { n: count(n) })}
                      </span>,
                    ]
                  })}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div className="jy-row jy-wrap">
        {bulks && (
          <Button icon={<Users size={14} />} loading={preview.isPending} onClick={() => preview.mutate()}>
            {t('cleansing:edition.preview')}
          </Button>
        )}
        {bulks && seen && (
          <Button type="primary" disabled={seen.editable === 0} loading={run.isPending} onClick={() => run.mutate()}>
            {t('cleansing:edition.run', { n: count(seen.editable) })}
          </Button>
        )}
        {plans &&
          (named ? (
            <Button icon={<GitPullRequestArrow size={14} />} loading={draft.isPending} onClick={() => draft.mutate()}>
              {t('cleansing:edition.draft')}
            </Button>
          ) : (
            <span className="jy-muted">{t('cleansing:edition.nothingNamed')}</span>
          ))}
      </div>
      {seen && (
        <section className="jy-card jy-check-box">
          <p>
            {t('cleansing:edition.effect', {
              matched: count(seen.matched),
              editable: count(seen.editable),
              moving: count(seen.moving),
              undecided: count(seen.undecided),
            })}{' '}
            {seen.more && t('cleansing:edition.moreLeft')}
          </p>
          <ExampleTable rows={seen.examples} />
        </section>
      )}
    </>
  )
}
