/**
 * The fix list of one field: what it says, why that is doubtful, what would be right; accepted, rewritten or left one by one with the
 * keyboard, many at once, or all of a kind after a look at what moves.
 */
import { useNavigate } from '@tanstack/react-router'
import { Button, Segmented, Select, Switch, Tag } from 'antd'
import { ArrowLeft, Check, CheckCheck, EyeOff, Pencil, RotateCcw } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type CheckUp, listProblems, type ProblemRow } from '../../contract/cleansing/check-ups.ts'
import { AccountLink } from '../app/account-link.tsx'
import { call } from '../app/api.ts'
import { usePhone } from '../app/appearance.ts'
import { DataTable } from '../app/data-table.tsx'
import type { Column } from '../app/data-table-columns.tsx'
import { count } from '../app/figures.ts'
import { useKeys } from '../app/keys.ts'
import { useMayChange } from '../app/me.ts'
import { usePaged } from '../app/paged.ts'
import { Empty } from '../app/states.tsx'
import { EditDialog } from './edit-dialog.tsx'
import { FixAll } from './fix-all.tsx'
import type { Slice } from './shares.ts'
import { keyOf, useFixes } from './use-fixes.tsx'

type Props = { report: CheckUp; pick: Slice; onPick: (pick: Slice | null) => void }

