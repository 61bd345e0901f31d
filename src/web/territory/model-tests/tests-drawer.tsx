/**
 * Tests of a model: this customer, or one with these attributes, must land there. Each with what it says today; those that fail hold
 * the draft back from being submitted, computed and activated. They are changed in a draft.
 */
import { Alert, App, Button, Drawer } from 'antd'
import { CircleCheck, CircleHelp, CircleX, Pencil, Plus, RotateCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TestResult } from '../../../contract/territory/model-file.ts'
import type { Model } from '../../../contract/territory/models.ts'
import { useWords, type Words } from '../../account/use-catalogue.ts'
import { WhyDrawer } from '../../account/why-drawer.tsx'
import { AccountLink } from '../../app/account-link.tsx'
import { count } from '../../app/figures.ts'
import { useMayChange } from '../../app/me.ts'
import { Empty, ErrorState, Skeleton } from '../../app/states.tsx'
import { TestForm } from './test-form.tsx'
import { useSaveTests, useTests } from './use-tests.ts'
import './model-tests.css'

/** Drawn at once; more are asked for. */
const STEP = 100
const codesOf = (rows: readonly TestResult[]): readonly string[] =>
  rows.flatMap(r => Object.values(r.values ?? {}).flatMap(v => (typeof v === 'string' && /^\d{6}$/.test(v) ? [v] : [])))

export function TestsDrawer({ model, onClose }: { model: Model; onClose: () => void }) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const tests = useTests(model.id)
  const rows = tests.data?.rows ?? []
  const words = useWords(codesOf(rows))
  const edits = useMayChange('territory.plan') && model.state === 'draft'
  const [editing, setEditing] = useState<TestResult | 'new' | null>(null)
  const [why, setWhy] = useState<string | null>(null)
  const [most, setMost] = useState(STEP)
  const save = useSaveTests(model.id, rows)
  const ordered = [...rows].sort((a, b) => Number(a.ok) - Number(b.ok))
  const remove = (test: TestResult) =>
    modal.confirm({
      title: t('tests:removeAsk', { name: test.name }),
      okText: t('tests:remove'),
      okButtonProps: { danger: true },
      cancelText: t('shell:cancel'),
      onOk: () => save.mutateAsync({ instead: test.id, test: null }).catch(() => undefined),
    })
  return (
    <Drawer open size={560} title={t('tests:title', { name: model.name })} onClose={onClose} styles={{ body: { padding: 14 } }}>
      <div className="jy-row jy-wrap">
        {edits && (
          <Button type="primary" icon={<Plus size={14} />} disabled={!tests.data} onClick={() => setEditing('new')}>
            {t('tests:add')}
          </Button>
        )}
        <Button icon={<RotateCw size={14} />} loading={tests.isFetching} onClick={() => void tests.refetch()}>
          {t('tests:again')}
        </Button>
        <span className="jy-grow" />
        {tests.data && rows.length > 0 && (
          <span className={tests.data.failed > 0 ? 'jy-bad' : 'jy-muted'}>
            {tests.data.failed > 0
              ? t('tests:failed', { failed: count(tests.data.failed), n: count(rows.length) })
              : t('tests:passed', { n: count(rows.length) })}
          </span>
        )}
      </div>
      {tests.data && tests.data.failed > 0 && (
        <Alert className="jy-test-note" type="error" showIcon title={t(model.state === 'draft' ? 'tests:stops' : 'tests:stopsNext')} />
      )}
      {!edits && model.state !== 'draft' && rows.length > 0 && <p className="jy-muted jy-test-note">{t('tests:draftFirst')}</p>}
      {tests.isError ? (
        <ErrorState error={tests.error} onRetry={() => void tests.refetch()} />
      ) : tests.isPending ? (
        <Skeleton lines={6} />
      ) : rows.length === 0 ? (
        <Empty title={t('tests:none')} why={t(edits ? 'tests:noneWhy' : 'tests:draftFirst')} />
      ) : (
        <ul className="jy-tests">
          {ordered.slice(0, most).map(test => (
            <Line
              key={test.id}
              test={test}
              words={words}
              onWhy={setWhy}
              onEdit={edits && !test.hidden ? () => setEditing(test) : null}
              onRemove={edits ? () => remove(test) : null}
            />
          ))}
        </ul>
      )}
      {ordered.length > most && (
        <Button block type="text" onClick={() => setMost(most + STEP)}>
          {t('shell:more')}
        </Button>
      )}
      {editing && <TestForm model={model} rows={rows} test={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      {why && <WhyDrawer accountId={why} {...(model.active ? {} : { modelId: model.id })} onClose={() => setWhy(null)} />}
    </Drawer>
  )
}

type LineProps = {
  readonly test: TestResult
  readonly words: Words
  readonly onWhy: (accountId: string) => void
  readonly onEdit: (() => void) | null
  readonly onRemove: (() => void) | null
}
function Line({ test, words, onWhy, onEdit, onRemove }: LineProps) {
  const { t } = useTranslation()
  const Icon = test.ok ? CircleCheck : CircleX
  const values = Object.entries(test.values ?? {})
  return (
    <li data-ok={test.ok}>
      <Icon size={16} aria-hidden />
      <div className="jy-grow">
        <b>
          <span className="jy-hidden">{t(test.ok ? 'tests:ok' : 'tests:notOk')}</span>
          {test.name}
        </b>
        <p className="jy-muted">
          {test.account && (test.account.name === null ? t('tests:unseen') : <AccountLink id={test.account.id}>{test.account.name}</AccountLink>)}
          {test.values &&
            (values.length === 0 ? t('tests:noValues') : values.map(([key, value]) => `${words.label(key)} ${words.value(key, value)}`).join(' · '))}
          {test.hidden && ` · ${t('tests:hidden')}`}
        </p>
        {test.actual === null && <p>{t('tests:expects', { place: test.expected.territory ?? t('tests:nowhere') })}</p>}
        <p className={test.ok ? 'jy-muted' : 'jy-bad'}>
          {test.words}
          {test.ok && test.expected.owner !== null && ` ${t('tests:expectsOwner', { name: test.expected.owner })}`}
        </p>
      </div>
      <span className="jy-test-do">
        {test.account && test.account.name !== null && (
          <Button
            size="small"
            icon={<CircleHelp size={13} />}
            aria-label={t('tests:whyOf', { name: test.account.name })}
            onClick={() => onWhy(test.account!.id)}
          >
            {t('tests:why')}
          </Button>
        )}
        {onEdit && (
          <Button size="small" type="text" icon={<Pencil size={13} />} aria-label={t('tests:editOf', { name: test.name })} onClick={onEdit} />
        )}
        {onRemove && (
          <Button
            size="small"
            type="text"
            danger
            icon={<Trash2 size={13} />}
            aria-label={t('tests:removeOf', { name: test.name })}
            onClick={onRemove}
          />
        )}
      </span>
    </li>
  )
}
