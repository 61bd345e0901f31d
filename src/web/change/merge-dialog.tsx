/**
 * A draft moves onto another model: which one, how much each side changed, and a choice for each place where both changed the same. Nothing
 * is sent before every place has its choice.
 */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Modal, Radio, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChangeSet } from '../../contract/territory/change-sets.ts'
import { applyMerge, type MergeConflict, readMerge } from '../../contract/territory/merge.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { count } from '../app/figures.ts'
import { moment } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { ErrorState, Skeleton, useProblemText } from '../app/states.tsx'
import { setKey, TOUCHED } from './use-change-set.ts'

type Side = 'mine' | 'theirs'

export function MergeDialog({ set, onClose }: { set: ChangeSet; onClose: () => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const zone = useMe()?.tenant.zone
  const [onto, setOnto] = useState<string | undefined>(undefined)
  const [choices, setChoices] = useState<Record<string, Side>>({})
  const [refused, setRefused] = useState<string | null>(null)
  const query = useQuery({
    queryKey: [...setKey(set.id), 'merge', onto ?? '', choices],
    queryFn: ({ signal }) => call(readMerge, { params: { id: set.id }, body: { ...(onto ? { ontoModelId: onto } : {}), choices }, signal }),
    placeholderData: keepPreviousData,
  })
  const asked = query.data
  const run = useChange({
    run: () => {
      setRefused(null)
      return call(applyMerge, { params: { id: set.id }, body: { ontoModelId: asked!.onto.id, choices } })
    },
    touches: TOUCHED,
    said: t('change:did.merge'),
    onDone: onClose,
    onRefused: error => {
      setRefused(say(error))
      return true
    },
  })
  const open = asked?.conflicts.filter(c => choices[c.key] === undefined).length ?? 0
  const chooseAll = (side: Side) => setChoices(Object.fromEntries(asked!.conflicts.map(c => [c.key, side])))
  return (
    <Modal
      open
      width={860}
      title={t('change:merge.title')}
      okText={open > 0 ? t('change:merge.open', { count: open }) : t('change:do.merge')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ disabled: !asked || open > 0, loading: run.isPending }}
      onOk={() => run.mutate()}
      onCancel={onClose}
    >
      {query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : !asked ? (
        <Skeleton lines={4} />
      ) : (
        <div className="jy-merge">
          <div className="jy-row jy-wrap">
            <span className="jy-muted">{t('change:merge.onto')}</span>
            <Select
              value={asked.onto.id}
              style={{ minWidth: 280 }}
              aria-label={t('change:merge.onto')}
              options={asked.targets.map((m, i) => ({
                value: m.id,
                label: t(i === 0 ? 'change:merge.inUse' : 'change:merge.scheduled', { name: m.name, at: moment(m.effectiveAt, new Date(), zone) }),
              }))}
              onChange={next => {
                setOnto(next)
                setChoices({})
              }}
            />
          </div>
          <p>{t('change:merge.figures', { mine: count(asked.mine), theirs: count(asked.theirs), both: count(asked.both) })}</p>
          {asked.conflicts.length === 0 ? (
            <p className="jy-ok">{t('change:merge.clean')}</p>
          ) : (
            <>
              <div className="jy-row jy-wrap">
                <span className="jy-grow">{t('change:merge.conflicts', { count: asked.conflicts.length })}</span>
                <Button size="small" onClick={() => chooseAll('mine')}>
                  {t('change:merge.allMine')}
                </Button>
                <Button size="small" onClick={() => chooseAll('theirs')}>
                  {t('change:merge.allTheirs')}
                </Button>
              </div>
              <ul>
                {asked.conflicts.map(c => (
                  <Conflict key={c.key} conflict={c} chosen={choices[c.key]} onChoose={side => setChoices({ ...choices, [c.key]: side })} />
                ))}
              </ul>
            </>
          )}
        </div>
      )}
      {refused && (
        <p className="jy-warn" role="alert">
          {refused}
        </p>
      )}
    </Modal>
  )
}

function Conflict({ conflict: c, chosen, onChoose }: { conflict: MergeConflict; chosen: Side | undefined; onChoose: (side: Side) => void }) {
  const { t } = useTranslation()
  return (
    <li data-open={chosen === undefined || undefined}>
      <div>
        {c.territory && (
          <>
            <code>{c.territory.code}</code> <b>{c.territory.name}</b>{' '}
          </>
        )}
        <span className="jy-muted">
          {t(`change:merge.field.${c.field}`)} · {t('change:merge.was', { value: c.base ?? t('change:merge.nothing') })}
        </span>
      </div>
      <Radio.Group value={chosen} onChange={event => onChoose(event.target.value as Side)}>
        {(['mine', 'theirs'] as const).map(side => (
          <Radio key={side} value={side}>
            <small className="jy-muted">{t(`change:merge.${side}`)}</small> {c[side] ?? t('change:merge.nothing')}
          </Radio>
        ))}
      </Radio.Group>
    </li>
  )
}