export function FixList({ report, pick, onPick }: Props) {
  const { t } = useTranslation()
  const phone = usePhone()
  const navigate = useNavigate()
  const edits = useMayChange('account.edit')
  const bulks = useMayChange('account.bulk')
  const [skipped, setSkipped] = useState(false)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [editing, setEditing] = useState<ProblemRow | null>(null)
  const [all, setAll] = useState(false)
  const fixes = useFixes(() => setChosen(new Set()))
  const query = { ...pick, skipped }
  const list = usePaged(['cleansing', 'problems', query], (cursor, signal) => call(listProblems, { query: { ...query, cursor, limit: 100 }, signal }))
  const field = report.fields.find(f => f.key === pick.field)
  const kinds = report.kinds.filter(k => k.field === pick.field)
  const kind = kinds.find(k => k.kind === pick.kind)
  const canAccept = (r: ProblemRow) => edits && r.editable && r.proposal !== null && !r.skipped
  const canSkip = (r: ProblemRow) => edits && r.editable

  /** The row in focus, else the first. */
  const current = (): ProblemRow | undefined => {
    const at = document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset.row
    return list.rows[at === undefined ? 0 : Number(at)]
  }
  const onCurrent = (may: (r: ProblemRow) => boolean, run: (r: ProblemRow) => void) => () => {
    const row = current()
    if (row && may(row) && !fixes.busy) run(row)
  }
  useKeys([
    { key: 'a', word: 'cleansing:key.accept', run: onCurrent(canAccept, r => fixes.accept([r])) },
    { key: 'e', word: 'cleansing:key.edit', run: onCurrent(canSkip, setEditing) },
    { key: 's', word: 'cleansing:key.skip', run: onCurrent(canSkip, r => (r.skipped ? fixes.unskip([r]) : fixes.skip([r]))) },
  ])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the columns change with what may be done, not with every answer
  const columns = useMemo<Column<ProblemRow>[]>(
    () => [
      { key: 'name', title: t('cleansing:name'), width: 240, render: r => <AccountLink id={r.accountId}>{r.name || `#${r.accountId}`}</AccountLink> },
      {
        key: 'problem',
        title: t('cleansing:problem'),
        render: r => (
          <span className="jy-finding" title={r.words}>
            <Tag>{r.label}</Tag> <span className="jy-muted">{r.words}</span>
          </span>
        ),
      },
      { key: 'now', title: t('cleansing:now'), width: 200, render: r => <Value words={r.valueWords} value={r.value} /> },
      {
        key: 'proposal',
        title: t('cleansing:proposal'),
        width: 220,
        render: r =>
          r.proposal === null ? (
            <span className="jy-muted">{t('cleansing:noProposal')}</span>
          ) : r.proposal === '' ? (
            <em>{t('cleansing:empties')}</em>
          ) : (
            <Value words={r.proposalWords} value={r.proposal} strong />
          ),
      },
      { key: 'owner', title: t('cleansing:owner'), width: 100, render: r => r.owner ?? <span className="jy-muted">–</span> },
      {
        key: 'act',
        title: t('cleansing:act'),
        width: 230,
        render: r =>
          !r.editable ? (
            <span className="jy-muted">{t(edits && pick.field === 'contacts' ? 'cleansing:elsewhere' : 'cleansing:readOnly')}</span>
          ) : r.skipped ? (
            <Button size="small" icon={<RotateCcw size={13} />} onClick={() => fixes.unskip([r])}>
              {t('cleansing:unskip')}
            </Button>
          ) : (
            <span className="jy-row">
              {canAccept(r) && (
                <Button size="small" type="primary" ghost icon={<Check size={13} />} onClick={() => fixes.accept([r])}>
                  {t('cleansing:accept')}
                </Button>
              )}
              <Button size="small" icon={<Pencil size={12} />} onClick={() => setEditing(r)}>
                {t('cleansing:edit')}
              </Button>
              <Button size="small" type="text" icon={<EyeOff size={13} />} onClick={() => fixes.skip([r])}>
                {t('cleansing:skip')}
              </Button>
            </span>
          ),
      },
    ],
    [t, edits, pick.field],
  )
  const rows = list.rows.filter(r => chosen.has(keyOf(r)))
  const kindOptions = [
    { value: '', label: t('cleansing:all') },
    ...kinds.map(k => ({ value: k.kind, label: k.count > 0 ? `${k.label} ${count(k.count)}` : k.label })),
  ]
  const toKind = (value: string) => {
    setChosen(new Set())
    const { kind: _, ...rest } = pick
    onPick(value === '' ? rest : { ...rest, kind: value })
  }
  return (
    <>
      <div className="jy-page-head">
        <Button type="text" icon={<ArrowLeft size={15} />} onClick={() => onPick(null)}>
          {t('cleansing:back')}
        </Button>
        <h1>{t('cleansing:list', { field: field?.label ?? pick.field })}</h1>
        <span className="jy-grow" />
        {bulks && kind && kind.kind !== 'missing' && !skipped && (
          <Button icon={<CheckCheck size={14} />} onClick={() => setAll(true)}>
            {t('cleansing:fixAll')}
          </Button>
        )}
      </div>
      <DataTable
        name="problems"
        label={t('cleansing:list', { field: field?.label ?? pick.field })}
        columns={columns}
        list={list}
        rowKey={keyOf}
        onOpen={r => void navigate({ to: '/accounts/$id', params: { id: r.accountId } as never })}
        selection={edits ? { keys: chosen, onChange: setChosen } : undefined}
        selectedBar={
          <>
            {!skipped && rows.some(canAccept) && (
              <Button
                size="small"
                type="primary"
                loading={fixes.busy}
                icon={<Check size={13} />}
                onClick={() => fixes.accept(rows.filter(canAccept))}
              >
                {t('cleansing:acceptMany', { n: rows.filter(canAccept).length })}
              </Button>
            )}
            {rows.some(canSkip) && (
              <Button
                size="small"
                loading={fixes.busy}
                onClick={() => (skipped ? fixes.unskip(rows.filter(canSkip)) : fixes.skip(rows.filter(canSkip)))}
              >
                {skipped ? t('cleansing:unskip') : t('cleansing:skipMany', { n: rows.filter(canSkip).length })}
              </Button>
            )}
          </>
        }
        toolbar={
          <>
            {phone || kindOptions.length > 6 ? (
              <Select aria-label={t('cleansing:problem')} value={pick.kind ?? ''} options={kindOptions} onChange={toKind} style={{ minWidth: 170 }} />
            ) : (
              <Segmented value={pick.kind ?? ''} options={kindOptions} onChange={toKind} />
            )}
            <span className="jy-row">
              <Switch size="small" id="jy-skipped" checked={skipped} onChange={setSkipped} />
              <label htmlFor="jy-skipped">{t('cleansing:skippedToo')}</label>
            </span>
            {pick.dimension && (
              <Tag closable onClose={() => onPick({ field: pick.field, ...(pick.kind ? { kind: pick.kind } : {}) })}>
                {t(`cleansing:by.${pick.dimension}`)}
              </Tag>
            )}
          </>
        }
        empty={<Empty title={t(skipped ? 'cleansing:noneSkipped' : 'cleansing:emptyList')} why={skipped ? undefined : t('cleansing:emptyWhy')} />}
      />
      {editing && (
        <EditDialog
          row={editing}
          label={field?.label ?? editing.field}
          onClose={() => setEditing(null)}
          onWrite={value => {
            fixes.write(editing, value)
            setEditing(null)
          }}
        />
      )}
      {all && kind && (
        <FixAll
          pick={{ ...pick, kind: kind.kind }}
          label={kind.label}
          onClose={() => setAll(false)}
          onRun={body => {
            fixes.all(body)
            setAll(false)
          }}
        />
      )}
    </>
  )
}

/** A code with its name: the name is read, the code is what is written. */
function Value({ words, value, strong }: { words: string | null; value: string | null; strong?: boolean }) {
  if (value === null) return <span className="jy-muted">–</span>
  const text = words ?? value
  return (
    <span className="jy-finding-value" title={words === null ? value : `${words} (${value})`} data-strong={strong || undefined}>
      {text}
    </span>
  )
}
